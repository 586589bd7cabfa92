pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui.theme

// Minus, a figure, plus. `what` names what is counted for those who hear the page.
Row {
    id: stepper

    required property string what
    required property int value
    property int minimum: 0
    property int maximum: 20

    signal asked(value: int)

    spacing: 0

    PlainButton {
        height: Theme.target
        isOff: stepper.value <= stepper.minimum
        label: qsTr("One less: %1").arg(stepper.what)
        leftPadding: 0
        sign: "minus"
        width: Theme.target

        onClicked: stepper.asked(stepper.value - 1)
    }
    Words {
        Accessible.name: stepper.what + ": " + text
        size: Theme.figureSize
        height: Theme.target
        horizontalAlignment: Text.AlignHCenter
        isStrong: true
        text: stepper.value
        verticalAlignment: Text.AlignVCenter
        width: Theme.px(Theme.isCounter ? 60 : 122)
        wrapMode: Text.NoWrap
    }
    PlainButton {
        height: Theme.target
        isOff: stepper.value >= stepper.maximum
        label: qsTr("One more: %1").arg(stepper.what)
        leftPadding: 0
        sign: "plus"
        width: Theme.target

        onClicked: stepper.asked(stepper.value + 1)
    }
}
