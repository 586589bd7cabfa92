pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui.theme

// A state as shape, word and colour, without a field behind it.
Row {
    id: mark

    required property string word
    required property string mood // ok, warn, stop, info
    property real size: Theme.smallSize

    Accessible.name: word
    Accessible.role: Accessible.StaticText
    spacing: Theme.px(8)

    Icon {
        anchors.verticalCenter: parent.verticalCenter
        colour: Theme.stateColour(mark.mood)
        name: mark.mood
        size: Theme.px(Theme.isCounter ? 20 : 30)
    }
    Words {
        Accessible.ignored: true
        anchors.verticalCenter: parent.verticalCenter
        color: Theme.stateColour(mark.mood)
        size: mark.size
        text: mark.word
        wrapMode: Text.NoWrap
    }
}
