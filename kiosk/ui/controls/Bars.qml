pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui.theme

// Three bars: how much is left (flat) or how full it is (rising).
Row {
    id: bars

    required property int full
    property color colour: Theme.ink2
    property bool isRising: false

    Accessible.ignored: true
    spacing: Theme.px(isRising ? 4 : 5)

    Repeater {
        model: 3

        Rectangle {
            required property int index

            anchors.bottom: parent?.bottom
            border.color: bars.colour
            border.width: Theme.hair
            color: index < bars.full ? bars.colour : Theme.none
            height: Theme.px(bars.isRising ? 12 + 6 * index : 9)
            width: Theme.px(bars.isRising ? 10 : 18)
        }
    }
}
