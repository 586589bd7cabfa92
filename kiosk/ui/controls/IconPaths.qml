pragma Singleton

import QtQuick

// Icons as SVG paths on a grid of 24, stroke 2, square ends. `fills` are drawn without a stroke.
QtObject {
    readonly property string circle: "M12 3 A9 9 0 1 0 12 21 A9 9 0 1 0 12 3 "
    readonly property list<string> strokes: ["train", "M6 3 H18 V16 H6 Z M6 10 H18 M9 13 h1 M14 13 h1 M9 16 L7 21 M15 16 L17 21", "ticket", "M3 6 H21 V10 A2 2 0 0 0 21 14 V18 H3 V14 A2 2 0 0 0 3 10 Z M15 6 v2 M15 11 v2 M15 16 v2", "seat", "M7 13 V5 H17 V13 M3 11 H7 V15 H17 V11 H21 V18 H3 Z M6 18 v3 M18 18 v3", "qr", "M3 8 V3 H8 M16 3 H21 V8 M21 16 V21 H16 M8 21 H3 V16 M8 8 h3 v3 h-3 z M14 13 h3 v3 h-3 z M8 15 h2 M14 9 h2", "swap", "M4 8 H20 M16 4 L20 8 L16 12 M20 16 H4 M8 12 L4 16 L8 20", "receipt", "M6 3 H18 V21 L15 19 L12 21 L9 19 L6 21 Z M9 8 H15 M9 12 H15", "card", "M3 5 H21 V19 H3 Z M3 9.5 H21 M6 15 H10", "cash", "M3 6 H21 V18 H3 Z M12 9.5 A2.5 2.5 0 1 0 12 14.5 A2.5 2.5 0 1 0 12 9.5 M6 12 h.5 M17.5 12 h.5", "search", "M10.5 4 A6.5 6.5 0 1 0 10.5 17 A6.5 6.5 0 1 0 10.5 4 M15.5 15.5 L21 21", "pin", "M12 21 C8 16 6 13 6 9.5 A6 6 0 1 1 18 9.5 C18 13 16 16 12 21 Z M12 7.5 A2 2 0 1 0 12 11.5 A2 2 0 1 0 12 7.5", "globe", circle + "M3 12 H21 M12 3 C8.5 6 8.5 18 12 21 C15.5 18 15.5 6 12 3", "help", circle + "M9.5 9.5 A2.5 2.5 0 1 1 12 12.3 V14 M12 16.6 v.5", "larger", "M2 18 L7 6 L12 18 M4 14 H10 M14 18 L17.5 10 L21 18 M15.5 15 H19.5", "contrast", circle, "lower", "M12 3 V15 M7 10 L12 15 L17 10 M4 20 H20", "sound", "M3 9 H7 L12 5 V19 L7 15 H3 Z M15.5 9 A4 4 0 0 1 15.5 15 M18 6.5 A8 8 0 0 1 18 17.5", "clock", circle + "M12 7 V12 L15.5 14", "calendar", "M4 5 H20 V20 H4 Z M4 10 H20 M8 3 V7 M16 3 V7", "bag", "M4 8 H20 V20 H4 Z M8 8 A4 4 0 0 1 16 8", "headset", "M4 19 V12 A8 8 0 0 1 20 12 V19 H16 V13 H20 M4 13 H8 V19 H4 M20 19 V21 H13", "check", "M5 12.5 L10 17.5 L19 7.5", "ok", circle + "M8 12.3 L11 15.3 L16.2 9.5", "warn", "M12 3.5 L21.5 20.5 H2.5 Z M12 10 V14.5 M12 17 v.6", "stop", "M8 3 H16 L21 8 V16 L16 21 H8 L3 16 V8 Z M9 9 L15 15 M15 9 L9 15", "info", circle + "M12 11 V16.5 M12 7.2 v.6", "lock", "M5 10 H19 V21 H5 Z M8 10 V7 A4 4 0 0 1 16 7 V10", "person", "M12 4 A3.5 3.5 0 1 0 12 11 A3.5 3.5 0 1 0 12 4 M5 21 V19 A7 6 0 0 1 19 19 V21", "bicycle", "M6 12 A4 4 0 1 0 6 20 A4 4 0 1 0 6 12 M18 12 A4 4 0 1 0 18 20 A4 4 0 1 0 18 12 M6 16 L10 8 H15 L18 16 M10 8 L13 16 M8 8 H11", "wheelchair", "M11 3 v1 M11 7 V13 H16 L19 19 M11 10 H15 M9 11 A5 5 0 1 0 15.5 17", "printer", "M7 8 V3 H17 V8 M7 17 H3 V8 H21 V17 H17 M7 14 H17 V21 H7 Z", "scan", "M3 8 V3 H8 M16 3 H21 V8 M21 16 V21 H16 M8 21 H3 V16 M3 12 H21", "arrow-right", "M4 12 H19 M13 6 L19 12 L13 18", "arrow-left", "M20 12 H5 M11 6 L5 12 L11 18", "arrow-down", "M12 4 V19 M6 13 L12 19 L18 13", "arrow-up", "M12 20 V5 M6 11 L12 5 L18 11", "chevron-right", "M9 5 L16 12 L9 19", "chevron-left", "M15 5 L8 12 L15 19", "close", "M6 6 L18 18 M18 6 L6 18", "plus", "M12 5 V19 M5 12 H19", "minus", "M5 12 H19", "erase", "M8 5 H22 V19 H8 L2 12 Z M12 9.5 L17 14.5 M17 9.5 L12 14.5", "hourglass", "M6 3 H18 M6 21 H18 M8 3 V7 L12 12 L8 17 V21 M16 3 V7 L12 12 L16 17 V21", "dot", circle]
    readonly property list<string> fills: ["contrast", "M12 3 A9 9 0 0 1 12 21 Z", "dot", "M9 9 H15 V15 H9 Z"]
    readonly property list<string> mirrored: ["arrow-right", "arrow-left", "chevron-right", "chevron-left", "swap"]

    function stroke(name: string): string {
        return name ? strokes[strokes.indexOf(name) + 1] : "";
    }

    function fill(name: string): string {
        return fills.indexOf(name) >= 0 ? fills[fills.indexOf(name) + 1] : "";
    }

    function isMirrored(name: string): bool {
        return mirrored.indexOf(name) >= 0;
    }
}
