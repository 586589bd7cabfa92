pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.theme

// At most one per page: what is different now, and what to do.
Rectangle {
    id: note

    required property string text
    required property string mood // ok, warn, stop, info

    Accessible.name: text
    Accessible.role: Accessible.Note
    Layout.fillWidth: true
    border.color: Theme.stateColour(mood)
    border.width: Theme.isContrast ? Theme.px(2) : 0
    color: Theme.stateTint(mood)
    implicitHeight: row.implicitHeight + 2 * Theme.px(Theme.isCounter ? 10 : 18)
    radius: Theme.radius
    visible: text !== ""

    RowLayout {
        id: row

        anchors.left: parent.left
        anchors.margins: Theme.px(Theme.isCounter ? 12 : 26)
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.px(Theme.isCounter ? 10 : 20)

        Icon {
            Layout.alignment: Qt.AlignTop
            Layout.topMargin: Theme.px(4)
            colour: Theme.stateColour(note.mood)
            name: note.mood
            size: Theme.px(Theme.isCounter ? 22 : 36)
        }
        Words {
            Accessible.ignored: true
            Layout.fillWidth: true
            text: note.text
        }
    }
}
