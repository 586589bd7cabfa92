pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui.theme

// A row of a list: divided by hairlines, chosen = surface, ink outline and a filled circle with a check.
// The content goes into `content`; `isChoice` draws the circle at the start.
Touchable {
    id: row

    default property alias content: body.data
    property bool isChoice: false
    property bool hasRule: true
    property real inset: isChoice ? Theme.px(Theme.isCounter ? 44 : 64) : 0

    fill: Theme.none
    hasBox: false
    implicitHeight: Math.max(Theme.target, body.childrenRect.height + topPadding + bottomPadding)
    leftPadding: isChoice ? Theme.px(Theme.isCounter ? 12 : 24) : 0

    contentItem: Item {
        implicitHeight: body.childrenRect.height

        Rectangle {
            border.color: row.isChosen ? Theme.ink : Theme.edge
            border.width: Theme.px(3)
            color: row.isChosen ? Theme.ink : Theme.none
            height: width
            radius: width / 2
            visible: row.isChoice
            width: Theme.px(Theme.isCounter ? 26 : 44)

            anchors {
                left: parent.left
                verticalCenter: parent.verticalCenter
            }
            Icon {
                anchors.centerIn: parent
                colour: Theme.paper
                name: row.isChosen ? "check" : ""
                size: Theme.px(Theme.isCounter ? 18 : 30)
                weight: 3
            }
        }
        Item {
            id: body

            anchors.fill: parent
            anchors.leftMargin: row.inset
        }
    }

    Rectangle {
        anchors.fill: parent
        border.color: Theme.ink
        border.width: Theme.strong
        color: row.isDown ? Theme.sunk : Theme.surface
        radius: Theme.radius
        visible: row.isChosen
        z: -1
    }
    Rule {
        anchors.bottom: parent.bottom
        visible: row.hasRule && !row.isChosen
        width: parent.width
    }
}
