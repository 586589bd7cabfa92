import QtQuick
import QtQuick.Layouts

// Empty paper that takes what is left.
Item {
    Accessible.ignored: true
    Layout.fillHeight: true
    Layout.fillWidth: true
}
