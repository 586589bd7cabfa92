pragma Singleton
pragma ComponentBehavior: Bound

import QtQuick

// Every token of the look. Sizes are px at the declared density of the face and scale with the panel.
QtObject {
    id: theme

    // Switches, set by a face.
    property string scheme: "light" // light, dark, contrast
    property bool isLarge: false
    property bool isLow: false
    property bool isLandscape: false
    property bool isCounter: false // counter and technician: 3.6 px per mm, keyboard first
    property bool isRtl: false
    property bool hasCjk: false // Chinese: no letter spacing
    property bool isMotionOff: false
    property real scale: 1 // panel width against 1080 px in portrait
    property color signalColour: "#FFD100"
    property color signalInkColour: "#12161C"

    readonly property bool isDark: scheme === "dark"
    readonly property bool isContrast: scheme === "contrast"

    // Colour.
    readonly property color ground: pick("#F3F2ED", "#14181E", "#000000")
    readonly property color surface: pick("#FFFFFF", "#1F252D", "#000000")
    readonly property color sunk: pick("#E9E7E0", "#2B333D", "#333333")
    readonly property color hint: pick("#E9E7E0", "#0D1014", "#000000")
    readonly property color ink: pick("#12161C", "#F4F3EF", "#FFFFFF")
    readonly property color paper: pick("#FFFFFF", "#14181E", "#000000") // text on ink
    readonly property color ink2: pick("#4B5057", "#B4BAC2", "#FFFFFF")
    readonly property color edge: pick("#74726A", "#87909B", "#FFFFFF")
    readonly property color line: pick("#D3D0C7", "#3A424C", "#FFFFFF")
    readonly property color sill: pick("#12161C", "#050709", "#000000")
    readonly property color sillInk: "#FFFFFF"
    readonly property color sillInk2: pick("#BFC5CC", "#BFC5CC", "#FFFFFF")
    readonly property color sillEdge: pick("#7C848E", "#87909B", "#FFFFFF")
    readonly property color sillKey: pick("#1F252D", "#171C22", "#000000")
    readonly property color sillSunk: pick("#363E48", "#2B333D", "#333333")
    readonly property color sillPaper: pick("#12161C", "#050709", "#000000") // text on white on the sill
    readonly property color signal: isContrast ? "#FFE100" : signalColour
    readonly property color signalInk: isContrast ? "#12161C" : signalInkColour
    readonly property color ok: pick("#0A6638", "#6FD59A", "#7CFFB2")
    readonly property color warn: pick("#8A4600", "#FFB45C", "#FFD08A")
    readonly property color stop: pick("#B0131D", "#FF9089", "#FFB3AE")
    readonly property color info: pick("#0B4FA0", "#8DBBFF", "#A9CCFF")
    readonly property color okTint: pick("#E2F1E7", "#14301F", "#000000")
    readonly property color warnTint: pick("#FCEBCF", "#3A2608", "#000000")
    readonly property color stopTint: pick("#FBE4E2", "#3F1517", "#000000")
    readonly property color infoTint: pick("#E3ECF8", "#14294A", "#000000")
    readonly property color seatFront: pick("#1D4B9E", "#7FAAF5", "#8AB8FF")
    readonly property color seatMiddle: pick("#0C7470", "#4FC3BC", "#5CE0D8")
    readonly property color seatBack: pick("#8B4A8F", "#D79BDB", "#F0B0F5")
    readonly property color none: "#00000000"

    // Space, px at 4 px per mm on the kiosk and 3.6 at the counter.
    readonly property real gapTouch: px(isCounter ? 12 : 18)
    readonly property real gapInside: px(isCounter ? 16 : 24)
    readonly property real gapGroup: px(isCounter ? 24 : 36)
    readonly property real margin: px(isCounter ? 24 : 48)
    readonly property real targetMin: px(isCounter ? 48 : 84)
    readonly property real target: px(isCounter ? 48 : 96)
    readonly property real targetNext: px(isCounter ? 64 : 134)
    readonly property real targetNextWidth: px(isCounter ? 300 : 400)
    readonly property real lintel: px(isCounter ? 64 : 124)
    readonly property real steps: px(64)
    readonly property real sillHeight: px(isLandscape ? 148 : 288)
    readonly property real hair: px(isContrast ? 3 : 2)
    readonly property real border: px(isContrast ? 4 : 2)
    readonly property real strong: px(4)
    readonly property real step: px(12)
    readonly property real radius: px(isCounter ? 6 : 8)
    readonly property real tagRadius: px(4)
    readonly property real ringGap: px(isCounter ? 4 : 6)
    readonly property real ring: px(isCounter ? 4 : 6)
    readonly property real dash: px(6)

    // Type.
    readonly property string family: "Noto Sans"
    readonly property real heroSize: px(224)
    readonly property real amountSize: px(isCounter ? 64 : 120) * headGrowth
    readonly property real codeSize: px(isCounter ? 40 : 88) * headGrowth
    readonly property real questionSize: px(isCounter ? 40 : 64) * headGrowth
    readonly property real figureSize: px(isCounter ? 28 : 48) * (isLarge ? 1.3 : 1)
    readonly property real nextSize: px(isCounter ? 28 : 40) * (isLarge ? 1.1 : 1)
    readonly property real leadSize: px(isCounter ? 22 : 36) * textGrowth
    readonly property real textSize: px(isCounter ? 18 : 30) * textGrowth
    readonly property real smallSize: px(isCounter ? 16 : 26) * textGrowth
    readonly property real barTextSize: px(isCounter ? 16 : 26) * (isLarge ? 1.05 : 1) // access bar: its place is fixed
    readonly property real lintelTextSize: px(isCounter ? 18 : 30) * (isLarge ? 1.15 : 1)
    readonly property real lintelSmallSize: px(isCounter ? 16 : 26) * (isLarge ? 1.15 : 1)
    readonly property real textGrowth: isLarge ? 1.4 : 1
    readonly property real headGrowth: isLarge ? 1.2 : 1
    readonly property real tight: hasCjk || isRtl ? 0 : -0.015 // letter spacing from 48 px up, share of the size
    readonly property real headLine: isRtl ? 1.0 : 0.88 // share of the font's own line height (1.362)
    readonly property real arrowSize: px(120)

    // Motion, ms.
    readonly property int move: isMotionOff ? 0 : 120
    readonly property int rest: 80

    function pick(light: color, dark: color, contrast: color): color {
        return isContrast ? contrast : isDark ? dark : light;
    }

    function px(value: real): real {
        return value * scale;
    }

    function stateColour(state: string): color {
        return state === "ok" ? ok : state === "warn" ? warn : state === "stop" ? stop : state === "info" ? info : ink;
    }

    function stateTint(state: string): color {
        return state === "ok" ? okTint : state === "warn" ? warnTint : state === "stop" ? stopTint : state === "info" ? infoTint : none;
    }

    function toneColour(tone: string): color {
        return tone === "front" ? seatFront : tone === "middle" ? seatMiddle : seatBack;
    }
}
