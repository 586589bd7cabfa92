pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// The next departure one can reach, chosen; the others below it.
PageBody {
    id: page

    required property DeparturesViewModel model

    question: qsTr("Which departure?")

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.gapInside

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Flow {
                Layout.fillWidth: true
                spacing: Theme.px(18)

                Words {
                    size: Theme.leadSize
                    text: page.model.origin
                    wrapMode: Text.NoWrap
                }
                Icon {
                    name: "arrow-right"
                    size: Theme.leadSize * 1.3
                }
                Words {
                    isStrong: true
                    size: Theme.leadSize
                    text: page.model.destination
                    wrapMode: Text.NoWrap
                }
            }
            Words {
                isSecond: true
                size: Theme.smallSize
                text: page.model.day
            }
        }
        PlainButton {
            Layout.preferredWidth: Theme.px(88)
            label: qsTr("Swap the direction")
            leftPadding: 0
            sign: "swap"
            signSize: Theme.px(40)

            onClicked: page.model.swap()
        }
    }
    GridLayout {
        Layout.fillWidth: true
        columnSpacing: Theme.gapTouch
        columns: 3
        uniformCellWidths: true

        PlainButton {
            Layout.fillWidth: true
            isChosen: page.model.when === "now"
            leftPadding: Theme.px(10)
            word: qsTr("Leave now")

            onClicked: page.model.now()
        }
        PlainButton {
            Layout.fillWidth: true
            isChosen: page.model.when === "later"
            leftPadding: Theme.px(10)
            sign: isChosen || Theme.isLarge ? "" : "clock"
            word: qsTr("Later")

            onClicked: page.model.later()
        }
        PlainButton {
            Layout.fillWidth: true
            isChosen: page.model.when === "day"
            leftPadding: Theme.px(10)
            sign: isChosen || Theme.isLarge ? "" : "calendar"
            word: qsTr("Next day")

            onClicked: page.model.nextDay()
        }
    }
    Words {
        isSecond: true
        text: qsTr("Asking for departures")
        visible: page.model.isWaiting
    }
    ColumnLayout {
        Layout.fillWidth: true
        Layout.leftMargin: -Theme.gapInside
        Layout.rightMargin: -Theme.gapInside
        spacing: Theme.gapTouch

        Repeater {
            model: page.model.journeys

            JourneyDelegate {
                onClicked: page.model.choose(index)
            }
        }
    }
    Note {
        mood: "info"
        text: page.model.note
    }
    Filler {}
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.gapInside

        Words {
            Layout.fillWidth: true
            isSecond: true
            size: Theme.smallSize
            text: page.model.asOf
        }
        PlainButton {
            isStrong: true
            signAfter: "arrow-down"
            word: qsTr("Later departures")

            onClicked: page.model.later()
        }
    }
}
