"""Payment devices: asked for money under our reference, they say done, not done or unknown."""

from hardware.payment_terminal.emulator import ZvtEmulator
from hardware.payment_terminal.interface import DayTotals, PaymentOutcome, PaymentResult, PaymentTerminal
from hardware.payment_terminal.ledger import Charge, ChargeState, read_charges
from hardware.payment_terminal.simulator import PaymentSimulator
from hardware.payment_terminal.zvt import ZvtTerminal

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
