pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// Comes before the screen clears; any touch or key extends it.
PageBody {
    id: page

    required property StillThereViewModel model

    lead: qsTr("Nothing is lost. Touch anywhere or press any key to go on.")
    question: qsTr("Are you still there?")

    RowLayout {
        Layout.fillWidth: true
        Layout.topMargin: Theme.px(16)
        spacing: Theme.px(12)

        Repeater {
            model: page.model.bars

            Rectangle {
                required property bool isFull

                Accessible.ignored: true
                Layout.fillWidth: true
                border.color: Theme.ink
                border.width: Theme.strong
                color: isFull ? Theme.ink : Theme.none
                implicitHeight: Theme.px(28)
            }
        }
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.gapInside

        Words {
            Layout.fillWidth: true
            text: page.model.left
        }
        Words {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignRight
            isSecond: true
            text: qsTr("Extend as often as you need")
        }
    }
    Filler {}
    PlainButton {
        Layout.fillWidth: true
        implicitHeight: Theme.target
        sign: "close"
        word: qsTr("Clear everything now")

        onClicked: page.model.clear()
    }
}
