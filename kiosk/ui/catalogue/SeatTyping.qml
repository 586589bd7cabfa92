pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// A seat typed: its row, then its number, by our keys or real ones. Enter in a field goes on.
ColumnLayout {
    id: typing

    required property SeatsViewModel model
    readonly property bool isAtNumber: model.isAtNumber

    function follow() {
        (isAtNumber ? number : row).forceActiveFocus(Qt.TabFocusReason);
    }

    spacing: Theme.gapInside

    onIsAtNumberChanged: if (row.activeFocus || number.activeFocus)
        follow()
    onVisibleChanged: if (visible)
        follow()

    component Entry: Touchable {
        id: entry

        required property string typed
        required property bool isCurrent

        Accessible.description: typed
        Accessible.role: Accessible.EditableText
        Layout.fillWidth: true
        Layout.preferredWidth: 1
        border: isCurrent ? Theme.ink : Theme.edge
        bottomPadding: Theme.px(10)
        label: typed ? word + ", " + typed : word

        contentItem: ColumnLayout {
            spacing: 0

            Words {
                Accessible.ignored: true
                Layout.fillWidth: true
                isSecond: true
                size: Theme.smallSize
                text: entry.word
            }
            Words {
                Accessible.ignored: true
                Layout.fillWidth: true
                isStrong: true
                size: Theme.figureSize
                text: entry.typed + (entry.isCurrent ? "|" : " ")
            }
        }

        Rectangle {
            Accessible.ignored: true
            anchors.fill: parent
            border.color: Theme.ink
            border.width: Theme.strong
            color: Theme.none
            radius: Theme.radius
            visible: entry.isCurrent
        }
    }

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.gapInside

        Entry {
            id: row

            isCurrent: !typing.isAtNumber
            typed: typing.model.typedRow
            word: qsTr("Row")

            onClicked: typing.model.chooseField(false)
        }
        Entry {
            id: number

            isCurrent: typing.isAtNumber
            typed: typing.model.typedNumber
            word: qsTr("Seat")

            onClicked: typing.model.chooseField(true)
        }
        PlainButton {
            Layout.maximumWidth: Theme.px(330)
            Layout.preferredHeight: row.implicitHeight
            isStrong: true
            word: typing.isAtNumber ? qsTr("Take this seat") : qsTr("Next")

            onClicked: typing.model.takeTyped()
        }
    }
    Keyboard {
        Layout.fillWidth: true
        hasSpace: false
        rows: typing.model.keys

        onErased: typing.model.erase()
        onTyped: text => typing.model.type(text)
    }
}
