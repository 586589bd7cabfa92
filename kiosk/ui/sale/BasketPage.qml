pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// Every line with its price; remove on each, add another below, tax in one line.
PageBody {
    id: page

    required property BasketViewModel model

    question: qsTr("Your basket")

    Rule {}
    Repeater {
        model: page.model.lines

        ColumnLayout {
            id: line

            required property int index
            required property string sign
            required property string title
            required property string when
            required property string contents
            required property string price

            spacing: Theme.px(18)

            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.px(28)

                Icon {
                    Layout.alignment: Qt.AlignTop
                    name: line.sign
                    size: Theme.px(48)
                }
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 0

                    RowLayout {
                        spacing: Theme.gapInside

                        Words {
                            Layout.fillWidth: true
                            isStrong: true
                            size: Theme.leadSize
                            text: line.title
                        }
                        Words {
                            Layout.alignment: Qt.AlignTop
                            isStrong: true
                            size: Theme.leadSize
                            text: line.price
                            wrapMode: Text.NoWrap
                        }
                    }
                    Words {
                        Layout.fillWidth: true
                        text: line.when
                    }
                    RowLayout {
                        spacing: Theme.gapInside

                        Words {
                            Layout.alignment: Qt.AlignTop
                            Layout.fillWidth: true
                            isSecond: true
                            size: Theme.smallSize
                            text: line.contents
                        }
                        PlainButton {
                            label: qsTr("Remove: %1").arg(line.title)
                            sign: "close"
                            word: qsTr("Remove")

                            onClicked: page.model.remove(line.index)
                        }
                    }
                }
            }
            Rule {}
        }
    }
    Words {
        isSecond: true
        text: qsTr("Holding your tickets")
        visible: page.model.isHolding
    }
    Note {
        mood: "warn"
        text: page.model.note
    }
    Filler {}
    PlainButton {
        Layout.fillWidth: true
        implicitHeight: Theme.target
        sign: "plus"
        word: qsTr("Add another ticket")

        onClicked: page.model.addAnother()
    }
    Rule {
        isStrong: true
    }
    Words {
        Layout.fillWidth: true
        isSecond: true
        size: Theme.smallSize
        text: page.model.tax
        visible: text !== ""
    }
}
