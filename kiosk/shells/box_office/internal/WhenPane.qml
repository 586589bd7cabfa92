pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.shells.box_office
import kiosk.ui.controls
import kiosk.ui.theme

// Step 2: times, who travels, which ticket; or slots, how many, which seats.
Item {
    id: pane

    required property CounterViewModel counter
    required property WhenViewModel model
    required property SeatPlan plan
    property bool isNarrow: false
    readonly property bool isCurrent: counter.pane === 2

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.margin
        anchors.bottomMargin: Theme.px(pane.isNarrow ? 8 : 24)
        anchors.topMargin: Theme.px(pane.isNarrow ? 14 : 24)
        spacing: Theme.px(pane.isNarrow ? 8 : 14)

        PaneHead {
            Layout.fillWidth: true
            fact: pane.isCurrent ? qsTr("Arrow keys move, Enter takes") : pane.model.asOf
            isCurrent: pane.isCurrent
            isDone: pane.counter.pane === 3 && pane.model.title !== ""
            name: pane.model.isPlanOpen ? qsTr("2 Seats") : pane.model.isEvent ? qsTr("2 When and how many") : qsTr("2 When and who")
        }
        Words {
            Layout.fillWidth: true
            size: Theme.leadSize
            visible: !pane.isNarrow || pane.model.title === "" || pane.model.isEvent
            text: pane.model.title ? pane.model.title + (pane.model.dayText ? " · " + pane.model.dayText : "") : qsTr("Choose a place or an event first.")
            isSecond: pane.model.title === ""
        }
        Note {
            mood: "warn"
            text: pane.model.problem
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.px(2)
            visible: !pane.model.isPlanOpen

            Repeater {
                model: pane.model.times

                TimeRow {
                    required property int index

                    Layout.fillWidth: true
                    isNarrow: pane.isNarrow
                    visible: !pane.isNarrow || Math.abs(index - Math.min(Math.max(pane.model.at, 1), pane.model.timeCount - 2)) <= 1
                    required isChosen
                    required isOff

                    onClicked: {
                        pane.counter.go(2);
                        pane.model.choose(index);
                    }
                }
            }
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.px(12)
            visible: pane.model.title !== "" && !pane.model.isPlanOpen && !pane.isNarrow

            Words {
                Layout.fillWidth: true
                isSecond: true
                size: Theme.smallSize
                text: pane.model.asOf
            }
            PlainButton {
                focusPolicy: Qt.NoFocus
                keycap: qsTr("PgUp")
                word: qsTr("Earlier")

                onClicked: pane.model.page(-1)
            }
            PlainButton {
                focusPolicy: Qt.NoFocus
                keycap: qsTr("PgDn")
                word: qsTr("Later")

                onClicked: pane.model.page(1)
            }
        }
        GridLayout {
            Layout.fillWidth: true
            columnSpacing: Theme.gapInside
            columns: pane.isNarrow ? 2 : 3
            rowSpacing: Theme.px(12)
            uniformCellWidths: true
            visible: !pane.model.isPlanOpen

            Repeater {
                model: pane.model.counts

                CountBox {
                    required property int index

                    Layout.fillWidth: true

                    onAsked: count => pane.model.setCount(index, count)
                }
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.px(4)
            visible: !pane.model.isPlanOpen

            Repeater {
                model: pane.model.offers

                ListRow {
                    id: offer

                    required property int index
                    required property string key
                    required property string name
                    required property string fact
                    required property string price
                    required property string said

                    Layout.fillWidth: true
                    focusPolicy: Qt.NoFocus
                    implicitHeight: Math.max(Theme.px(pane.isNarrow ? 44 : 56), words.implicitHeight + Theme.px(8))
                    label: said
                    leftPadding: Theme.px(10)
                    required isChosen

                    onClicked: pane.model.chooseOffer(index)

                    RowLayout {
                        id: words

                        anchors.verticalCenter: parent.verticalCenter
                        spacing: Theme.px(14)
                        width: parent.width

                        Keycap {
                            key: offer.key
                        }
                        ColumnLayout {
                            Layout.fillWidth: true
                            spacing: 0

                            Words {
                                Accessible.ignored: true
                                Layout.fillWidth: true
                                isStrong: true
                                text: offer.name
                            }
                            Words {
                                Accessible.ignored: true
                                Layout.fillWidth: true
                                isSecond: true
                                size: Theme.smallSize
                                text: offer.fact
                                visible: !pane.isNarrow || offer.isChosen
                            }
                        }
                        Words {
                            Accessible.ignored: true
                            isStrong: true
                            size: Theme.leadSize
                            text: offer.price
                            wrapMode: Text.NoWrap
                        }
                    }
                }
            }
        }
        Item {
            Accessible.name: pane.plan.spoken
            Accessible.role: Accessible.Graphic
            Layout.fillHeight: true
            Layout.fillWidth: true
            visible: pane.model.isPlanOpen

            TapHandler {
                onTapped: point => picture.touched(point.position.x, point.position.y)
            }
            SeatPicture {
                id: picture

                anchors.fill: parent
                inks: [Theme.seatFront, Theme.seatMiddle, Theme.seatBack, Theme.ink, Theme.paper]

                Component.onCompleted: draw(pane.plan)
            }
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.gapInside
            visible: pane.model.title !== ""

            Words {
                Layout.fillWidth: true
                isStrong: true
                text: pane.model.isPlanOpen ? pane.plan.spoken + " · " + pane.plan.summary : pane.model.code
            }
            PlainButton {
                focusPolicy: Qt.NoFocus
                keycap: "F10"
                visible: pane.model.isSeated && !pane.model.isPlanOpen
                word: qsTr("Choose seats")

                onClicked: pane.model.openPlan()
            }
            PlainButton {
                focusPolicy: Qt.NoFocus
                isStrong: true
                keycap: qsTr("Enter")
                word: pane.model.sum && !pane.model.isPlanOpen ? qsTr("To sale, %1").arg(pane.model.sum) : qsTr("To sale")

                onClicked: pane.model.take()
            }
        }
        Item {
            Layout.fillHeight: !pane.model.isPlanOpen
        }
    }
}
