pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui.theme

// The mark of the house: an arch over a sill.
Rectangle {
    id: mark

    Accessible.ignored: true
    color: Theme.ink
    implicitHeight: Theme.px(60)
    implicitWidth: Theme.px(60)
    radius: Theme.radius

    signal held // a long touch, for staff

    MouseArea {
        anchors.fill: parent
        pressAndHoldInterval: 3000

        onPressAndHold: mark.held()
    }
    Rectangle {
        border.color: Theme.paper
        border.width: Theme.px(6)
        color: Theme.none
        height: Theme.px(40)
        radius: Theme.px(12)
        width: Theme.px(40)
        x: Theme.px(10)
        y: Theme.px(11)
    }
    Rectangle {
        color: Theme.ink
        height: Theme.px(22)
        width: Theme.px(44)
        x: Theme.px(8)
        y: Theme.px(37)
    }
    Rectangle {
        color: Theme.signal
        height: Theme.px(9)
        width: Theme.px(40)
        x: Theme.px(10)
        y: Theme.px(43)
    }
}
