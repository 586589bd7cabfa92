pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// Who is coming, and what is added.
PageBody {
    id: page

    required property VisitorsViewModel model

    lead: model.eventName
    question: qsTr("Who is coming?")
    spacing: Theme.px(8)

    Rule {}
    Words {
        isSecond: true
        text: qsTr("Asking for prices")
        visible: page.model.isWaiting
    }
    Repeater {
        model: page.model.products

        ColumnLayout {
            id: product

            required property int index
            required property string name
            required property string price
            required property int count
            required property int maximum
            required property bool isAddon

            spacing: Theme.px(8)

            RowLayout {
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 0

                    Words {
                        Layout.fillWidth: true
                        isStrong: true
                        size: Theme.leadSize
                        text: product.name
                    }
                    Words {
                        Layout.fillWidth: true
                        isSecond: true
                        lineHeight: Theme.headLine
                        size: Theme.smallSize
                        text: product.isAddon ? qsTr("To add: %1").arg(product.price) : product.price
                    }
                }
                Stepper {
                    maximum: product.maximum
                    value: product.count
                    what: product.name

                    onAsked: value => page.model.count(product.index, value)
                }
            }
            Rule {
                Layout.topMargin: Theme.px(4)
            }
        }
    }
    PlainButton {
        Layout.topMargin: Theme.gapTouch
        implicitHeight: Theme.target
        leftPadding: Theme.px(36)
        rightPadding: Theme.px(36)
        visible: word !== ""
        word: page.model.codeWord

        onClicked: page.model.code()
    }
    Note {
        Layout.topMargin: Theme.gapTouch
        mood: page.model.mood
        text: page.model.note
    }
    Filler {}
}
