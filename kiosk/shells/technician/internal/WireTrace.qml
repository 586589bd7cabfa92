pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.shells.technician
import kiosk.ui.controls
import kiosk.ui.theme

// The last exchanges on the wire of the device shown, newest first; by names and lengths, never what was printed or read.
ColumnLayout {
    id: trace

    required property TechnicianViewModel bench

    spacing: Theme.px(4)
    visible: wire.count > 0

    Words {
        Accessible.role: Accessible.Heading
        Layout.topMargin: Theme.gapInside
        isStrong: true
        size: Theme.leadSize
        text: qsTr("On the wire")
    }
    Repeater {
        id: wire

        model: trace.bench.wire

        RowLayout {
            id: exchange

            required property string time
            required property string way
            required property string what
            required property string octets

            Layout.fillWidth: true
            spacing: Theme.px(12)

            Words {
                Layout.alignment: Qt.AlignTop
                isSecond: true
                size: Theme.smallSize
                text: exchange.time
            }
            Words {
                Layout.alignment: Qt.AlignTop
                Layout.preferredWidth: Theme.px(70)
                isSecond: true
                size: Theme.smallSize
                text: exchange.way
            }
            Words {
                Layout.fillWidth: true
                size: Theme.smallSize
                text: exchange.what
            }
            Words {
                Layout.alignment: Qt.AlignTop
                isSecond: true
                size: Theme.smallSize
                text: exchange.octets
            }
        }
    }
}
