pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.theme

// The one yellow thing: the way on. Off, it names what is missing.
Touchable {
    id: way

    property string sign: "arrow-right"
    property real wordSize: Theme.nextSize
    property string keycap: ""
    readonly property color wordInk: isOff ? Theme.sillInk2 : Theme.signalInk

    border: Theme.signal
    fill: Theme.signal
    implicitHeight: Theme.targetNext
    implicitWidth: Theme.targetNextWidth
    isOnSill: true
    leftPadding: Theme.px(36)

    contentItem: RowLayout {
        spacing: Theme.gapInside

        Words {
            Accessible.ignored: true
            Layout.fillHeight: true
            Layout.fillWidth: true
            color: way.isDown ? Theme.sillInk : way.wordInk
            size: way.isOff ? Theme.textSize : way.wordSize
            fontSizeMode: Text.Fit // a long word grows smaller rather than be cut
            isStrong: !way.isOff
            lineHeight: Theme.headLine
            minimumPixelSize: Theme.smallSize / Theme.textGrowth
            text: way.word
            verticalAlignment: Text.AlignVCenter
        }
        Keycap {
            ink: way.wordInk
            key: way.keycap
            visible: key !== ""
        }
        Icon {
            Layout.alignment: Qt.AlignVCenter
            colour: way.isDown ? Theme.sillInk : way.wordInk
            name: way.isOff ? "" : way.sign
            size: Theme.px(Theme.isCounter ? 28 : 46)
            weight: 2.4
        }
    }
}
