"""Customer displays: two short lines that face the customer."""

import importlib
from typing import TYPE_CHECKING, Any

from hardware.display.interface import CustomerDisplay
from hardware.display.simulator import DisplaySimulator

if TYPE_CHECKING:
    from hardware.display.emulator import DisplayEmulator

# Loaded when asked for: a terminal starts without the emulators.
_LATE = {"DisplayEmulator": "emulator"}

__all__ = ["CustomerDisplay", "DisplayEmulator", "DisplaySimulator"]


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"{__name__}.{_LATE[name]}"), name)
