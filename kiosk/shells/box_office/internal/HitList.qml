pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.shells.box_office
import kiosk.ui.controls
import kiosk.ui.theme

// What was found, each with its key; where there is too little room, the list moves and the choice stays in sight.
Flickable {
    id: list

    required property WhatViewModel model
    required property bool isCurrent

    function reveal(row: Item): void {
        contentY = Math.max(0, Math.min(row.y, Math.max(contentY, row.y + row.height - height)));
    }

    boundsBehavior: Flickable.StopAtBounds
    clip: true
    contentHeight: rows.implicitHeight

    ColumnLayout {
        id: rows

        spacing: Theme.px(4)
        width: list.width

        Repeater {
            model: list.model.hits

            ListRow {
                id: hit

                required property int index
                required property string key
                required property string name
                required property string fact

                Layout.fillWidth: true
                focusPolicy: Qt.NoFocus
                implicitHeight: Math.max(Theme.px(52), body.implicitHeight + Theme.px(6))
                label: name + ", " + fact
                leftPadding: Theme.px(10)
                required isChosen

                onClicked: {
                    list.model.choose(index);
                    list.model.take();
                }
                onIsChosenChanged: isChosen ? list.reveal(hit) : undefined

                RowLayout {
                    id: body

                    anchors.verticalCenter: parent.verticalCenter
                    spacing: Theme.px(12)
                    width: parent.width

                    Keycap {
                        isStrong: list.isCurrent
                        key: hit.key
                    }
                    ColumnLayout {
                        Layout.fillWidth: true
                        spacing: 0

                        Words {
                            Accessible.ignored: true
                            Layout.fillWidth: true
                            isStrong: true
                            text: hit.name
                        }
                        Words {
                            Accessible.ignored: true
                            Layout.fillWidth: true
                            isSecond: true
                            size: Theme.smallSize
                            text: hit.fact
                        }
                    }
                }
            }
        }
    }
}
