pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// What is on, soonest first.
PageBody {
    id: page

    required property EventsViewModel model

    question: qsTr("What would you like to see?")

    Rule {}
    Words {
        isSecond: true
        text: qsTr("Asking for events")
        visible: page.model.isWaiting
    }
    Repeater {
        model: page.model.events

        ListRow {
            id: event

            required property int index
            required property string name
            required property string fact
            required property string about
            required property string price

            Layout.fillWidth: true
            bottomPadding: Theme.px(16)
            implicitHeight: line.implicitHeight + topPadding + bottomPadding
            topPadding: Theme.px(16)
            word: name + ", " + fact + ", " + price

            onClicked: page.model.choose(index)

            RowLayout {
                id: line

                spacing: Theme.gapInside
                width: event.availableWidth

                Icon {
                    Layout.alignment: Qt.AlignTop
                    name: "ticket"
                    size: Theme.px(48)
                }
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 0

                    Words {
                        Accessible.ignored: true
                        Layout.fillWidth: true
                        isStrong: true
                        size: Theme.leadSize
                        text: event.name
                    }
                    Words {
                        Accessible.ignored: true
                        Layout.fillWidth: true
                        text: event.fact
                    }
                    Words {
                        Accessible.ignored: true
                        Layout.fillWidth: true
                        isSecond: true
                        size: Theme.smallSize
                        text: event.about
                        visible: text !== ""
                    }
                }
                Words {
                    Accessible.ignored: true
                    text: event.price
                    wrapMode: Text.NoWrap
                }
                Icon {
                    name: "chevron-right"
                    size: Theme.px(30)
                }
            }
        }
    }
    Note {
        mood: "info"
        text: page.model.note
    }
    Filler {}
}
