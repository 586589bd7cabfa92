import QtQuick
import kiosk.ui.theme

// Any text of the face: start-aligned, wrapping, never cut.
Text {
    property bool isStrong: false
    property bool isSecond: false
    property real size: Theme.textSize

    Accessible.name: text
    Accessible.role: Accessible.StaticText
    color: isSecond ? Theme.ink2 : Theme.ink
    font.bold: isStrong
    font.family: Theme.family
    font.letterSpacing: size >= Theme.px(48) ? size * Theme.tight : 0
    font.pixelSize: size
    horizontalAlignment: Text.AlignLeft
    renderType: Text.QtRendering
    textFormat: Text.PlainText
    verticalAlignment: Text.AlignTop
    wrapMode: Text.Wrap
}
