"""What a terminal uses up, across restarts: paper since the last roll, cuts, cards, money since the last count.

Devices count since this process began; here that is added up and kept. A power cut loses at most what happened since
the last look at the devices; the difference of a cash count does not suffer, for it rests on the unit's own counts.
"""

import asyncio
import contextlib
import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from hardware.usage import Counting
from kiosk.application.clock import Clock
from kiosk.application.private_file import write_private

PAPER, CUTS, CARDS = "paper_mm", "cuts", "cards"
Pieces = Mapping[int, int]  # value in minor units → how many


class Count(Struct, frozen=True):
    """A booked count of a cash unit: what was counted, and what the unit said lay in it then."""

    at: datetime
    counted: dict[int, int]
    unit: dict[int, int]


class Used(Struct, frozen=True):
    """What a device has used since `since`: the last roll, the last count, or the first time it was seen."""

    since: datetime
    counts: dict[str, int]
    count: Count | None = None

    def pieces(self, way: str) -> dict[int, int]:
        """Return the pieces that came in ("in") or went out ("out"), by value."""
        stem = f"{way}_"
        found = {int(name.removeprefix(stem)): n for name, n in self.counts.items() if name.startswith(stem)}
        return dict(sorted(found.items()))


class CountLine(Struct, frozen=True):
    """One value of a cash count."""

    value_minor: int
    expected: int
    counted: int

    @property
    def difference(self) -> int:
        """Return how many pieces too many; negative: missing."""
        return self.counted - self.expected


class Unbooked(Struct, frozen=True):
    """A count that was begun: by whom, what the unit said then, and the digits typed so far, which grow."""

    actor: str
    unit: dict[int, int]
    typed: dict[int, str]


class Supplies:
    """The book of what is used. Calls that write use the disk: call them on a thread."""

    def __init__(self, file: Path, clock: Clock, devices: Iterable[Any]) -> None:
        """Read the book; one that cannot be read begins anew, and says since when."""
        self._file = file
        self._clock = clock
        self._devices = {each.device_id: each for each in devices if isinstance(each, Counting)}
        self._lock = threading.RLock()  # a face looks while a thread writes
        self._seen: dict[str, dict[str, int]] = {}
        self.unbooked: Unbooked | None = None  # outlives the bench it was begun at, not the program
        try:
            self._book: dict[str, Used] = msgspec.json.decode(file.read_bytes(), type=dict[str, Used])
        except (OSError, msgspec.DecodeError):
            self._book = {}

    def of(self, device_id: str) -> Used:
        """Return what a device has used, what it counts right now included."""
        with self._lock:
            return self._of(device_id)

    def _of(self, device_id: str) -> Used:
        kept = self._book.get(device_id) or Used(self._clock.now(), {})
        device = self._devices.get(device_id)
        return kept if device is None else replace(kept, counts=_sum(kept.counts, self._fresh(device)))

    def stand(self) -> tuple[object, ...]:
        """Return something that is another thing as soon as anything was used or booked."""
        with self._lock:
            return (self._book, *(tuple(each.used.values()) for each in self._devices.values()))

    def take(self) -> None:
        """Add what the devices counted since the last time, durably. Raises OSError: it is added the next time."""
        with self._lock:
            self._take()

    def _take(self) -> None:
        fresh = {each.device_id: self._fresh(each) for each in self._devices.values()}
        book = dict(self._book)
        for device_id, counts in fresh.items():
            kept = book.get(device_id)
            if kept is None or counts:
                kept = kept or Used(self._clock.now(), {})
                book[device_id] = replace(kept, counts=_sum(kept.counts, counts))
        self._write(book)
        for device_id, counts in fresh.items():
            self._seen[device_id] = _sum(self._seen.get(device_id, {}), counts)

    def begin_anew(self, device_id: str, count: Count | None = None) -> Used:
        """Book a new roll or a count: what was used is told and begins at nothing. Raises OSError."""
        with self._lock:
            self._take()
            before = self._of(device_id)
            self._write({**self._book, device_id: Used(self._clock.now(), {}, count or before.count)})
            return before

    def expected(self, device_id: str, unit: Pieces) -> dict[int, int]:
        """Return what should lie in a cash unit: what was counted last, and what the unit says came and went since."""
        last = self.of(device_id).count
        if last is None:
            return dict(unit)
        values = sorted({*unit, *last.counted, *last.unit})
        return {value: last.counted.get(value, 0) + unit.get(value, 0) - last.unit.get(value, 0) for value in values}

    def _fresh(self, device: Counting) -> dict[str, int]:
        """Return what a device counted since it was taken last."""
        seen = self._seen.get(device.device_id, {})
        return {name: n - seen.get(name, 0) for name, n in device.used.items() if n != seen.get(name, 0)}

    def _write(self, book: dict[str, Used]) -> None:
        if book != self._book:
            write_private(self._file, msgspec.json.encode(book))
            self._book = book


def compared(expected: Pieces, counted: Pieces) -> tuple[CountLine, ...]:
    """Return the lines of a count, smallest value first."""
    values = sorted({*expected, *counted})
    return tuple(CountLine(value, expected.get(value, 0), counted.get(value, 0)) for value in values)


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in sorted({*one, *other})}


class Supplying:
    """Take what devices counted whenever something about them changes, and once more at the end."""

    def __init__(self, supplies: Supplies) -> None:
        self._supplies = supplies
        self._nudged = asyncio.Event()

    def nudge(self) -> None:
        """Take soon."""
        self._nudged.set()

    async def run(self) -> None:
        """Take until cancelled; bootstrap's TaskGroup is the place."""
        while True:
            await self._nudged.wait()
            self._nudged.clear()
            await self.settle()

    async def settle(self) -> None:
        """Take now; what the disk refuses is taken the next time."""
        with contextlib.suppress(OSError):  # the same disk stops every sale, and says so
            await asyncio.to_thread(self._supplies.take)
