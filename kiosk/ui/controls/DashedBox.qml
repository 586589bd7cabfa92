pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Shapes
import kiosk.ui.theme

// The border of what is off, provisional or stale.
Shape {
    id: box

    property color colour: Theme.edge
    property real corner: Theme.radius
    readonly property real inset: Theme.hair / 2

    Accessible.ignored: true

    ShapePath {
        dashPattern: [Theme.dash / strokeWidth, Theme.dash / strokeWidth]
        fillColor: Theme.none
        strokeColor: box.colour
        strokeStyle: ShapePath.DashLine
        strokeWidth: Theme.hair

        PathRectangle {
            height: Math.max(1, box.height - 2 * box.inset)
            radius: box.corner
            width: Math.max(1, box.width - 2 * box.inset)
            x: box.inset
            y: box.inset
        }
    }
}
