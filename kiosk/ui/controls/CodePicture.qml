pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui.theme

// A QR code for a camera: black on white in every look, each module whole pixels.
Rectangle {
    id: frame

    required property string text
    required property string name

    Accessible.name: name
    Accessible.role: Accessible.Graphic
    color: "white"
    implicitHeight: Theme.px(420)
    implicitWidth: implicitHeight
    visible: text !== ""

    Image {
        anchors.centerIn: parent
        asynchronous: false
        fillMode: Image.Pad
        source: frame.text ? "image://codes/" + encodeURIComponent(frame.text) : ""
        sourceSize.height: frame.implicitHeight
        sourceSize.width: frame.implicitWidth
    }
}
