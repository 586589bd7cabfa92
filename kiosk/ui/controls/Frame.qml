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

    Keys.onDownPressed: step(true)
    Keys.onEscapePressed: model.goBack()
    Keys.onLeftPressed: step(Theme.isRtl)
    Keys.onRightPressed: step(!Theme.isRtl)
    Keys.onUpPressed: step(false)

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
    Sill {
        id: sill

        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        model: frame.model
        visible: frame.model.hasSill
    }
    Lintel {
        id: lintel

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        height: frame.model.hasLintel ? implicitHeight : 0
        language: frame.model.languageName
        station: frame.model.station
        time: frame.model.time
        training: frame.model.training
        visible: frame.model.hasLintel

        onHelpAsked: frame.model.askHelp()
        onLanguageAsked: frame.model.askLanguage()
        onServiceAsked: frame.model.askService()
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
