pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.theme

// Above the window: mark, station, time; language and help at the end side.
Item {
    id: lintel

    required property string station
    required property string time
    required property string language
    property string training: ""

    signal languageAsked
    signal helpAsked
    signal serviceAsked

    implicitHeight: Theme.lintel

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.margin
        spacing: Theme.px(20)

        Mark {
            onHeld: lintel.serviceAsked()
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Words {
                Layout.fillWidth: true
                size: Theme.lintelTextSize
                isStrong: true
                lineHeight: Theme.headLine
                text: lintel.station
            }
            Words {
                Layout.fillWidth: true
                size: Theme.lintelSmallSize
                isSecond: true
                text: lintel.training ? lintel.time + " · " + lintel.training : lintel.time
            }
        }
        PlainButton {
            implicitHeight: Theme.targetMin
            isStrong: true
            label: qsTr("Language: %1").arg(lintel.language)
            sign: "globe"
            visible: !Theme.isLow
            word: lintel.language
            wordSize: Theme.lintelTextSize

            onClicked: lintel.languageAsked()
        }
        PlainButton {
            implicitHeight: Theme.targetMin
            isStrong: true
            sign: "help"
            visible: !Theme.isLow
            word: qsTr("Help")
            wordSize: Theme.lintelTextSize

            onClicked: lintel.helpAsked()
        }
    }
}
