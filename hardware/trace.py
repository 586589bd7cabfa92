"""The last exchanges on one device's wire, as words that cannot hold what went over it.

Drivers say what was sent and heard by the names of commands and by lengths; raw bytes never come here. What repeats
(a status asked for every second, the strips of a picture) is counted and not written again, so that the ring holds
what is worth reading.
"""

import threading
from datetime import UTC, datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

EXCHANGES_MAX = 80
CYCLE_MAX = 16  # so many exchanges that come again in the same order are one that was repeated
WHAT_CHARS_MAX = 160


class Direction(StrEnum):
    """Which way an exchange went, or that the line itself changed."""

    OUT = "out"
    IN = "in"
    LINE = "line"


class Exchange(Struct, frozen=True):
    """One exchange: `octets` is how many bytes, over all `times` it was repeated; `at` is when it was last."""

    at: datetime
    direction: Direction
    what: str
    octets: int = 0
    times: int = 1

    def is_like(self, other: "Exchange") -> bool:
        """Say whether it is the same once more."""
        return (self.direction, self.what) == (other.direction, other.what)


class WireTrace:
    """A bounded ring of exchanges, written by a device's threads and read by any."""

    def __init__(self, most: int = EXCHANGES_MAX) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._ring: list[Exchange] = []

    def note(self, direction: Direction, what: str, octets: int = 0) -> None:
        """Write one exchange down."""
        safe = "".join(char if char.isprintable() else " " for char in what[:WHAT_CHARS_MAX])
        with self._lock:
            self._ring.append(Exchange(datetime.now(UTC), direction, safe, octets))
            self._fold()
            del self._ring[: -self._most]

    def exchanges(self) -> tuple[Exchange, ...]:
        """Return what happened, oldest first."""
        with self._lock:
            return tuple(self._ring)

    def _fold(self) -> None:
        """Count a run of exchanges that repeats the one just before it, instead of keeping it twice."""
        ring = self._ring
        for size in range(1, min(CYCLE_MAX, len(ring) // 2) + 1):
            before, latest = ring[-2 * size : -size], ring[-size:]
            if all(map(Exchange.is_like, before, latest)):
                ring[-2 * size :] = [
                    replace(now, octets=was.octets + now.octets, times=was.times + now.times)
                    for was, now in zip(before, latest, strict=True)
                ]
                return
