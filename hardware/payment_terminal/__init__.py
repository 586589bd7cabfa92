"""Payment devices: asked for money under our reference, they say done, not done or unknown."""

from hardware.payment_terminal.interface import DayTotals, PaymentOutcome, PaymentResult, PaymentTerminal
from hardware.payment_terminal.ledger import Charge, ChargeState, read_charges
from hardware.payment_terminal.simulator import PaymentSimulator

__all__ = [
    "Charge",
    "ChargeState",
    "DayTotals",
    "PaymentOutcome",
    "PaymentResult",
    "PaymentSimulator",
    "PaymentTerminal",
    "read_charges",
]
