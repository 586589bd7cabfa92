"""HID point-of-sale scanners: where the device's own descriptor says that a scan lies in its reports.

Source: USB HID Usage Tables 1.5, section 25 (page 8C), and USB HID 1.11, section 6.2.2 (items of a descriptor).
Usages FB to FD: symbology identifier, FE: decoded data, FF: more of this scan follows; page 01 usage 3B: byte count.
"""

from msgspec import Struct, field

from hardware.scanner.framing import LINE_BYTES_MAX, OVERLONG

PAGE, GENERIC = 0x8C, 0x01
BYTE_COUNT, SYMBOLOGY, DATA, CONTINUED = 0x3B, (0xFB, 0xFC, 0xFD), 0xFE, 0xFF
DESCRIPTOR_BYTES_MAX = 4096
FIELDS_MAX = 4096
_LONG_ITEM = 0xFE
_CONSTANT, _VARIABLE = 1, 2


class Field(Struct, frozen=True):
    """Where a field lies, in bits from the start of the report, its number included."""

    offset: int
    bits: int

    def octets(self, report: bytes) -> bytes:
        """Return the bytes of a field that begins at a byte; as many as the report has."""
        return report[self.offset // 8 : (self.offset + self.bits) // 8] if self.offset % 8 == 0 else b""

    def bit(self, report: bytes) -> bool:
        """Say whether its first bit is set."""
        at = self.offset // 8
        return at < len(report) and bool(report[at] >> self.offset % 8 & 1)


class Layout(Struct, frozen=True):
    """The report that carries scans; `number` is 0 where reports have none."""

    number: int
    data: Field
    symbology: tuple[Field, ...] = ()
    continued: Field | None = None
    count: Field | None = None
    report_bytes: int = 0

    def read(self, report: bytes) -> tuple[bytes, str, bool] | None:
        """Return data, symbology identifier and whether more follows; None for another report."""
        if self.number and report[:1] != bytes((self.number,)):
            return None
        data = self.data.octets(report)
        said = self.count.octets(report) if self.count else b""  # one byte, or two on scanners of Zebra
        data = data[: int.from_bytes(said, "little")] if said else data.rstrip(b"\0")
        name = b"".join(each.octets(report) for each in self.symbology).strip(b"\0")
        is_name = name.isascii() and name.decode("latin-1").isprintable()
        return data, name.decode("ascii") if is_name else "", bool(self.continued and self.continued.bit(report))


class _Walk(Struct):
    """The state of a descriptor's items: page and sizes stay, usages end with each main item."""

    page: int = 0
    number: int = 0
    size: int = 0
    count: int = 0
    usages: list[tuple[int, int]] = field(default_factory=list)
    least: int = 0
    ends: dict[int, int] = field(default_factory=dict)
    found: dict[int, dict[tuple[int, int], Field]] = field(default_factory=dict)

    def take(self, tag: int, value: int) -> None:
        match tag:
            case 0x04:
                self.page = value
            case 0x84:
                self.number = value & 0xFF
            case 0x74:
                self.size = value
            case 0x94:
                self.count = value
            case 0x08:
                self.usages.append(divmod(value, 0x10000) if value > 0xFFFF else (self.page, value))  # noqa: PLR2004
            case 0x18:
                self.least = value
            case 0x28:
                self.usages += [(self.page, each) for each in range(self.least, min(value, self.least + 255) + 1)]
            case 0x80:
                self._input(value)
                self.usages = []
            case 0x90 | 0xB0 | 0xA0 | 0xC0:
                self.usages = []

    def _input(self, flags: int) -> None:
        start = self.ends.get(self.number, 8 if self.number else 0)
        count = min(self.count, FIELDS_MAX)
        self.ends[self.number] = start + self.size * count
        if flags & _CONSTANT or not self.usages:
            return
        fields = self.found.setdefault(self.number, {})
        if flags & _VARIABLE and len(self.usages) > 1:
            for place, usage in enumerate(self.usages[:count]):
                fields[usage] = Field(start + place * self.size, self.size)
        else:
            fields[self.usages[0]] = Field(start, self.size * count)


def parse_descriptor(descriptor: bytes) -> Layout | None:
    """Return where scans lie, None where the descriptor is not one of a scanner; bounded, raises nothing."""
    walk = _Walk()
    at, raw = 0, descriptor[:DESCRIPTOR_BYTES_MAX]
    while at < len(raw):
        if raw[at] == _LONG_ITEM:
            at += 3 + (raw[at + 1] if at + 1 < len(raw) else 0)
            continue
        size = (0, 1, 2, 4)[raw[at] & 3]
        walk.take(raw[at] & 0xFC, int.from_bytes(raw[at + 1 : at + 1 + size], "little"))
        at += 1 + size
    for number, fields in sorted(walk.found.items()):
        data = fields.get((PAGE, DATA))
        if data is not None and data.bits >= 8 and data.offset % 8 == 0:  # noqa: PLR2004 - one byte
            names = tuple(fields[PAGE, usage] for usage in SYMBOLOGY if (PAGE, usage) in fields)
            more, count = fields.get((PAGE, CONTINUED)), fields.get((GENERIC, BYTE_COUNT))
            return Layout(number, data, names, more, count, (walk.ends[number] + 7) // 8)
    return None


def is_hid_scanner(descriptor: bytes) -> bool:
    """Say whether a report descriptor is that of a scanner in point-of-sale mode."""
    return parse_descriptor(descriptor) is not None


class ScanJoiner:
    """Join the parts of a scan that comes in several reports; an overlong one leaves only a mark."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._parts = bytearray()
        self._is_overlong = False

    def feed(self, report: bytes) -> tuple[bytes, str] | None:
        """Return a whole scan and its symbology identifier, or None."""
        part = self._layout.read(report)
        if part is None:
            return None
        data, symbology, is_continued = part
        self._parts += data
        if len(self._parts) > LINE_BYTES_MAX:
            self._is_overlong = True
            self._parts.clear()
        if is_continued:
            return None
        code = OVERLONG if self._is_overlong else bytes(self._parts)
        self._parts.clear()
        self._is_overlong = False
        return (code, symbology) if code else None
