pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Shapes
import kiosk.ui.theme

// A sign drawn with lines; never alone without a word, but for the few that have an accessible name on their button.
Item {
    id: icon

    required property string name
    property color colour: Theme.ink
    property real size: Theme.px(34)
    property real weight: 2 // stroke on the grid of 24

    Accessible.ignored: true
    implicitHeight: size
    implicitWidth: size
    visible: name !== ""

    Shape {
        height: 24
        width: 24

        transform: [
            Scale {
                origin.x: 12
                xScale: Theme.isRtl && IconPaths.isMirrored(icon.name) ? -1 : 1
            },
            Scale {
                xScale: icon.size / 24
                yScale: icon.size / 24
            }
        ]

        ShapePath {
            capStyle: ShapePath.SquareCap
            fillColor: Theme.none
            joinStyle: ShapePath.MiterJoin
            strokeColor: icon.colour
            strokeWidth: icon.weight

            PathSvg {
                path: IconPaths.stroke(icon.name)
            }
        }
        ShapePath {
            fillColor: icon.colour
            strokeColor: Theme.none
            strokeWidth: -1

            PathSvg {
                path: IconPaths.fill(icon.name)
            }
        }
    }
}
