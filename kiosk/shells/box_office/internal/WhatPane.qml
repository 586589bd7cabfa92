pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import kiosk.shells.box_office
import kiosk.ui.controls
import kiosk.ui.theme

// Step 1: a field and what it finds.
FocusScope {
    id: pane

    required property CounterViewModel counter
    required property WhatViewModel model
    readonly property bool isCurrent: counter.pane === 1

    onIsCurrentChanged: isCurrent ? field.forceActiveFocus() : pane.parent.forceActiveFocus()

    ColumnLayout {
        anchors.left: parent.left
        anchors.margins: Theme.margin
        anchors.right: parent.right
        anchors.top: parent.top
        spacing: Theme.px(14)

        PaneHead {
            Layout.fillWidth: true
            fact: pane.model.mode === "code" ? qsTr("Code or scan") : ""
            isCurrent: pane.isCurrent
            isDone: !pane.isCurrent
            name: pane.model.mode === "code" ? qsTr("Find a booking") : pane.model.mode === "origin" ? qsTr("1 From where") : qsTr("1 What")
        }
        TextField {
            id: field

            Accessible.name: pane.model.mode === "code" ? qsTr("Booking code") : qsTr("Place or event")
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.px(52)
            color: Theme.ink
            focus: true
            font.bold: true
            font.family: Theme.family
            font.pixelSize: Theme.leadSize
            leftPadding: Theme.px(48)
            maximumLength: 80
            placeholderText: pane.model.mode === "code" ? qsTr("Booking code") : qsTr("Place or event")
            placeholderTextColor: Theme.ink2

            background: Rectangle {
                border.color: field.activeFocus ? Theme.ink : Theme.edge
                border.width: field.activeFocus ? Theme.strong : Theme.border
                color: Theme.surface
                radius: Theme.radius
            }

            Keys.onPressed: event => event.accepted = pane.counter.pressed(event.key, event.modifiers, event.text)
            onTextEdited: pane.model.setText(text)

            Icon {
                anchors.left: parent.left
                anchors.leftMargin: Theme.px(14)
                anchors.verticalCenter: parent.verticalCenter
                name: "search"
                size: Theme.px(22)
            }
            Binding {
                property: "text"
                target: field
                value: pane.model.text
            }
        }
        RowLayout {
            spacing: Theme.px(8)
            visible: pane.model.mode === "sell" && pane.model.origin !== ""

            Words {
                Layout.fillWidth: true
                isSecond: true
                size: Theme.smallSize
                text: qsTr("Journeys from %1").arg(pane.model.origin)
            }
            Keycap {
                isStrong: false
                key: "F2"
            }
        }
        Note {
            mood: "warn"
            text: pane.model.problem
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.px(4)

            Repeater {
                model: pane.model.hits

                ListRow {
                    id: hit

                    required property int index
                    required property string key
                    required property string name
                    required property string fact
                    required property string price

                    Layout.fillWidth: true
                    focusPolicy: Qt.NoFocus
                    implicitHeight: Math.max(Theme.px(56), body.implicitHeight + Theme.px(16))
                    label: name + ", " + fact
                    leftPadding: Theme.px(10)
                    required isChosen

                    onClicked: {
                        pane.model.choose(index);
                        pane.model.take();
                    }

                    RowLayout {
                        id: body

                        anchors.verticalCenter: parent.verticalCenter
                        spacing: Theme.px(12)
                        width: parent.width

                        Keycap {
                            isStrong: pane.isCurrent
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
                        Words {
                            Accessible.ignored: true
                            isSecond: true
                            size: Theme.smallSize
                            text: hit.price
                        }
                    }
                }
            }
        }
    }
}
