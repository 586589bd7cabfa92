"""Card readers behind PC/SC: a watcher thread per reader, a worker thread per card, a time-out of ours on every wait.

No call of PC/SC has a time-out, and SCardCancel does not interrupt an APDU: a card that falls mute blocks its thread
until it is pulled. So a worker that times out is abandoned with its card, and the next card gets a new one.
"""

import asyncio
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import TypeVar

from msgspec import Struct

from hardware.card_reader.interface import ApduResponse, CardContents, CardEvent, CardEventKind
from hardware.card_reader.reading import check_apdu, read_contents, split_answer
from hardware.card_reader.service import CardConnection, load_library
from hardware.card_reader.watcher import ReaderWatcher
from hardware.errors import DeviceUnavailable
from hardware.health import ComponentState, Health
from hardware.trace import Direction, WireTrace
from hardware.usage import Usage
from hardware.vitals import Vitals
from hardware.worker import DeviceWorker

T = TypeVar("T")


class _Session(Struct):
    """One card while it lies there."""

    card_seq: int
    worker: DeviceWorker
    connection: CardConnection
    is_mute: bool

    def retire(self) -> None:
        """Let the thread close the connection and end as soon as it is free."""
        self.worker.abandon(self.connection.close)


class PcscCardReader:
    """A `CardReader`; without pyscard or the PC/SC library it says so in its health and nothing else suffers."""

    def __init__(
        self,
        device_id: str,
        *,
        name_prefix: str = "",
        library: ModuleType | None = None,
        trace: WireTrace | None = None,
    ) -> None:
        self._device_id = device_id
        self._prefix = name_prefix
        self._library = library
        self._trace = trace or WireTrace()
        self._is_missing = False
        self._watcher: ReaderWatcher | None = None
        self._session: _Session | None = None
        self._on_event: Callable[[CardEvent], None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._card_seq = 0
        self._usage = Usage()
        self._vitals = Vitals(device_id, "card_reader", model=name_prefix)

    @property
    def device_id(self) -> str:
        """Return the id given in the settings."""
        return self._device_id

    @property
    def used(self) -> Mapping[str, int]:
        """Return what it has used since this process began."""
        return self._usage.snapshot()

    async def start(self, on_event: Callable[[CardEvent], None]) -> None:
        """Watch for cards; a missing library or service is told by `health`."""
        if self._watcher is not None:
            return
        self._loop = asyncio.get_running_loop()
        self._on_event = on_event
        if self._library is None:
            self._library = await asyncio.to_thread(load_library)
        self._is_missing = self._library is None
        if self._library is not None:
            self._watcher = ReaderWatcher(self._library, self._prefix, self._told)
            self._watcher.start()

    async def close(self) -> None:
        """Stop watching; idempotent."""
        self._on_event = None
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            await asyncio.to_thread(watcher.stop)
        self._retire()

    async def health(self) -> Health:
        """Say how library, service, reader and card are."""
        if self._is_missing:
            return self._vitals.report(ComponentState.OUT_OF_SERVICE, "card_reader.no_library")
        if self._watcher is None:
            return self._vitals.report(ComponentState.NOT_REACHABLE, "card_reader.not_started")
        if self._watcher.cause:
            return self._vitals.report(ComponentState.NOT_REACHABLE, self._watcher.cause)
        self._vitals.model = self._watcher.reader
        session = self._session
        if session is not None and session.is_mute:
            return self._vitals.report(ComponentState.USER_ACTION, "card_reader.card_mute")
        return self._vitals.report(ComponentState.MEDIA_PRESENT if session else ComponentState.READY)

    async def transmit(self, card_seq: int, apdu: bytes, *, timeout_s: float) -> ApduResponse:
        """Exchange one APDU with that card.

        Raises:
            DeviceUnavailable: the card is gone, mute or another; it may still have obeyed.
            DeviceProtocolError: what it answered is no answer.
        """
        check_apdu(apdu)
        return await self._on_card(card_seq, lambda c: split_answer(c.exchange(apdu)), timeout_s)

    async def read(self, card_seq: int, *, timeout_s: float) -> CardContents:
        """Read UID and NDEF of that card; of a payment card only that it is one.

        Raises:
            DeviceUnavailable: the card is gone, mute or another.
            DeviceProtocolError: what it answered is no answer.
        """

        def read(connection: CardConnection) -> CardContents:
            return read_contents(card_seq, lambda apdu: split_answer(connection.exchange(apdu)))

        contents = await self._on_card(card_seq, read, timeout_s)
        self._vitals.count("cards_read")
        return contents

    async def _on_card(self, card_seq: int, call: Callable[[CardConnection], T], timeout_s: float) -> T:
        session = self._session
        if session is None or session.card_seq != card_seq:
            raise DeviceUnavailable("card_reader.card_gone")
        if session.is_mute:
            raise DeviceUnavailable("card_reader.card_mute")
        try:
            return await asyncio.wait_for(session.worker.run(lambda: call(session.connection)), timeout_s)
        except TimeoutError:
            session.is_mute = True
            self._vitals.count("cards_mute")
            raise DeviceUnavailable("card_reader.card_mute") from None
        except asyncio.CancelledError:
            if self._session is not session:
                raise DeviceUnavailable("card_reader.card_gone") from None
            raise

    def _told(self, reader: str, kind: CardEventKind, atr: bytes) -> None:
        """Hand what the watcher saw to the loop; a loop that is closed does not hear it."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._take, reader, kind, atr)

    def _take(self, reader: str, kind: CardEventKind, atr: bytes) -> None:
        if self._on_event is None or self._library is None:
            return
        self._trace.note(Direction.LINE, f"card {kind}")
        self._retire()
        if kind is not CardEventKind.REMOVED:
            self._card_seq += 1
            worker = DeviceWorker(f"{self._device_id}-card")
            worker.start()
            connection = CardConnection(self._library, reader, self._trace)
            self._session = _Session(self._card_seq, worker, connection, kind is CardEventKind.MUTE)
            self._vitals.count("cards_seen")
            self._usage.add("cards")
        self._on_event(CardEvent(reader, kind, self._card_seq, atr))

    def _retire(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.retire()
