pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.shells.box_office
import kiosk.ui.controls
import kiosk.ui.theme

// Step 3, the sill turned upright: lines, total, tenders, the way on with its key.
Rectangle {
    id: pane

    required property CounterViewModel counter
    required property PayViewModel model
    readonly property bool isCurrent: counter.pane === 3

    color: Theme.sill

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.margin
        spacing: Theme.px(12)

        PaneHead {
            Layout.fillWidth: true
            fact: pane.model.reference ? qsTr("Sale %1").arg(pane.model.reference) : ""
            isCurrent: pane.isCurrent
            isOnSill: true
            name: qsTr("3 Pay")
        }
        SaleLines {
            Layout.fillHeight: true
            Layout.fillWidth: true
            isCurrent: pane.isCurrent
            lines: pane.model.lines
        }
        Words {
            Layout.fillWidth: true
            color: Theme.sillInk
            isStrong: true
            size: Theme.leadSize
            text: pane.model.headline
            visible: text !== ""
        }
        Note {
            mood: pane.model.mood
            text: pane.model.message
        }
        RowLayout {
            Layout.fillWidth: true
            visible: pane.model.total !== ""

            Words {
                Layout.alignment: Qt.AlignBottom
                Layout.fillWidth: true
                color: Theme.sillInk2
                size: Theme.leadSize
                text: pane.model.isPartPaid ? qsTr("Still to pay") : qsTr("Total")
            }
            Words {
                Accessible.name: (pane.model.isPartPaid ? qsTr("Still to pay %1") : qsTr("Total %1")).arg(text)
                color: Theme.sillInk
                isStrong: true
                lineHeight: Theme.headLine
                size: Theme.amountSize
                text: pane.model.total
                wrapMode: Text.NoWrap
            }
        }
        RowLayout {
            Layout.fillWidth: true
            visible: pane.model.total !== ""

            Words {
                Layout.fillWidth: true
                color: Theme.sillInk2
                text: pane.model.tickets
            }
            Words {
                color: Theme.sillInk2
                size: Theme.smallSize
                text: pane.model.tax
            }
        }
        Words {
            color: Theme.sillInk2
            size: Theme.smallSize
            text: qsTr("Cash given")
            visible: pane.model.canCash
        }
        GridLayout {
            Layout.fillWidth: true
            columnSpacing: Theme.px(12)
            columns: 2
            rowSpacing: Theme.px(12)
            uniformCellWidths: true
            visible: pane.model.canCash

            Repeater {
                model: pane.model.cashKeys

                PlainButton {
                    required property int index
                    required property string key

                    Layout.fillWidth: true
                    focusPolicy: Qt.NoFocus
                    isOnSill: true
                    keycap: key
                    label: qsTr("Cash given: %1").arg(word)
                    required word

                    onClicked: pane.model.giveCash(index)
                }
            }
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.px(12)
            uniformCellSizes: true

            PlainButton {
                Layout.fillWidth: true
                focusPolicy: Qt.NoFocus
                isOnSill: true
                keycap: "*"
                sign: "card"
                visible: pane.model.canCard
                word: qsTr("Card")

                onClicked: pane.model.takeCard()
            }
            PlainButton {
                Layout.fillWidth: true
                focusPolicy: Qt.NoFocus
                isOnSill: true
                keycap: "R"
                sign: "receipt"
                visible: pane.model.isDone
                word: qsTr("Receipt")

                onClicked: pane.model.printReceipt()
            }
            PlainButton {
                Layout.fillWidth: true
                focusPolicy: Qt.NoFocus
                isOnSill: true
                keycap: "F4"
                label: qsTr("Language of the papers: %1").arg(pane.model.language)
                sign: pane.width < Theme.px(450) ? "" : "globe"
                visible: pane.model.hasLanguages
                word: pane.model.language

                onClicked: pane.model.nextLanguage()
            }
        }
        WayOn {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.px(96)
            focusPolicy: Qt.NoFocus
            keycap: qsTr("Enter")
            leftPadding: Theme.px(24)
            sign: ""
            visible: pane.model.way !== ""
            word: pane.model.way

            onClicked: pane.model.enter()
        }
    }
}
