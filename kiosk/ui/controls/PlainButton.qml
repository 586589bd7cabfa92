pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.theme

// A button with a word, an icon before it, or an icon alone with a `label`.
Touchable {
    id: button

    property string sign: ""
    property string signAfter: ""
    property bool isStrong: false
    property real wordSize: Theme.textSize
    property real signSize: Theme.px(Theme.isCounter ? 22 : 34)
    property string keycap: "" // counter: the key that does the same

    contentItem: Item {
        implicitHeight: row.implicitHeight
        implicitWidth: row.implicitWidth

        RowLayout {
            id: row

            anchors.centerIn: parent
            spacing: Theme.px(Theme.isCounter ? 8 : 14)
            width: Math.min(implicitWidth, parent.width)

            Icon {
                colour: button.inkNow
                name: button.isChosen && !button.sign ? "check" : button.sign
                size: button.signSize
            }
            Words {
                Accessible.ignored: true
                Layout.fillWidth: true
                color: button.inkNow
                size: button.wordSize
                horizontalAlignment: button.sign || button.signAfter ? Text.AlignLeft : Text.AlignHCenter
                isStrong: button.isStrong || button.isChosen
                text: button.word + (button.isOff && button.reason ? " · " + button.reason : "")
                visible: button.word !== ""
            }
            Keycap {
                ink: button.inkNow
                key: button.keycap
                visible: key !== ""
            }
            Icon {
                colour: button.inkNow
                name: button.signAfter
                size: button.signSize
            }
        }
    }
}
