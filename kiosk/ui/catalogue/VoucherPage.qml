pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// A code that takes something off: the reader is on, typing is the other way.
PageBody {
    id: page

    required property VoucherViewModel model

    focus: true
    lead: qsTr("Hold its QR code to the reader, or type it.")
    question: qsTr("What is your code?")

    Keys.onPressed: event => {
        if (event.key === Qt.Key_Backspace) {
            page.model.erase();
            event.accepted = true;
        } else if (event.text.length === 1 && event.text.charCodeAt(0) > 32) {
            page.model.type(event.text);
            event.accepted = true;
        }
    }

    Rectangle {
        Accessible.name: qsTr("Code") + ": " + page.model.typed
        Accessible.role: Accessible.StaticText
        Layout.fillWidth: true
        border.color: Theme.ink
        border.width: Theme.strong
        color: Theme.surface
        implicitHeight: Math.max(Theme.px(118), code.implicitHeight + Theme.px(36))
        radius: Theme.radius

        Words {
            id: code

            Accessible.ignored: true
            isStrong: true
            size: Theme.figureSize
            text: "\u2066" + page.model.typed + "|\u2069" // figures and letters of a code go left to right
            wrapMode: Text.WrapAnywhere

            anchors {
                left: parent.left
                leftMargin: Theme.px(36)
                right: parent.right
                rightMargin: Theme.px(36)
                verticalCenter: parent.verticalCenter
            }
        }
    }
    Note {
        mood: "info"
        text: page.model.note
    }
    Filler {}
    Keyboard {
        Layout.fillWidth: true
        hasSpace: false
        rows: page.model.keys

        onErased: page.model.erase()
        onTyped: text => page.model.type(text)
    }
}
