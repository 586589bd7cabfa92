"""A card reader in process: cards are put on, taken off, swapped and fall mute at a call."""

import asyncio
from collections.abc import Callable, Mapping

from msgspec import Struct, field

from hardware.card_reader.interface import ApduResponse, CardContents, CardEvent, CardEventKind
from hardware.errors import DeviceUnavailable
from hardware.faults import FaultSwitch
from hardware.health import ComponentState, Health
from hardware.usage import Usage
from hardware.vitals import Vitals

FAULTS = {
    "service_absent": "The card service does not run; no card is seen.",
    "unplugged": "The reader is unplugged; a card on it is gone.",
    "nonsense": "The reader answers what fits no manual; no card is seen.",
    "mute_cards": "Cards are seen and answer nothing.",
}
GET_UID = bytes.fromhex("FFCA000000")


class SimulatedCard(Struct, frozen=True):
    """A card: UID in hex, NDEF texts, answers to further APDUs by command."""

    uid: str
    ndef: tuple[str, ...] = ()
    is_payment_card: bool = False
    is_mute: bool = False
    answers: Mapping[bytes, ApduResponse] = field(default_factory=dict)


class CardReaderSimulator(FaultSwitch):
    """A contactless reader without a wire. Its card methods are called on the loop."""

    def __init__(self, device_id: str, *, reader: str = "Simulated reader") -> None:
        super().__init__(FAULTS)
        self._device_id = device_id
        self._reader = reader
        self._on_event: Callable[[CardEvent], None] | None = None
        self._card: SimulatedCard | None = None
        self._card_seq = 0
        self._is_told = False
        self._usage = Usage()
        self._vitals = Vitals(device_id, "card_reader", is_simulated=True, model=reader)

    @property
    def device_id(self) -> str:
        """Return the id given in the settings."""
        return self._device_id

    @property
    def used(self) -> Mapping[str, int]:
        """Return what it has used since this process began."""
        return self._usage.snapshot()

    async def start(self, on_event: Callable[[CardEvent], None]) -> None:
        """Watch; a card that already lies there is told."""
        self._on_event = on_event
        self._tell_inserted()

    async def close(self) -> None:
        """Stop watching; idempotent."""
        self._on_event = None

    async def health(self) -> Health:
        """Say how reader and service are."""
        if self._on_event is None:
            return self._vitals.report(ComponentState.NOT_REACHABLE, "card_reader.not_started")
        if self._has("service_absent"):
            return self._vitals.report(ComponentState.NOT_REACHABLE, "card_reader.service_absent")
        if self._has("unplugged"):
            return self._vitals.report(ComponentState.NOT_REACHABLE, "card_reader.not_plugged_in")
        if self._has("nonsense"):
            return self._vitals.report(ComponentState.SOFTWARE_ERROR, "card_reader.nonsense")
        if self._card is not None and self._is_mute():
            return self._vitals.report(ComponentState.USER_ACTION, "card_reader.card_mute")
        return self._vitals.report(ComponentState.MEDIA_PRESENT if self._card else ComponentState.READY)

    def insert(self, card: SimulatedCard) -> int:
        """Put a card on, in place of any other; return its number."""
        self.remove()
        self._card = card
        self._card_seq += 1
        self._tell_inserted()
        return self._card_seq

    def remove(self) -> None:
        """Take the card off."""
        if self._card is not None:
            self._card = None
            self._tell_removed()

    def start_fault(self, name: str, *, times: int | None = None) -> None:
        """Switch a fault on; a card that can no longer be seen is told as removed."""
        super().start_fault(name, times=times)
        if self._is_blind():
            self._tell_removed()

    def stop_fault(self, name: str) -> None:
        """Switch a fault off; a card that lies there is seen anew."""
        super().stop_fault(name)
        if self._card is not None and not self._is_told and not self._is_blind():
            self._card_seq += 1
            self._tell_inserted()

    async def transmit(self, card_seq: int, apdu: bytes, *, timeout_s: float) -> ApduResponse:
        """Answer from the card's table; 6D00 for what it does not know."""
        card = await self._present(card_seq, timeout_s)
        if apdu == GET_UID:
            return ApduResponse(bytes.fromhex(card.uid), 0x9000)
        return card.answers.get(apdu, ApduResponse(b"", 0x6D00))

    async def read(self, card_seq: int, *, timeout_s: float) -> CardContents:
        """Return UID and NDEF; of a payment card only that it is one."""
        card = await self._present(card_seq, timeout_s)
        if card.is_payment_card:
            return CardContents(card_seq, "", is_payment_card=True)
        self._vitals.count("cards_read")
        return CardContents(card_seq, card.uid.upper(), card.ndef)

    async def _present(self, card_seq: int, timeout_s: float) -> SimulatedCard:
        if self._card is None or card_seq != self._card_seq or self._is_blind():
            raise DeviceUnavailable("card_reader.card_gone")
        card = self._card
        if self._is_mute():
            await asyncio.sleep(timeout_s)
            raise DeviceUnavailable("card_reader.card_mute")
        return card

    def _is_blind(self) -> bool:
        return any(map(self._has, ("service_absent", "unplugged", "nonsense")))

    def _is_mute(self) -> bool:
        return self._has("mute_cards") or (self._card is not None and self._card.is_mute)

    def _tell_inserted(self) -> None:
        if self._on_event is None or self._card is None or self._is_blind():
            return
        kind = CardEventKind.MUTE if self._is_mute() else CardEventKind.INSERTED
        self._is_told = True
        self._vitals.count("cards_seen")
        self._usage.add("cards")
        self._call(CardEvent(self._reader, kind, self._card_seq, b"" if self._is_mute() else b"\x3b\x80\x80\x01\x01"))

    def _tell_removed(self) -> None:
        if self._is_told:
            self._is_told = False
            self._call(CardEvent(self._reader, CardEventKind.REMOVED, self._card_seq))

    def _call(self, event: CardEvent) -> None:
        if self._on_event is not None:
            asyncio.get_running_loop().call_soon(self._on_event, event)
