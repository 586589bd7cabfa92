pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.shells.technician
import kiosk.ui.controls
import kiosk.ui.theme

// One device: state, tests, counters, what happened last, and in training its faults by name.
ColumnLayout {
    id: page

    required property TechnicianViewModel bench
    property bool isNarrow: false

    spacing: Theme.px(12)

    Words {
        Accessible.role: Accessible.Heading
        Layout.fillWidth: true
        isStrong: true
        size: Theme.questionSize
        text: page.bench.title
    }
    Words {
        Layout.fillWidth: true
        isSecond: true
        text: page.bench.about
    }
    Tag {
        mood: page.bench.stateMood
        word: page.bench.stateWord
    }
    Note {
        mood: page.bench.alarmMood
        text: page.bench.alarmNote
    }
    Flow {
        Layout.fillWidth: true
        spacing: Theme.gapTouch

        Repeater {
            model: page.bench.tests

            PlainButton {
                required property string key
                required property string test

                focusPolicy: Qt.NoFocus
                keycap: key
                required word

                onClicked: page.bench.runTest(test)
            }
        }
        PlainButton {
            focusPolicy: Qt.NoFocus
            keycap: "R"
            word: qsTr("Read status")

            onClicked: page.bench.readStatus()
        }
        PlainButton {
            focusPolicy: Qt.NoFocus
            keycap: qsTr("Esc")
            word: qsTr("All devices")

            onClicked: page.bench.choose(-1)
        }
    }
    Note {
        mood: "info"
        text: page.bench.running
    }
    Note {
        mood: page.bench.supplies.mood
        text: page.bench.supplies.note
    }
    GridLayout {
        Layout.fillWidth: true
        columnSpacing: Theme.gapGroup
        columns: page.isNarrow ? 1 : 2
        uniformCellWidths: true

        ColumnLayout {
            Layout.alignment: Qt.AlignTop
            Layout.fillWidth: true
            spacing: Theme.px(4)

            Words {
                Accessible.role: Accessible.Heading
                Layout.fillWidth: true
                isStrong: true
                size: Theme.leadSize
                text: qsTr("Counters")
            }
            Repeater {
                model: page.bench.counters

                FactLine {
                    Layout.fillWidth: true
                }
            }
        }
        ColumnLayout {
            Layout.alignment: Qt.AlignTop
            Layout.fillWidth: true
            spacing: Theme.px(8)

            Words {
                Accessible.role: Accessible.Heading
                Layout.fillWidth: true
                isStrong: true
                size: Theme.leadSize
                text: qsTr("Last events")
            }
            Repeater {
                model: page.bench.happened

                RowLayout {
                    id: event

                    required property string time
                    required property string mood
                    required property string word

                    Layout.fillWidth: true
                    spacing: Theme.px(12)

                    Words {
                        size: Theme.smallSize
                        text: event.time
                    }
                    Icon {
                        colour: Theme.stateColour(event.mood)
                        name: event.mood
                        size: Theme.px(20)
                    }
                    Words {
                        Layout.fillWidth: true
                        size: Theme.smallSize
                        text: event.word
                    }
                }
            }
        }
    }
    WireTrace {
        Layout.fillWidth: true
        bench: page.bench
    }
    Words {
        Accessible.role: Accessible.Heading
        Layout.topMargin: Theme.gapInside
        isStrong: true
        size: Theme.leadSize
        text: qsTr("Fault lab")
        visible: faults.count > 0
    }
    Repeater {
        id: faults

        model: page.bench.faults

        RowLayout {
            id: fault

            required property string name
            required property string what
            required property bool isOn

            Layout.fillWidth: true
            spacing: Theme.gapInside

            PlainButton {
                Layout.preferredWidth: Theme.px(150)
                isChosen: fault.isOn
                label: fault.isOn ? qsTr("Stop fault: %1").arg(fault.what) : qsTr("Start fault: %1").arg(fault.what)
                word: fault.isOn ? qsTr("Running") : qsTr("Start")

                onClicked: page.bench.setFault(fault.name, !fault.isOn)
            }
            Words {
                Layout.fillWidth: true
                text: fault.what
            }
            Words {
                isSecond: true
                size: Theme.smallSize
                text: fault.name
            }
        }
    }
}
