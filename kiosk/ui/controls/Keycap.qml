pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui.theme

// The key beside what it does: strong where it works now, thin where a pane has to be entered first.
Rectangle {
    id: keycap

    required property string key
    property bool isStrong: true
    property bool isOnSill: false
    property color ink: isOnSill ? Theme.sillInk : Theme.ink

    Accessible.ignored: true
    border.color: ink
    border.width: isStrong ? Theme.border : Theme.px(1)
    color: Theme.none
    implicitHeight: word.implicitHeight + Theme.px(4)
    implicitWidth: Math.max(implicitHeight, word.implicitWidth + Theme.px(14))
    radius: Theme.tagRadius

    Words {
        id: word

        Accessible.ignored: true
        anchors.centerIn: parent
        color: keycap.ink
        size: Theme.smallSize
        isStrong: keycap.isStrong
        text: keycap.key
        wrapMode: Text.NoWrap
    }
}
