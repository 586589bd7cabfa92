"""HID-POS reports against descriptors of others (named in docs/hardware/scanner.md) and against anything at all."""

import random

import pytest

from hardware.scanner.filter import filter_scan
from hardware.scanner.framing import OVERLONG
from hardware.scanner.hid_pos import Field, Layout, ScanJoiner, parse_descriptor
from hardware.scanner.interface import ScanRefused

# Identifier bytes each a field, then 56 bytes of data, then the flag that more follows.
PLAIN = bytes.fromhex(
    "058c0902a101850215 0026ff00 7508 9501 09fb8102 09fc8102 09fd8102 9538 09fe820201 7501 9501 2501 09ff8102"
    "7507 8103 c0"
)
# As Honeywell's scanners lay it out: a byte count first, the three identifiers as one field, a nested collection.
COUNTED = bytes.fromhex(
    "058c0902a10185020912a1021500 26ff00 7508 9501 0501 093b 8102 9503 058c 09fb09fc09fd 8102 9538 09fe 820201"
    "2501 7501 9501 09ff 8102 7507 8103 c0c0"
)
KEYBOARD = bytes.fromhex("05010906a101050719e029e715002501750195088102950175088103950675081500256505071900296581 00c0")


def layout(descriptor: bytes) -> Layout:
    found = parse_descriptor(descriptor)
    assert found is not None
    return found


def plain(name: bytes, data: bytes, flag: int) -> bytes:
    return b"\x02" + name + data.ljust(56, b"\0") + bytes((flag,))


def counted(name: bytes, data: bytes, flag: int) -> bytes:
    return bytes((2, len(data))) + name + data.ljust(56, b"\0") + bytes((flag,))


def test_the_layout_is_read_from_the_descriptor() -> None:
    assert layout(PLAIN).data == Field(32, 448)
    assert layout(PLAIN).continued == Field(480, 1)
    assert layout(COUNTED).count == Field(8, 8)
    assert layout(COUNTED).data == Field(40, 448)
    assert len(layout(PLAIN).symbology) == len(layout(COUNTED).symbology) == 3
    assert parse_descriptor(KEYBOARD) is None


@pytest.mark.parametrize(
    ("descriptor", "report", "says"),
    [
        (PLAIN, plain(b"]E0", b"5901234123457", 0), (b"5901234123457", "]E0", False)),
        (PLAIN, plain(b"]Q1", b"x" * 56, 1), (b"x" * 56, "]Q1", True)),
        (PLAIN, b"\x01\x00", None),
        (PLAIN, b"\x02]", (b"", "]", False)),
        (COUNTED, counted(b"]Q1", b"a\0b\0", 1), (b"a\0b\0", "]Q1", True)),
        (COUNTED, counted(b"]Q1", b"0123456789", 0), (b"0123456789", "]Q1", False)),
    ],
)
def test_reports_of_others(descriptor: bytes, report: bytes, says: tuple[bytes, str, bool] | None) -> None:
    got = layout(descriptor).read(report)
    assert got is None or says is None or got[0] == says[0]
    assert (got is None) is (says is None)
    if got is not None and says is not None:
        assert got[2] is says[2]
        assert got[1] == says[1]


def test_a_long_scan_is_joined_from_its_reports() -> None:
    text = b"0123456789" * 12
    joiner = ScanJoiner(layout(COUNTED))
    parts = [(text[:56], 1), (text[56:112], 1), (text[112:], 0)]
    heard = [joiner.feed(counted(b"]Q1", part, flag)) for part, flag in parts]
    assert heard == [None, None, (text, "]Q1")]


def test_a_scan_that_never_ends_costs_nothing_and_is_refused() -> None:
    joiner = ScanJoiner(layout(COUNTED))
    for _ in range(2000):
        assert joiner.feed(counted(b"]Q1", b"x" * 56, 1)) is None
    assert joiner.feed(counted(b"]Q1", b"x", 0)) == (OVERLONG, "]Q1")
    assert filter_scan(OVERLONG) == ScanRefused("too_long")
    assert joiner.feed(counted(b"]Q1", b"GUICHET:1", 0)) == (b"GUICHET:1", "]Q1")


def hammer(count: int, seed: int) -> None:
    chance = random.Random(seed)
    joiner = ScanJoiner(layout(COUNTED))
    for _ in range(count):
        raw = bytearray(chance.choice((PLAIN, COUNTED, KEYBOARD))[: chance.randrange(1, 75)])
        for _ in range(chance.randrange(4)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        found = parse_descriptor(bytes(raw))
        report = b"\x02" + chance.randbytes(chance.randrange(70))
        if found is not None:
            found.read(report)
        if (heard := joiner.feed(report)) is not None:
            filter_scan(*heard)


def test_any_descriptor_and_report_is_read_or_passed_over() -> None:
    hammer(50_000, 31)


@pytest.mark.soak
def test_any_descriptor_and_report_is_read_or_passed_over_a_million_times() -> None:
    hammer(1_000_000, 32)
