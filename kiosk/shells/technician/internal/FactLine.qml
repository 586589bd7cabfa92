pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// A fact: its name, a state shape where it is not well, its value.
ColumnLayout {
    id: fact

    required property string name
    required property string value
    required property string mood

    spacing: 0

    RowLayout {
        Layout.minimumHeight: Theme.px(48)
        spacing: Theme.px(12)

        Words {
            Layout.fillWidth: true
            isSecond: true
            text: fact.name
        }
        Icon {
            colour: Theme.stateColour(fact.mood)
            name: fact.mood
            size: Theme.px(20)
        }
        Words {
            Layout.preferredWidth: Math.min(implicitWidth, Theme.px(330))
            isStrong: true
            text: fact.value
        }
    }
    Rule {}
}
