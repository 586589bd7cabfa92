pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// The instruction, then the sum; the reader drawn with ink lines.
PageBody {
    id: page

    required property PaymentViewModel model

    lead: model.lead
    question: model.question

    Words {
        Layout.topMargin: Theme.px(16)
        fontSizeMode: Text.HorizontalFit
        isStrong: true
        lineHeight: Theme.headLine
        size: Theme.amountSize
        text: page.model.due
        wrapMode: Text.NoWrap
    }
    Words {
        isStrong: true
        size: Theme.figureSize
        text: page.model.inserted
        visible: text !== ""
    }
    Note {
        mood: "warn"
        text: page.model.note
    }
    GridLayout {
        Layout.fillWidth: true
        columnSpacing: Theme.gapInside
        columns: page.model.hasGiftCards && Theme.isLandscape ? 3 : 2
        rowSpacing: Theme.gapInside
        uniformCellWidths: true
        visible: page.model.way === "choice" && !page.model.isFree

        ChoiceTile {
            Layout.fillWidth: true
            implicitHeight: Theme.px(200)
            isOff: page.model.isCardOff
            isStrong: true
            reason: qsTr("Not now")
            second: qsTr("Contactless or inserted")
            word: qsTr("Card")
            wordSize: Theme.leadSize

            onClicked: page.model.payCard()
        }
        ChoiceTile {
            Layout.fillWidth: true
            implicitHeight: Theme.px(200)
            isOff: page.model.isCashOff
            isStrong: true
            reason: qsTr("Not now")
            second: qsTr("Notes and coins")
            word: qsTr("Cash")
            wordSize: Theme.leadSize

            onClicked: page.model.payCash()
        }
        ChoiceTile {
            Layout.columnSpan: Theme.isLandscape ? 1 : 2
            Layout.fillWidth: true
            implicitHeight: Theme.px(200)
            isOff: page.model.isGiftCardOff
            isStrong: true
            reason: qsTr("Not now")
            second: qsTr("All of it or a part")
            visible: page.model.hasGiftCards
            word: qsTr("Gift card")
            wordSize: Theme.leadSize

            onClicked: page.model.payByGiftCard()
        }
    }
    Filler {}
    ReaderDrawing {
        Layout.alignment: Qt.AlignHCenter
        visible: page.model.way === "card" && !Theme.isLandscape
    }
    Filler {
        visible: page.model.way === "card"
    }
    Rule {
        visible: page.model.waiting !== ""
    }
    RowLayout {
        spacing: Theme.px(28)
        visible: page.model.waiting !== ""

        Icon {
            name: "hourglass"
            size: Theme.px(48)
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Words {
                Layout.fillWidth: true
                isStrong: true
                text: page.model.waiting
            }
            Words {
                Layout.fillWidth: true
                isSecond: true
                size: Theme.smallSize
                text: qsTr("Nothing is charged before you agree.")
            }
        }
    }
}
