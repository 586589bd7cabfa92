pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// The typed letters, the places that fit, and our own keyboard.
TypingPage {
    id: page

    required property PlacesViewModel model

    // A feed's names are text: none of them is markup that draws or loads something.
    function plain(name: string): string {
        return name.replace(/&/g, "&amp;").replace(/</g, "&lt;");
    }

    focus: true
    hasSpace: true
    question: qsTr("Where to?")

    onErased: page.model.erase()
    onTyped: text => page.model.type(text)

    Field {
        prompt: qsTr("Town, stop, airport or sight")
        typed: page.model.typed

        onClicked: page.model.clear()
    }
    ColumnLayout {
        Layout.fillWidth: true
        spacing: Theme.gapTouch

        Rule {}
        Repeater {
            model: page.model.hits

            ListRow {
                id: hit

                required property int index
                required property string before
                required property string match
                required property string after
                required property string kind
                required property bool isNear

                Layout.fillWidth: true
                implicitHeight: Math.max(Theme.px(98), line.implicitHeight + Theme.px(10))
                word: before + match + after + ", " + kind

                onClicked: page.model.choose(index)

                RowLayout {
                    id: line

                    height: hit.availableHeight
                    spacing: Theme.px(24)
                    width: hit.availableWidth

                    Icon {
                        name: "pin"
                        size: Theme.px(40)
                    }
                    ColumnLayout {
                        Layout.fillWidth: true
                        spacing: 0

                        Words {
                            Accessible.ignored: true
                            Layout.fillWidth: true
                            lineHeight: Theme.headLine
                            size: Theme.leadSize
                            text: page.plain(hit.before) + (hit.match ? "<b>" + page.plain(hit.match) + "</b>" : "") + page.plain(hit.after)
                            textFormat: Text.StyledText
                        }
                        Words {
                            Accessible.ignored: true
                            Layout.fillWidth: true
                            isSecond: true
                            lineHeight: Theme.headLine
                            size: Theme.smallSize
                            text: hit.kind
                        }
                    }
                    Icon {
                        name: "chevron-right"
                        size: Theme.px(30)
                    }
                }
            }
        }
    }
    Note {
        mood: "info"
        text: page.model.note
    }
    Filler {}
    Keyboard {
        Layout.fillWidth: true
        layoutNames: page.model.layouts
        rows: page.model.keys

        onErased: page.model.erase()
        onLayoutAsked: index => page.model.chooseLayout(index)
        onTyped: text => page.model.type(text)
    }
}
