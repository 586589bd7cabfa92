import QtQml
import kiosk.ui.theme

// Sets switches of the theme before anything is shown.
QtObject {
    property var switches: ({})

    Component.onCompleted: {
        for (const name in switches)
            Theme[name] = switches[name];
    }
}
