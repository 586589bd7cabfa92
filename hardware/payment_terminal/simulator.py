"""A payment device in process, with a book of its own that outlives the program and faults to start by name.

The book is what "the bank" knows; the answers are what the terminal hears. Faults drive the two apart. A payment
that began and whose end was not heard stays pending for the first query and ends, as it was going to, at the second:
so a late approval needs no clock, and a program killed in between finds the same end.
"""

import asyncio
from pathlib import Path

from msgspec import Struct

from hardware.errors import DeviceUnavailable
from hardware.faults import FaultSwitch
from hardware.health import ComponentState, Health
from hardware.payment_terminal.interface import DayTotals, PaymentOutcome, PaymentResult
from hardware.payment_terminal.ledger import Charge, ChargeState, PaymentLedger
from hardware.vitals import Vitals

FAULTS = {
    "declined": "The issuer says no; no money moves.",
    "cancelled_by_customer": "The customer presses the red key; no money moves.",
    "slow": "The device takes `slow_s` before it decides; meanwhile it says a payment is in progress.",
    "mute": "The device takes the request and never answers; it charges, and the wait ends with the time-out.",
    "answer_lost_before_charge": "The line drops after the request was sent; no money moves.",
    "answer_lost_after_charge": "The line drops after the money moved.",
    "late_approval_after_decline": "The device says no, and the money moves all the same, later.",
    "late_approval_after_timeout": "The device does not answer in time, and the money moves later.",
    "late_decline_after_timeout": "The device does not answer in time, and later it says no.",
    "abort_ignored": "The device goes on after an abort and charges.",
    "query_lost": "Questions about earlier payments are not answered.",
    "reversal_lost_before": "A reversal is asked for and lost on its way; nothing is given back.",
    "reversal_lost_after": "A reversal is done and its answer lost.",
    "reversal_refused": "The device refuses to reverse.",
    "not_reachable": "The device is switched off or its cable pulled; nothing is asked of it.",
    "no_host": "The device cannot reach its bank; it refuses every payment.",
    "needs_end_of_day": "The device wants its day closed first; it refuses every payment.",
    "updating": "The device loads new software; it refuses every payment until it is done.",
    "tampered": "The device says that it was opened; it takes no card any more.",
    "out_of_paper": "The merchant's receipt cannot be printed; payments go on.",
}
# what it says of itself while it refuses everything
_REFUSES = {
    "tampered": (ComponentState.HARDWARE_ERROR, "payment.tampered"),
    "updating": (ComponentState.OUT_OF_SERVICE, "payment.updating"),
    "needs_end_of_day": (ComponentState.USER_ACTION, "payment.needs_end_of_day"),
    "no_host": (ComponentState.NOT_REACHABLE, "payment.no_host"),
}
_LOST = frozenset(
    {
        "mute",
        "answer_lost_before_charge",
        "answer_lost_after_charge",
        "late_approval_after_timeout",
        "late_decline_after_timeout",
    }
)
_PENDING = frozenset({"late_approval_after_decline", "late_approval_after_timeout", "late_decline_after_timeout"})
_NO_CHARGE = {
    "declined": "payment.declined",
    "cancelled_by_customer": "payment.cancelled_by_customer",
    "answer_lost_before_charge": "payment.declined",
    "late_decline_after_timeout": "payment.declined",
}
_PAYMENT_FAULTS = (*_NO_CHARGE, *sorted((_LOST | _PENDING) - set(_NO_CHARGE)))
QUERIES_UNTIL_SETTLED = 2
TEXT_CHARS_MAX = 64


class _Running(Struct):
    """The one payment the device works on."""

    reference: str
    aborted: asyncio.Event


class PaymentSimulator(FaultSwitch):
    """A payment device that approves unless a fault says otherwise; at most one charge per reference, for ever.

    Args:
        device_id: the id given in the settings.
        ledger_path: its book; the same path again is the same device.
        think_s: how long an undisturbed payment takes.
        slow_s: how long one takes under the fault "slow".
    """

    def __init__(self, device_id: str, ledger_path: Path, *, think_s: float = 0.0, slow_s: float = 5.0) -> None:
        super().__init__(FAULTS)
        self._device_id = device_id
        self._think_s = think_s
        self._slow_s = slow_s
        self._ledger_path = ledger_path
        self._ledger: PaymentLedger | None = None
        self._running: _Running | None = None
        self._asked: dict[str, int] = {}
        self._vitals = Vitals(device_id, "payment_device", is_simulated=True, model="Simulated payment device")

    @property
    def device_id(self) -> str:
        """Return the id given in the settings."""
        return self._device_id

    @property
    def keeps_our_reference(self) -> bool:
        """It does."""
        return True

    @property
    def ledger_path(self) -> Path:
        """Return where the device's own book lies."""
        return self._ledger_path

    @property
    def charges(self) -> tuple[Charge, ...]:
        """Return the device's book."""
        return self._book().charges

    async def start(self) -> None:
        """Open the book."""
        if self._ledger is None:
            self._ledger = PaymentLedger(self._ledger_path)

    async def close(self) -> None:
        """Close the book; idempotent."""
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None

    async def health(self) -> Health:
        """Say how the device is."""
        if self._ledger is None:
            return self._vitals.report(ComponentState.NOT_REACHABLE, "payment.not_started")
        if self._has("not_reachable"):
            return self._vitals.report(ComponentState.NOT_REACHABLE, "payment.not_reachable")
        for fault, said in _REFUSES.items():
            if self._has(fault):
                return self._vitals.report(*said)
        if self._has("out_of_paper"):
            return self._vitals.report(ComponentState.MEDIA_LOW, "payment.out_of_paper")
        if self._running is not None:
            return self._vitals.report(ComponentState.BUSY)
        return self._vitals.report(ComponentState.READY)

    async def pay(self, reference: str, amount_minor: int, currency: str, *, timeout_s: float) -> PaymentResult:
        """Charge once under this reference; asked again it tells what became of the first time."""
        if self._ledger is None or self._strikes("not_reachable"):
            return PaymentResult(reference, PaymentOutcome.DECLINED, cause="payment.not_reachable")
        refused = next((cause for fault, (_, cause) in _REFUSES.items() if self._strikes(fault)), "")
        if refused:
            return PaymentResult(reference, PaymentOutcome.DECLINED, cause=refused)
        if not _is_sound(reference, amount_minor, currency):
            return PaymentResult(reference, PaymentOutcome.DECLINED, cause="payment.request_refused")
        if self._running is not None:
            is_same = self._running.reference == reference
            outcome = PaymentOutcome.UNKNOWN if is_same else PaymentOutcome.DECLINED
            return PaymentResult(reference, outcome, cause="payment.device_busy")
        known = self._ledger.find(reference)
        if known is not None:
            return self._answer_again(known)
        fault = next((name for name in _PAYMENT_FAULTS if self._strikes(name)), "")
        cause = _NO_CHARGE.get(fault, "")
        will = ChargeState.DECLINED if fault in _NO_CHARGE else ChargeState.CHARGED
        self._ledger.begin(reference, amount_minor, currency, will, cause)
        return await self._work(reference, fault, timeout_s)

    async def abort(self, reference: str) -> None:
        """Stop the payment in progress under this reference, unless it is decided or the device will not."""
        if self._running is not None and self._running.reference == reference and not self._strikes("abort_ignored"):
            self._running.aborted.set()

    async def query(self, reference: str, amount_minor: int, currency: str, *, timeout_s: float) -> PaymentResult:
        """Tell what became of a reference; a pending one ends at the second question."""
        del amount_minor, currency, timeout_s
        if self._ledger is None or self._has("not_reachable") or self._strikes("query_lost"):
            return PaymentResult(reference, PaymentOutcome.UNKNOWN, cause="payment.not_reachable")
        if self._running is not None and self._running.reference == reference:
            return PaymentResult(reference, PaymentOutcome.IN_PROGRESS)
        known = self._ledger.find(reference)
        if known is None:
            return PaymentResult(reference, PaymentOutcome.NOT_FOUND)
        if known.state is ChargeState.PENDING:
            return self._ask_pending(known)
        return _result(known)

    async def reverse(self, reference: str, amount_minor: int, currency: str, *, timeout_s: float) -> PaymentResult:
        """Give a charge back in full, once; asked again it says so again."""
        del timeout_s
        if self._ledger is None or self._has("not_reachable") or self._strikes("reversal_lost_before"):
            return PaymentResult(reference, PaymentOutcome.UNKNOWN, cause="payment.not_reachable")
        known = self._ledger.find(reference)
        if known is None or known.state is not ChargeState.CHARGED:
            return _nothing_to_reverse(reference, known)
        if self._strikes("reversal_refused") or (amount_minor, currency) != (known.amount_minor, known.currency):
            return PaymentResult(reference, PaymentOutcome.DECLINED, cause="payment.reversal_refused")
        self._ledger.settle(reference, ChargeState.REVERSED, "payment.reversed")
        self._vitals.count("reversals")
        if self._strikes("reversal_lost_after"):
            return PaymentResult(reference, PaymentOutcome.UNKNOWN, cause="payment.answer_lost")
        return PaymentResult(reference, PaymentOutcome.APPROVED, known.amount_minor, str(known.number))

    async def totals(self, *, timeout_s: float) -> DayTotals:
        """Return what was charged, and not given back, since the last end of day."""
        del timeout_s
        day = self._reachable_book().day()
        return DayTotals(len(day), sum(c.amount_minor for c in day), day[-1].currency if day else "")

    async def end_of_day(self, *, timeout_s: float) -> DayTotals:
        """Return the totals and begin a new day."""
        totals = await self.totals(timeout_s=timeout_s)
        self._book().close_day()
        return totals

    def settle_late(self) -> tuple[str, ...]:
        """Let everything pending end now, as it was going to; return the references."""
        running = self._running.reference if self._running else None
        pending = [c for c in self._book().charges if c.state is ChargeState.PENDING and c.reference != running]
        for charge in pending:
            self._settle(charge)
        return tuple(charge.reference for charge in pending)

    async def _work(self, reference: str, fault: str, timeout_s: float) -> PaymentResult:
        running = self._running = _Running(reference, asyncio.Event())
        try:
            is_aborted = await _elapses_or(running.aborted, self._slow_s if self._strikes("slow") else self._think_s)
            return await self._decide(running, fault, timeout_s, is_aborted=is_aborted)
        except asyncio.CancelledError:
            self._settle_if_pending(reference)  # the program went away; the device goes on
            raise
        finally:
            self._running = None

    async def _decide(self, running: _Running, fault: str, timeout_s: float, *, is_aborted: bool) -> PaymentResult:
        reference = running.reference
        if is_aborted:
            return _result(self._book().settle(reference, ChargeState.DECLINED, "payment.aborted"))
        if fault in _PENDING:
            is_no = fault == "late_approval_after_decline"
            outcome = PaymentOutcome.DECLINED if is_no else PaymentOutcome.UNKNOWN
            return PaymentResult(reference, outcome, cause="payment.declined" if is_no else "payment.answer_lost")
        self._settle_if_pending(reference)
        if fault == "mute":
            await _elapses_or(running.aborted, timeout_s)
        if fault in _LOST:
            return PaymentResult(reference, PaymentOutcome.UNKNOWN, cause="payment.answer_lost")
        charge = self._book().find(reference)
        return _result(charge) if charge else PaymentResult(reference, PaymentOutcome.UNKNOWN)

    def _ask_pending(self, charge: Charge) -> PaymentResult:
        asked = self._asked[charge.reference] = self._asked.get(charge.reference, 0) + 1
        if asked < QUERIES_UNTIL_SETTLED:
            return PaymentResult(charge.reference, PaymentOutcome.IN_PROGRESS)
        return _result(self._settle(charge))

    def _answer_again(self, known: Charge) -> PaymentResult:
        if known.state is ChargeState.PENDING:
            return PaymentResult(known.reference, PaymentOutcome.UNKNOWN, cause="payment.in_progress")
        return _result(known)

    def _settle_if_pending(self, reference: str) -> None:
        charge = self._book().find(reference)
        if charge is not None and charge.state is ChargeState.PENDING:
            self._settle(charge)

    def _settle(self, charge: Charge) -> Charge:
        self._vitals.count("payments_approved" if charge.will is ChargeState.CHARGED else "payments_declined")
        return self._book().settle(charge.reference, charge.will, charge.cause)

    def _book(self) -> PaymentLedger:
        if self._ledger is None:
            raise DeviceUnavailable("payment.not_started")
        return self._ledger

    def _reachable_book(self) -> PaymentLedger:
        if self._strikes("not_reachable"):
            raise DeviceUnavailable("payment.not_reachable")
        return self._book()


def _is_sound(reference: str, amount_minor: int, currency: str) -> bool:
    return 0 < len(reference) <= TEXT_CHARS_MAX and amount_minor > 0 and len(currency) == 3  # noqa: PLR2004 - ISO 4217


def _result(charge: Charge) -> PaymentResult:
    """Say of a settled charge what a device says; after a reversal nothing is charged any more."""
    if charge.state is ChargeState.CHARGED:
        receipt = (f"SIMULATED {charge.number:06d}", f"{charge.amount_minor / 100:.2f} {charge.currency}")
        return PaymentResult(
            charge.reference,
            PaymentOutcome.APPROVED,
            charge.amount_minor,
            str(charge.number),
            "SIMULATED",
            merchant_receipt=receipt,
        )
    return PaymentResult(charge.reference, PaymentOutcome.DECLINED, cause=charge.cause)


def _nothing_to_reverse(reference: str, known: Charge | None) -> PaymentResult:
    """Answer for what is not charged: given back already, not decided yet, or never charged."""
    if known is not None and known.state is ChargeState.REVERSED:
        return PaymentResult(reference, PaymentOutcome.APPROVED, known.amount_minor, str(known.number))
    if known is not None and known.state is ChargeState.PENDING:
        return PaymentResult(reference, PaymentOutcome.UNKNOWN, cause="payment.in_progress")
    return PaymentResult(reference, PaymentOutcome.DECLINED, cause="payment.nothing_to_reverse")


async def _elapses_or(stop: asyncio.Event, wait_s: float) -> bool:
    """Wait; True when it was stopped before."""
    if wait_s <= 0:
        return stop.is_set()
    try:
        await asyncio.wait_for(stop.wait(), wait_s)
    except TimeoutError:
        return False
    return True
