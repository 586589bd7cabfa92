pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// A gift card: its code typed or scanned, or its chip tapped; then what it holds and what it pays.
TypingPage {
    id: page

    required property GiftCardViewModel model
    readonly property bool isKnown: model.holds !== ""

    focus: true
    lead: isKnown ? "" : qsTr("Hold the card or its QR code to the reader, or type the code.")
    question: isKnown ? qsTr("Pay with this gift card?") : qsTr("What is the code of your gift card?")

    onErased: page.model.erase()
    onTyped: text => page.model.type(text)

    component Sum: ColumnLayout {
        id: sum

        required property string name
        required property string amount

        spacing: Theme.px(6)
        visible: page.isKnown

        Words {
            Layout.fillWidth: true
            isSecond: true
            text: sum.name
        }
        Words {
            Layout.fillWidth: true
            isStrong: true
            size: Theme.figureSize
            text: sum.amount
        }
    }

    Sum {
        amount: page.model.holds
        name: qsTr("On the card")
    }
    Sum {
        amount: page.model.pays
        name: qsTr("Paid with it")
    }
    Words {
        Layout.fillWidth: true
        text: page.model.remainder
        visible: text !== ""
    }
    Note {
        mood: "info"
        text: page.isKnown ? page.model.note : ""
    }
    Filler {
        visible: page.isKnown
    }
    CodeEntry {
        name: qsTr("Code")
        note: page.model.note
        typed: page.model.typed
        visible: !page.isKnown

        onErased: page.model.erase()
        onKeyed: text => page.model.type(text)
    }
}
