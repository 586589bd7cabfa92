pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.theme

// A tile of a calendar, a slot or a small choice: a figure or word, a second word or bars below it.
Touchable {
    id: tile

    property string second: ""
    property int bars: -1 // 0..3 of three; -1: none
    property real wordSize: Theme.textSize
    property bool isStrong: false

    implicitHeight: Math.max(Theme.target, implicitContentHeight + topPadding + bottomPadding)
    label: word + (second ? ", " + second : "")
    leftPadding: Theme.px(6)

    contentItem: Item {
        implicitHeight: column.implicitHeight
        implicitWidth: column.implicitWidth

        ColumnLayout {
            id: column

            anchors.centerIn: parent
            spacing: Theme.px(2)
            width: parent.width

            RowLayout {
                Layout.alignment: Qt.AlignHCenter
                spacing: Theme.px(8)

                Icon {
                    colour: tile.inkNow
                    name: tile.isChosen ? "check" : ""
                    size: Theme.px(26)
                    weight: 2.6
                }
                Words {
                    Accessible.ignored: true
                    Layout.maximumWidth: column.width - Theme.px(tile.isChosen ? 34 : 0)
                    color: tile.inkNow
                    size: tile.wordSize
                    horizontalAlignment: Text.AlignHCenter
                    isStrong: tile.isStrong || tile.isChosen
                    text: tile.word
                }
            }
            Words {
                Accessible.ignored: true
                Layout.fillWidth: true
                color: tile.inkNow
                size: Theme.smallSize
                horizontalAlignment: Text.AlignHCenter
                text: tile.isOff && tile.reason ? tile.reason : tile.second
                visible: text !== ""
            }
            Bars {
                Layout.alignment: Qt.AlignHCenter
                colour: tile.inkNow
                full: Math.max(0, tile.bars)
                visible: tile.bars >= 0
            }
        }
    }
}
