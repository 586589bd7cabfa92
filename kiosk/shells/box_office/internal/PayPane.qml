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
        Flickable {
            Layout.fillHeight: true
            Layout.fillWidth: true
            boundsBehavior: Flickable.StopAtBounds
            clip: true
            contentHeight: list.implicitHeight
            contentY: Math.max(0, contentHeight - height)

            Column {
                id: list

                width: parent.width

                Repeater {
                    model: pane.model.lines

                    Item {
                        id: line

                        required property int index
                        required property string count
                        required property string name
                        required property string fact
                        required property string price
                        required property bool isCurrent

                        height: words.implicitHeight + Theme.px(20)
                        width: list.width

                        Rectangle {
                            color: Theme.sillInk
                            height: parent.height - Theme.px(12)
                            visible: line.isCurrent && pane.isCurrent
                            width: Theme.px(4)
                            y: Theme.px(6)
                        }
                        RowLayout {
                            id: words

                            anchors.left: parent.left
                            anchors.leftMargin: Theme.px(14)
                            anchors.right: parent.right
                            anchors.verticalCenter: parent.verticalCenter
                            spacing: Theme.px(12)

                            Words {
                                Layout.alignment: Qt.AlignTop
                                color: Theme.sillInk
                                isStrong: true
                                size: Theme.leadSize
                                text: line.count
                            }
                            ColumnLayout {
                                Layout.fillWidth: true
                                spacing: 0

                                Words {
                                    Layout.fillWidth: true
                                    color: Theme.sillInk
                                    size: Theme.leadSize
                                    text: line.name
                                }
                                Words {
                                    Layout.fillWidth: true
                                    color: Theme.sillInk2
                                    size: Theme.smallSize
                                    text: line.fact
                                }
                            }
                            Words {
                                Layout.alignment: Qt.AlignTop
                                color: Theme.sillInk
                                isStrong: true
                                size: Theme.leadSize
                                text: line.price
                                wrapMode: Text.NoWrap
                            }
                        }
                        Rectangle {
                            anchors.bottom: parent.bottom
                            color: Theme.sillEdge
                            height: 1
                            width: parent.width
                        }
                    }
                }
            }
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
                text: qsTr("Total")
            }
            Words {
                Accessible.name: qsTr("Total %1").arg(text)
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
        WayOn {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.px(96)
            focusPolicy: Qt.NoFocus
            keycap: "Enter"
            leftPadding: Theme.px(24)
            sign: ""
            visible: pane.model.way !== ""
            word: pane.model.way

            onClicked: pane.model.enter()
        }
    }
}
