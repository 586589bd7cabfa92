pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// Four weeks with how much is left on each day; full and closed are written, not only dimmed.
PageBody {
    id: page

    required property SlotsViewModel model

    question: qsTr("Which day and time?")

    RowLayout {
        Words {
            Layout.fillWidth: true
            size: Theme.leadSize
            text: page.model.eventName
        }
        Words {
            isSecond: true
            size: Theme.smallSize
            text: page.model.price
        }
    }
    Words {
        Layout.topMargin: Theme.px(12)
        isStrong: true
        size: Theme.leadSize
        text: page.model.span
    }
    GridLayout {
        Layout.fillWidth: true
        columnSpacing: Theme.gapTouch
        columns: 7
        rowSpacing: Theme.gapTouch
        uniformCellWidths: true

        Repeater {
            model: page.model.weekdays

            Words {
                required property string modelData

                Layout.fillWidth: true
                fontSizeMode: Text.HorizontalFit
                horizontalAlignment: Text.AlignHCenter
                isSecond: true
                minimumPixelSize: Theme.px(20)
                size: Theme.px(26)
                text: modelData
                wrapMode: Text.NoWrap
            }
        }
        Repeater {
            model: page.model.days

            Item {
                id: day

                required property int index
                required property string word
                required property int bars
                required property string why
                required property bool isPast
                required property bool isChosen

                Layout.fillWidth: true
                implicitHeight: Theme.target

                Words {
                    anchors.fill: parent
                    horizontalAlignment: Text.AlignHCenter
                    isSecond: true
                    size: Theme.px(Theme.isLarge ? 32 : 28)
                    text: day.why ? day.word + "\n" + day.why : day.word
                    verticalAlignment: Text.AlignVCenter
                    visible: day.isPast || day.bars < 0
                }
                ChoiceTile {
                    anchors.fill: parent
                    bars: day.bars
                    isChosen: day.isChosen
                    visible: !day.isPast && day.bars >= 0
                    word: day.word
                    wordSize: Theme.px(Theme.isLarge ? 36 : 30)

                    onClicked: page.model.chooseDay(day.index)
                }
            }
        }
    }
    RowLayout {
        spacing: Theme.gapInside

        Bars {
            full: 3
        }
        Words {
            isSecond: true
            size: Theme.smallSize
            text: qsTr("many places")
        }
        Bars {
            full: 1
        }
        Words {
            isSecond: true
            size: Theme.smallSize
            text: qsTr("few places")
        }
    }
    Rule {}
    Words {
        isSecond: true
        text: qsTr("Asking for dates")
        visible: page.model.isWaiting
    }
    Words {
        isStrong: true
        size: Theme.leadSize
        text: page.model.day
    }
    GridLayout {
        Layout.fillWidth: true
        columnSpacing: Theme.gapTouch
        columns: Theme.isLandscape ? 6 : 3
        rowSpacing: Theme.gapTouch
        uniformCellWidths: true

        Repeater {
            model: page.model.slots

            ChoiceTile {
                required property int index
                required property string time
                required property string places
                required property string why
                required isChosen

                Layout.fillWidth: true
                implicitHeight: Theme.px(124) * (Theme.isLarge ? 1.2 : 1)
                isOff: why !== ""
                isStrong: true
                reason: why
                second: places
                word: time
                wordSize: Theme.leadSize

                onClicked: page.model.chooseSlot(index)
            }
        }
    }
    Note {
        mood: "info"
        text: page.model.note
    }
    Filler {}
}
