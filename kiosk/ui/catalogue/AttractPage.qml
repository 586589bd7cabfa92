pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// "Tickets" in every language, the clock, the next departures, what works now; touch to begin.
FocusScope {
    id: page

    required property AttractViewModel model

    ColumnLayout {
        anchors.bottom: below.top
        anchors.bottomMargin: Theme.px(Theme.isLandscape ? 10 : 24)
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        anchors.right: parent.right
        anchors.rightMargin: Theme.margin
        anchors.top: parent.top
        anchors.topMargin: Theme.px(Theme.isLandscape ? 24 : 56)
        spacing: Theme.px(Theme.isLandscape ? 4 : 10)

        RowLayout {
            spacing: Theme.px(20)

            Mark {
                onHeld: page.model.askService()
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                Words {
                    Layout.fillWidth: true
                    isStrong: true
                    size: Theme.leadSize
                    text: page.model.station
                }
                Words {
                    Layout.fillWidth: true
                    isSecond: true
                    size: Theme.smallSize
                    text: page.model.day
                }
            }
            ClockFace {
                hour: page.model.hour
                minute: page.model.minute
                size: Theme.px(Theme.isLandscape ? 96 : 162)
            }
        }
        Words {
            Accessible.role: Accessible.Heading
            Layout.fillWidth: true
            fontSizeMode: Text.HorizontalFit
            isStrong: true
            lineHeight: 0.85
            maximumLineCount: 1
            minimumPixelSize: Theme.px(72)
            size: Theme.px(Theme.isLandscape ? 88 : 224)
            text: page.model.tickets
            wrapMode: Text.NoWrap
        }
        Flow {
            Layout.fillWidth: true
            spacing: Theme.px(44)
            visible: !(Theme.isLandscape && page.model.note !== "") // the languages stand below once more

            Repeater {
                model: page.model.others

                Words {
                    required property string modelData

                    size: Theme.px(Theme.isLandscape ? 36 : 48)
                    text: modelData
                    wrapMode: Text.NoWrap
                }
            }
        }
        Filler {}
        RowLayout {
            visible: page.model.hasBoard

            Words {
                Layout.fillWidth: true
                isStrong: true
                text: qsTr("Next from here")
            }
            Words {
                isSecond: true
                size: Theme.smallSize
                text: page.model.asOf
            }
        }
        Repeater {
            model: page.model.board

            ColumnLayout {
                id: row

                required property string time
                required property string line
                required property string destination
                required property string track

                spacing: Theme.px(Theme.isLandscape ? 4 : 14)

                Rule {}
                RowLayout {
                    spacing: Theme.gapGroup

                    Words {
                        isStrong: true
                        size: Theme.leadSize
                        text: row.time
                        wrapMode: Text.NoWrap
                    }
                    Item {
                        Layout.preferredWidth: Theme.px(120)
                        implicitHeight: sign.implicitHeight

                        LineTag {
                            id: sign

                            line: row.line
                        }
                    }
                    Words {
                        Layout.fillWidth: true
                        size: Theme.leadSize
                        text: row.destination
                    }
                    Words {
                        isSecond: true
                        size: Theme.smallSize
                        text: qsTr("Platform")
                        visible: row.track !== ""
                    }
                    Words {
                        isStrong: true
                        size: Theme.leadSize
                        text: row.track
                        visible: text !== ""
                    }
                }
            }
        }
        Filler {}
        Note {
            Layout.fillWidth: true
            mood: "stop"
            text: page.model.note
            visible: text !== ""
        }
        Rule {
            isStrong: true
        }
        WorksNow {
            model: page.model
        }
    }
    Rectangle {
        id: below

        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        color: Theme.sill
        height: Theme.px(Theme.isLandscape ? 262 : 376)

        ColumnLayout {
            anchors.fill: parent
            anchors.leftMargin: Theme.margin
            anchors.rightMargin: Theme.margin
            anchors.topMargin: Theme.px(Theme.isLandscape ? 20 : 30)
            anchors.bottomMargin: Theme.px(Theme.isLandscape ? 20 : 34)
            spacing: Theme.px(28)

            WayOn {
                Layout.fillHeight: true
                Layout.fillWidth: true
                focus: true
                objectName: "begin"
                word: qsTr("Touch to begin")
                wordSize: Theme.px(Theme.isLandscape ? 48 : 64)

                onClicked: page.model.begin()
            }
            RowLayout {
                spacing: Theme.gapTouch
                uniformCellSizes: true

                Repeater {
                    model: page.model.languages

                    PlainButton {
                        required property string tag
                        required property string name

                        Layout.fillWidth: true
                        implicitHeight: Theme.px(Theme.isLandscape ? 84 : 108)
                        isOnSill: true
                        isStrong: true
                        word: name

                        onClicked: page.model.beginIn(tag)
                    }
                }
            }
        }
    }
}
