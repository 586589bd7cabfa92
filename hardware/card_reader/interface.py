"""What a card reader is: it tells of cards and exchanges APDUs with a time-out of ours."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from hardware.health import Health


class CardEventKind(StrEnum):
    """What happened at a reader."""

    INSERTED = "inserted"
    REMOVED = "removed"
    MUTE = "mute"


class CardEvent(Struct, frozen=True):
    """A card came or went; `card_seq` counts insertions, so a quick swap of two like cards is two events."""

    reader: str
    kind: CardEventKind
    card_seq: int
    atr: bytes = b""


class ApduResponse(Struct, frozen=True):
    """What a card answered: data and status word."""

    data: bytes
    sw: int


class CardContents(Struct, frozen=True):
    """What we read of a card that is not a payment card: its UID in hex and its NDEF texts and URIs."""

    card_seq: int
    uid: str
    ndef: tuple[str, ...] = ()
    is_payment_card: bool = False


class CardReader(Protocol):
    """A contactless or contact card reader."""

    @property
    def device_id(self) -> str:
        """Return the id given in the settings."""
        ...

    @property
    def used(self) -> Mapping[str, int]:
        """Return how many cards were put on since this process began."""
        ...

    async def start(self, on_event: Callable[[CardEvent], None]) -> None:
        """Watch for cards; `on_event` is called on the caller's loop. A missing service is not an error."""
        ...

    async def close(self) -> None:
        """Stop watching; idempotent."""
        ...

    async def health(self) -> Health:
        """Say how reader and service are; never raises."""
        ...

    async def transmit(self, card_seq: int, apdu: bytes, *, timeout_s: float) -> ApduResponse:
        """Exchange one APDU with that card; DeviceUnavailable when it is gone, mute or another."""
        ...

    async def read(self, card_seq: int, *, timeout_s: float) -> CardContents:
        """Read UID and NDEF of that card; a payment card is recognised and not read."""
        ...
