pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// Another language, at any moment.
PageBody {
    id: page

    required property LanguagesViewModel model

    question: qsTr("Which language?")

    Repeater {
        model: page.model.languages

        PlainButton {
            required property string tag
            required property string name
            required property bool isSpoken

            Layout.fillWidth: true
            implicitHeight: Theme.targetNext
            isChosen: isSpoken
            isStrong: true
            word: name
            wordSize: Theme.leadSize

            onClicked: page.model.choose(tag)
        }
    }
    Filler {}
}
