pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// The best seats, chosen, with the reason; the plan confirms.
TypingPage {
    id: page

    required property SeatsViewModel model

    canErase: model.isTyping
    focus: true
    lead: model.eventName
    question: qsTr("Where would you like to sit?")
    spacing: Theme.gapTouch

    onErased: page.model.erase()
    onTyped: text => page.model.type(text)

    Rectangle {
        Layout.fillWidth: true
        border.color: Theme.ink
        border.width: Theme.strong
        color: Theme.surface
        implicitHeight: chosen.implicitHeight + Theme.px(32)
        radius: Theme.radius

        RowLayout {
            id: chosen

            anchors.left: parent.left
            anchors.margins: Theme.px(26)
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.gapInside

            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                Words {
                    Layout.fillWidth: true
                    isStrong: true
                    size: Theme.leadSize
                    text: page.model.choice
                }
                Words {
                    Layout.fillWidth: true
                    isSecond: true
                    size: Theme.smallSize
                    text: page.model.why
                }
            }
            Words {
                isStrong: true
                size: Theme.figureSize
                text: page.model.price
                wrapMode: Text.NoWrap
            }
        }
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.gapTouch

        Words {
            Layout.fillWidth: true
            isStrong: true
            text: qsTr("How many seats?")
        }
        Stepper {
            maximum: 10
            minimum: 1
            value: page.model.count
            what: qsTr("Seats")

            onAsked: value => page.model.setCount(value)
        }
        PlainButton {
            Layout.maximumWidth: Theme.px(360)
            word: page.model.isTyping ? qsTr("Show the plan") : qsTr("Type a seat")

            onClicked: page.model.typeSeats(!page.model.isTyping)
        }
    }
    GridLayout {
        Layout.fillWidth: true
        columnSpacing: Theme.gapTouch
        columns: 3
        uniformCellWidths: true

        Repeater {
            model: page.model.categories

            Touchable {
                id: category

                required property int index
                required property string name
                required property string price
                required property string tone
                required isChosen

                Layout.fillWidth: true
                implicitHeight: Theme.target
                label: name + ", " + price
                leftPadding: Theme.px(14)

                contentItem: RowLayout {
                    spacing: Theme.px(12)

                    Rectangle {
                        Accessible.ignored: true
                        color: category.isChosen ? Theme.paper : Theme.toneColour(category.tone)
                        implicitHeight: Theme.px(24)
                        implicitWidth: Theme.px(24)
                        radius: category.tone === "front" ? width / 2 : 0
                        rotation: category.tone === "back" ? 45 : 0
                    }
                    Words {
                        Accessible.ignored: true
                        Layout.fillWidth: true
                        color: category.inkNow
                        isStrong: category.isChosen
                        size: Theme.smallSize
                        text: category.name
                    }
                    Words {
                        Accessible.ignored: true
                        color: category.inkNow
                        isStrong: true
                        size: Theme.smallSize
                        text: category.price
                        wrapMode: Text.NoWrap
                    }
                }

                onClicked: page.model.chooseCategory(index)
            }
        }
    }
    RowLayout {
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.minimumHeight: Theme.px(420)
        spacing: Theme.gapInside
        visible: !page.model.isTyping

        SeatPlan {
            id: plan

            Layout.fillHeight: true
            Layout.fillWidth: true
            model: page.model
        }
        ColumnLayout {
            Layout.alignment: Qt.AlignTop
            spacing: Theme.gapTouch

            PlainButton {
                implicitWidth: Theme.px(88)
                isOff: plan.isNear
                label: qsTr("Look closer")
                leftPadding: 0
                sign: "plus"

                onClicked: plan.look(true, page.model.planWidth / 2, page.model.planHeight / 2)
            }
            PlainButton {
                implicitWidth: Theme.px(88)
                isOff: !plan.isNear
                label: qsTr("See the whole plan")
                leftPadding: 0
                sign: "minus"

                onClicked: plan.look(false, 0, 0)
            }
        }
    }
    SeatTyping {
        Layout.fillWidth: true
        model: page.model
        visible: page.model.isTyping
    }
    Note {
        mood: "info"
        text: page.model.note
    }
    Filler {
        visible: page.model.isTyping
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.gapTouch
        visible: !page.model.isTyping

        Words {
            Layout.fillWidth: true
            isSecond: true
            size: Theme.smallSize
            text: qsTr("The front is at the top. Small dots are taken.")
        }
        Words {
            isSecond: true
            size: Theme.smallSize
            text: page.model.asOf
        }
        PlainButton {
            Layout.maximumWidth: Theme.px(360)
            visible: word !== ""
            word: page.model.codeWord

            onClicked: page.model.code()
        }
    }
}
