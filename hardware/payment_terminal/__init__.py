"""Payment devices: asked for money under our reference, they say done, not done or unknown."""

import importlib
from typing import TYPE_CHECKING, Any

from hardware.payment_terminal.interface import DayTotals, PaymentOutcome, PaymentResult, PaymentTerminal
from hardware.payment_terminal.ledger import Charge, ChargeState, read_charges
from hardware.payment_terminal.simulator import PaymentSimulator

if TYPE_CHECKING:
    from hardware.payment_terminal.emulator import ZvtEmulator
    from hardware.payment_terminal.zvt import ZvtTerminal

# Loaded when asked for: a terminal starts without the drivers and emulators it does not use.
_LATE = {"ZvtEmulator": "emulator", "ZvtTerminal": "zvt"}

__all__ = [
    "Charge",
    "ChargeState",
    "DayTotals",
    "PaymentOutcome",
    "PaymentResult",
    "PaymentSimulator",
    "PaymentTerminal",
    "ZvtEmulator",
    "ZvtTerminal",
    "read_charges",
]


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"{__name__}.{_LATE[name]}"), name)
