pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.shells.box_office
import kiosk.ui.controls
import kiosk.ui.theme

// The questions of all tickets on one page; the current one is open.
ColumnLayout {
    id: list

    required property CounterViewModel counter
    required property AskingViewModel asking
    required property bool isCurrent

    spacing: Theme.gapInside

    Flickable {
        id: scroll

        Layout.fillHeight: true
        Layout.fillWidth: true
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        contentHeight: rows.implicitHeight

        function reveal(row: Item): void {
            contentY = Math.max(0, Math.min(row.y, Math.max(contentY, row.y + row.height - height)));
        }

        Column {
            id: rows

            width: parent.width

            Repeater {
                model: list.asking.rows

                AskRow {
                    required property int index

                    asking: list.asking
                    counter: list.counter
                    isPaneCurrent: list.isCurrent
                    width: rows.width

                    onGrown: scroll.reveal(this)
                    onTouched: {
                        list.counter.go(2);
                        list.asking.go(index);
                    }
                }
            }
        }
    }
    PlainButton {
        Layout.alignment: Qt.AlignRight
        focusPolicy: Qt.NoFocus
        isStrong: true
        keycap: qsTr("Enter")
        word: list.asking.way

        onClicked: list.asking.enter()
    }
}
