pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.theme

// Our own keyboard: layouts are data (`rows`, one string of keys per row, a space between keys). It only tells what
// was pressed; whoever shows it keeps the text. Arrows move between keys like on a real one.
FocusScope {
    id: keyboard

    property list<string> rows: ["Q W E R T Y U I O P", "A S D F G H J K L", "Z X C V B N M"]
    property list<string> layoutNames: [] // words of the other layouts, shown in the last row
    property string dead: "" // keys that are drawn but off, such as "IO"
    property bool hasSpace: true

    signal typed(text: string)
    signal erased
    signal layoutAsked(index: int)

    function move(from: Item, rowStep: int) {
        const row = rowOf(from) + rowStep;
        const line = row >= 0 && row < lines.count ? lines.itemAt(row) as KeyLine : null;
        if (line)
            line.focusNear(from.mapToItem(keyboard, from.width / 2, 0).x);
        else
            from.nextItemInFocusChain(rowStep > 0).forceActiveFocus(Qt.TabFocusReason);
    }

    function rowOf(item: Item): int {
        for (let index = 0; index < lines.count; index++)
            if (lines.itemAt(index) === item.parent?.parent)
                return index;
        return lines.count;
    }

    implicitHeight: column.implicitHeight

    component Key: PlainButton {
        id: key

        height: Theme.targetMin
        leftPadding: 0
        wordSize: Theme.leadSize

        Keys.onDownPressed: keyboard.move(key, 1)
        Keys.onUpPressed: keyboard.move(key, -1)
    }
    component KeyLine: Item {
        id: line

        required property string modelData
        required property int index
        readonly property list<string> keys: modelData.split(" ")
        readonly property bool isLast: index === keyboard.rows.length - 1
        readonly property real pitch: (keyboard.width + Theme.px(18)) / 10

        function focusNear(at: real) {
            let best = null;
            let gap = Infinity;
            for (let i = 0; i < keysOf.count; i++) {
                const key = keysOf.itemAt(i) as Key;
                const away = Math.abs(key.mapToItem(keyboard, key.width / 2, 0).x - at);
                if (!key.isOff && away < gap) {
                    best = key;
                    gap = away;
                }
            }
            best?.forceActiveFocus(Qt.TabFocusReason);
        }

        height: Theme.targetMin
        width: keyboard.width

        Row {
            LayoutMirroring.enabled: false
            anchors.right: line.isLast ? parent.right : undefined
            anchors.horizontalCenter: line.isLast ? undefined : parent.horizontalCenter
            spacing: Theme.px(18)

            Repeater {
                id: keysOf

                model: line.keys

                Key {
                    id: letter

                    required property string modelData

                    isOff: keyboard.dead.indexOf(modelData) >= 0
                    label: modelData
                    reason: isOff ? qsTr("not used in codes") : ""
                    width: line.pitch - Theme.px(18)
                    word: modelData

                    contentItem: Words {
                        Accessible.ignored: true
                        color: letter.inkNow
                        size: Theme.px(36)
                        horizontalAlignment: Text.AlignHCenter
                        text: letter.modelData
                        verticalAlignment: Text.AlignVCenter
                    }

                    onClicked: keyboard.typed(modelData)
                }
            }
            Key {
                label: qsTr("Delete")
                sign: "erase"
                signSize: Theme.px(40)
                visible: line.isLast
                width: Math.max(line.pitch * 1.5 - Theme.px(18), Math.min(line.pitch * 2, keyboard.width - line.pitch * line.keys.length) - Theme.px(18))

                onClicked: keyboard.erased()
            }
        }
    }

    Column {
        id: column

        spacing: Theme.px(22)
        width: parent.width

        Repeater {
            id: lines

            model: keyboard.rows

            KeyLine {}
        }
        RowLayout {
            spacing: Theme.px(18)
            visible: keyboard.layoutNames.length > 0 || keyboard.hasSpace
            width: parent.width

            Repeater {
                model: keyboard.layoutNames

                Key {
                    required property int index
                    required property string modelData

                    implicitHeight: Theme.targetMin
                    implicitWidth: Theme.px(130)
                    isStrong: true
                    label: qsTr("Letters: %1").arg(modelData)
                    word: modelData
                    wordSize: Theme.px(30)

                    onClicked: keyboard.layoutAsked(index)
                }
            }
            Key {
                Layout.fillWidth: true
                implicitHeight: Theme.targetMin
                visible: keyboard.hasSpace
                word: qsTr("space")
                wordSize: Theme.px(26)

                onClicked: keyboard.typed(" ")
            }
        }
    }
}
