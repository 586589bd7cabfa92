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
    required property AskingViewModel asking
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
            fact: pane.model.asOf
            isCurrent: pane.isCurrent
            isDone: pane.counter.pane === 3 && pane.model.title !== ""
            name: pane.asking.isOpen ? qsTr("2 Questions") : pane.model.isPlanOpen ? qsTr("2 Seats") : pane.model.isEvent ? qsTr("2 When and how many") : qsTr("2 When and who")
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
        Flickable {
            id: scroll

            Layout.fillHeight: true
            Layout.fillWidth: true
            boundsBehavior: Flickable.StopAtBounds
            clip: true
            contentHeight: middle.implicitHeight

            function reveal(row: Item): void {
                const top = row.mapToItem(middle, 0, 0).y;
                contentY = Math.max(0, Math.min(top, Math.max(contentY, top + row.height - height)));
            }

            visible: !pane.model.isPlanOpen && !pane.asking.isOpen

            ColumnLayout {
                id: middle

                spacing: Theme.px(pane.isNarrow ? 8 : 14)
                width: parent.width

                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: Theme.px(2)

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
                            onIsChosenChanged: isChosen ? scroll.reveal(this) : undefined
                        }
                    }
                }
                GridLayout {
                    Layout.fillWidth: true
                    columnSpacing: Theme.gapInside
                    columns: pane.isNarrow ? 2 : 3
                    rowSpacing: Theme.px(12)
                    uniformCellWidths: true

                    Repeater {
                        model: pane.model.counts

                        CountBox {
                            required property int index

                            Layout.fillWidth: true
                            isBrief: pane.isNarrow && !pane.model.isEvent

                            onAsked: count => pane.model.setCount(index, count)
                        }
                    }
                }
                OfferList {
                    Layout.fillWidth: true
                    isBrief: pane.isNarrow || Theme.isRtl
                    model: pane.model

                    onChosen: row => scroll.reveal(row)
                }
            }
        }
        Item {
            Accessible.name: pane.plan.spoken
            Accessible.role: Accessible.Graphic
            Layout.fillHeight: true
            Layout.fillWidth: true
            visible: pane.model.isPlanOpen && !pane.asking.isOpen

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
        AskList {
            Layout.fillHeight: true
            Layout.fillWidth: true
            asking: pane.asking
            counter: pane.counter
            isCurrent: pane.isCurrent
            visible: pane.asking.isOpen
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.gapInside
            visible: pane.model.title !== "" && !pane.asking.isOpen

            Words {
                Layout.fillWidth: true
                isStrong: true
                text: pane.model.isPlanOpen ? pane.plan.spoken + " · " + pane.plan.summary : pane.model.code
            }
            PlainButton {
                focusPolicy: Qt.NoFocus
                keycap: qsTr("PgUp")
                visible: !pane.isNarrow && !pane.model.isPlanOpen
                word: qsTr("Earlier")

                onClicked: pane.model.page(-1)
            }
            PlainButton {
                focusPolicy: Qt.NoFocus
                keycap: qsTr("PgDn")
                visible: !pane.isNarrow && !pane.model.isPlanOpen
                word: qsTr("Later")

                onClicked: pane.model.page(1)
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
    }
}
