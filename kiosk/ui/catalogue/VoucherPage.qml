pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls

// A code that takes something off: the reader is on, typing is the other way.
TypingPage {
    id: page

    required property VoucherViewModel model

    focus: true
    lead: qsTr("Hold its QR code to the reader, or type it.")
    question: qsTr("What is your code?")

    onErased: page.model.erase()
    onTyped: text => page.model.type(text)

    CodeField {
        name: qsTr("Code")
        typed: page.model.typed
    }
    Note {
        mood: "info"
        text: page.model.note
    }
    Filler {}
    CodeKeyboard {
        Layout.fillWidth: true

        onErased: page.model.erase()
        onTyped: text => page.model.type(text)
    }
}
