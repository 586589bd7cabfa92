pragma ComponentBehavior: Bound

import QtQuick
import kiosk.shells.box_office
import kiosk.ui.theme
import "internal"

// The counter's window: bar, three panes that are the three steps, hint strip.
Window {
    id: window

    required property CounterViewModel counter
    required property WhatViewModel what
    required property WhenViewModel when
    required property SeatPlan plan
    required property AskingViewModel asking
    required property PayViewModel pay
    required property StatusViewModel status
    property string page: ""
    readonly property bool isNarrow: width < Theme.px(1600)

    LayoutMirroring.childrenInherit: true
    LayoutMirroring.enabled: Theme.isRtl
    color: Theme.ground
    title: "Guichet"
    visible: false

    FocusScope {
        id: desk

        anchors.fill: parent
        focus: true

        Keys.onPressed: event => event.accepted = window.counter.pressed(event.key, event.modifiers, event.text)

        StatusBar {
            id: bar

            height: Theme.lintel
            status: window.status
            width: parent.width
        }
        WhatPane {
            id: whatPane

            anchors.bottom: hints.top
            anchors.left: parent.left
            anchors.top: bar.bottom
            counter: window.counter
            focus: true
            model: window.what
            width: Theme.px(window.isNarrow ? 330 : 460)
        }
        Rectangle {
            anchors.bottom: hints.top
            anchors.left: whatPane.right
            anchors.top: bar.bottom
            color: Theme.line
            width: Theme.hair
        }
        WhenPane {
            anchors.bottom: hints.top
            anchors.left: whatPane.right
            anchors.right: payPane.left
            anchors.top: bar.bottom
            asking: window.asking
            counter: window.counter
            isNarrow: window.isNarrow
            model: window.when
            plan: window.plan
        }
        PayPane {
            id: payPane

            anchors.bottom: hints.top
            anchors.right: parent.right
            anchors.top: bar.bottom
            counter: window.counter
            model: window.pay
            width: Theme.px(window.isNarrow ? 380 : 500)
        }
        Rectangle {
            anchors.bottom: hints.top
            anchors.left: payPane.left
            anchors.top: bar.bottom
            color: Theme.sillInk
            visible: Theme.isContrast
            width: Theme.strong
        }
        HintStrip {
            id: hints

            anchors.bottom: parent.bottom
            counter: window.counter
            width: parent.width
        }
    }
}
