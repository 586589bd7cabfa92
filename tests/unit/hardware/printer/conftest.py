"""Shared by the printer tests: a ticket as documents make it, and dots read back from the bytes of a job."""

from collections.abc import Callable

import pytest

from hardware.printer.document import ColumnsBlock, PairBlock, PrintDocument, QrBlock, RuleBlock, TextBlock


@pytest.fixture
def ticket() -> PrintDocument:
    """Return a ticket in Latin and Chinese with one code."""
    return PrintDocument(
        (
            PairBlock("Aldermoor Transit", "1 / 1"),
            RuleBlock(6),
            TextBlock("To 到达站", 22),
            TextBlock("Lanshan 蓝山", 52, is_bold=True, space_before=0),
            ColumnsBlock((("Sun 22 Nov 2026 星期日", "14:52"), ("Train 车次", "IC 8")), 76),
            QrBlock("9f3c1a7e55b04d21aa90c3d2e1f0b7c6", 300, "Q7M 4KX"),
            RuleBlock(is_dashed=True),
            PairBlock("Machine 0417", "22 Nov 2026 14:31", 22),
        )
    )


@pytest.fixture
def dots_of() -> Callable[[bytes, int], bytes]:
    """Return a reader of GS v 0, GS L and ESC J, written for these tests only."""

    def read(commands: bytes, stride: int) -> bytes:
        rows = bytearray()
        margin = at = 0
        while at < len(commands):
            name = commands[at : at + 2]
            if name == b"\x1bJ":
                rows += bytes(stride * commands[at + 2])
                at += 3
            elif name == b"\x1dL":
                margin = commands[at + 2] + 256 * commands[at + 3]
                at += 4
            else:
                assert commands[at : at + 4] == b"\x1dv0\0"
                width, height = commands[at + 4] + 256 * commands[at + 5], commands[at + 6] + 256 * commands[at + 7]
                at += 8
                for _ in range(height):
                    row = int.from_bytes(commands[at : at + width].ljust(stride, b"\0"), "big") >> margin
                    rows += row.to_bytes(stride, "big")
                    at += width
        return bytes(rows)

    return read
