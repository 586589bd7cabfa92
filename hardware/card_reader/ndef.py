"""NDEF messages (NFC Forum, NDEF 1.0): the texts and addresses in them, everything bounded.

Record head: MB ME CF SR IL and TNF(3); then type length, payload length (1 byte if SR, else 4), id length if IL.
"""

from msgspec import Struct

from hardware.errors import DeviceProtocolError

MESSAGE_BYTES_MAX = 65_536
RECORDS_MAX = 32
TEXT_CHARS_MAX = 2048
_SHORT, _HAS_ID, _CHUNKED, _END = 0x10, 0x08, 0x20, 0x40
_WELL_KNOWN = 1
_TNF_MAX = 6
# URI identifier codes (NFC Forum, URI Record Type Definition 1.0, table 3).
PREFIXES = (
    *("", "http://www.", "https://www.", "http://", "https://", "tel:", "mailto:", "ftp://anonymous:anonymous@"),
    *("ftp://ftp.", "ftps://", "sftp://", "smb://", "nfs://", "ftp://", "dav://", "news:", "telnet://", "imap:"),
    *("rtsp://", "urn:", "pop:", "sip:", "sips:", "tftp:", "btspp://", "btl2cap://", "btgoep://", "tcpobex://"),
    *("irdaobex://", "file://", "urn:epc:id:", "urn:epc:tag:", "urn:epc:pat:", "urn:epc:raw:", "urn:epc:", "urn:nfc:"),
)


class NdefError(DeviceProtocolError):
    """A card's NDEF message is not one."""

    def __init__(self, detail: str) -> None:
        super().__init__("card_reader.ndef_unreadable", detail)


class _Record(Struct, frozen=True):
    tnf: int
    kind: bytes
    payload: bytes
    is_last: bool
    end: int


def decode_ndef(message: bytes) -> tuple[str, ...]:
    """Return the printable texts and addresses of a message; other records are passed over.

    Raises:
        NdefError: cut, chunked, too long or too many records.
    """
    if len(message) > MESSAGE_BYTES_MAX:
        raise NdefError("the message is too long")
    found: list[str] = []
    offset = 0
    for _ in range(RECORDS_MAX):
        if offset == len(message):
            return tuple(found)
        record = _record(message, offset)
        text = _text(record)
        if text and len(text) <= TEXT_CHARS_MAX and text.isprintable():
            found.append(text)
        offset = record.end
        if record.is_last:
            return tuple(found)
    raise NdefError("too many records")


def _record(message: bytes, start: int) -> _Record:
    head = message[start]
    if head & _CHUNKED or head & 7 > _TNF_MAX:
        raise NdefError("a record is chunked or of a reserved form")
    offset = start + 1
    kind_len, offset = _number(message, offset, 1)
    payload_len, offset = _number(message, offset, 1 if head & _SHORT else 4)
    id_len, offset = _number(message, offset, 1) if head & _HAS_ID else (0, offset)
    kind_end = offset + kind_len
    payload_start = kind_end + id_len
    end = payload_start + payload_len
    if end > len(message):
        raise NdefError("a record is cut")
    return _Record(head & 7, message[offset:kind_end], message[payload_start:end], bool(head & _END), end)


def _number(message: bytes, offset: int, size: int) -> tuple[int, int]:
    if offset + size > len(message):
        raise NdefError("a record head is cut")
    return int.from_bytes(message[offset : offset + size]), offset + size


def _text(record: _Record) -> str:
    if record.tnf != _WELL_KNOWN or not record.payload:
        return ""
    try:
        match record.kind:
            case b"T":
                status = record.payload[0]
                if (status & 0x3F) >= len(record.payload):
                    raise NdefError("a text's language is longer than the record")
                return record.payload[1 + (status & 0x3F) :].decode("utf-16" if status & 0x80 else "utf-8")
            case b"U":
                code = record.payload[0]
                return (PREFIXES[code] if code < len(PREFIXES) else "") + record.payload[1:].decode("utf-8")
            case _:
                return ""
    except UnicodeDecodeError:
        raise NdefError("a record is not text") from None
