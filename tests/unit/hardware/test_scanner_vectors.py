"""Scanners against bytes of others (named in docs/hardware/scanner.md): reports and lines of real scanners.

Reports were captured by others from real devices of three kinds; the descriptors here say in the device's own language
what those captures name by usage: byte count, identifier, data, a maker's own fields, and whether more follows.
"""

import asyncio
import os
from pathlib import Path

import pytest

from hardware.scanner.filter import filter_scan
from hardware.scanner.framing import LineSplitter, split_identifier
from hardware.scanner.hid_pos import Layout, ScanJoiner, parse_descriptor
from hardware.scanner.hidraw import HidPosScanner
from hardware.scanner.interface import ScanEvent, ScanRefused

LOREM = (
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit,",
    " sed do eiusmod tempor incididunt ut labore et dolore ma",
    "gna aliqua. Ut enim ad minim veniam, quis nostrud exerci",
    "tation ullamco laboris nisi ut aliquip ex ea commodo con",
    "sequat. Duis aute irure dolor in reprehenderit in volupt",
    "ate velit esse cillum dolore eu fugiat nulla pariatur. E",
    "xcepteur sint occaecat cupidatat non proident, sunt in c",
    "ulpa qui officia deserunt mollit anim id est laborum.",
)
DATA = "9538 09fe 820201"
HEAD, FLAG = "058c 0902 a101 8502 15 00 26ff00 7508", "058c 7501 9501 2501 09ff 8102 7507 8103 c0"
# A count of two bytes, and one field of the maker's (page FF66, usage 4) before the flag.
ZEBRA = bytes.fromhex(
    f"{HEAD} 7510 9501 0501 093b 8102 7508 9501 058c 09fb 8102 09fc 8102 09fd 8102 {DATA}"
    f"9501 0666ff 0904 8102 {FLAG}".replace(" ", "")
)
# A count of one byte, and two fields of the maker's (page FF66, usages 4 and 0).
HONEYWELL = bytes.fromhex(
    f"{HEAD} 9501 0501 093b 8102 058c 09fb 8102 09fc 8102 09fd 8102 {DATA}"
    f"9501 0666ff 0904 8102 0900 8102 {FLAG}".replace(" ", "")
)
CAPTURES = Path(__file__).with_name("scanner_captures.txt")


def captured(device: str) -> list[bytes]:
    """Return the reports of one device, in the order they came."""
    lines = (line.split() for line in CAPTURES.read_text(encoding="ascii").splitlines() if not line.startswith("#"))
    return [bytes.fromhex(raw) for name, raw in lines if name == device]


def layout(descriptor: bytes) -> Layout:
    found = parse_descriptor(descriptor)
    assert found is not None
    return found


def joined(descriptor: bytes, reports: list[bytes]) -> list[tuple[bytes, str]]:
    joiner = ScanJoiner(layout(descriptor))
    return [heard for report in reports if (heard := joiner.feed(report)) is not None]


def test_the_captures_are_whole() -> None:
    assert [len(captured(name)) for name in ("zebra-2100", "honeywell-1007", "voyager-1602g")] == [9, 9, 7]
    for name in ("zebra-2100", "honeywell-1007", "voyager-1602g"):
        assert {len(report) for report in captured(name)} == {64}
    assert layout(ZEBRA).report_bytes == layout(HONEYWELL).report_bytes == 64


@pytest.mark.parametrize(
    ("device", "descriptor", "identifiers"),
    [("zebra-2100", ZEBRA, ("]Xg", "]Q1")), ("honeywell-1007", HONEYWELL, ("]E0", "]Q1"))],
)
def test_reports_of_real_scanners_are_read_and_joined(
    device: str, descriptor: bytes, identifiers: tuple[str, str]
) -> None:
    reports = captured(device)
    for report, part in zip(reports[1:], LOREM, strict=True):
        assert layout(descriptor).read(report) == (part.encode(), "]Q1", part is not LOREM[-1])
    assert joined(descriptor, reports) == [
        (b"306030209223", identifiers[0]),
        ("".join(LOREM).encode(), identifiers[1]),
    ]


def test_the_answer_of_a_scanner_to_a_menu_command_is_joined_and_then_refused() -> None:
    heard = joined(HONEYWELL, captured("voyager-1602g"))
    assert [name for _, name in heard] == ["]X0", "]Z6"]
    text = heard[0][0].decode()
    assert text.startswith("Product Name: Voyager 1602g\r\nBoot Revision: : 8992\r\nSoftware Part Number: CW000082BBA")
    assert text.endswith("Checksum: N/A\r\n")
    assert heard[1][0] == b"REVINF\x06."
    assert [filter_scan(*each) for each in heard] == [ScanRefused("control_characters")] * 2


def test_the_driver_hands_over_what_real_scanners_sent(tmp_path: Path) -> None:
    async def story() -> None:
        device, descriptor = tmp_path / "hidraw0", tmp_path / "report_descriptor"
        descriptor.write_bytes(ZEBRA)
        os.mkfifo(device)
        pipe = os.open(device, os.O_RDWR | os.O_NONBLOCK)
        heard: asyncio.Queue[ScanEvent | ScanRefused] = asyncio.Queue()
        scanner = HidPosScanner("scan", str(device), descriptor=str(descriptor))
        await scanner.start(heard.put_nowait)
        for report in captured("zebra-2100"):
            os.write(pipe, report)
        assert await asyncio.wait_for(heard.get(), 30) == ScanEvent("306030209223", "]Xg")
        assert await asyncio.wait_for(heard.get(), 30) == ScanEvent("".join(LOREM), "]Q1")
        await scanner.close()
        os.close(pipe)

    asyncio.run(story())


@pytest.mark.parametrize(
    "descriptor",
    [
        # Datalogic Gryphon GD4400 in keyboard mode (felis/USB_Host_Shield_2.0, thread 669)
        (
            "05010906A101050719E029E715002501750195088102950175088101950575010508190129059102950175039101950675081500"
            "26FF00050719002AFF008100C0"
        ),
        # A device of the same usage page that hands over no decoded data (a demonstration kit of a microcontroller)
        "058C0900A10109031500 2600FF 750895408102 0904150026 00FF 750895409102C0",
    ],
)
def test_what_is_no_scanner_is_left_alone(descriptor: str) -> None:
    assert parse_descriptor(bytes.fromhex(descriptor.replace(" ", ""))) is None


GS, RS = "\x1d", "\x1e"


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        # an ISBN and two ends of a line (qzind/tray, thread 647)
        (bytes.fromhex("39373838373432393430343430 0d0d".replace(" ", "")), [ScanEvent("9788742940440")]),
        # an EAN-13 with its identifier (jodal/biip, documentation)
        (b"]E09781492053743\r\n", [ScanEvent("9781492053743", "]E0")]),
        # a GS1-128 with its identifier (gs1_barcode_parser, README)
        (
            b"]C101040123456789011715012910ABC1233932971471131030005253922471142127649716\r",
            [ScanEvent("01040123456789011715012910ABC1233932971471131030005253922471142127649716", "]C1")],
        ),
        # a QR code with ends of a line inside it (NielsLeenheer/WebSerialBarcodeScanner, thread 1): cut, as there
        (
            b"]Q1Some line\r breaks\nin here.\r",
            [ScanEvent("Some line", "]Q1"), ScanEvent("breaks"), ScanEvent("in here.")],
        ),
        # ISO/IEC 15434 envelopes hold separators, which no code of ours does (inventree, pull request 865)
        (f"[)>{RS}06{GS}PYAG3365CT-ND{GS}1PRT1206FRE07100KL\r\n".encode(), [ScanRefused("control_characters")]),
        # the same of metafloor/bwip-js, thread 104
        (f"[)>{RS}06{GS}800406141419999960MH80312{GS}21MH80312\r\n".encode(), [ScanRefused("control_characters")]),
        # a driver's licence (AAMVA) begins with ends of a line and separators (a public decoder of licences)
        (b"@\n\x1e\rANSI 636026\r", [ScanEvent("@"), ScanRefused("control_characters"), ScanEvent("ANSI 636026")]),
    ],
)
def test_lines_of_real_scanners(line: bytes, heard: list[ScanEvent | ScanRefused]) -> None:
    for size in (1, 3, len(line)):
        splitter = LineSplitter()
        codes = [code for at in range(0, len(line), size) for code in splitter.feed(line[at : at + size])]
        assert [filter_scan(*split_identifier(code)) for code in codes] == heard


@pytest.mark.parametrize("code", [b"]", b"]Q", b"]Q1", b"]\xff1x", b"x]Q1", b"] 1x"])
def test_what_only_looks_like_an_identifier_stays(code: bytes) -> None:
    assert split_identifier(code) == (code, "")
