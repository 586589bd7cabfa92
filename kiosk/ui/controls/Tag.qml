pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui.theme

// A short word with a shape: ok, warn, stop, info, or provisional (dashed, with a clock).
Rectangle {
    id: tag

    required property string word
    required property string mood // ok, warn, stop, info, stale
    property string sign: mood === "stale" ? "clock" : mood
    readonly property color ink: Theme.stateColour(mood)

    Accessible.name: word
    Accessible.role: Accessible.StaticText
    border.color: ink
    border.width: Theme.isContrast && mood !== "stale" ? Theme.px(2) : 0
    color: Theme.stateTint(mood)
    implicitHeight: row.implicitHeight + Theme.px(4)
    implicitWidth: row.implicitWidth + Theme.px(24)
    radius: Theme.tagRadius
    visible: word !== ""

    DashedBox {
        anchors.fill: parent
        colour: Theme.ink
        corner: Theme.tagRadius
        visible: tag.mood === "stale"
    }
    Row {
        id: row

        anchors.centerIn: parent
        spacing: Theme.px(8)

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            colour: tag.ink
            name: tag.sign
            size: Theme.px(Theme.isCounter ? 18 : 28)
        }
        Words {
            Accessible.ignored: true
            anchors.verticalCenter: parent.verticalCenter
            color: tag.ink
            size: Theme.smallSize
            isStrong: true
            text: tag.word
            wrapMode: Text.NoWrap
        }
    }
}
