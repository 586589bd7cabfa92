pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui.theme

// A card held to the reader.
Item {
    id: drawing

    Accessible.ignored: true
    implicitHeight: Theme.px(715)
    implicitWidth: Theme.px(520)

    Rectangle {
        border.color: Theme.ink
        border.width: Theme.px(6)
        color: Theme.surface
        height: Theme.px(550)
        radius: Theme.px(28)
        width: Theme.px(405)
        y: Theme.px(160)

        Rectangle {
            border.color: Theme.ink
            border.width: Theme.px(6)
            color: Theme.hint
            height: Theme.px(175)
            width: Theme.px(317)
            x: Theme.px(44)
            y: Theme.px(46)
        }
        Grid {
            columnSpacing: Theme.px(28)
            columns: 3
            rowSpacing: Theme.px(32)
            x: Theme.px(54)
            y: Theme.px(262)

            Repeater {
                model: 9

                Rectangle {
                    color: Theme.ink
                    height: Theme.px(56)
                    radius: Theme.px(6)
                    width: Theme.px(80)
                }
            }
        }
    }
    Rectangle {
        antialiasing: true
        border.color: Theme.ground
        border.width: Theme.px(10)
        color: Theme.ink
        height: Theme.px(270)
        radius: Theme.px(20)
        rotation: -10
        width: Theme.px(420)
        x: Theme.px(90)
        y: Theme.px(30)

        Rectangle {
            antialiasing: true
            color: Theme.ground
            height: Theme.px(58)
            radius: Theme.px(8)
            width: Theme.px(78)
            x: Theme.px(44)
            y: Theme.px(70)
        }
        Rectangle {
            antialiasing: true
            color: Theme.ground
            height: Theme.px(18)
            width: Theme.px(200)
            x: Theme.px(44)
            y: Theme.px(200)
        }
        Rectangle {
            antialiasing: true
            color: Theme.ground
            height: Theme.px(18)
            width: Theme.px(72)
            x: Theme.px(276)
            y: Theme.px(200)
        }
    }
}
