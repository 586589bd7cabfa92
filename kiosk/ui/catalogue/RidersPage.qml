pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// People, then the cheapest valid ticket; each choice carries its validity.
PageBody {
    id: page

    required property RidersViewModel model

    question: qsTr("Who is travelling?")
    spacing: Theme.px(8)

    Rule {}
    Repeater {
        model: page.model.riders

        ColumnLayout {
            id: rider

            required property int index
            required property string name
            required property string ages
            required property int count

            spacing: Theme.px(8)

            RowLayout {
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 0

                    Words {
                        Layout.fillWidth: true
                        isStrong: true
                        size: Theme.leadSize
                        text: rider.name
                    }
                    Words {
                        Layout.fillWidth: true
                        isSecond: true
                        lineHeight: Theme.headLine
                        size: Theme.smallSize
                        text: rider.ages
                        visible: text !== ""
                    }
                }
                Stepper {
                    maximum: page.model.ridersMax
                    value: rider.count
                    what: rider.name

                    onAsked: value => page.model.count(rider.index, value)
                }
            }
            Rule {
                Layout.topMargin: Theme.px(4)
            }
        }
    }
    RowLayout {
        Layout.topMargin: Theme.gapInside

        Words {
            Layout.fillWidth: true
            isStrong: true
            size: Theme.leadSize
            text: qsTr("Which ticket?")
        }
        Words {
            isSecond: true
            size: Theme.smallSize
            text: page.model.trip
        }
    }
    ColumnLayout {
        Layout.fillWidth: true
        Layout.leftMargin: -Theme.gapInside
        Layout.rightMargin: -Theme.gapInside
        spacing: Theme.gapTouch

        Repeater {
            model: page.model.tickets

            ListRow {
                id: ticket

                required property int index
                required property string name
                required property string validity
                required property string saving
                required property string price
                required property bool isCheapest
                required isChosen

                Layout.fillWidth: true
                bottomPadding: Theme.px(16)
                implicitHeight: line.implicitHeight + topPadding + bottomPadding
                isChoice: true
                rightPadding: Theme.px(24)
                topPadding: Theme.px(16)
                word: name + ", " + price + ", " + validity

                onClicked: page.model.choose(index)

                RowLayout {
                    id: line

                    spacing: Theme.gapInside
                    width: ticket.availableWidth - ticket.inset

                    ColumnLayout {
                        Layout.fillWidth: true
                        spacing: 0

                        Flow {
                            Layout.fillWidth: true
                            spacing: Theme.px(18)

                            Words {
                                Accessible.ignored: true
                                isStrong: true
                                size: Theme.leadSize
                                text: ticket.name
                                width: Math.min(implicitWidth, parent.width)
                            }
                            Tag {
                                mood: "ok"
                                sign: "check"
                                visible: ticket.isCheapest
                                word: qsTr("Cheapest for you")
                            }
                        }
                        Words {
                            Accessible.ignored: true
                            Layout.fillWidth: true
                            size: Theme.smallSize
                            text: ticket.validity
                        }
                        Words {
                            Accessible.ignored: true
                            Layout.fillWidth: true
                            color: Theme.ok
                            isStrong: true
                            size: Theme.smallSize
                            text: ticket.saving
                            visible: text !== ""
                        }
                    }
                    Words {
                        Accessible.ignored: true
                        Layout.alignment: Qt.AlignTop
                        isStrong: true
                        size: Theme.figureSize
                        text: ticket.price
                        wrapMode: Text.NoWrap
                    }
                }
            }
        }
    }
    Note {
        mood: "info"
        text: page.model.note
    }
    Filler {}
}
