pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.shells.technician
import kiosk.ui.controls
import kiosk.ui.theme

// Store, queue, platform, clock, disk and version.
ColumnLayout {
    id: page

    required property TechnicianViewModel bench

    spacing: Theme.px(4)

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
    Flow {
        Layout.fillWidth: true
        Layout.topMargin: Theme.gapInside
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
    }
}
