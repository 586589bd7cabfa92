pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui.theme

// The border of what is off, provisional or stale.
Item {
    id: box

    property color colour: Theme.edge
    property real corner: Theme.radius

    Accessible.ignored: true

    Image {
        Accessible.ignored: true
        anchors.fill: parent
        asynchronous: false
        mirror: false
        source: box.visible && box.width > 1 ? "image://icons/" + encodeURIComponent(["dash", box.colour, box.corner, Theme.hair, Theme.dash].join("|")) : ""
        sourceSize.height: Math.round(box.height)
        sourceSize.width: Math.round(box.width)
    }
}
