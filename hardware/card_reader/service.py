"""What we use of the PC/SC service, behind one small face: the library may be absent, the service may come and go."""

import importlib
from types import ModuleType

from hardware.card_reader import wire_words
from hardware.errors import DeviceUnavailable
from hardware.trace import Direction, WireTrace

PNP = "\\\\?PnP?\\Notification"
OK = 0
NO_READERS = 0x8010002E
TIMED_OUT = 0x8010000A
CANCELLED = 0x80100002
UNKNOWN_READER = 0x80100009
READER_UNAVAILABLE = 0x80100017
CAUSES = {
    0x8010000C: "card_reader.card_gone",  # no smart card
    0x80100069: "card_reader.card_gone",  # removed
    0x80100068: "card_reader.card_reset",
    0x80100066: "card_reader.card_mute",  # unresponsive
    0x80100067: "card_reader.card_mute",  # unpowered
    0x8010000B: "card_reader.card_shared",
    UNKNOWN_READER: "card_reader.not_plugged_in",
    READER_UNAVAILABLE: "card_reader.not_plugged_in",
    0x8010001D: "card_reader.service_absent",
    0x8010001E: "card_reader.service_absent",
}


def load_library() -> ModuleType | None:
    """Return pyscard's low-level module; None where it or the PC/SC client library is not installed."""
    try:
        return importlib.import_module("smartcard.scard")
    except ImportError:
        return None


def code(result: int) -> int:
    """Return a result as the unsigned number the manual prints."""
    return result & 0xFFFFFFFF


def reader_names() -> tuple[str, ...] | None:
    """Return the names of the readers that are plugged in; None where library or service is missing. Blocks."""
    scard = load_library()
    if scard is None:
        return None
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    if result != OK:
        return None
    try:
        result, names = scard.SCardListReaders(context, [])
    finally:
        scard.SCardReleaseContext(context)
    if result != OK and code(result) != NO_READERS:
        return None
    return tuple(name for name in names or () if name != PNP)


class CardConnection:
    """One card's own context and handle; everything in it blocks and runs on the card's worker thread."""

    def __init__(self, library: ModuleType, reader: str, trace: WireTrace | None = None) -> None:
        self._trace = trace or WireTrace()
        self._library = library
        self._reader = reader
        self._context: int | None = None
        self._card: int | None = None
        self._protocol = 0

    def exchange(self, apdu: bytes) -> bytes:
        """Send one APDU, connecting first where needed.

        Raises:
            DeviceUnavailable: the card, the reader or the service is gone.
        """
        if self._card is None:
            self._connect()
        self._trace.note(Direction.OUT, wire_words.asked(apdu), len(apdu))
        result, answer = self._library.SCardTransmit(self._card, self._pci(), list(apdu))
        self._check(result)
        if not answer:
            raise DeviceUnavailable("card_reader.card_gone", "no answer")
        raw = bytes(b & 0xFF for b in answer)
        self._trace.note(Direction.IN, wire_words.told(raw), len(raw))
        return raw

    def close(self) -> None:
        """Let go of card and context, leaving the card powered."""
        if self._card is not None:
            self._library.SCardDisconnect(self._card, self._library.SCARD_LEAVE_CARD)
            self._card = None
        if self._context is not None:
            self._library.SCardReleaseContext(self._context)
            self._context = None

    def _connect(self) -> None:
        scard = self._library
        if self._context is None:
            result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
            self._check(result)
            self._context = context
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        result, card, protocol = scard.SCardConnect(self._context, self._reader, scard.SCARD_SHARE_SHARED, protocols)
        self._check(result)
        self._card, self._protocol = card, protocol

    def _pci(self) -> int:
        is_t0 = self._protocol == self._library.SCARD_PROTOCOL_T0
        return int(self._library.SCARD_PCI_T0 if is_t0 else self._library.SCARD_PCI_T1)

    def _check(self, result: int) -> None:
        if result != OK:
            cause = CAUSES.get(code(result), "card_reader.card_gone")
            self._trace.note(Direction.LINE, f"{cause} {code(result):08X}")
            raise DeviceUnavailable(cause, f"{code(result):08X}")
