pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// Where would you like to go? Six places one touch away, what is on, and services for tickets already bought.
PageBody {
    id: page

    required property HomeViewModel model

    question: page.model.hasJourneys ? qsTr("Where would you like to go?") : qsTr("What would you like to see?")

    GridLayout {
        Layout.fillWidth: true
        columnSpacing: Theme.px(72)
        columns: Theme.isLandscape ? 2 : 1
        rowSpacing: Theme.gapInside

        ColumnLayout {
            Layout.alignment: Qt.AlignTop
            Layout.fillWidth: true
            Layout.preferredWidth: Theme.px(1110)
            spacing: Theme.px(14)
            visible: page.model.hasJourneys

            Field {
                Layout.fillWidth: true
                prompt: qsTr("Town, stop, airport or sight")
                typed: ""

                onClicked: page.model.search()
            }
            RowLayout {
                Layout.topMargin: Theme.px(10)

                Words {
                    Layout.fillWidth: true
                    isStrong: true
                    text: qsTr("Often from here")
                }
                Words {
                    isSecond: true
                    size: Theme.smallSize
                    text: qsTr("1 adult, single, from")
                }
            }
            GridLayout {
                Layout.fillWidth: true
                columnSpacing: Theme.px(48)
                columns: Theme.isLarge ? 1 : 2
                rowSpacing: Theme.gapTouch
                uniformCellWidths: true

                Repeater {
                    model: page.model.places

                    ListRow {
                        id: place

                        required property int index
                        required property string name
                        required property string fact
                        required property string price

                        Layout.fillWidth: true
                        implicitHeight: Math.max(Theme.px(86), line.implicitHeight + Theme.px(8))
                        word: name + ", " + fact + ", " + price

                        onClicked: page.model.choosePlace(index)

                        RowLayout {
                            id: line

                            height: place.availableHeight
                            width: place.availableWidth

                            ColumnLayout {
                                Layout.fillWidth: true
                                spacing: 0

                                Words {
                                    Accessible.ignored: true
                                    Layout.fillWidth: true
                                    isStrong: true
                                    lineHeight: Theme.headLine
                                    text: place.name
                                }
                                Words {
                                    Accessible.ignored: true
                                    isSecond: true
                                    lineHeight: Theme.headLine
                                    size: Theme.smallSize
                                    text: place.fact
                                }
                            }
                            Words {
                                Accessible.ignored: true
                                text: place.price
                                wrapMode: Text.NoWrap
                            }
                            Icon {
                                name: "chevron-right"
                                size: Theme.px(26)
                            }
                        }
                    }
                }
            }
        }
        ColumnLayout {
            Layout.alignment: Qt.AlignTop
            Layout.fillWidth: true
            Layout.preferredWidth: Theme.px(640)
            spacing: Theme.gapTouch

            GridLayout {
                columns: Theme.isLandscape && Theme.isLarge ? 1 : 2
                Words {
                    Layout.fillWidth: true
                    isStrong: true
                    text: page.model.hasJourneys ? qsTr("What’s on") : ""
                }
                PlainButton {
                    isOff: page.model.areEventsOff
                    isStrong: true
                    reason: page.model.eventsReason
                    signAfter: "chevron-right"
                    word: qsTr("All events")

                    onClicked: page.model.allEvents()
                }
            }
            GridLayout {
                columnSpacing: Theme.gapInside
                columns: Theme.isLandscape || Theme.isLarge ? 1 : 2
                rowSpacing: Theme.gapTouch
                uniformCellWidths: true

                Repeater {
                    model: page.model.events

                    Touchable {
                        id: event

                        required property int index
                        required property string name
                        required property string venue
                        required property string fact

                        Layout.fillWidth: true
                        implicitHeight: tile.implicitHeight + topPadding + bottomPadding
                        verticalPadding: Theme.px(18)
                        isOff: page.model.areEventsOff
                        reason: page.model.eventsReason
                        word: name + ", " + venue + ", " + fact

                        contentItem: ColumnLayout {
                            id: tile

                            spacing: 0

                            Words {
                                Accessible.ignored: true
                                Layout.fillWidth: true
                                color: event.inkNow
                                isStrong: true
                                text: event.name
                            }
                            Words {
                                Accessible.ignored: true
                                Layout.fillWidth: true
                                isSecond: true
                                size: Theme.smallSize
                                text: event.venue
                            }
                            Words {
                                Accessible.ignored: true
                                Layout.fillWidth: true
                                color: event.inkNow
                                size: Theme.smallSize
                                text: event.isOff ? event.reason : event.fact
                            }
                        }

                        onClicked: page.model.chooseEvent(index)
                    }
                }
            }
            Words {
                Layout.topMargin: Theme.px(12)
                isStrong: true
                text: qsTr("Already have a ticket?")
            }
            Touchable {
                id: pickUp

                Layout.fillWidth: true
                isOff: page.model.isPickUpOff
                label: qsTr("Pick up. Scan, tap or type the code")
                reason: page.model.pickUpReason

                contentItem: RowLayout {
                    spacing: Theme.gapInside

                    Icon {
                        colour: pickUp.inkNow
                        name: "qr"
                        size: Theme.px(52)
                    }
                    ColumnLayout {
                        Layout.bottomMargin: Theme.px(16)
                        Layout.fillWidth: true
                        Layout.topMargin: Theme.px(16)
                        spacing: 0

                        Words {
                            Accessible.ignored: true
                            Layout.fillWidth: true
                            color: pickUp.inkNow
                            isStrong: true
                            text: qsTr("Pick up")
                        }
                        Words {
                            Accessible.ignored: true
                            Layout.fillWidth: true
                            isSecond: true
                            size: Theme.smallSize
                            text: pickUp.isOff ? pickUp.reason : qsTr("Scan, tap or code")
                        }
                    }
                }

                onClicked: page.model.pickUp()
            }
        }
    }
    Note {
        mood: "warn"
        text: page.model.note
    }
    Filler {}
}
