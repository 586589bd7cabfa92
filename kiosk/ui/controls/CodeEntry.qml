pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.theme

// Where a code is typed: field and note, and the keys below them; beside them where the page lies, for all to be seen.
GridLayout {
    id: entry

    required property string name
    required property string typed
    required property string note

    signal keyed(text: string)
    signal erased

    Layout.fillHeight: true
    Layout.fillWidth: true
    columnSpacing: Theme.px(48)
    columns: Theme.isLandscape ? 2 : 1

    ColumnLayout {
        Layout.alignment: Qt.AlignTop
        Layout.fillWidth: true
        spacing: Theme.px(18)

        CodeField {
            name: entry.name
            typed: entry.typed
        }
        Note {
            mood: "info"
            text: entry.note
        }
    }
    Filler {
        visible: entry.columns === 1
    }
    CodeKeyboard {
        Layout.alignment: Qt.AlignTop
        Layout.fillWidth: entry.columns === 1
        Layout.preferredWidth: Theme.px(984)

        onErased: entry.erased()
        onTyped: text => entry.keyed(text)
    }
}
