import QtQuick
import kiosk.ui.theme

// Lays out the names of the languages once, in both weights, so that the fonts are open before a page asks for them.
Item {
    component Sample: Text {
        font.family: Theme.family
        font.pixelSize: Theme.textSize
        renderType: Text.QtRendering
        text: "English 中文 العربية"
        textFormat: Text.PlainText
    }

    Sample {}
    Sample {
        font.bold: true
    }
}
