"""Code scanners: they hand over what they read, bounded and printable."""

from hardware.scanner.emulator import ScannerEmulator
from hardware.scanner.emulator_hid import HidScannerEmulator
from hardware.scanner.filter import filter_scan
from hardware.scanner.hid_pos import is_hid_scanner
from hardware.scanner.interface import TEXT_CHARS_MAX, ScanEvent, Scanner, ScanRefused
from hardware.scanner.simulator import ScannerSimulator

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
