pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.shells.technician
import kiosk.ui.controls
import kiosk.ui.theme

// What travellers can do now, and the one remedy to do next.
Rectangle {
    id: sill

    required property TechnicianViewModel bench
    property bool isNarrow: false

    color: Theme.sill

    Rectangle {
        anchors.left: parent.left
        color: Theme.sillInk
        height: parent.height
        visible: Theme.isContrast
        width: Theme.strong
    }
    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.margin
        spacing: Theme.px(sill.isNarrow ? 4 : 10)

        Words {
            Accessible.role: Accessible.Heading
            Layout.fillWidth: true
            color: Theme.sillInk
            isStrong: true
            size: Theme.leadSize
            text: qsTr("Travellers can")
        }
        Repeater {
            model: sill.bench.capabilities

            RowLayout {
                id: can

                required property string name
                required property string value
                required property string mood

                Layout.fillWidth: true
                Layout.minimumHeight: Theme.px(sill.isNarrow ? 34 : 44)
                spacing: Theme.px(12)

                Icon {
                    colour: Theme.sillInk
                    name: can.mood
                    size: Theme.px(22)
                }
                Words {
                    Layout.fillWidth: true
                    color: Theme.sillInk
                    isStrong: true
                    text: can.name
                }
                Words {
                    Layout.preferredWidth: Math.min(implicitWidth, Theme.px(150))
                    color: Theme.sillInk2
                    size: Theme.smallSize
                    text: can.value
                }
            }
        }
        Item {
            Layout.fillHeight: true
        }
        Words {
            Layout.fillWidth: true
            color: Theme.sillInk2
            text: sill.bench.remedyHead
            visible: text !== ""
        }
        Words {
            Layout.fillWidth: true
            color: Theme.sillInk
            isStrong: true
            size: Theme.leadSize
            text: sill.bench.remedyText
            visible: text !== ""
        }
        WayOn {
            Layout.fillWidth: true
            Layout.topMargin: Theme.px(8)
            focusPolicy: Qt.NoFocus
            keycap: "R"
            leftPadding: Theme.px(24)
            sign: ""
            word: qsTr("Read status")

            onClicked: sill.bench.readStatus()
        }
    }
}
