"""ZVT on the wire (PA00P015, ECR interface): frames, BMP fields, BCD and TLV; bounded, and blind to card numbers.

A frame is class, instruction, length, data; a length of FF is followed by two more bytes, low one first.
Card numbers and tracks are dropped here, before anything can log or keep them.
"""

import re
from typing import TypeAlias

from msgspec import Struct, field

from hardware.errors import DeviceProtocolError

TLV_DEPTH_MAX = 8
TLV_ITEMS_MAX = 512
_LONG = 0xFF
_AMOUNT = 0x04
LL, LLL, TLV = -2, -3, -1
# BMP → bytes of its value, or how its length is written (PA00P015, chapter 10 and 14).
BMPS = {
    0x01: 1,
    0x02: 1,
    0x03: 1,
    0x04: 6,
    0x05: 1,
    0x06: TLV,
    0x0B: 3,
    0x0C: 3,
    0x0D: 2,
    0x0E: 2,
    0x17: 2,
    0x19: 1,
    0x22: LL,
    0x23: LL,
    0x24: LLL,
    0x27: 1,
    0x29: 4,
    0x2A: 15,
    0x2D: LL,
    0x2E: LLL,
    0x37: 3,
    0x3A: 2,
    0x3B: 8,
    0x3C: LLL,
    0x3D: 3,
    0x49: 2,
    0x60: LLL,
    0x87: 2,
    0x88: 3,
    0x8A: 1,
    0x8B: LL,
    0x8C: 1,
    0x92: LLL,
    0x9A: LLL,
    0xA0: 1,
    0xA7: LL,
    0xAA: 3,
    0xAF: LLL,
    0xBA: 5,
    0xD0: 1,
    0xD1: LL,
    0xD2: 1,
    0xD3: 1,
    0xE0: 1,
    0xE1: 1,
    0xF0: 1,
    **dict.fromkeys(range(0xF1, 0xF9), LL),
    0xF9: 1,
    0xFA: 1,
    0xFB: 1,
    0xFC: 1,
}
SECRET_BMPS = frozenset({0x22, 0x23, 0x24, 0x2D, 0x2E, 0x3A, 0xA7, 0xAF})
_DIGITS = re.compile(r"\d[\d ]{11,22}\d")
Fields: TypeAlias = dict[int, bytes]


class ZvtError(DeviceProtocolError):
    """The device sent what ZVT does not know."""

    def __init__(self, detail: str) -> None:
        super().__init__("payment.device_nonsense", detail)


class Frame(Struct, frozen=True):
    """One message: `control` is class and instruction, such as 0x0601."""

    control: int
    data: bytes = b""

    def encode(self) -> bytes:
        """Return the bytes of the frame."""
        size = len(self.data)
        length = bytes((size,)) if size < _LONG else b"\xff" + size.to_bytes(2, "little")
        return self.control.to_bytes(2) + length + self.data


class Tlv(Struct, frozen=True):
    """One data object; a constructed one has `items` and no value."""

    tag: int
    value: bytes = b""
    items: tuple["Tlv", ...] = ()


class Status(Struct, frozen=True):
    """What a status information (04 0F), completion (06 0F) or abort (06 1E) says; numbers are 0 where not said."""

    result_code: int = 0
    amount_minor: int = 0
    currency_code: int = 0
    trace: int = 0
    receipt: int = 0
    reversed_trace: int = 0
    date: str = ""  # MMDD
    time: str = ""  # HHMMSS
    card_name: str = ""
    text: str = ""
    says_amount: bool = False
    fields: Fields = field(default_factory=dict)


def take_frame(buffer: bytes) -> tuple[Frame, int] | None:
    """Return the first whole frame and how many bytes it took; None while it is not whole."""
    if len(buffer) < 3:  # noqa: PLR2004 - class, instruction, length
        return None
    start, size = 3, buffer[2]
    if size == _LONG:
        if len(buffer) < 5:  # noqa: PLR2004 - two more
            return None
        start, size = 5, int.from_bytes(buffer[3:5], "little")
    if len(buffer) < start + size:
        return None
    return Frame(int.from_bytes(buffer[:2]), buffer[start : start + size]), start + size


def bcd(number: int, size: int) -> bytes:
    """Return a number in packed decimal.

    Raises:
        ValueError: it does not fit.
    """
    digits = f"{number:0{size * 2}d}"
    if number < 0 or len(digits) > size * 2:
        raise ValueError(f"{number} does not fit {size} bytes")
    return bytes.fromhex(digits)


def from_bcd(value: bytes) -> int:
    """Return the number of packed decimals.

    Raises:
        ZvtError: a digit is none.
    """
    text = value.hex()
    if not text.isdecimal():
        raise ZvtError("a number is not decimal")
    return int(text)


def parse_fields(data: bytes) -> Fields:
    """Return the BMP fields; of secret ones only that they were there.

    Raises:
        ZvtError: an unknown field or a cut one.
    """
    fields: Fields = {}
    offset = 0
    while offset < len(data):
        bmp = data[offset]
        size = BMPS.get(bmp)
        if size is None:
            raise ZvtError(f"field {bmp:02X} is unknown")
        offset += 1
        if size == TLV:
            size, offset = _tlv_length(data, offset)
        elif size < 0:
            size, offset = _var_length(data, offset, -size)
        if offset + size > len(data):
            raise ZvtError(f"field {bmp:02X} is cut")
        fields[bmp] = b"" if bmp in SECRET_BMPS else data[offset : offset + size]
        offset += size
    return fields


def parse_status(data: bytes) -> Status:
    """Return what a status information says.

    Raises:
        ZvtError: it is not one.
    """
    fields = parse_fields(data)
    return Status(
        result_code=fields.get(0x27, b"\0")[0],
        amount_minor=from_bcd(fields.get(0x04, b"\0")),
        says_amount=_AMOUNT in fields,
        currency_code=from_bcd(fields.get(0x49, b"\0")),
        trace=from_bcd(fields.get(0x0B, b"\0")),
        receipt=from_bcd(fields.get(0x87, b"\0")),
        reversed_trace=from_bcd(fields.get(0x37, b"\0")),
        date=fields.get(0x0D, b"").hex(),
        time=fields.get(0x0C, b"").hex(),
        card_name=decode_text(fields.get(0x8B, b"").rstrip(b"\0")),
        text=decode_text(fields.get(0x3C, b"")),
        fields=fields,
    )


def parse_abort(data: bytes) -> int:
    """Return the result code of an abort.

    Raises:
        ZvtError: it has none.
    """
    if not data:
        raise ZvtError("an abort without its code")
    return data[0]


def parse_version(data: bytes) -> tuple[str, int]:
    """Return software version and status of the answer to a status enquiry.

    Raises:
        ZvtError: it is cut.
    """
    size, offset = _var_length(data, 0, 3)
    if offset + size >= len(data):
        raise ZvtError("the answer to a status enquiry is cut")
    return decode_text(data[offset : offset + size]), data[offset + size]


def parse_print(frame: Frame) -> tuple[str, ...]:
    """Return the lines of a print line (06 D1) or text block (06 D3), card numbers masked.

    Raises:
        ZvtError: the block is cut.
    """
    if frame.control == 0x06D1:  # noqa: PLR2004 - the manual's own number
        return (decode_text(frame.data[1:].partition(b"\x06\x04\x1f\x07")[0]),)
    fields = parse_fields(frame.data)
    found: list[str] = []
    _collect_lines(parse_tlv(fields.get(0x06, b"")), found)
    return tuple(found)


def parse_tlv(data: bytes, depth: int = 0) -> tuple[Tlv, ...]:
    """Return the data objects of a container.

    Raises:
        ZvtError: cut, too deep or too many.
    """
    if depth >= TLV_DEPTH_MAX:
        raise ZvtError("data objects are too deep")
    items: list[Tlv] = []
    offset = 0
    while offset < len(data):
        if len(items) >= TLV_ITEMS_MAX:
            raise ZvtError("too many data objects")
        is_constructed = bool(data[offset] & 0x20)
        tag, offset = _tag(data, offset)
        size, offset = _tlv_length(data, offset)
        value = data[offset : offset + size]
        if len(value) < size:
            raise ZvtError("a data object is cut")
        items.append(Tlv(tag, items=parse_tlv(value, depth + 1)) if is_constructed else Tlv(tag, value))
        offset += size
    return tuple(items)


def decode_text(raw: bytes) -> str:
    """Return printable text (code page 437, the protocol's default) with card numbers masked."""
    text = "".join(c if c.isprintable() else " " for c in raw.decode("cp437")).strip()
    return _DIGITS.sub(lambda m: "*" * (len(m[0]) - 4) + m[0][-4:], text)


def _collect_lines(items: tuple[Tlv, ...], found: list[str]) -> None:
    for item in items:
        if item.items:
            _collect_lines(item.items, found)
        elif item.tag == 0x07:  # noqa: PLR2004 - text line
            found.append(decode_text(item.value))


def _tag(data: bytes, offset: int) -> tuple[int, int]:
    tag = data[offset]
    offset += 1
    if tag & 0x1F == 0x1F:  # noqa: PLR2004 - the tag goes on
        for _ in range(2):
            if offset >= len(data):
                raise ZvtError("a tag is cut")
            tag = tag << 8 | data[offset]
            offset += 1
            if not tag & 0x80:
                return tag, offset
        if tag & 0x80:
            raise ZvtError("a tag is too long")
    return tag, offset


def _tlv_length(data: bytes, offset: int) -> tuple[int, int]:
    if offset >= len(data):
        raise ZvtError("a length is cut")
    first = data[offset]
    if first < 0x80:  # noqa: PLR2004 - short form
        return first, offset + 1
    more = first & 0x7F
    if more not in (1, 2) or offset + 1 + more > len(data):
        raise ZvtError("a length is cut or too long")
    return int.from_bytes(data[offset + 1 : offset + 1 + more]), offset + 1 + more


def _var_length(data: bytes, offset: int, digits: int) -> tuple[int, int]:
    raw = data[offset : offset + digits]
    if len(raw) < digits or any(b & 0xF0 != 0xF0 or b & 0x0F > 9 for b in raw):  # noqa: PLR2004 - F0 to F9
        raise ZvtError("a length is not F0 to F9")
    return int("".join(str(b & 0x0F) for b in raw)), offset + digits
