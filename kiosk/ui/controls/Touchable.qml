pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Templates as T
import kiosk.ui.theme

// What all touched things share: fill, border, focus ring, pressed and off states, Enter, an accessible name.
T.AbstractButton {
    id: touchable

    property string word: ""
    property string label: "" // the accessible name where the word alone does not say it
    property string reason: "" // why it is off
    property bool isChosen: false
    property bool isOnSill: false
    property bool isOff: false
    property bool hasBox: true // false: a row, divided by hairlines only
    property color fill: isOnSill ? Theme.sill : Theme.surface
    property color border: isOnSill ? Theme.sillEdge : Theme.edge
    readonly property bool isDown: (pressed || settle.running) && !isOff
    readonly property color inkNow: isOff ? (isOnSill ? Theme.sillInk2 : Theme.ink2) : isOnSill ? (isChosen ? Theme.sillPaper : Theme.sillInk) : (isChosen && hasBox ? Theme.paper : Theme.ink)
    readonly property string spoken: (label || word) + (isOff && reason ? ", " + reason : "")

    Accessible.checkable: checkable
    Accessible.checked: isChosen
    Accessible.name: spoken
    Accessible.role: Accessible.Button
    enabled: !isOff
    focusPolicy: Qt.TabFocus
    hoverEnabled: false
    implicitHeight: Math.max(Theme.targetMin, implicitContentHeight + topPadding + bottomPadding)
    implicitWidth: Math.max(Theme.targetMin, implicitContentWidth + leftPadding + rightPadding)
    leftPadding: Theme.px(Theme.isCounter ? 12 : 26)
    rightPadding: leftPadding

    background: Item {
        Rectangle {
            anchors.fill: parent
            border.color: touchable.isDown ? (touchable.isOnSill ? Theme.sillInk : Theme.ink) : touchable.border
            border.width: touchable.hasBox ? Theme.border : 0
            color: touchable.isDown ? (touchable.isOnSill ? Theme.sillSunk : Theme.sunk) : touchable.isChosen && touchable.hasBox ? (touchable.isOnSill ? Theme.sillInk : Theme.ink) : touchable.fill
            radius: Theme.radius
            visible: !touchable.isOff
        }
        DashedBox {
            anchors.fill: parent
            colour: touchable.isOnSill ? Theme.sillEdge : Theme.edge
            visible: touchable.isOff && touchable.hasBox
        }
        FocusRing {
            isOnSill: touchable.isOnSill
            visible: touchable.visualFocus
        }
    }

    Keys.onEnterPressed: touchable.click()
    Keys.onReturnPressed: touchable.click()
    onReleased: settle.restart()

    Timer {
        id: settle

        interval: Theme.rest
    }
}
