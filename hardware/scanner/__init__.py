"""Code scanners: they hand over what they read, bounded and printable."""

import importlib
from typing import TYPE_CHECKING, Any

from hardware.scanner.filter import filter_scan
from hardware.scanner.interface import TEXT_CHARS_MAX, ScanEvent, Scanner, ScanRefused
from hardware.scanner.simulator import ScannerSimulator

if TYPE_CHECKING:
    from hardware.scanner.emulator import ScannerEmulator
    from hardware.scanner.emulator_hid import HidScannerEmulator
    from hardware.scanner.hid_pos import is_hid_scanner

# Loaded when asked for: a terminal starts without the drivers and emulators it does not use.
_LATE = {"HidScannerEmulator": "emulator_hid", "ScannerEmulator": "emulator", "is_hid_scanner": "hid_pos"}

__all__ = [
    "TEXT_CHARS_MAX",
    "HidScannerEmulator",
    "ScanEvent",
    "ScanRefused",
    "Scanner",
    "ScannerEmulator",
    "ScannerSimulator",
    "filter_scan",
    "is_hid_scanner",
]


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"{__name__}.{_LATE[name]}"), name)
