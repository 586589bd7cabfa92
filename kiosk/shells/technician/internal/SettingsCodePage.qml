pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.shells.technician
import kiosk.ui.controls
import kiosk.ui.theme

// A settings code of the operator: what it would change, then the technician's word.
ColumnLayout {
    id: page

    required property SettingsCodeViewModel code

    spacing: Theme.px(4)

    Heading {
        Layout.bottomMargin: Theme.px(12)
        Layout.fillWidth: true
        lead: page.code.lead
        question: qsTr("Take these settings?")
    }
    Flow {
        Layout.fillWidth: true
        Layout.bottomMargin: Theme.gapInside
        spacing: Theme.gapTouch

        PlainButton {
            focusPolicy: Qt.NoFocus
            isOff: page.code.isTaking
            isStrong: true
            keycap: qsTr("Enter")
            word: qsTr("Take the settings")

            onClicked: page.code.take()
        }
        PlainButton {
            focusPolicy: Qt.NoFocus
            isOff: page.code.isTaking
            keycap: qsTr("Esc")
            word: qsTr("Leave them as they are")

            onClicked: page.code.leave()
        }
    }
    Repeater {
        model: page.code.rows

        ColumnLayout {
            id: change

            required property string name
            required property string before
            required property string after

            Layout.fillWidth: true
            spacing: Theme.px(4)

            Words {
                Layout.fillWidth: true
                isSecond: true
                size: Theme.smallSize
                text: change.name
            }
            RowLayout {
                Layout.bottomMargin: Theme.px(8)
                Layout.fillWidth: true
                spacing: Theme.px(16)

                Words {
                    Layout.fillWidth: true
                    Layout.horizontalStretchFactor: 1
                    Layout.preferredWidth: 1
                    text: change.before
                }
                Icon {
                    name: "arrow-right"
                    size: Theme.px(20)
                }
                Words {
                    Layout.fillWidth: true
                    Layout.horizontalStretchFactor: 1
                    Layout.preferredWidth: 1
                    isStrong: true
                    text: change.after
                }
            }
            Rule {}
        }
    }
}
