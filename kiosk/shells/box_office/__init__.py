"""The counter: three panes are the three steps, keyboard first.

`open_window(terminal, width=…, height=…)` opens it and returns the `Shell`.
"""

from kiosk.shells.box_office.opening import open_window

__all__ = ["open_window"]
