pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.shells.box_office
import kiosk.ui.controls
import kiosk.ui.theme

// The tickets that would be valid; brief: only the chosen one says what it is good for.
ColumnLayout {
    id: list

    required property WhenViewModel model
    property bool isBrief: false

    signal chosen(row: Item)

    spacing: Theme.px(4)

    Repeater {
        model: list.model.offers

        ListRow {
            id: offer

            required property int index
            required property string key
            required property string name
            required property string fact
            required property string price
            required property string said

            Layout.fillWidth: true
            focusPolicy: Qt.NoFocus
            implicitHeight: Math.max(Theme.px(list.isBrief ? 44 : 56), words.implicitHeight + Theme.px(8))
            label: said
            leftPadding: Theme.px(10)
            required isChosen

            onClicked: list.model.chooseOffer(index)
            onIsChosenChanged: isChosen ? list.chosen(offer) : undefined

            RowLayout {
                id: words

                anchors.verticalCenter: parent.verticalCenter
                spacing: Theme.px(14)
                width: parent.width

                Keycap {
                    key: offer.key
                }
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 0

                    Words {
                        Accessible.ignored: true
                        Layout.fillWidth: true
                        isStrong: true
                        text: offer.name
                    }
                    Words {
                        Accessible.ignored: true
                        Layout.fillWidth: true
                        isSecond: true
                        size: Theme.smallSize
                        text: offer.fact
                        visible: !list.isBrief || offer.isChosen
                    }
                }
                Words {
                    Accessible.ignored: true
                    isStrong: true
                    size: Theme.leadSize
                    text: offer.price
                    wrapMode: Text.NoWrap
                }
            }
        }
    }
}
