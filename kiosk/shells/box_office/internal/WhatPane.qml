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
        anchors.bottomMargin: Theme.px(8)
        anchors.fill: parent
        anchors.margins: Theme.margin
        spacing: Theme.px(14)

        PaneHead {
            Layout.fillWidth: true
            fact: pane.model.isCode ? qsTr("Code or scan") : ""
            isCurrent: pane.isCurrent
            isDone: !pane.isCurrent
            name: pane.model.mode === "exchange" ? qsTr("Exchange tickets") : pane.model.mode === "code" ? qsTr("Find a booking") : pane.model.mode === "origin" ? qsTr("1 From where") : qsTr("1 What")
        }
        TextField {
            id: field

            Accessible.name: pane.model.isCode ? qsTr("Booking code") : qsTr("Place or event")
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.px(52)
            color: Theme.ink
            focus: true
            font.bold: text !== ""
            font.family: Theme.family
            font.pixelSize: text !== "" && !Theme.isRtl ? Theme.leadSize : Theme.textSize
            leftPadding: Theme.px(Theme.isRtl ? 14 : 48)
            maximumLength: 80
            placeholderText: pane.model.isCode ? qsTr("Booking code") : qsTr("Place or event")
            placeholderTextColor: Theme.ink2
            rightPadding: Theme.px(Theme.isRtl ? 48 : 14)
            topPadding: 0
            bottomPadding: 0
            verticalAlignment: TextInput.AlignVCenter

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
        HitList {
            Layout.fillHeight: true
            Layout.fillWidth: true
            isCurrent: pane.isCurrent
            model: pane.model
        }
    }
}
