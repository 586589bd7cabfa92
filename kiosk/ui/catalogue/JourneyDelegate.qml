pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// One journey of the list: times, line and facts at the start; price and fullness at the end.
ListRow {
    id: row

    required property int index
    required property string departs
    required property string arrives
    required property string line
    required property string facts
    required property string price
    required property string fullness
    required property int bars
    required property string late
    required property string tag
    required property string mood
    required isChosen
    readonly property bool isTagBelow: late !== "" && !Theme.isLandscape // beside the other it would push the price out

    Layout.fillWidth: true
    bottomPadding: Theme.px(14)
    implicitHeight: grid.implicitHeight + topPadding + bottomPadding
    isChoice: true
    rightPadding: Theme.px(24)
    topPadding: Theme.px(14)
    word: [departs, arrives, line, facts, price, fullness, late, tag].filter(each => each !== "").join(", ")

    GridLayout {
        id: grid

        columnSpacing: Theme.px(16)
        columns: 2
        rowSpacing: 0
        width: row.availableWidth - row.inset

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.px(18)

            Words {
                Accessible.ignored: true
                isStrong: true
                lineHeight: 0.9
                size: Theme.figureSize
                text: row.departs
                wrapMode: Text.NoWrap
            }
            Icon {
                colour: Theme.ink2
                name: "arrow-right"
            }
            Words {
                Accessible.ignored: true
                lineHeight: 0.9
                size: Theme.figureSize
                text: row.arrives
                wrapMode: Text.NoWrap
            }
            Tag {
                mood: "warn"
                visible: word !== "" && !Theme.isLarge
                word: row.late
            }
            Item {
                Layout.fillWidth: true
            }
            Tag {
                mood: row.mood
                sign: row.mood === "ok" ? "check" : "clock"
                visible: word !== "" && !Theme.isLarge && !row.isTagBelow
                word: row.tag
            }
        }
        Words {
            Accessible.ignored: true
            Layout.alignment: Qt.AlignRight
            horizontalAlignment: Text.AlignRight
            isStrong: true
            lineHeight: 0.9
            size: Theme.figureSize
            text: row.price
            wrapMode: Text.NoWrap
        }
        RowLayout {
            Layout.columnSpan: Theme.isLarge ? 2 : 1
            Layout.fillWidth: true
            spacing: Theme.px(12)

            LineTag {
                line: row.line
            }
            Words {
                Accessible.ignored: true
                Layout.fillWidth: true
                lineHeight: 0.9
                size: Theme.smallSize
                text: row.facts
            }
            Tag {
                mood: row.mood
                sign: row.mood === "ok" ? "check" : "clock"
                visible: word !== "" && !Theme.isLarge && row.isTagBelow
                word: row.tag
            }
        }
        RowLayout {
            Layout.alignment: Theme.isLarge ? Qt.AlignLeft : Qt.AlignRight
            spacing: Theme.px(10)
            visible: row.fullness !== ""

            Bars {
                full: row.bars
                isRising: true
            }
            Words {
                Accessible.ignored: true
                size: Theme.smallSize
                text: row.fullness
                wrapMode: Text.NoWrap
            }
        }
        Tag {
            Layout.alignment: Qt.AlignRight
            mood: row.late ? "warn" : row.mood
            sign: row.late ? "warn" : row.mood === "ok" ? "check" : "clock"
            visible: Theme.isLarge && word !== ""
            word: row.late ? row.late : row.tag
        }
    }
}
