"""Where the application gets the time from; the domain gets it only in events."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tell wall time and monotonic time."""

    def now(self) -> datetime:
        """Return the time of day, with offset."""
        ...

    def mono_ns(self) -> int:
        """Return monotonic time in ns, comparable within one boot."""
        ...


class SystemClock:
    """Tell the time of the machine, in UTC."""

    def now(self) -> datetime:
        """Return the time of day."""
        return datetime.now(UTC)

    def mono_ns(self) -> int:
        """Return monotonic time in ns."""
        return time.monotonic_ns()


class TrainingClock:
    """Tell a time shifted by `offset`: `--now` of training mode; it goes on as the machine's does."""

    def __init__(self, offset: timedelta) -> None:
        self._offset = offset

    def now(self) -> datetime:
        """Return the shifted time of day."""
        return datetime.now(UTC) + self._offset

    def mono_ns(self) -> int:
        """Return the machine's monotonic time in ns."""
        return time.monotonic_ns()
