"""A card on the virtual reader of the real pcscd: speaks the vpcd protocol, written from vsmartcard's manual.

The reader's driver listens on TCP; while we are connected a card lies on it. Each message is a length of two bytes,
big-endian, and a payload: 00 off, 01 on, 02 reset (no answer), 04 tell the ATR, anything else is an APDU.
Without TCP_QUICKACK each APDU takes 50 ms, for the driver sends length and payload in two writes.
"""

import socket
import struct
import threading

from msgspec import Struct, field

PORT = 0x8C7B  # vpcd's first slot
ATR = bytes.fromhex("3B80800101")  # contactless card of ISO 14443, no historical bytes
_CONTROL_OFF, _CONTROL_ON, _CONTROL_RESET, _CONTROL_ATR = 0, 1, 2, 4
_TEXT_RECORD_HEAD = b"\x02en"


class EmulatedCard(Struct):
    """What a card holds and how it misbehaves; `apdus` are the commands it was sent."""

    uid: bytes = bytes.fromhex("04A1B2C3D4E5F6")
    text: str = ""
    is_payment_card: bool = False
    is_mute: bool = False
    pull_at_apdu: int = 0
    atr: bytes = ATR
    apdus: list[bytes] = field(default_factory=list)
    _file: bytes = b""

    def answer(self, apdu: bytes) -> bytes:
        """Return the answer to one APDU, status word included."""
        head = apdu[:4]
        if apdu == b"\xff\xca\x00\x00\x00":
            return self.uid + b"\x90\x00"
        if head == b"\x00\xa4\x04\x00":
            return self._select_application(apdu[5 : 5 + apdu[4]] if len(apdu) > 5 else b"")  # noqa: PLR2004 - Lc
        if head == b"\x00\xa4\x00\x0c" and self.text:
            return self._select_file(apdu[5:7])
        if apdu[:2] == b"\x00\xb0" and len(apdu) == 5:  # noqa: PLR2004 - CLA INS P1 P2 Le
            offset = int.from_bytes(apdu[2:4])
            return self._file[offset : offset + apdu[4]] + b"\x90\x00"
        return b"\x6d\x00"

    def _select_application(self, name: bytes) -> bytes:
        if self.is_payment_card and name == b"2PAY.SYS.DDF01":
            return bytes.fromhex("6F10840E325041592E5359532E4444463031") + b"\x90\x00"
        if self.text and name == bytes.fromhex("D2760000850101"):
            return b"\x90\x00"
        return b"\x6a\x82"

    def _select_file(self, file_id: bytes) -> bytes:
        if file_id == b"\xe1\x03":
            self._file = bytes.fromhex("000F20003B00340406E1040400 00FF".replace(" ", ""))
        elif file_id == b"\xe1\x04":
            payload = _TEXT_RECORD_HEAD + self.text.encode()
            record = bytes((0xD1, 1, len(payload))) + b"T" + payload
            self._file = struct.pack(">H", len(record)) + record
        else:
            return b"\x6a\x82"
        return b"\x90\x00"


class VirtualReader:
    """Puts an emulated card on pcscd's virtual reader and pulls it again. Blocking; made for tests and the bench."""

    def __init__(self, port: int = PORT, host: str = "127.0.0.1") -> None:
        self._address = (host, port)
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def insert(self, card: EmulatedCard, *, timeout_s: float = 10.0) -> None:
        """Put a card on.

        Raises:
            OSError: no virtual reader listens.
        """
        self.pull()
        link = socket.create_connection(self._address, timeout_s)
        link.settimeout(None)
        self._socket = link
        self._thread = threading.Thread(target=_serve, args=(link, card), name="emulated-card", daemon=True)
        self._thread.start()

    def pull(self) -> None:
        """Pull the card; idempotent."""
        link, self._socket = self._socket, None
        if link is not None:
            _shut(link)
        if self._thread is not None:
            self._thread.join(5)
            self._thread = None
        if link is not None:
            link.close()


def _serve(link: socket.socket, card: EmulatedCard) -> None:
    while (message := _receive(link)) is not None:
        if len(message) == 1:
            if message[0] == _CONTROL_ATR:
                _send(link, card.atr)
            continue
        card.apdus.append(message)
        if card.pull_at_apdu and len(card.apdus) >= card.pull_at_apdu:
            _shut(link)
            return
        if not card.is_mute:
            _send(link, card.answer(message))


def _receive(link: socket.socket) -> bytes | None:
    head = _exactly(link, 2)
    return None if head is None else _exactly(link, int.from_bytes(head))


def _exactly(link: socket.socket, count: int) -> bytes | None:
    got = b""
    while len(got) < count:
        try:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            part = link.recv(count - len(got))
        except OSError:
            return None
        if not part:
            return None
        got += part
    return got


def _send(link: socket.socket, payload: bytes) -> None:
    try:
        link.sendall(struct.pack(">H", len(payload)) + payload)
    except OSError:
        _shut(link)


def _shut(link: socket.socket) -> None:
    try:
        link.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side hung up first
