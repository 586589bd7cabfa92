pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui.theme

// The frame of every page of the kiosk: lintel, steps, window, sill. The page goes into `content`.
// Escape goes back; arrows move through what can be touched like Tab does.
FocusScope {
    id: frame

    required property FrameViewModel model
    default property alias content: opening.data

    function step(isForward: bool) {
        const from = Window.window ? (Window.window as Window).activeFocusItem : null;
        const next = (from ?? frame).nextItemInFocusChain(isForward);
        if (next)
            next.forceActiveFocus(isForward ? Qt.TabFocusReason : Qt.BacktabFocusReason);
    }

    function build() {
        lintel.active = true;
        sill.active = true;
    }

    Keys.onDownPressed: step(true)
    Keys.onEscapePressed: model.goBack()
    Keys.onLeftPressed: step(Theme.isRtl)
    Keys.onRightPressed: step(!Theme.isRtl)
    Keys.onUpPressed: step(false)

    // The first page shows neither lintel nor sill: they are made a moment after it is drawn, or when a page wants them.
    Timer {
        interval: 100
        running: true

        onTriggered: frame.build()
    }
    Rectangle {
        anchors.fill: parent
        color: Theme.ground
    }
    FocusScope {
        id: opening

        anchors.bottom: sill.visible ? sill.top : parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: steps.visible ? steps.bottom : lintel.bottom
        focus: true
    }
    Loader {
        id: sill

        readonly property bool isWanted: frame.model.hasSill

        active: false
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        visible: isWanted

        sourceComponent: Sill {
            model: frame.model
        }

        onIsWantedChanged: active = true
    }
    Loader {
        id: lintel

        readonly property bool isWanted: frame.model.hasLintel

        active: false
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        height: isWanted ? implicitHeight : 0
        visible: isWanted

        sourceComponent: Lintel {
            language: frame.model.languageName
            station: frame.model.station
            time: frame.model.time
            training: frame.model.training

            onHelpAsked: frame.model.askHelp()
            onLanguageAsked: frame.model.askLanguage()
            onServiceAsked: frame.model.askService()
        }

        onIsWantedChanged: active = true
    }
    Steps {
        id: steps

        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        anchors.right: parent.right
        anchors.rightMargin: Theme.margin
        anchors.top: lintel.bottom
        current: frame.model.step
        names: frame.model.steps
        visible: frame.model.hasLintel && frame.model.steps.length > 0
    }
}
