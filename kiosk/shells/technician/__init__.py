"""The technician's bench: every device with its state, cause, remedy and tests.

`open_window(terminal, width=…, height=…)` opens it alone, `open_technician(terminal, …)` inside a running terminal.
"""

from kiosk.shells.technician.opening import open_technician, open_window

__all__ = ["open_technician", "open_window"]
