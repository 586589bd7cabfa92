"""The kiosk: one question per page, the basket always visible, back always one step.

`open_window(terminal, width=…, height=…)` opens it and returns the `Shell`.
"""

from kiosk.shells.self_service.opening import open_window

__all__ = ["open_window"]
