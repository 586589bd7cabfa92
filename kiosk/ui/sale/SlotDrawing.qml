pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui.theme

// A ticket coming out of the slot, or tickets lying in the tray.
Item {
    id: drawing

    property bool isTray: false

    Accessible.ignored: true
    implicitHeight: Theme.px(326)
    implicitWidth: Theme.px(720)

    component Block: Rectangle {
        color: Theme.ink
    }

    Rectangle {
        color: Theme.ink
        height: Theme.px(92)
        radius: Theme.radius
        width: parent.width
        y: Theme.px(drawing.isTray ? 234 : 0)
        z: drawing.isTray ? 1 : 0

        Rectangle {
            color: Theme.ground
            height: Theme.px(12)
            width: Theme.px(600)
            x: Theme.px(60)
            y: Theme.px(40)
        }
    }
    Rectangle {
        border.color: Theme.ink
        border.width: Theme.px(4)
        color: Theme.surface
        height: Theme.px(drawing.isTray ? 240 : 276)
        width: Theme.px(542)
        x: Theme.px(89)
        y: Theme.px(drawing.isTray ? 10 : 48)

        Block {
            height: Theme.px(30)
            width: Theme.px(330)
            x: Theme.px(40)
            y: Theme.px(42)
        }
        Block {
            height: Theme.px(16)
            width: Theme.px(250)
            x: Theme.px(40)
            y: Theme.px(92)
        }
        Block {
            height: Theme.px(16)
            width: Theme.px(280)
            x: Theme.px(40)
            y: Theme.px(124)
        }
        Block {
            height: Theme.px(16)
            width: Theme.px(200)
            x: Theme.px(40)
            y: Theme.px(196)
        }
        Block {
            height: Theme.px(36)
            width: Theme.px(36)
            x: Theme.px(400)
            y: Theme.px(42)
        }
        Block {
            height: Theme.px(36)
            width: Theme.px(36)
            x: Theme.px(464)
            y: Theme.px(42)
        }
        Block {
            height: Theme.px(36)
            width: Theme.px(36)
            x: Theme.px(400)
            y: Theme.px(106)
        }
        Block {
            height: Theme.px(16)
            width: Theme.px(22)
            x: Theme.px(464)
            y: Theme.px(112)
        }
    }
}
