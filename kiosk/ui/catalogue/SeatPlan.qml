pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui.controls
import kiosk.ui.theme

// The plan: tiles painted on demand, our seats as a few items above them. A touch looks closer until a seat can be touched;
// then it takes the seat. Arrows move a cursor from seat to seat, Enter takes it, plus and minus zoom.
FocusScope {
    id: plan

    required property SeatsViewModel model
    readonly property real fit: Math.min(width / model.planWidth, height / model.planHeight)
    readonly property real near: Theme.px(82)
    property bool isNear: false
    readonly property real pitch: Math.floor(isNear ? Math.max(near, fit) : fit)
    readonly property int tile: 512
    readonly property string inks: [Theme.seatFront, Theme.seatMiddle, Theme.seatBack, Theme.edge].map(ink => String(ink).slice(1)).join("_")

    function look(isCloser: bool, atX: real, atY: real) {
        isNear = isCloser;
        view.contentX = Math.max(0, Math.min(view.contentWidth - view.width, atX * pitch - view.width / 2));
        view.contentY = Math.max(0, Math.min(view.contentHeight - view.height, atY * pitch - view.height / 2));
    }

    function follow() {
        if (isNear && model.cursorX >= 0)
            look(true, model.cursorX, model.cursorY);
    }

    Accessible.description: model.cursorWord
    Accessible.focusable: true
    Accessible.name: qsTr("Seat plan. Arrows move, Enter takes a seat.") + (model.cursorWord ? " " + model.cursorWord : "")
    Accessible.role: Accessible.Graphic
    activeFocusOnTab: true

    Keys.onDownPressed: {
        model.moveCursor(0, 1);
        follow();
    }
    Keys.onEnterPressed: model.touchCursor()
    Keys.onLeftPressed: {
        model.moveCursor(-1, 0);
        follow();
    }
    Keys.onReturnPressed: model.touchCursor()
    Keys.onRightPressed: {
        model.moveCursor(1, 0);
        follow();
    }
    Keys.onSpacePressed: model.touchCursor()
    Keys.onUpPressed: {
        model.moveCursor(0, -1);
        follow();
    }

    Flickable {
        id: view

        anchors.fill: parent
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        contentHeight: Math.max(height, plan.model.planHeight * plan.pitch)
        contentWidth: Math.max(width, plan.model.planWidth * plan.pitch)

        Item {
            id: paper

            height: plan.model.planHeight * plan.pitch
            width: plan.model.planWidth * plan.pitch
            x: Math.max(0, (view.width - width) / 2)

            Repeater {
                model: plan.model.revision ? Math.ceil(paper.width / plan.tile) * Math.ceil(paper.height / plan.tile) : 0

                Image {
                    required property int index
                    readonly property int columns: Math.ceil(paper.width / plan.tile)
                    readonly property int column: index % columns
                    readonly property int row: Math.floor(index / columns)

                    Accessible.ignored: true
                    asynchronous: false
                    cache: false
                    mirror: false
                    source: "image://seats/" + plan.model.revision + "/" + plan.inks + "/" + plan.pitch + "/" + column + "_" + row
                    x: column * plan.tile
                    y: row * plan.tile
                }
            }
            Repeater {
                model: plan.model.marks

                Rectangle {
                    id: mark

                    required property real atX
                    required property real atY

                    Accessible.ignored: true
                    color: Theme.ink
                    height: plan.pitch * 0.94
                    radius: height / 2
                    width: plan.pitch * 1.04
                    x: atX * plan.pitch - width / 2
                    y: atY * plan.pitch - height / 2

                    Icon {
                        anchors.centerIn: parent
                        colour: Theme.paper
                        name: "check"
                        size: mark.height * 0.7
                        weight: 3
                    }
                }
            }
            Rectangle {
                Accessible.ignored: true
                border.color: Theme.ink
                border.width: Theme.ring
                color: Theme.none
                height: plan.pitch * 1.3
                radius: Theme.radius
                visible: plan.activeFocus && plan.model.cursorX >= 0
                width: plan.pitch * 1.3
                x: plan.model.cursorX * plan.pitch - width / 2
                y: plan.model.cursorY * plan.pitch - height / 2
            }
            TapHandler {
                onTapped: point => {
                    const x = point.position.x / plan.pitch;
                    const y = point.position.y / plan.pitch;
                    if (plan.pitch >= plan.near)
                        plan.model.touchAt(x, y);
                    else
                        plan.look(true, x, y);
                }
            }
        }
    }
    FocusRing {
        visible: plan.activeFocus
    }
}
