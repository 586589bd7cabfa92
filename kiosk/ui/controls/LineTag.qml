pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui.theme

// The name of a line as on the platform's sign; filled for long-distance, outlined for local ones.
Rectangle {
    id: tag

    required property string line
    property bool isFilled: true

    Accessible.name: line
    Accessible.role: Accessible.StaticText
    border.color: Theme.ink
    border.width: Theme.hair
    color: isFilled ? Theme.ink : Theme.none
    implicitHeight: word.implicitHeight + Theme.px(2)
    implicitWidth: word.implicitWidth + Theme.px(24)
    radius: Theme.tagRadius
    visible: line !== ""

    Words {
        id: word

        Accessible.ignored: true
        anchors.centerIn: parent
        color: tag.isFilled ? Theme.paper : Theme.ink
        size: Theme.smallSize
        isStrong: true
        text: tag.line
        wrapMode: Text.NoWrap
    }
}
