pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// For staff: the service code of this terminal, typed here or on a keyboard, only dots are shown; or a staff card.
TypingPage {
    id: page

    required property ServiceViewModel model

    focus: true
    lead: page.model.lead
    question: qsTr("Service")

    onErased: page.model.erase()
    onTyped: text => page.model.type(text)

    Words {
        Layout.fillWidth: true
        Accessible.name: qsTr("Service code")
        size: Theme.figureSize
        text: page.model.typed
    }
    Note {
        Layout.fillWidth: true
        mood: "warn"
        text: page.model.note
        visible: text !== ""
    }
    Keyboard {
        Layout.fillWidth: true
        hasSpace: false
        rows: ["1 2 3 4 5", "6 7 8 9 0"]

        onErased: page.model.erase()
        onTyped: text => page.model.type(text)
    }
}
