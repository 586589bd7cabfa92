pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.theme

// The window of a page: its question, then its content. It scrolls where larger text needs it and follows the focus.
FocusScope {
    id: page

    property string question: ""
    property string lead: ""
    default property alias content: column.data
    property alias spacing: column.spacing
    readonly property Item focused: Window.window ? (Window.window as Window).activeFocusItem : null

    onFocusedChanged: flick.reveal(focused)

    Flickable {
        id: flick

        function reveal(item: Item) {
            let each = item;
            while (each && each !== outer)
                each = each.parent;
            if (!each || !interactive)
                return;
            const top = item.mapToItem(outer, 0, 0).y - Theme.margin;
            const bottom = top + item.height + 2 * Theme.margin;
            contentY = Math.max(0, Math.min(contentHeight - height, top < contentY ? top : bottom > contentY + height ? bottom - height : contentY));
        }

        anchors.fill: parent
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        contentHeight: Math.max(height, outer.implicitHeight + Theme.px(48))
        contentWidth: width
        interactive: contentHeight > height + 1

        ColumnLayout {
            id: outer

            height: Math.max(implicitHeight, flick.height - Theme.px(48))
            spacing: Theme.px(18)
            width: flick.width - 2 * Theme.margin
            x: Theme.margin
            y: Theme.px(12)

            Heading {
                Layout.fillWidth: true
                lead: page.lead
                question: page.question
                visible: page.question !== ""
            }
            Item {
                Layout.fillHeight: true
                visible: Theme.isLow
            }
            ColumnLayout {
                id: column

                Layout.fillHeight: !Theme.isLow
                Layout.fillWidth: true
                spacing: Theme.px(18)
            }
        }
    }
    Rectangle {
        Accessible.ignored: true
        anchors.right: parent.right
        anchors.rightMargin: Theme.px(12)
        color: Theme.edge
        height: flick.height * flick.height / Math.max(1, flick.contentHeight)
        radius: width / 2
        visible: flick.interactive
        width: Theme.px(10)
        y: flick.contentY * flick.height / Math.max(1, flick.contentHeight)
    }
}
