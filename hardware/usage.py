"""What a device has used up or moved since this process began: paper, cuts, cards, pieces of money."""

import threading
from collections.abc import Mapping
from typing import Protocol, runtime_checkable


@runtime_checkable
class Counting(Protocol):
    """A device that counts what it uses; asking costs nothing and touches no wire."""

    @property
    def device_id(self) -> str:
        """Return the id given in the settings."""
        ...

    @property
    def used(self) -> Mapping[str, int]:
        """Return name → count since this process began: paper_mm, cuts, cards, in_200, out_50."""
        ...


class Usage:
    """Counts that only grow, added to by a device's thread and read by any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, int] = {}

    def add(self, name: str, count: int = 1) -> None:
        """Add to a count."""
        with self._lock:
            self._counts[name] = self._counts.get(name, 0) + count

    def snapshot(self) -> dict[str, int]:
        """Return the counts as they stand."""
        with self._lock:
            return dict(self._counts)
