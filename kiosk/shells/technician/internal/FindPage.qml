pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.shells.technician
import kiosk.ui.controls
import kiosk.ui.theme

// What was found plugged in, announced or answering nearby, each with the settings that would use it.
ColumnLayout {
    id: page

    required property FinderViewModel finder
    property bool isNarrow: false

    spacing: Theme.px(12)

    Heading {
        Layout.fillWidth: true
        lead: page.finder.lead
        question: qsTr("Devices found")
    }
    Note {
        mood: "warn"
        text: page.finder.note
    }
    Flow {
        Layout.fillWidth: true
        spacing: Theme.gapTouch

        PlainButton {
            focusPolicy: Qt.NoFocus
            isOff: page.finder.isLooking
            keycap: "F"
            word: qsTr("Look once more")

            onClicked: page.finder.look()
        }
        PlainButton {
            focusPolicy: Qt.NoFocus
            keycap: qsTr("Esc")
            word: qsTr("All devices")

            onClicked: page.finder.leave()
        }
    }
    Repeater {
        model: page.finder.rows

        ColumnLayout {
            id: find

            required property string place
            required property string name
            required property string mood
            required property string word
            required property string lines

            Layout.fillWidth: true
            spacing: Theme.px(6)

            GridLayout {
                Layout.fillWidth: true
                Layout.topMargin: Theme.px(6)
                columnSpacing: Theme.gapInside
                columns: page.isNarrow ? 1 : 2

                Words {
                    Layout.fillWidth: true
                    isStrong: true
                    text: find.name ? find.name + " · " + find.place : find.place
                }
                StateMark {
                    mood: find.mood
                    word: find.word
                }
            }
            Rectangle {
                Layout.bottomMargin: Theme.px(8)
                Layout.fillWidth: true
                color: Theme.hint
                implicitHeight: settings.implicitHeight + Theme.px(24)
                radius: Theme.radius
                visible: find.lines !== ""

                Words {
                    id: settings

                    LayoutMirroring.enabled: false
                    anchors.left: parent.left
                    anchors.margins: Theme.px(12)
                    anchors.right: parent.right
                    anchors.top: parent.top
                    size: Theme.smallSize
                    text: find.lines
                }
            }
            Rule {}
        }
    }
}
