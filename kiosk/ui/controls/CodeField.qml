import QtQuick
import QtQuick.Layouts
import kiosk.ui.theme

// A code as far as it is typed; its figures and letters go left to right in every language.
Rectangle {
    id: field

    required property string name
    required property string typed
    property alias size: code.size
    property alias letterSpacing: code.font.letterSpacing

    Accessible.name: name + ": " + typed
    Accessible.role: Accessible.StaticText
    Layout.fillWidth: true
    border.color: Theme.ink
    border.width: Theme.strong
    color: Theme.surface
    implicitHeight: Math.max(Theme.px(118), code.implicitHeight + Theme.px(36))
    radius: Theme.radius

    Words {
        id: code

        Accessible.ignored: true
        isStrong: true
        size: Theme.figureSize
        text: "\u2066" + field.typed + "|\u2069"
        wrapMode: Text.WrapAnywhere

        anchors {
            left: parent.left
            leftMargin: Theme.px(36)
            right: parent.right
            rightMargin: Theme.px(36)
            verticalCenter: parent.verticalCenter
        }
    }
}
