pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// One departure or slot.
ListRow {
    id: row

    required property string key
    required property string first
    required property string second
    required property string line
    required property string span
    required property string way
    required property string tag
    required property string tagMood
    required property string track
    required property string fullness
    required property string price
    required property string said
    property bool isNarrow: false

    focusPolicy: Qt.NoFocus
    implicitHeight: Math.max(Theme.px(56), body.implicitHeight + Theme.px(8))
    label: said
    leftPadding: Theme.px(10)
    reason: qsTr("full")

    RowLayout {
        id: body

        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.px(14)
        width: parent.width

        Keycap {
            key: row.key
        }
        Words {
            Accessible.ignored: true
            isStrong: true
            size: Theme.figureSize
            text: row.first
            wrapMode: Text.NoWrap
        }
        Words {
            Accessible.ignored: true
            size: Theme.figureSize
            text: row.second
            wrapMode: Text.NoWrap
        }
        LineTag {
            line: row.line
            visible: row.line !== ""
        }
        Words {
            Accessible.ignored: true
            isSecond: true
            size: Theme.smallSize
            text: row.span
            visible: !row.isNarrow
            wrapMode: Text.NoWrap
        }
        Words {
            Accessible.ignored: true
            Layout.fillWidth: true
            size: Theme.smallSize
            text: row.way
            visible: !row.isNarrow || row.tag === ""
        }
        Item {
            Layout.fillWidth: true
            visible: row.isNarrow && row.tag !== ""
        }
        Tag {
            mood: row.tagMood
            word: row.tag
        }
        Words {
            Accessible.ignored: true
            size: Theme.smallSize
            text: row.track ? qsTr("Pl. %1").arg(row.track) : ""
            visible: text !== "" && !row.isNarrow
            wrapMode: Text.NoWrap
        }
        Words {
            Accessible.ignored: true
            Layout.preferredWidth: Theme.px(96)
            size: Theme.smallSize
            text: row.fullness
            visible: !row.isNarrow || row.way === ""
        }
        Words {
            Accessible.ignored: true
            Layout.minimumWidth: Theme.px(92)
            horizontalAlignment: Text.AlignRight
            isStrong: true
            size: row.price.length > 8 ? Theme.textSize : Theme.figureSize
            text: row.price
            wrapMode: Text.NoWrap
        }
    }
}
