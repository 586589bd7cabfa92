pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.shells.technician
import kiosk.ui.controls
import kiosk.ui.theme

// The cash unit is counted blind: what should be there is told when the count is booked.
ColumnLayout {
    id: page

    required property SuppliesViewModel supplies
    property bool isNarrow: false

    spacing: Theme.px(10)

    Heading {
        Layout.fillWidth: true
        lead: page.supplies.lead
        question: page.supplies.isBooked ? qsTr("Counted and booked") : qsTr("How many pieces are there?")
    }
    Note {
        mood: page.supplies.mood
        text: page.supplies.note
    }
    GridLayout {
        Layout.fillWidth: true
        columnSpacing: page.isNarrow ? Theme.gapInside : Theme.gapGroup
        columns: 2
        rowSpacing: Theme.px(4)
        uniformCellWidths: true

        Repeater {
            model: page.supplies.pieces

            ListRow {
                id: piece

                required property int index
                required property string value
                required property string counted
                required property string told
                required property string mood

                Layout.fillWidth: true
                focusPolicy: Qt.NoFocus
                implicitHeight: Theme.px(page.isNarrow ? 50 : 56)
                isOff: page.supplies.isBooked
                label: value + ", " + counted + (told ? ", " + told : "")
                leftPadding: Theme.px(10)
                required isChosen

                onClicked: page.supplies.choose(index)

                RowLayout {
                    anchors.verticalCenter: parent.verticalCenter
                    spacing: Theme.px(page.isNarrow ? 8 : 14)
                    width: parent.width

                    Words {
                        Accessible.ignored: true
                        Layout.preferredWidth: Theme.px(page.isNarrow ? 58 : 90)
                        text: piece.value
                    }
                    Words {
                        Accessible.ignored: true
                        Layout.fillWidth: true
                        isStrong: true
                        text: piece.counted
                    }
                    StateMark {
                        mood: piece.mood
                        visible: piece.told !== ""
                        word: piece.told
                    }
                }
            }
        }
    }
    Keyboard {
        Layout.fillWidth: true
        Layout.maximumWidth: Theme.px(620)
        hasSpace: false
        rows: ["1 2 3 4 5", "6 7 8 9 0"]
        visible: !page.supplies.isBooked

        onErased: page.supplies.erase()
        onTyped: text => page.supplies.type(text)
    }
    Flow {
        Layout.fillWidth: true
        spacing: Theme.gapTouch

        PlainButton {
            focusPolicy: Qt.NoFocus
            isOff: page.supplies.isBooking
            isStrong: true
            keycap: qsTr("Enter")
            visible: !page.supplies.isBooked
            word: qsTr("Book the count")

            onClicked: page.supplies.book()
        }
        PlainButton {
            focusPolicy: Qt.NoFocus
            keycap: qsTr("Esc")
            word: page.supplies.isBooked ? qsTr("Done") : qsTr("Leave without booking")

            onClicked: page.supplies.leave()
        }
    }
}
