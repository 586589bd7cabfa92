"""The driver's own durable notes: which reference was begun after which transaction of the device, and how it ended.

ZVT keeps no reference of ours. What is noted before a request is sent lets a later question tell apart the last
transaction of the device from the one that was asked for.
"""

import time
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from hardware.ledger_file import LedgerFile, read_ledger


class Note(Struct, frozen=True):
    """One reference; `before_trace` is the device's last transaction when it was begun, `outcome` empty while open."""

    reference: str
    amount_minor: int
    currency: str
    before_trace: int
    begun_s: int
    outcome: str = ""
    trace: int = 0
    receipt: int = 0
    cause: str = ""
    reversal: str = ""  # begun, done


class ZvtNotes:
    """Notes on an append-only file."""

    def __init__(self, path: Path) -> None:
        self._file = LedgerFile(path)
        self._notes: dict[str, Note] = {}
        for record in read_ledger(path):
            self._take(record)

    @property
    def last(self) -> Note | None:
        """Return the reference begun last."""
        return next(reversed(self._notes.values()), None)

    def find(self, reference: str) -> Note | None:
        """Return what was noted of a reference."""
        return self._notes.get(reference)

    def is_attributed(self, trace: int) -> bool:
        """Say whether a transaction of the device is known to belong to some reference."""
        return any(n.trace == trace for n in self._notes.values())

    def begin(self, reference: str, amount_minor: int, currency: str, before_trace: int) -> None:
        """Note, durably, that a payment is about to be asked for."""
        self._write(
            {
                "event": "begin",
                "reference": reference,
                "amount_minor": amount_minor,
                "currency": currency,
                "before_trace": before_trace,
                "begun_s": int(time.time()),
            }
        )

    def end(self, reference: str, outcome: str, *, trace: int = 0, receipt: int = 0, cause: str = "") -> None:
        """Note how it ended."""
        self._write(
            {
                "event": "end",
                "reference": reference,
                "outcome": outcome,
                "trace": trace,
                "receipt": receipt,
                "cause": cause,
            }
        )

    def reversal(self, reference: str, state: str) -> None:
        """Note that a reversal was begun or is done."""
        self._write({"event": "reversal", "reference": reference, "state": state})

    def close(self) -> None:
        """Let go of the file; idempotent."""
        self._file.close()

    def _write(self, record: dict[str, str | int]) -> None:
        self._file.append(record)
        self._take(record)

    def _take(self, record: dict[str, str | int]) -> None:
        reference = str(record["reference"])
        match record["event"]:
            case "begin":
                amount, before = int(record["amount_minor"]), int(record["before_trace"])
                note = Note(reference, amount, str(record["currency"]), before, int(record["begun_s"]))
            case "end":
                note = replace(
                    self._notes[reference],
                    outcome=str(record["outcome"]),
                    trace=int(record["trace"]),
                    receipt=int(record["receipt"]),
                    cause=str(record["cause"]),
                )
            case "reversal":
                note = replace(self._notes[reference], reversal=str(record["state"]))
            case other:
                raise ValueError(f"a note of unknown kind {other!r}")
        self._notes[reference] = note
