pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.shells.box_office
import kiosk.ui.controls
import kiosk.ui.theme

// Who and where, what works, what time it is.
Item {
    id: bar

    required property StatusViewModel status
    readonly property bool isNarrow: width < Theme.px(1600)
    readonly property real line: Theme.px(26) // two lines fit into the bar, in every script

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.margin
        spacing: Theme.gapInside

        Item {
            implicitHeight: Theme.px(40)
            implicitWidth: Theme.px(40)

            Mark {
                scale: 40 / 60
                transformOrigin: Item.TopLeft
            }
        }
        Words {
            isStrong: true
            text: bar.status.name
            wrapMode: Text.NoWrap
        }
        Tag {
            mood: "warn"
            visible: bar.status.isTraining
            word: qsTr("DEMO")
        }
        Item {
            Layout.fillWidth: true
        }
        ColumnLayout {
            spacing: 0

            RowLayout {
                Layout.alignment: Qt.AlignLeft
                spacing: Theme.gapInside

                Repeater {
                    model: bar.status.marks

                    Row {
                        id: mark

                        required property string name
                        required property string word
                        required property string mood

                        spacing: Theme.px(8)

                        Icon {
                            anchors.verticalCenter: parent.verticalCenter
                            colour: Theme.stateColour(mark.mood)
                            name: mark.mood
                            size: Theme.px(20)
                        }
                        Words {
                            anchors.verticalCenter: parent.verticalCenter
                            isStrong: true
                            lineHeight: bar.line
                            lineHeightMode: Text.FixedHeight
                            size: Theme.smallSize
                            text: mark.name
                            wrapMode: Text.NoWrap
                        }
                        Words {
                            anchors.verticalCenter: parent.verticalCenter
                            isSecond: true
                            lineHeight: bar.line
                            lineHeightMode: Text.FixedHeight
                            size: Theme.smallSize
                            text: mark.word
                            visible: !bar.isNarrow || mark.mood !== "ok"
                            wrapMode: Text.NoWrap
                        }
                    }
                }
            }
            Row {
                spacing: Theme.px(8)
                visible: bar.status.linkLine !== ""

                Icon {
                    anchors.verticalCenter: parent.verticalCenter
                    colour: Theme.stateColour(bar.status.linkMood)
                    name: bar.status.linkMood
                    size: Theme.px(20)
                }
                Words {
                    anchors.verticalCenter: parent.verticalCenter
                    color: Theme.stateColour(bar.status.linkMood)
                    lineHeight: bar.line
                    lineHeightMode: Text.FixedHeight
                    size: Theme.smallSize
                    text: bar.status.linkLine
                    wrapMode: Text.NoWrap
                }
            }
        }
        Item {
            Layout.fillWidth: true
        }
        Words {
            isStrong: true
            size: Theme.px(36)
            text: bar.status.time
            wrapMode: Text.NoWrap
        }
    }
    Rule {
        anchors.bottom: parent.bottom
        width: parent.width
    }
}
