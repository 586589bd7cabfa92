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
            Layout.maximumHeight: Theme.targetNext
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
                    lineHeight: Theme.headLine
                    size: Theme.px(sill.model.isPlaceNamed ? 36 : 30) * (Theme.isLarge ? 1.1 : 1)
                    isStrong: true
                    text: sill.model.title
                    visible: text !== ""
                }
                Words {
                    Layout.fillWidth: true
                    color: Theme.sillInk2
                    lineHeight: Theme.isLarge ? 0.8 : Theme.headLine
                    size: (sill.model.total || sill.model.title ? Theme.px(26) : Theme.px(30)) * (Theme.isLarge ? 1.1 : 1)
                    text: sill.model.line
                    visible: text !== ""
                }
                Words {
                    Layout.fillWidth: true
                    color: Theme.sillInk
                    fontSizeMode: Text.HorizontalFit
                    size: Theme.px(48)
                    isStrong: true
                    lineHeight: Theme.headLine
                    minimumPixelSize: Theme.px(30)
                    text: sill.model.total
                    wrapMode: Text.NoWrap // an amount never breaks before its currency
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
                    lineHeight: Theme.headLine
                    size: Theme.px(30) * (Theme.isLarge ? 1.1 : 1)
                    text: sill.model.sideTitle
                }
                Words {
                    Layout.fillWidth: true
                    color: Theme.sillInk2
                    size: Theme.px(26) * (Theme.isLarge ? 1.15 : 1)
                    horizontalAlignment: Text.AlignRight
                    lineHeight: Theme.headLine
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
            Layout.maximumHeight: Theme.targetMin
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
