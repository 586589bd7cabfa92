pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.shells.technician
import kiosk.ui.controls
import kiosk.ui.theme
import "internal"

// The bench: devices at the start, facts or one device in the middle, what it means for travellers on the sill.
Window {
    id: window

    required property TechnicianViewModel bench
    property string page: ""
    readonly property bool isNarrow: width < Theme.px(1600)

    LayoutMirroring.childrenInherit: true
    LayoutMirroring.enabled: Theme.isRtl
    color: Theme.ground
    title: "Guichet"
    visible: false

    FocusScope {
        anchors.fill: parent
        focus: true

        Keys.onPressed: event => event.accepted = window.bench.pressed(event.key, event.modifiers, event.text)

        RowLayout {
            id: bar

            anchors.left: parent.left
            anchors.leftMargin: Theme.margin
            anchors.right: parent.right
            anchors.rightMargin: Theme.margin
            height: Theme.lintel
            spacing: Theme.gapInside

            Words {
                isStrong: true
                text: qsTr("Technician")
                wrapMode: Text.NoWrap
            }
            Words {
                Layout.fillWidth: true
                isSecond: true
                text: window.bench.name
            }
            Tag {
                mood: "warn"
                visible: window.bench.isTraining
                word: qsTr("DEMO")
            }
            PlainButton {
                focusPolicy: Qt.NoFocus
                keycap: "Q"
                visible: window.bench.attendance.canLeave
                word: qsTr("Close the bench")

                onClicked: window.bench.attendance.leave()
            }
        }
        Rule {
            anchors.top: bar.bottom
            width: parent.width
        }
        DeviceList {
            id: list

            anchors.bottom: parent.bottom
            anchors.left: parent.left
            anchors.margins: Theme.margin
            anchors.top: bar.bottom
            bench: window.bench
            width: Theme.px(window.isNarrow ? 330 : 440)
        }
        Note {
            id: note

            anchors.left: list.right
            anchors.leftMargin: Theme.margin
            anchors.right: sill.left
            anchors.rightMargin: Theme.margin
            anchors.top: bar.bottom
            anchors.topMargin: Theme.margin
            mood: window.bench.attendance.note ? "warn" : window.bench.code.mood
            text: window.bench.attendance.note || window.bench.code.note
        }
        Flickable {
            id: middle

            readonly property Item shown: code.visible ? code : cards.visible ? cards : count.visible ? count : found.visible ? found : device.visible ? device : overview

            anchors.bottom: parent.bottom
            anchors.left: list.right
            anchors.leftMargin: Theme.margin
            anchors.right: sill.left
            anchors.rightMargin: Theme.margin
            anchors.top: note.visible ? note.bottom : bar.bottom
            anchors.topMargin: Theme.margin
            boundsBehavior: Flickable.StopAtBounds
            clip: true
            contentHeight: shown.implicitHeight

            onShownChanged: contentY = 0

            SettingsCodePage {
                id: code

                code: window.bench.code
                visible: window.bench.code.isShown
                width: parent.width
            }

            StaffCardsPage {
                id: cards

                cards: window.bench.cards
                visible: !code.visible && window.bench.cards.isShown
                width: parent.width
            }
            CountPage {
                id: count

                isNarrow: window.isNarrow
                supplies: window.bench.supplies
                visible: !code.visible && !cards.visible && window.bench.supplies.isCounting
                width: parent.width
            }
            FindPage {
                id: found

                finder: window.bench.finder
                isNarrow: window.isNarrow
                visible: !code.visible && !cards.visible && !count.visible && window.bench.finder.isShown
                width: parent.width
            }
            Overview {
                id: overview

                bench: window.bench
                visible: !code.visible && !cards.visible && !count.visible && !found.visible && window.bench.title === ""
                width: parent.width
            }
            DevicePage {
                id: device

                bench: window.bench
                isNarrow: window.isNarrow
                visible: !code.visible && !cards.visible && !count.visible && !found.visible && window.bench.title !== ""
                width: parent.width
            }
        }
        BenchSill {
            id: sill

            anchors.bottom: parent.bottom
            anchors.right: parent.right
            anchors.top: bar.bottom
            bench: window.bench
            isNarrow: window.isNarrow
            width: Theme.px(window.isNarrow ? 330 : 420)
        }
    }
}
