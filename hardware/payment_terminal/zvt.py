"""Card terminals that speak ZVT over TCP (Germany, Austria, Switzerland), with three outcomes.

The device keeps no reference of ours. So before a payment is asked for, the device's last transaction is noted; after
silence the last transaction is asked for again. A new one of the same amount and time is ours; the same as before,
on an idle device, means nothing was charged; anything else stays UNKNOWN.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from hardware.errors import DeviceError, DeviceUnavailable
from hardware.health import ComponentState, Health
from hardware.payment_terminal.interface import DayTotals, PaymentOutcome, PaymentResult
from hardware.payment_terminal.zvt_codec import Status, bcd, from_bcd, parse_version
from hardware.payment_terminal.zvt_link import (
    AUTHORISE,
    BUSY_CODE,
    DIAGNOSE,
    END_OF_DAY,
    ENQUIRE,
    REPEAT,
    TOTALS,
    Heard,
    LineLostError,
    RefusedError,
    ZvtConversation,
)
from hardware.payment_terminal.zvt_notes import Note, ZvtNotes
from hardware.payment_terminal.zvt_verdict import (
    CAUSES,
    CURRENCY_CODES,
    Answer,
    approve,
    is_amount,
    judge,
    never_begun,
    noted,
    reversal_done,
)
from hardware.trace import WireTrace
from hardware.vitals import Vitals
from hardware.worker import DeviceWorker

PORT = 20007
PREPARE_S = 10.0
_NO_RECEIPT = frozenset({0x64, 0x83, 0xB4, 0xB5})
T = TypeVar("T")


class ZvtTerminal:
    """A `PaymentTerminal` over ZVT.

    Args:
        device_id: the id given in the settings.
        host: the device's address.
        port: its ZVT port.
        notes_path: where the driver notes what it asked for.
        password: the device's cashier password.
        currency: the one it is registered with.
        quiet_s: how long after asking an idle device that shows nothing new is not yet believed: the request may
            still be on its way.
        trace: where what goes over the wire is written down, scrubbed.
    """

    def __init__(
        self,
        device_id: str,
        host: str,
        notes_path: Path,
        *,
        port: int = PORT,
        password: int = 0,
        currency: str = "EUR",
        quiet_s: float = 5.0,
        trace: WireTrace | None = None,
    ) -> None:
        self._device_id = device_id
        self._address = (host, port)
        self._notes_path = notes_path
        self._password = password
        self._currency = currency
        self._quiet_s = quiet_s
        self._trace = trace
        self._notes: ZvtNotes | None = None
        self._worker = DeviceWorker(device_id)
        self._running = ""
        self._stop = threading.Event()
        self._vitals = Vitals(device_id, "payment_device", model="ZVT")

    @property
    def device_id(self) -> str:
        """Return the id given in the settings."""
        return self._device_id

    @property
    def keeps_our_reference(self) -> bool:
        """It does not."""
        return False

    async def start(self) -> None:
        """Open the notes; the device is spoken to when it is needed."""
        if self._notes is None:
            self._notes = ZvtNotes(self._notes_path)
            self._worker.start()

    async def close(self) -> None:
        """End the thread and close the notes; idempotent."""
        if self._notes is not None:
            self._stop.set()
            if self._worker.stop():
                self._notes.close()
            self._notes = None

    async def health(self) -> Health:
        """Ask the device how it is, unless a payment is under way."""
        if self._notes is None:
            return self._vitals.report(ComponentState.NOT_REACHABLE, "payment.not_started")
        if self._running:
            return self._vitals.report(ComponentState.BUSY)
        try:
            state, cause, detail = await self._worker.run(self._ask_how_it_is)
        except DeviceError as error:
            return self._vitals.report(ComponentState.BUSY, error.key)
        return self._vitals.report(state, cause, detail=detail)

    async def pay(self, reference: str, amount_minor: int, currency: str, *, timeout_s: float) -> PaymentResult:
        """Ask for money once under this reference; a reference that was begun is never sent again."""
        notes = self._notes
        if notes is None:
            return Answer(reference, PaymentOutcome.DECLINED, cause="payment.not_reachable")
        if currency not in CURRENCY_CODES or not 0 < amount_minor < 10**12 or not reference:
            return Answer(reference, PaymentOutcome.DECLINED, cause="payment.request_refused")
        if self._running:
            outcome = PaymentOutcome.UNKNOWN if self._running == reference else PaymentOutcome.DECLINED
            return Answer(reference, outcome, cause="payment.device_busy")
        note = notes.find(reference)
        if note is not None:
            return noted(note)
        self._running = reference
        self._stop.clear()
        try:
            return await self._worker.run(lambda: self._pay(notes, reference, amount_minor, currency, timeout_s))
        finally:
            self._running = ""

    async def abort(self, reference: str) -> None:
        """Ask the device to stop the payment under this reference."""
        if self._running == reference:
            self._stop.set()

    async def query(self, reference: str, amount_minor: int, currency: str, *, timeout_s: float) -> PaymentResult:
        """Tell what became of a payment, by our notes and the device's last transaction."""
        notes = self._notes
        if notes is None:
            return Answer(reference, PaymentOutcome.UNKNOWN, cause="payment.not_reachable")
        if self._running == reference:
            return Answer(reference, PaymentOutcome.IN_PROGRESS)
        try:
            last = await self._worker.run(lambda: self._converse(_last, timeout_s))
        except RefusedError as refused:
            is_busy = refused.code == BUSY_CODE
            return Answer(reference, PaymentOutcome.IN_PROGRESS if is_busy else PaymentOutcome.UNKNOWN)
        except (LineLostError, DeviceError):
            return Answer(reference, PaymentOutcome.UNKNOWN, cause="payment.not_reachable")
        note = notes.find(reference)
        if note is None:
            return never_begun(notes, reference, amount_minor, currency, last)
        return noted(note) if note.outcome else judge(notes, note, last, self._quiet_s)

    async def reverse(self, reference: str, amount_minor: int, currency: str, *, timeout_s: float) -> PaymentResult:
        """Give a payment back by its receipt number; asked again it looks first whether it is done."""
        notes = self._notes
        if notes is None:
            return Answer(reference, PaymentOutcome.UNKNOWN, cause="payment.not_reachable")
        note = notes.find(reference)
        if note is None or (note.amount_minor, note.currency) != (amount_minor, currency):
            return Answer(reference, PaymentOutcome.DECLINED, cause="payment.nothing_to_reverse")
        if note.reversal == "done":
            return Answer(reference, PaymentOutcome.APPROVED, amount_minor, str(note.receipt))
        if note.outcome != PaymentOutcome.APPROVED:
            outcome = PaymentOutcome.DECLINED if note.outcome else PaymentOutcome.UNKNOWN
            return Answer(reference, outcome, cause="payment.nothing_to_reverse")
        return await self._worker.run(lambda: self._reverse(notes, note, timeout_s))

    async def totals(self, *, timeout_s: float) -> DayTotals:
        """Ask for the turnover totals (06 10)."""
        return await self._totals(TOTALS, timeout_s)

    async def end_of_day(self, *, timeout_s: float) -> DayTotals:
        """Close the device's day (06 50)."""
        return await self._totals(END_OF_DAY, timeout_s)

    async def diagnose(self, *, timeout_s: float) -> tuple[str, ...]:
        """Let the device test its line to its host (06 70); return what it prints.

        Raises:
            DeviceUnavailable: it does not answer or refuses.
        """
        heard = await self._or_unavailable(lambda z: z.ask(DIAGNOSE, b""), timeout_s)
        return tuple(heard.lines)

    def _ask_how_it_is(self) -> tuple[ComponentState, str, str]:
        """Return state, cause and detail by a status enquiry (05 01)."""
        try:
            heard = self._converse(lambda z: z.with_password(ENQUIRE), PREPARE_S)
            version, status = parse_version(heard.completion) if heard.completion else ("", 0)
        except RefusedError as refused:
            is_busy = refused.code == BUSY_CODE
            return (ComponentState.BUSY, "", "") if is_busy else (ComponentState.HARDWARE_ERROR, "payment.refuses", "")
        except DeviceUnavailable:
            return ComponentState.NOT_REACHABLE, "payment.not_reachable", ""
        except LineLostError:
            return ComponentState.NOT_REACHABLE, "payment.no_answer", ""
        except DeviceError as error:
            return ComponentState.SOFTWARE_ERROR, error.key, error.detail
        self._vitals.firmware = version
        if status:
            return ComponentState.HARDWARE_ERROR, "payment.not_ready", f"{status:02X}"
        return ComponentState.READY, "", ""

    def _converse(self, call: Callable[[ZvtConversation], T], timeout_s: float) -> T:
        code = CURRENCY_CODES.get(self._currency, 978)
        with ZvtConversation(self._address, self._password, code, timeout_s, self._trace) as zvt:
            zvt.register()
            return call(zvt)

    def _pay(self, notes: ZvtNotes, reference: str, amount: int, currency: str, timeout_s: float) -> PaymentResult:
        code = CURRENCY_CODES[currency]
        try:
            with ZvtConversation(self._address, self._password, code, PREPARE_S, self._trace) as zvt:
                zvt.register()
                before = _last(zvt)
                before_trace = before.trace if before else 0
                notes.begin(reference, amount, currency, before_trace)
                return self._authorise(zvt, notes, reference, timeout_s)
        except (RefusedError, LineLostError, DeviceError):
            if notes.find(reference) is None:
                return Answer(reference, PaymentOutcome.DECLINED, cause="payment.not_reachable")
            return Answer(reference, PaymentOutcome.UNKNOWN, cause="payment.answer_lost")

    def _authorise(self, zvt: ZvtConversation, notes: ZvtNotes, reference: str, timeout_s: float) -> PaymentResult:
        note = notes.find(reference)
        if note is None:
            raise DeviceUnavailable("payment.not_started")
        data = b"\x04" + bcd(note.amount_minor, 6) + b"\x49" + bcd(CURRENCY_CODES[note.currency], 2)
        try:
            heard = zvt.ask(
                AUTHORISE,
                data,
                timeout_s=timeout_s,
                wants_stop=self._stop.is_set,
                is_stale=lambda s: s.trace != 0 and s.trace == note.before_trace,
            )
        except RefusedError as refused:
            cause = CAUSES.get(refused.code, "payment.device_refused")
            notes.end(reference, PaymentOutcome.DECLINED, cause=cause)
            return Answer(reference, PaymentOutcome.DECLINED, cause=cause)
        return self._concluded(notes, note, heard)

    def _concluded(self, notes: ZvtNotes, note: Note, heard: Heard) -> PaymentResult:
        status = heard.status
        code = heard.abort_code if heard.abort_code is not None else status.result_code if status else None
        if code:
            cause = CAUSES.get(code, "payment.declined")
            notes.end(note.reference, PaymentOutcome.DECLINED, trace=status.trace if status else 0, cause=cause)
            self._vitals.count("payments_declined")
            return Answer(note.reference, PaymentOutcome.DECLINED, cause=cause)
        if status is None or heard.abort_code is not None or not is_amount(status, note):
            return Answer(note.reference, PaymentOutcome.UNKNOWN, cause="payment.answer_unclear")
        self._vitals.count("payments_approved")
        return approve(notes, note, status, tuple(heard.lines))

    def _reverse(self, notes: ZvtNotes, note: Note, timeout_s: float) -> PaymentResult:
        was_begun = note.reversal == "begun"
        try:
            code = CURRENCY_CODES[note.currency]
            with ZvtConversation(self._address, self._password, code, PREPARE_S, self._trace) as zvt:
                zvt.register()
                last = _last(zvt)
                if was_begun and last is not None and last.reversed_trace == note.trace and not last.result_code:
                    return reversal_done(notes, note)
                notes.reversal(note.reference, "begun")
                heard = zvt.reverse(note.receipt, timeout_s)
        except RefusedError:
            outcome = PaymentOutcome.UNKNOWN if was_begun else PaymentOutcome.DECLINED
            return Answer(note.reference, outcome, cause="payment.reversal_refused")
        except (LineLostError, DeviceError):
            return Answer(note.reference, PaymentOutcome.UNKNOWN, cause="payment.answer_lost")
        status = heard.status
        if status is not None and not status.result_code and heard.abort_code is None and is_amount(status, note):
            return reversal_done(notes, note)
        outcome = PaymentOutcome.UNKNOWN if was_begun else PaymentOutcome.DECLINED
        return Answer(note.reference, outcome, cause="payment.reversal_refused")

    async def _totals(self, control: int, timeout_s: float) -> DayTotals:
        heard = await self._or_unavailable(lambda z: z.with_password(control), timeout_s)
        status = heard.status
        if status is None or status.result_code:
            raise DeviceUnavailable("payment.no_totals")
        return DayTotals(_count(status), status.amount_minor, self._currency)

    async def _or_unavailable(self, call: Callable[[ZvtConversation], Heard], timeout_s: float) -> Heard:
        try:
            heard = await self._worker.run(lambda: self._converse(call, timeout_s))
        except (RefusedError, LineLostError) as error:
            raise DeviceUnavailable("payment.no_answer", str(error)) from None
        if heard.abort_code:
            raise DeviceUnavailable("payment.device_refused", f"{heard.abort_code:02X}")
        return heard


def _last(zvt: ZvtConversation) -> Status | None:
    """Return the device's last transaction; None where it has none."""
    try:
        heard = zvt.with_password(REPEAT)
    except RefusedError as refused:
        if refused.code in _NO_RECEIPT:
            return None
        raise
    if heard.abort_code == BUSY_CODE:
        raise RefusedError(BUSY_CODE)
    return heard.status


def _count(status: Status) -> int:
    """Return how many transactions the totals hold: BMP 60 is two receipt numbers, then seven counts with sums."""
    totals = status.fields.get(0x60, b"")[4:]
    groups = [totals[i : i + 7] for i in range(0, len(totals) - 6, 7)]
    return sum(g[0] for g in groups if from_bcd(g[1:]) or g[0])
