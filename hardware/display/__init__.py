"""Customer displays: two short lines that face the customer."""

from hardware.display.emulator import DisplayEmulator
from hardware.display.interface import CustomerDisplay
from hardware.display.simulator import DisplaySimulator

__all__ = ["CustomerDisplay", "DisplayEmulator", "DisplaySimulator"]
