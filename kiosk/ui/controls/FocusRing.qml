import QtQuick
import kiosk.ui.theme

// Always outside the control, on top of any state, never yellow.
Rectangle {
    property bool isOnSill: false
    readonly property real reach: Theme.ringGap + Theme.ring

    Accessible.ignored: true
    anchors.fill: parent
    anchors.margins: -reach
    border.color: isOnSill ? Theme.sillInk : Theme.ink
    border.width: Theme.ring
    color: Theme.none
    radius: Theme.radius + reach
}
