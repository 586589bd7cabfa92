"""What the notes and the device's last transaction say of a payment: done, not done, or not to be told.

ZVT keeps no reference of ours, so every answer is drawn from amount, currency, time and what was attributed before.
"""

import time
from datetime import datetime, timedelta

from hardware.payment_terminal.interface import PaymentOutcome, PaymentResult
from hardware.payment_terminal.zvt_codec import Status
from hardware.payment_terminal.zvt_notes import Note, ZvtNotes

CLOCK_TOLERANCE = timedelta(minutes=15)
CURRENCY_CODES = {
    "EUR": 978,
    "CHF": 756,
    "GBP": 826,
    "USD": 840,
    "RON": 946,
    "CZK": 203,
    "HUF": 348,
    "PLN": 985,
    "SEK": 752,
    "NOK": 578,
    "DKK": 208,
    "BGN": 975,
    "TRY": 949,
    "CNY": 156,
    "JPY": 392,
}
# Result codes (PA00P015, chapter 10) → message keys; every other one is a plain decline.
CAUSES = {0x6C: "payment.aborted", 0x6D: "payment.aborted", 0x9C: "payment.device_busy", 0x83: "payment.not_possible"}
Answer = PaymentResult


def is_amount(status: Status, note: Note) -> bool:
    """Say whether a transaction is of the noted amount and currency, as far as the device tells them."""
    is_currency = status.currency_code in (0, CURRENCY_CODES.get(note.currency))
    return is_currency and (not status.says_amount or status.amount_minor == note.amount_minor)


def _is_timely(status: Status, note: Note) -> bool:
    """Say whether the device's clock puts a transaction near the moment we began; the year is ours."""
    begun = datetime.fromtimestamp(note.begun_s)  # noqa: DTZ006 - the device tells local time without a zone
    for year in (begun.year, begun.year - 1, begun.year + 1):
        try:
            at = datetime.strptime(f"{year}{status.date}{status.time}", "%Y%m%d%H%M%S")  # noqa: DTZ007 - the same
        except ValueError:
            continue
        if abs(at - begun) <= CLOCK_TOLERANCE:
            return True
    return False


def judge(notes: ZvtNotes, note: Note, last: Status | None, quiet_s: float) -> PaymentResult:
    """Decide an open reference by the last transaction of an idle device; in doubt it stays unknown."""
    reference = note.reference
    unknown = Answer(reference, PaymentOutcome.UNKNOWN, cause="payment.cannot_tell")
    newest = notes.last
    trace = last.trace if last else 0
    is_newest = newest is not None and newest.reference == reference
    # Where another payment was begun since, the last transaction is not this one's.
    if not is_newest or (trace != note.before_trace and (last is None or not _is_ours(notes, note, last))):
        return unknown
    if trace == note.before_trace:
        if time.time() < note.begun_s + quiet_s:
            return Answer(reference, PaymentOutcome.IN_PROGRESS)
        notes.end(reference, PaymentOutcome.DECLINED, cause="payment.never_charged")
        return Answer(reference, PaymentOutcome.NOT_FOUND)
    if last is None:
        return unknown
    if last.result_code:
        cause = CAUSES.get(last.result_code, "payment.declined")
        notes.end(reference, PaymentOutcome.DECLINED, trace=trace, cause=cause)
        return Answer(reference, PaymentOutcome.DECLINED, cause=cause)
    return approve(notes, note, last, ())


def _is_ours(notes: ZvtNotes, note: Note, last: Status) -> bool:
    """Say whether the device's last transaction can only be the one noted: amount, currency, time, nobody else's."""
    is_free = not last.reversed_trace and not notes.is_attributed(last.trace)
    return is_free and last.says_amount and is_amount(last, note) and _is_timely(last, note)


def never_begun(
    notes: ZvtNotes, reference: str, amount_minor: int, currency: str, last: Status | None
) -> PaymentResult:
    """Answer for a reference without a note; notes get lost: an unclaimed transaction of its amount leaves a doubt."""
    is_ours_perhaps = (
        last is not None
        and not last.result_code
        and last.amount_minor == amount_minor
        and last.currency_code in (0, CURRENCY_CODES.get(currency))
        and not notes.is_attributed(last.trace)
    )
    return Answer(reference, PaymentOutcome.UNKNOWN if is_ours_perhaps else PaymentOutcome.NOT_FOUND)


def approve(notes: ZvtNotes, note: Note, status: Status, lines: tuple[str, ...]) -> PaymentResult:
    """Note that a payment was approved, then say so."""
    outcome = PaymentOutcome.APPROVED
    notes.end(note.reference, outcome, trace=status.trace, receipt=status.receipt)
    amount = status.amount_minor if status.says_amount else note.amount_minor
    return Answer(note.reference, outcome, amount, str(status.receipt), status.card_name, merchant_receipt=lines)


def reversal_done(notes: ZvtNotes, note: Note) -> PaymentResult:
    """Note that a payment was given back, then say so."""
    notes.reversal(note.reference, "done")
    return Answer(note.reference, PaymentOutcome.APPROVED, note.amount_minor, str(note.receipt))


def noted(note: Note) -> PaymentResult:
    """Say of a reference what was noted."""
    if note.reversal == "done":
        return Answer(note.reference, PaymentOutcome.DECLINED, cause="payment.reversed")
    if not note.outcome:
        return Answer(note.reference, PaymentOutcome.UNKNOWN, cause="payment.in_progress")
    if note.outcome == PaymentOutcome.APPROVED:
        return Answer(note.reference, PaymentOutcome.APPROVED, note.amount_minor, str(note.receipt))
    return Answer(note.reference, PaymentOutcome.DECLINED, cause=note.cause)
