pragma ComponentBehavior: Bound

import QtQuick
import kiosk.shells.box_office
import kiosk.ui.controls
import kiosk.ui.theme

// What the keys do now.
Rectangle {
    id: strip

    required property CounterViewModel counter

    color: Theme.hint
    height: Math.max(Theme.px(52), row.implicitHeight + Theme.px(16))

    Flow {
        id: row

        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        anchors.right: parent.right
        anchors.rightMargin: Theme.margin
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.px(20)

        Repeater {
            model: strip.counter.hints

            Row {
                id: hint

                required property string key
                required property string word

                spacing: Theme.px(8)

                Keycap {
                    key: hint.key
                }
                Words {
                    anchors.verticalCenter: parent.verticalCenter
                    size: Theme.smallSize
                    text: hint.word
                    wrapMode: Text.NoWrap
                }
            }
        }
    }
}
