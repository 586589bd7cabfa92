pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// Scan or tap: both readers are already on. Typing is the third way. The panels are pictures, not buttons.
TypingPage {
    id: page

    required property PickUpViewModel model
    readonly property bool hasFound: found.count > 0

    focus: true
    lead: qsTr("Bought online, in the app or at a counter.")
    question: qsTr("Pick up your tickets")

    onErased: page.model.erase()
    onTyped: text => page.model.type(text)

    component Panel: Rectangle {
        id: panel

        required property string sign
        required property string title
        required property string fact

        Layout.fillHeight: true
        Layout.fillWidth: true
        border.color: Theme.line
        border.width: Theme.hair
        color: Theme.surface
        implicitHeight: inside.implicitHeight + Theme.px(56)
        radius: Theme.radius

        GridLayout {
            id: inside

            columnSpacing: Theme.px(28)
            columns: Theme.isLandscape ? 2 : 1
            rowSpacing: Theme.px(6)

            anchors {
                left: parent.left
                margins: Theme.px(28)
                right: parent.right
                top: parent.top
            }
            Icon {
                Layout.alignment: Qt.AlignCenter
                Layout.rowSpan: Theme.isLandscape ? 2 : 1
                name: panel.sign
                size: Theme.px(Theme.isLandscape ? 110 : 190)
                weight: 0.9
            }
            Words {
                Layout.fillWidth: true
                isStrong: true
                size: Theme.leadSize
                text: panel.title
            }
            Words {
                Layout.fillWidth: true
                isSecond: true
                size: Theme.smallSize
                text: panel.fact
            }
        }
    }

    GridLayout {
        id: parts

        Layout.fillHeight: true
        Layout.fillWidth: true
        columnSpacing: Theme.px(48)
        columns: Theme.isLandscape && !page.hasFound ? 2 : 1 // the keys beside it, for all to be seen

        ColumnLayout {
            Layout.alignment: Qt.AlignTop
            Layout.fillHeight: false
            Layout.fillWidth: true
            spacing: Theme.px(18)

            GridLayout {
                Layout.fillWidth: true
                columnSpacing: Theme.gapInside
                columns: Theme.isLandscape ? 1 : 2
                rowSpacing: Theme.px(12)
                uniformCellWidths: true
                visible: !page.hasFound

                Panel {
                    fact: qsTr("From your phone or a printed mail")
                    sign: "qr"
                    title: qsTr("Scan the code")
                }
                Panel {
                    fact: qsTr("A ticket card or pass")
                    sign: "card"
                    title: qsTr("Tap the card")
                }
            }
            Repeater {
                id: found

                model: page.model.found

                ColumnLayout {
                    id: ticket

                    required property string title
                    required property string fact

                    spacing: Theme.px(16)

                    Rule {}
                    Words {
                        Layout.fillWidth: true
                        isStrong: true
                        size: Theme.leadSize
                        text: ticket.title
                    }
                    Words {
                        Layout.fillWidth: true
                        isSecond: true
                        text: ticket.fact
                    }
                }
            }
            Words {
                Layout.fillWidth: true
                isSecond: true
                text: page.model.balance
                visible: text.length > 0
            }
            Words {
                isSecond: true
                text: qsTr("Looking for your booking")
                visible: page.model.isSearching
            }
            Note {
                mood: "info"
                text: page.model.note
            }
            Words {
                isStrong: true
                size: Theme.leadSize
                text: qsTr("Or type the booking code")
                visible: !page.hasFound
            }
            CodeField {
                letterSpacing: Theme.px(14)
                name: qsTr("Booking code")
                size: Theme.px(64)
                typed: page.model.typed
                visible: !page.hasFound
            }
            Words {
                Layout.fillWidth: true
                isSecond: true
                size: Theme.smallSize
                text: qsTr("Letters and figures, in the mail under “Booking”. No O, no I.")
                visible: !page.hasFound
            }
        }
        Filler {
            visible: parts.columns === 1
        }
        CodeKeyboard {
            Layout.alignment: Qt.AlignTop
            Layout.fillWidth: parts.columns === 1
            Layout.preferredWidth: Theme.px(984)
            dead: page.model.dead
            visible: !page.hasFound

            onErased: page.model.erase()
            onTyped: text => page.model.type(text)
        }
    }
}
