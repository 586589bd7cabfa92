pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.theme

// Larger text · Contrast · Move lower · Read aloud, one touch each, on every page after the first.
RowLayout {
    id: bar

    required property bool isReading
    required property string readReason // why it cannot read aloud, "" if it can

    signal largerAsked
    signal contrastAsked
    signal lowerAsked
    signal readAsked
    signal languageAsked
    signal helpAsked

    spacing: Theme.gapTouch
    uniformCellSizes: true

    component Key: PlainButton {
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.preferredWidth: 1
        border: Theme.isContrast ? Theme.sillEdge : Theme.sillKey
        fill: Theme.sillKey
        isOnSill: true
        leftPadding: Theme.px(10)
        signSize: Theme.px(32)
        wordSize: Theme.barTextSize
    }

    Key {
        checkable: true
        isChosen: Theme.isLarge
        sign: "larger"
        word: qsTr("Larger text")

        onClicked: bar.largerAsked()
    }
    Key {
        checkable: true
        isChosen: Theme.isContrast
        sign: "contrast"
        word: qsTr("Contrast")

        onClicked: bar.contrastAsked()
    }
    Key {
        checkable: true
        isChosen: Theme.isLow
        sign: "lower"
        word: qsTr("Move lower")

        onClicked: bar.lowerAsked()
    }
    Key {
        checkable: true
        isChosen: bar.isReading
        isOff: bar.readReason !== ""
        label: bar.readReason ? qsTr("Read aloud") + ", " + bar.readReason : ""
        sign: "sound"
        word: bar.readReason ? bar.readReason : qsTr("Read aloud")

        onClicked: bar.readAsked()
    }
    Key {
        sign: "globe"
        visible: Theme.isLow
        word: qsTr("Language")

        onClicked: bar.languageAsked()
    }
    Key {
        sign: "help"
        visible: Theme.isLow
        word: qsTr("Help")

        onClicked: bar.helpAsked()
    }
}
