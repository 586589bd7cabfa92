pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// The lines of the sale; the last ones stay in sight.
Flickable {
    id: sale

    required property QtObject lines
    required property bool isCurrent

    boundsBehavior: Flickable.StopAtBounds
    clip: true
    contentHeight: list.implicitHeight
    contentY: Math.max(0, contentHeight - height)

    Column {
        id: list

        width: parent.width

        Repeater {
            model: sale.lines

            Item {
                id: line

                required property int index
                required property string count
                required property string name
                required property string fact
                required property string price
                required property bool isCurrent

                height: words.implicitHeight + Theme.px(20)
                width: list.width

                Rectangle {
                    anchors.left: parent.left
                    color: Theme.sillInk
                    height: parent.height - Theme.px(12)
                    visible: line.isCurrent && sale.isCurrent
                    width: Theme.px(4)
                    y: Theme.px(6)
                }
                RowLayout {
                    id: words

                    anchors.left: parent.left
                    anchors.leftMargin: Theme.px(14)
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    spacing: Theme.px(12)

                    Words {
                        Layout.alignment: Qt.AlignTop
                        color: Theme.sillInk
                        isStrong: true
                        size: Theme.leadSize
                        text: line.count
                    }
                    ColumnLayout {
                        Layout.fillWidth: true
                        spacing: 0

                        Words {
                            Layout.fillWidth: true
                            color: Theme.sillInk
                            size: Theme.leadSize
                            text: line.name
                        }
                        Words {
                            Layout.fillWidth: true
                            color: Theme.sillInk2
                            size: Theme.smallSize
                            text: line.fact
                        }
                    }
                    Words {
                        Layout.alignment: Qt.AlignTop
                        color: Theme.sillInk
                        isStrong: true
                        size: Theme.leadSize
                        text: line.price
                        wrapMode: Text.NoWrap
                    }
                }
                Rectangle {
                    anchors.bottom: parent.bottom
                    color: Theme.sillEdge
                    height: 1
                    width: parent.width
                }
            }
        }
    }
}
