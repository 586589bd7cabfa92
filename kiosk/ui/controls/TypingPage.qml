import QtQuick

// A page that is typed on: what a real keyboard types and takes back is told as our own keys tell it.
PageBody {
    id: page

    property bool isTyping: true
    property bool canErase: true
    property bool hasSpace: false

    signal typed(text: string)
    signal erased

    Keys.onPressed: event => {
        if (!page.isTyping)
            return;
        if (event.key === Qt.Key_Backspace && page.canErase) {
            page.erased();
            event.accepted = true;
        } else if (event.text.length === 1 && event.text.charCodeAt(0) >= (page.hasSpace ? 32 : 33)) {
            page.typed(event.text);
            event.accepted = true;
        }
    }
}
