pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.shells.box_office
import kiosk.ui.controls
import kiosk.ui.theme

// One question to one ticket: closed with its answer, open with a field or the answers to choose from.
Item {
    id: row

    required property CounterViewModel counter
    required property AskingViewModel asking
    required property bool isPaneCurrent
    required property string whom
    required property string question
    required property string answer
    required property string fact
    required property string note
    required property bool isCurrent
    required property bool isTyped
    required property bool isMissing

    signal touched
    signal grown

    height: body.implicitHeight + Theme.px(isCurrent ? 24 : 16)

    onHeightChanged: isCurrent ? grown() : undefined
    onIsCurrentChanged: isCurrent ? grown() : undefined

    Rectangle {
        border.color: Theme.ink
        border.width: Theme.strong
        color: Theme.surface
        height: row.height - y - Theme.px(2)
        radius: Theme.radius
        visible: row.isCurrent
        width: row.width
        y: head.visible ? head.height + Theme.px(10) : Theme.px(2)
    }
    TapHandler {
        onTapped: row.touched()
    }
    ColumnLayout {
        id: body

        spacing: Theme.px(6)
        width: row.width
        y: Theme.px(row.isCurrent ? 4 : 6)

        Words {
            id: head

            Layout.bottomMargin: Theme.px(row.isCurrent ? 10 : 2)
            Layout.fillWidth: true
            isStrong: true
            size: Theme.leadSize
            text: row.whom
            visible: text !== ""
        }
        RowLayout {
            Layout.leftMargin: Theme.px(14)
            Layout.rightMargin: Theme.px(14)
            Layout.topMargin: Theme.px(row.isCurrent ? 8 : 2)
            spacing: Theme.gapInside

            Words {
                Layout.fillWidth: true
                isStrong: row.isCurrent
                size: row.isCurrent ? Theme.leadSize : Theme.textSize
                text: row.question
            }
            Words {
                Layout.maximumWidth: row.width / 2
                isStrong: true
                text: row.answer
                visible: !row.isCurrent && row.note === ""
            }
            Tag {
                mood: "warn"
                word: row.note !== "" ? qsTr("look here") : row.isMissing ? qsTr("needed") : ""
                visible: word !== "" && !row.isCurrent
            }
        }
        Words {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.px(14)
            Layout.rightMargin: Theme.px(14)
            isSecond: true
            size: Theme.smallSize
            text: row.fact
            visible: row.isCurrent && text !== ""
        }
        Loader {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.px(14)
            Layout.rightMargin: Theme.px(14)
            active: row.isCurrent
            sourceComponent: row.isTyped ? typing : choosing
            visible: active
        }
        Note {
            Layout.leftMargin: Theme.px(14)
            Layout.rightMargin: Theme.px(14)
            mood: "warn"
            text: row.isCurrent ? row.note : ""
        }
    }
    Rule {
        anchors.bottom: parent.bottom
        visible: !row.isCurrent
        width: row.width
    }
    Component {
        id: typing

        AnswerField {
            asking: row.asking
            counter: row.counter
            isPaneCurrent: row.isPaneCurrent
            label: row.question
        }
    }
    Component {
        id: choosing

        Flow {
            spacing: Theme.gapTouch

            Repeater {
                model: row.asking.choices

                PlainButton {
                    id: choice

                    required property int index
                    required property string key
                    required property string answer
                    required property bool isTaken
                    required property bool isCurrent

                    focusPolicy: Qt.NoFocus
                    isChosen: isTaken
                    keycap: key
                    word: answer

                    onClicked: row.asking.choose(index)

                    FocusRing {
                        visible: choice.isCurrent
                    }
                }
            }
        }
    }
}
