"""What a scanner is: it hands over what it read, bounded and printable."""

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from hardware.health import Health

TEXT_CHARS_MAX = 2048


class ScanEvent(Struct, frozen=True):
    """A code was read: printable text without control characters, at most TEXT_CHARS_MAX characters."""

    text: str
    symbology: str = ""


class ScanRefused(Struct, frozen=True):
    """A code was read and refused at this edge; `cause` is a key: too_long, not_text, control_characters."""

    cause: str


class Scanner(Protocol):
    """A code reader."""

    @property
    def device_id(self) -> str:
        """Return the id given in the settings."""
        ...

    async def start(self, on_scan: Callable[[ScanEvent | ScanRefused], None]) -> None:
        """Listen; `on_scan` is called on the caller's loop."""
        ...

    async def close(self) -> None:
        """Stop; idempotent."""
        ...

    async def health(self) -> Health:
        """Say how the device is; never raises."""
        ...

    async def enable(self, *, is_on: bool) -> None:
        """Switch reading on or off; codes read while off are dropped."""
        ...
