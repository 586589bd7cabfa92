pragma ComponentBehavior: Bound

import QtQuick
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

    CodeEntry {
        name: qsTr("Code")
        note: page.model.note
        typed: page.model.typed

        onErased: page.model.erase()
        onKeyed: text => page.model.type(text)
    }
}
