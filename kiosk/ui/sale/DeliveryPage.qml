pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// Paid is said first and stays; each ticket is ticked only when the printer has confirmed it.
PageBody {
    id: page

    required property DeliveryViewModel model

    lead: model.lead
    question: model.question

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.px(12)
        visible: page.model.kind === "printing"

        Repeater {
            model: page.model.bars

            Rectangle {
                id: bar

                required property real share

                Accessible.ignored: true
                Layout.fillWidth: true
                border.color: Theme.ink
                border.width: Theme.strong
                color: Theme.none
                implicitHeight: Theme.px(28)

                Rectangle {
                    anchors.left: parent.left
                    color: Theme.ink
                    height: parent.height
                    width: parent.width * bar.share
                }
            }
        }
    }
    SlotDrawing {
        Layout.alignment: Qt.AlignHCenter
        Layout.topMargin: Theme.gapInside
        isTray: page.model.kind === "take"
        visible: (page.model.kind === "printing" || page.model.kind === "take") && !Theme.isLandscape && !Theme.isLarge
    }
    GridLayout {
        Layout.fillWidth: true
        columnSpacing: Theme.gapInside
        columns: 2
        uniformCellWidths: true
        visible: page.model.kind === "ask"

        PlainButton {
            Layout.fillWidth: true
            implicitHeight: Theme.targetNext
            isStrong: true
            sign: "check"
            word: qsTr("Yes, I have it")

            onClicked: page.model.answer(true)
        }
        PlainButton {
            Layout.fillWidth: true
            implicitHeight: Theme.targetNext
            isStrong: true
            sign: "close"
            word: qsTr("No, nothing came")

            onClicked: page.model.answer(false)
        }
    }
    CodePicture {
        Layout.alignment: Qt.AlignHCenter
        implicitHeight: Theme.px(Theme.isLandscape ? 320 : 460)
        name: qsTr("QR code of your claim")
        text: page.model.claimText
    }
    ColumnLayout {
        Layout.fillWidth: true
        spacing: 0
        visible: page.model.claim !== ""

        Words {
            isSecond: true
            text: qsTr("Your claim code")
        }
        Words {
            Layout.fillWidth: true
            isStrong: true
            size: Theme.codeSize
            text: page.model.claim
        }
        Words {
            Layout.fillWidth: true
            isSecond: true
            size: Theme.smallSize
            text: page.model.claimLine
        }
    }
    Repeater {
        model: page.model.papers

        ColumnLayout {
            id: paper

            required property string mood
            required property string title
            required property string fact
            readonly property bool isDone: mood === "ok"

            spacing: Theme.px(16)

            Rule {}
            RowLayout {
                spacing: Theme.px(28)

                Rectangle {
                    border.color: paper.mood === "next" ? Theme.edge : Theme.ink
                    border.width: Theme.px(paper.mood === "now" ? 6 : 3)
                    color: paper.isDone ? Theme.ink : Theme.none
                    implicitHeight: Theme.px(60)
                    implicitWidth: Theme.px(60)
                    radius: width / 2
                    visible: ["ok", "now", "next"].indexOf(paper.mood) >= 0

                    Icon {
                        anchors.centerIn: parent
                        colour: Theme.paper
                        name: paper.isDone ? "check" : ""
                        size: Theme.px(40)
                        weight: 2.6
                    }
                    Rectangle {
                        anchors.centerIn: parent
                        color: Theme.ink
                        height: Theme.px(24)
                        visible: paper.mood === "now"
                        width: Theme.px(24)
                    }
                }
                Icon {
                    colour: paper.mood === "warn" ? Theme.warn : Theme.ink
                    name: ["ok", "now", "next"].indexOf(paper.mood) >= 0 ? "" : paper.mood
                    size: Theme.px(60)
                }
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 0

                    Words {
                        Layout.fillWidth: true
                        isSecond: paper.mood === "next"
                        isStrong: paper.mood !== "next" && paper.mood !== "ok"
                        size: Theme.leadSize
                        text: paper.title
                    }
                    Words {
                        Layout.fillWidth: true
                        isSecond: true
                        size: Theme.smallSize
                        text: paper.fact
                        visible: text !== ""
                    }
                }
            }
        }
    }
    Filler {}
    PlainButton {
        Layout.fillWidth: true
        implicitHeight: Theme.target
        sign: "receipt"
        visible: page.model.canReceipt
        word: qsTr("Print a receipt")

        onClicked: page.model.wantReceipt()
    }
    Note {
        mood: page.model.mood
        text: page.model.note
    }
}
