"""What an operator decides about a pretix, and the clock the platform reads."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tell the time."""

    def now(self) -> datetime:
        """Return the time now, with an offset."""
        ...


@dataclass(frozen=True, slots=True)
class PretixConfig:
    """What an operator decides; `hold_key` (16 random bytes or more) makes our holds unguessable.

    `is_training`: sell the events in the server's test mode, and only those; else only the others.
    """

    platform_id: str
    name: str
    currency: str
    zone: str
    channel: str
    hold_key: bytes = field(repr=False)
    hold_s: int = 600
    read_timeout_s: float = 20.0
    is_training: bool = False
