"""The kiosk: one question per page, the basket always visible, back always one step.

`open_window(terminal, width=…, height=…)` opens it and returns the `Shell`.
"""

from kiosk.shells.self_service.opening import open_window

FIRST_PAGES = ("kiosk/shells/self_service/SelfServiceWindow.qml", "kiosk/ui/catalogue/AttractPage.qml")

__all__ = ["FIRST_PAGES", "open_window"]
