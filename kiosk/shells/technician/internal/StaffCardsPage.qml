pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.shells.technician
import kiosk.ui.controls
import kiosk.ui.theme

// Whose cards open the bench; a new one by a name and the tap, an old one removed.
ColumnLayout {
    id: page

    required property StaffCardsViewModel cards

    spacing: Theme.px(10)

    Heading {
        Layout.fillWidth: true
        lead: page.cards.lead
        question: page.cards.question
    }
    Note {
        mood: page.cards.mood
        text: page.cards.note
    }
    CodeField {
        Layout.maximumWidth: Theme.px(620)
        implicitHeight: Theme.px(72)
        name: qsTr("Name")
        size: Theme.leadSize
        typed: page.cards.typed
        visible: page.cards.step === "name"
    }
    Keyboard {
        Layout.fillWidth: true
        Layout.maximumWidth: Theme.px(620)
        rows: ["Ä Ö Ü É È Á Ç Ñ Å Ø", "Q W E R T Y U I O P", "A S D F G H J K L -", "Z X C V B N M"]
        visible: page.cards.step === "name"

        onErased: page.cards.erase()
        onTyped: text => page.cards.touch(text)
    }
    Flow {
        Layout.fillWidth: true
        spacing: Theme.gapTouch

        PlainButton {
            focusPolicy: Qt.NoFocus
            isStrong: true
            keycap: "E"
            visible: page.cards.step === "list"
            word: qsTr("Enrol a card")

            onClicked: page.cards.enrol()
        }
        PlainButton {
            focusPolicy: Qt.NoFocus
            keycap: "X"
            visible: page.cards.step === "list" && rows.count > 0
            word: qsTr("Remove the card")

            onClicked: page.cards.remove()
        }
        PlainButton {
            focusPolicy: Qt.NoFocus
            isOff: page.cards.isBusy
            isStrong: true
            keycap: qsTr("Enter")
            visible: page.cards.step === "name" || page.cards.step === "sure"
            word: page.cards.step === "sure" ? qsTr("Remove it now") : qsTr("Continue")

            onClicked: page.cards.goOn()
        }
        PlainButton {
            focusPolicy: Qt.NoFocus
            isOff: page.cards.isBusy
            keycap: qsTr("Esc")
            word: page.cards.step === "list" ? qsTr("All devices") : qsTr("Back")

            onClicked: page.cards.leave()
        }
    }
    Repeater {
        id: rows

        model: page.cards.rows

        ListRow {
            id: card

            required property int index
            required property string name
            required property string since

            Layout.fillWidth: true
            focusPolicy: Qt.NoFocus
            implicitHeight: Theme.px(56)
            label: name + ", " + since
            leftPadding: Theme.px(10)
            required isChosen
            visible: page.cards.step === "list"

            onClicked: page.cards.choose(index)

            RowLayout {
                anchors.verticalCenter: parent.verticalCenter
                spacing: Theme.gapInside
                width: parent.width

                Words {
                    Accessible.ignored: true
                    Layout.fillWidth: true
                    isStrong: true
                    text: card.name
                }
                Words {
                    Accessible.ignored: true
                    isSecond: true
                    text: card.since
                    wrapMode: Text.NoWrap
                }
            }
        }
    }
}
