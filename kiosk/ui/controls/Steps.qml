pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.theme

// The steps as words under a line: done has a check, the current one a thick bar.
RowLayout {
    id: steps

    required property list<string> names
    required property int current

    height: Theme.steps
    spacing: Theme.px(12)

    Repeater {
        model: steps.names

        Item {
            id: step

            required property int index
            required property string modelData
            readonly property bool isDone: index < steps.current
            readonly property bool isCurrent: index === steps.current

            Accessible.name: isDone ? qsTr("%1, done").arg(modelData) : isCurrent ? qsTr("%1, now").arg(modelData) : modelData
            Accessible.role: Accessible.StaticText
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.preferredWidth: 1

            Rectangle {
                color: step.isDone || step.isCurrent ? Theme.ink : Theme.line
                height: step.isCurrent ? Theme.step : Theme.strong
                width: parent.width
                y: Theme.px(12)
            }
            Row {
                spacing: Theme.px(8)
                y: Theme.px(26)

                Icon {
                    anchors.verticalCenter: parent.verticalCenter
                    name: step.isDone ? "check" : ""
                    size: Theme.px(26)
                }
                Words {
                    Accessible.ignored: true
                    color: step.isDone || step.isCurrent ? Theme.ink : Theme.ink2
                    size: Theme.px(26) * (Theme.isLarge ? 1.2 : 1)
                    isStrong: step.isCurrent
                    text: step.modelData
                    wrapMode: Text.NoWrap
                }
            }
        }
    }
}
