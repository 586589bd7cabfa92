pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.theme

// What things are passed over: Back, basket line and total, the way on; below (or at the start, in landscape) the access bar.
Rectangle {
    id: sill

    required property FrameViewModel model

    color: Theme.sill
    implicitHeight: Theme.sillHeight

    Rectangle {
        color: Theme.sillInk
        height: Theme.strong
        visible: Theme.isContrast
        width: parent.width
    }
    GridLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.margin
        anchors.topMargin: Theme.px(Theme.isLandscape ? 7 : 26)
        anchors.bottomMargin: Theme.px(Theme.isLandscape ? 7 : 20)
        columnSpacing: Theme.gapGroup
        columns: Theme.isLandscape ? 2 : 1
        rowSpacing: Theme.gapInside

        RowLayout {
            Layout.column: Theme.isLandscape ? 1 : 0
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.targetNext
            Layout.row: 0
            spacing: Theme.gapGroup

            PlainButton {
                Layout.fillHeight: true
                isOff: !sill.model.isBackOn
                isOnSill: true
                isStrong: true
                leftPadding: Theme.px(Theme.isLarge ? 14 : 30)
                sign: sill.model.backSign
                signSize: Theme.px(32)
                visible: sill.model.back !== ""
                word: sill.model.back
                wordSize: Theme.px(30) * (Theme.isLarge ? 1.25 : 1)

                onClicked: sill.model.goBack()
            }
            HardwareArrow {
                direction: sill.model.isArrowFirst ? sill.model.arrow : ""
                size: Theme.px(100)
            }
            Icon {
                colour: Theme.sillInk2
                name: sill.model.isBasketSignShown ? "bag" : ""
                size: Theme.px(40)
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                Words {
                    Layout.fillWidth: true
                    color: Theme.sillInk
                    size: sill.model.isPlaceNamed ? Theme.leadSize : Theme.textSize
                    isStrong: true
                    text: sill.model.title
                    visible: text !== ""
                }
                Words {
                    Layout.fillWidth: true
                    color: Theme.sillInk2
                    size: sill.model.total || sill.model.title ? Theme.smallSize : Theme.textSize
                    maximumLineCount: 3
                    text: sill.model.line
                    visible: text !== ""
                }
                Words {
                    Layout.fillWidth: true
                    color: Theme.sillInk
                    size: Theme.px(48) * Theme.headGrowth
                    isStrong: true
                    lineHeight: Theme.headLine
                    text: sill.model.total
                    visible: text !== ""
                }
            }
            ColumnLayout {
                Layout.maximumWidth: Theme.px(420)
                spacing: 0
                visible: sill.model.sideTitle !== ""

                Words {
                    Layout.fillWidth: true
                    color: Theme.sillInk
                    horizontalAlignment: Text.AlignRight
                    isStrong: true
                    text: sill.model.sideTitle
                }
                Words {
                    Layout.fillWidth: true
                    color: Theme.sillInk2
                    size: Theme.smallSize
                    horizontalAlignment: Text.AlignRight
                    text: sill.model.sideLine
                }
            }
            HardwareArrow {
                direction: sill.model.isArrowFirst ? "" : sill.model.arrow
            }
            WayOn {
                Layout.fillHeight: true
                isOff: !sill.model.isWayOnOn
                objectName: "wayOn"
                sign: sill.model.wayOnSign
                visible: sill.model.wayOn !== ""
                word: sill.model.wayOn

                onClicked: sill.model.goOn()
            }
        }
        AccessBar {
            Layout.column: 0
            Layout.fillWidth: !Theme.isLandscape
            Layout.preferredHeight: Theme.targetMin
            Layout.preferredWidth: Theme.px(960)
            Layout.row: Theme.isLandscape ? 0 : 1
            isReading: sill.model.isReading
            readReason: sill.model.readReason

            onContrastAsked: sill.model.toggleContrast()
            onHelpAsked: sill.model.askHelp()
            onLanguageAsked: sill.model.askLanguage()
            onLargerAsked: sill.model.toggleLarge()
            onLowerAsked: sill.model.toggleLow()
            onReadAsked: sill.model.readAloud()
        }
    }
}
