"""Customer displays: two short lines that face the customer."""

from hardware.display.interface import CustomerDisplay
from hardware.display.simulator import DisplaySimulator

__all__ = ["CustomerDisplay", "DisplaySimulator"]
