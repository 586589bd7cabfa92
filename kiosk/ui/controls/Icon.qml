pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui.theme

// A sign drawn with lines; never alone without a word, but for the few that have an accessible name on their button.
Image {
    required property string name
    property color colour: Theme.ink
    property real size: Theme.px(34)
    property real weight: 2 // stroke on the grid of 24
    readonly property bool isTurned: Theme.isRtl && IconPaths.isMirrored(name)

    Accessible.ignored: true
    asynchronous: false
    height: size
    mirror: false
    source: name ? "image://icons/" + encodeURIComponent(["icon", colour, weight, isTurned ? 1 : 0, IconPaths.stroke(name), IconPaths.fill(name)].join("|")) : ""
    sourceSize.height: size
    sourceSize.width: size
    visible: name !== ""
    width: size
}
