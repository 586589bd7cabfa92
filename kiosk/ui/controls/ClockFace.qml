pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui.theme

// A station clock: twelve strokes, two hands. The time is also written beside it.
Item {
    id: clock

    required property int hour
    required property int minute
    property real size: Theme.px(162)

    Accessible.ignored: true
    implicitHeight: size
    implicitWidth: size

    component Stroke: Item {
        id: stroke

        property real turn: 0
        property real reach: 0
        property real length: 0
        property real thick: 0

        anchors.centerIn: parent
        height: 1
        rotation: turn
        width: 1

        Rectangle {
            antialiasing: true
            color: Theme.ink
            height: stroke.length
            width: stroke.thick
            x: -stroke.thick / 2
            y: -stroke.reach
        }
    }

    Repeater {
        model: 12

        Stroke {
            required property int index

            length: clock.size * 0.12
            reach: clock.size / 2
            thick: clock.size * 0.037
            turn: index * 30
        }
    }
    Stroke {
        length: clock.size * 0.38
        reach: clock.size * 0.31
        thick: clock.size * 0.055
        turn: (clock.hour % 12) * 30 + clock.minute / 2
    }
    Stroke {
        length: clock.size * 0.54
        reach: clock.size * 0.46
        thick: clock.size * 0.043
        turn: clock.minute * 6
    }
}
