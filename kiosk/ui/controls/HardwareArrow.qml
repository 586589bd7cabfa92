import QtQuick
import kiosk.ui.theme

// The way on when the next act is not on the screen: it points to the part, in yellow.
Icon {
    property string direction: "down" // down, down-right, down-left, right, left

    Accessible.ignored: true
    colour: Theme.signal
    name: "arrow-down"
    rotation: direction === "down-right" ? -32 : direction === "down-left" ? 32 : direction === "right" ? -90 : direction === "left" ? 90 : 0
    size: Theme.px(116)
    visible: direction !== ""
    weight: 3
}
