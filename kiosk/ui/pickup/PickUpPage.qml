pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// Scan or tap: both readers are already on. Typing is the third way. The panels are pictures, not buttons.
PageBody {
    id: page

    required property PickUpViewModel model
    readonly property bool hasFound: found.count > 0

    focus: true
    lead: qsTr("Bought online, in the app or at a counter.")
    question: qsTr("Pick up your tickets")

    Keys.onPressed: event => {
        if (event.key === Qt.Key_Backspace) {
            page.model.erase();
            event.accepted = true;
        } else if (event.text.length === 1 && event.text.charCodeAt(0) > 32) {
            page.model.type(event.text);
            event.accepted = true;
        }
    }

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

        ColumnLayout {
            id: inside

            spacing: Theme.px(6)

            anchors {
                left: parent.left
                margins: Theme.px(28)
                right: parent.right
                top: parent.top
            }
            Icon {
                Layout.alignment: Qt.AlignHCenter
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
        Layout.fillWidth: true
        columnSpacing: Theme.gapInside
        columns: 2
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
    Rectangle {
        Accessible.name: qsTr("Booking code") + ": " + page.model.typed
        Accessible.role: Accessible.StaticText
        Layout.fillWidth: true
        border.color: Theme.ink
        border.width: Theme.strong
        color: Theme.surface
        implicitHeight: Theme.px(118)
        radius: Theme.radius
        visible: !page.hasFound

        Words {
            Accessible.ignored: true
            anchors.left: parent.left
            anchors.leftMargin: Theme.px(36)
            anchors.verticalCenter: parent.verticalCenter
            font.letterSpacing: Theme.px(14)
            isStrong: true
            size: Theme.px(64)
            text: page.model.typed + "|"
            wrapMode: Text.NoWrap
        }
    }
    Words {
        Layout.fillWidth: true
        isSecond: true
        size: Theme.smallSize
        text: qsTr("Letters and figures, in the mail under “Booking”. No O, no I.")
        visible: !page.hasFound
    }
    Filler {}
    Keyboard {
        Layout.fillWidth: true
        dead: page.model.dead
        hasSpace: false
        rows: page.model.keys
        visible: !page.hasFound

        onErased: page.model.erase()
        onTyped: text => page.model.type(text)
    }
}
