pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// What is asked most, answered.
PageBody {
    id: page

    required property HelpViewModel model

    question: qsTr("How can we help?")

    Repeater {
        model: page.model.answers

        ColumnLayout {
            id: row

            required property string question
            required property string answer

            spacing: Theme.px(10)

            Rule {}
            Words {
                Layout.fillWidth: true
                isStrong: true
                size: Theme.leadSize
                text: row.question
            }
            Words {
                Layout.fillWidth: true
                text: row.answer
            }
        }
    }
    Filler {}
}
