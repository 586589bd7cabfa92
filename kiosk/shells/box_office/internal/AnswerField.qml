pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import kiosk.shells.box_office
import kiosk.ui.theme

// The field of an answer that is typed; it has the keyboard while its question is the current one.
TextField {
    id: field

    required property CounterViewModel counter
    required property AskingViewModel asking
    required property bool isPaneCurrent
    required property string label

    Accessible.name: label
    bottomPadding: 0
    color: Theme.ink
    font.bold: text !== ""
    font.family: Theme.family
    font.pixelSize: Theme.leadSize
    implicitHeight: Theme.target
    leftPadding: Theme.px(14)
    maximumLength: 1001
    rightPadding: Theme.px(14)
    topPadding: 0
    verticalAlignment: TextInput.AlignVCenter

    background: Rectangle {
        border.color: field.activeFocus ? Theme.ink : Theme.edge
        border.width: field.activeFocus ? Theme.strong : Theme.border
        color: Theme.surface
        radius: Theme.radius
    }

    Component.onCompleted: isPaneCurrent ? forceActiveFocus() : undefined
    Keys.onPressed: event => event.accepted = field.counter.pressed(event.key, event.modifiers, event.text)
    onIsPaneCurrentChanged: isPaneCurrent ? forceActiveFocus() : undefined
    onTextEdited: asking.setText(text)

    Binding {
        property: "text"
        target: field
        value: field.asking.field
    }
}
