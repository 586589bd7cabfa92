pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// One question of the operator, about one ticket: answers to choose, or a field and our keys.
TypingPage {
    id: page

    required property QuestionsViewModel model

    focus: true
    hasSpace: true
    isTyping: model.isTyped
    lead: model.whom
    question: model.question

    onErased: page.model.erase()
    onTyped: text => page.model.type(text)

    Words {
        Layout.fillWidth: true
        isSecond: true
        text: page.model.hint
        visible: text !== ""
    }
    ColumnLayout {
        Layout.fillHeight: false
        Layout.fillWidth: true
        spacing: Theme.gapTouch
        visible: !page.model.isTyped

        Rule {}
        Repeater {
            model: page.model.options

            ListRow {
                id: option

                required property int index
                required property string answer
                required property bool isTaken

                Layout.fillWidth: true
                isChoice: true
                isChosen: isTaken
                word: answer

                onClicked: page.model.choose(option.index)

                Words {
                    Accessible.ignored: true
                    height: option.availableHeight
                    size: Theme.leadSize
                    text: option.answer
                    verticalAlignment: Text.AlignVCenter
                    width: option.availableWidth - option.inset
                }
            }
        }
    }
    Rectangle {
        Accessible.name: page.model.question + ": " + page.model.typed
        Accessible.role: Accessible.StaticText
        Layout.fillWidth: true
        border.color: Theme.ink
        border.width: Theme.strong
        color: Theme.surface
        implicitHeight: Math.max(Theme.px(118), typing.implicitHeight + Theme.px(36))
        radius: Theme.radius
        visible: page.model.isTyped

        Words {
            id: typing

            Accessible.ignored: true
            isStrong: true
            size: Theme.figureSize
            text: "\u2066" + page.model.typed + "|\u2069"
            wrapMode: Text.WrapAnywhere

            anchors {
                left: parent.left
                leftMargin: Theme.px(36)
                right: parent.right
                rightMargin: Theme.px(36)
                verticalCenter: parent.verticalCenter
            }
        }
    }
    Note {
        Layout.topMargin: Theme.gapTouch
        mood: "warn"
        text: page.model.note
    }
    Filler {}
    Keyboard {
        Layout.fillWidth: true
        hasSpace: page.model.layouts.length > 0
        layoutNames: page.model.layouts
        rows: page.model.keys
        visible: page.model.isTyped

        onErased: page.model.erase()
        onLayoutAsked: index => page.model.chooseLayout(index)
        onTyped: text => page.model.type(text)
    }
}
