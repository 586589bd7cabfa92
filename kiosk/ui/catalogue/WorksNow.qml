pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import kiosk.ui.controls
import kiosk.ui.theme

// What works at this machine now: sign, word, and the state as shape and word.
RowLayout {
    id: works

    required property AttractViewModel model

    spacing: Theme.gapInside
    uniformCellSizes: true

    Repeater {
        model: works.model.works

        ColumnLayout {
            id: work

            required property string sign
            required property string word
            required property string mood
            required property string told

            Layout.fillWidth: true

            Row {
                spacing: Theme.px(12)

                Icon {
                    name: work.sign
                }
                Words {
                    isStrong: true
                    size: Theme.px(26)
                    text: work.word
                    wrapMode: Text.NoWrap
                }
            }
            StateMark {
                mood: work.mood
                size: Theme.px(26)
                word: work.told
            }
        }
    }
}
