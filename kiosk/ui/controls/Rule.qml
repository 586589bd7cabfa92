import QtQuick
import QtQuick.Layouts
import kiosk.ui.theme

// A divider; a strong one closes a part of the page.
Rectangle {
    property bool isStrong: false

    Accessible.ignored: true
    Layout.fillWidth: true
    color: isStrong ? Theme.ink : Theme.line
    implicitHeight: isStrong ? Theme.strong : Theme.hair
}
