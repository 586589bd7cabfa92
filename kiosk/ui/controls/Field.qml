pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.theme

// A field one types into by our keyboard or a real one; it shows what the view-model kept.
Touchable {
    id: field

    required property string typed
    property string prompt: ""
    property string aside: ""
    property bool isTyping: true

    Accessible.role: Accessible.EditableText
    Accessible.description: typed
    Layout.fillWidth: true
    border: Theme.ink
    implicitHeight: Theme.px(128) * (Theme.isLarge ? 1.15 : 1)
    label: prompt
    leftPadding: Theme.px(40)

    contentItem: RowLayout {
        spacing: Theme.px(26)

        Icon {
            name: "search"
            size: Theme.px(52)
        }
        Words {
            Accessible.ignored: true
            Layout.fillWidth: true
            color: field.typed ? Theme.ink : Theme.ink2
            isStrong: field.typed !== ""
            size: field.typed ? Theme.figureSize : Theme.leadSize
            text: field.typed ? field.typed + (field.isTyping ? "|" : "") : field.prompt
        }
        Words {
            Accessible.ignored: true
            isSecond: true
            size: Theme.smallSize
            text: field.aside
            visible: text !== "" && !Theme.isLarge
            wrapMode: Text.NoWrap
        }
    }
}
