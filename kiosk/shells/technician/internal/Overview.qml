pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.shells.technician
import kiosk.ui.controls
import kiosk.ui.theme

// What holds the terminal together, what it has used up, and what can be done to all of it.
ColumnLayout {
    id: page

    required property TechnicianViewModel bench
    spacing: Theme.px(4)

    Flow {
        Layout.bottomMargin: Theme.gapInside
        Layout.fillWidth: true
        spacing: Theme.gapTouch

        PlainButton {
            focusPolicy: Qt.NoFocus
            keycap: "R"
            word: qsTr("Read every status")

            onClicked: page.bench.readStatus()
        }
        PlainButton {
            focusPolicy: Qt.NoFocus
            keycap: "V"
            word: qsTr("Verify the journal")

            onClicked: page.bench.verifyStore()
        }
        PlainButton {
            focusPolicy: Qt.NoFocus
            keycap: "F"
            word: qsTr("Find devices")

            onClicked: page.bench.finder.look()
        }
        PlainButton {
            focusPolicy: Qt.NoFocus
            keycap: "S"
            word: qsTr("Staff cards")

            onClicked: page.bench.cards.look()
        }
    }
    Words {
        Accessible.role: Accessible.Heading
        Layout.fillWidth: true
        isStrong: true
        size: Theme.leadSize
        text: qsTr("This terminal")
    }
    Repeater {
        model: page.bench.facts

        FactLine {
            Layout.fillWidth: true
        }
    }
    Words {
        Accessible.role: Accessible.Heading
        Layout.fillWidth: true
        Layout.topMargin: Theme.gapInside
        isStrong: true
        size: Theme.leadSize
        text: qsTr("Used up")
    }
    Repeater {
        model: page.bench.supplies.facts

        FactLine {
            Layout.fillWidth: true
        }
    }
}
