pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.shells.technician
import kiosk.ui.controls
import kiosk.ui.theme

// Every device with its state; the number is its key.
Item {
    id: pane

    required property TechnicianViewModel bench

    ColumnLayout {
        spacing: Theme.px(4)
        width: parent.width

        Words {
            Accessible.role: Accessible.Heading
            Layout.bottomMargin: Theme.px(12)
            Layout.fillWidth: true
            isStrong: true
            size: Theme.questionSize
            text: pane.bench.headline
        }
        Repeater {
            model: pane.bench.devices

            ListRow {
                id: row

                required property int index
                required property string number
                required property string name
                required property string sign
                required property string condition
                required property string mood
                required property string seen

                Layout.fillWidth: true
                focusPolicy: Qt.NoFocus
                implicitHeight: Math.max(Theme.px(68), body.implicitHeight + Theme.px(16))
                label: name + ", " + condition
                leftPadding: Theme.px(10)
                required isChosen

                onClicked: pane.bench.choose(index)

                RowLayout {
                    id: body

                    anchors.verticalCenter: parent.verticalCenter
                    spacing: Theme.px(14)
                    width: parent.width

                    Icon {
                        name: row.sign
                        size: Theme.px(28)
                    }
                    ColumnLayout {
                        Layout.fillWidth: true
                        spacing: Theme.px(2)

                        Words {
                            Accessible.ignored: true
                            Layout.fillWidth: true
                            isStrong: true
                            text: row.name
                        }
                        StateMark {
                            mood: row.mood
                            word: row.condition
                        }
                    }
                    Words {
                        Accessible.ignored: true
                        isSecond: true
                        size: Theme.smallSize
                        text: row.seen
                    }
                    Keycap {
                        key: row.number
                    }
                }
            }
        }
    }
}
