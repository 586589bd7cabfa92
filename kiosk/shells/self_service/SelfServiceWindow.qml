pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui.controls
import kiosk.ui.theme

// The kiosk's window: the frame, and in it the page the face chose.
Window {
    id: window

    required property SelfService face

    // What the page says, in the order it stands in: for reading aloud.
    function textsOf(item: Item): string {
        if (!item.visible)
            return "";
        const words = item as Words;
        const own = words ? words.text : "";
        return [own].concat(item.children.map(child => textsOf(child))).filter(text => text !== "").join(". ");
    }

    LayoutMirroring.childrenInherit: true
    LayoutMirroring.enabled: Theme.isRtl
    color: Theme.ground
    title: "Guichet"
    visible: false

    Component.onCompleted: face.begin()

    Connections {
        function onPageShown(url: url, model: QtObject) {
            page.setSource(url, {
                "model": model
            });
            page.forceActiveFocus(Qt.OtherFocusReason);
        }

        target: window.face
    }
    Frame {
        anchors.fill: parent
        focus: true
        model: window.face.frame

        Loader {
            id: page

            anchors.fill: parent
            focus: true
        }
    }
}
