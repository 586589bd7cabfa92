pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// Who or what, and how many.
Rectangle {
    id: box

    required property string name
    required property string fact
    required property int count
    required property int countMax
    required property bool isCurrent
    property bool isBrief: false

    signal asked(count: int)

    border.color: isCurrent ? Theme.ink : Theme.line
    border.width: isCurrent ? Theme.strong : Theme.border
    color: Theme.surface
    implicitHeight: row.implicitHeight + Theme.px(10)
    radius: Theme.radius

    RowLayout {
        id: row

        anchors.left: parent.left
        anchors.leftMargin: Theme.px(12)
        anchors.right: parent.right
        anchors.rightMargin: Theme.px(8)
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.px(4)

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Words {
                Layout.fillWidth: true
                isStrong: true
                text: box.name
            }
            Words {
                Layout.fillWidth: true
                isSecond: true
                size: Theme.smallSize
                text: box.fact
                visible: text !== "" && !box.isBrief
            }
        }
        Stepper {
            maximum: box.countMax
            value: box.count
            what: box.name

            onAsked: count => box.asked(count)
        }
    }
}
