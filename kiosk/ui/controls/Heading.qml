pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.theme

// The question of a page and the line below it.
ColumnLayout {
    id: heading

    required property string question
    property string lead: ""
    property bool isLeadSecond: true

    spacing: Theme.px(4)

    Words {
        Accessible.role: Accessible.Heading
        Layout.fillWidth: true
        size: Theme.questionSize
        isStrong: true
        lineHeight: Theme.headLine
        text: heading.question
    }
    Words {
        Layout.fillWidth: true
        size: Theme.leadSize
        isSecond: heading.isLeadSecond
        text: heading.lead
        visible: text !== ""
    }
}
