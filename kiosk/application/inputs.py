"""What is read at the machine: scans and cards, from every reader, handed to whoever shows the page."""

import asyncio
from collections.abc import Callable, Sequence
from typing import assert_never

from msgspec import Struct

from hardware.card_reader import CardContents, CardEvent, CardEventKind, CardReader
from hardware.errors import DeviceError
from hardware.scanner import ScanEvent, ScanRefused

CARD_READ_S = 5.0


class CodeRead(Struct, frozen=True):
    """A code was scanned: printable, bounded text."""

    text: str


class CodeNotUsable(Struct, frozen=True):
    """Something was scanned and refused at the edge; `cause` is a message key."""

    cause: str


class CardRead(Struct, frozen=True):
    """A card that is not a payment card was read, at the reader of that id."""

    contents: CardContents
    device_id: str = ""


class CardNotUsable(Struct, frozen=True):
    """A card lies on the reader and tells nothing; `cause` is a message key."""

    cause: str


Input = CodeRead | CodeNotUsable | CardRead | CardNotUsable
Listener = Callable[[Input], None]
Catcher = Callable[[Input], bool]


class Inputs:
    """Pass on what is read; the page shown last listens first and alone may use it."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._catchers: list[Catcher] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hand everything read to this listener until it ends or another comes after it; return how to end it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def catch(self, catcher: Catcher) -> Callable[[], None]:
        """Offer everything read to this catcher before any page; what it takes (True) no page sees. Return its end."""
        self._catchers.append(catcher)
        return lambda: self._catchers.remove(catcher) if catcher in self._catchers else None

    def scanned(self, scan: ScanEvent | ScanRefused) -> None:
        """Take what a scanner says, on the loop."""
        match scan:
            case ScanEvent():
                self.tell(CodeRead(scan.text))
            case ScanRefused():
                self.tell(CodeNotUsable(scan.cause))
            case _:
                assert_never(scan)

    def tell(self, read: Input) -> None:
        """Hand over one input; nobody listening means nobody asked for it."""
        if any(catcher(read) for catcher in reversed(tuple(self._catchers))):
            return
        if self._listeners:
            self._listeners[-1](read)


def take_card(
    group: asyncio.TaskGroup, readers: Sequence[CardReader], inputs: Inputs, device_id: str, event: CardEvent
) -> None:
    """Take what a card reader says, on the loop; reading goes on in the group."""
    match event.kind:
        case CardEventKind.INSERTED:
            group.create_task(_read_card(readers, inputs, device_id, event))
        case CardEventKind.MUTE:
            inputs.tell(CardNotUsable("card.mute"))
        case CardEventKind.REMOVED:
            return
        case _:
            assert_never(event.kind)


async def _read_card(readers: Sequence[CardReader], inputs: Inputs, device_id: str, event: CardEvent) -> None:
    reader = next(each for each in readers if each.device_id == device_id)
    try:
        contents = await reader.read(event.card_seq, timeout_s=CARD_READ_S)
    except DeviceError as trouble:
        inputs.tell(CardNotUsable(trouble.key))
        return
    inputs.tell(CardNotUsable("card.payment_card") if contents.is_payment_card else CardRead(contents, device_id))
