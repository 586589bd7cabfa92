pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// The bar over a pane, its number and name, and a fact at the end.
ColumnLayout {
    id: head

    required property string name
    required property bool isCurrent
    property string fact: ""
    property bool isOnSill: false
    property bool isDone: false

    spacing: Theme.px(12)

    Rectangle {
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.px(8)
        color: Theme.none

        Rectangle {
            anchors.bottom: parent.bottom
            color: head.isOnSill ? (head.isCurrent ? Theme.sillInk : Theme.sillEdge) : (head.isCurrent || head.isDone ? Theme.ink : Theme.line)
            height: Theme.px(head.isCurrent ? 8 : 4)
            width: parent.width
        }
    }
    RowLayout {
        spacing: Theme.px(10)

        Icon {
            colour: head.isOnSill ? Theme.sillInk : Theme.ink
            name: head.isDone ? "check" : ""
            size: Theme.px(22)
        }
        Words {
            Accessible.role: Accessible.Heading
            Layout.fillWidth: true
            color: head.isOnSill ? Theme.sillInk : Theme.ink
            isStrong: true
            size: Theme.leadSize
            text: head.name
        }
        Words {
            color: head.isOnSill ? Theme.sillInk2 : Theme.ink2
            size: Theme.smallSize
            text: head.fact
            visible: text !== ""
        }
    }
}
