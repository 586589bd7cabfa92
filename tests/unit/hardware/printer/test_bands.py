import random
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.printer.bands import bands
from hardware.printer.document import PrintDocument, QrBlock, TextBlock
from hardware.printer.raster import Raster, Renderer, render
from hardware.printer.strips import REAL_TIME, Piece

STRIDE = 32


def test_a_ticket_comes_out_dot_by_dot(ticket: PrintDocument, dots_of: Callable[[bytes, int], bytes]) -> None:
    raster = render(ticket)
    assert dots_of(b"".join(bands(raster)), raster.stride) == raster.rows


def test_blank_paper_is_fed_and_not_drawn() -> None:
    assert bands(Raster(256, 300, bytes(STRIDE * 300))) == [b"\x1bJ\xff", b"\x1bJ\x2d"]


def test_what_is_blank_at_the_edges_of_blocks_is_fed_in_one(dots_of: Callable[[bytes, int], bytes]) -> None:
    ink = b"\xff" * STRIDE
    pieces = tuple(Piece(rows) for rows in (bytes(STRIDE * 3), ink + bytes(STRIDE * 8), bytes(STRIDE * 8) + ink))
    rows = b"".join(piece.rows for piece in pieces)
    sent = bands(Raster(256, 21, rows, pieces))
    assert [command for command in sent if command.startswith(b"\x1bJ")] == [b"\x1bJ\x03", b"\x1bJ\x10"]
    assert dots_of(b"".join(sent), STRIDE) == rows


def test_a_code_is_not_remembered_as_rows_or_commands() -> None:
    renderer, page = Renderer(), PrintDocument((TextBlock("Aldermoor"), QrBlock("secret")), "en")
    first, second = renderer.render(page), renderer.render(page)
    bands(first)
    assert first == second
    assert first.pieces[1] is second.pieces[1]
    assert first.pieces[2] is not second.pieces[2]


def test_a_gap_of_eight_rows_is_fed_wherever_it_lies(dots_of: Callable[[bytes, int], bytes]) -> None:
    ink = b"\xff" * STRIDE
    for before in range(1, 9):
        rows = ink * before + bytes(STRIDE * 8) + ink
        pieces = bands(Raster(256, before + 9, rows))
        assert b"\x1bJ\x08" in pieces
        assert dots_of(b"".join(pieces), STRIDE) == rows


def test_no_dots_ever_spell_a_real_time_command(dots_of: Callable[[bytes, int], bytes]) -> None:
    chance = random.Random(20261124)
    for _ in range(400):
        height = chance.randrange(1, 140)
        kinds = (0, 0, 0x10, 0x10, 0x04, 0x05, 0x14, 0x20, 0xFF)
        rows = b"".join(
            bytes(STRIDE) if chance.random() < 0.4 else bytes(chance.choice(kinds) for _ in range(STRIDE))
            for _ in range(height)
        )
        sent = b"".join(bands(Raster(256, height, rows)))
        assert not REAL_TIME.search(sent)
        printed = dots_of(sent, STRIDE)
        assert len(printed) == len(rows)
        added = int.from_bytes(printed, "big") ^ int.from_bytes(rows, "big")
        assert added.bit_count() <= len(REAL_TIME.findall(rows))
        assert added & int.from_bytes(rows, "big") == 0  # no dot is ever lost


def test_where_the_margin_is_white_the_same_dots_are_spelt_otherwise(dots_of: Callable[[bytes, int], bytes]) -> None:
    chance = random.Random(7)
    for _ in range(300):
        rows = b"".join(
            b"\0" + bytes(chance.choice((0, 0x10, 0x04, 0x05, 0x14, 0x80)) for _ in range(5)) + bytes(STRIDE - 6)
            for _ in range(3)
        )
        sent = b"".join(bands(Raster(256, 3, rows)))
        assert not REAL_TIME.search(sent)
        assert dots_of(sent, STRIDE) == rows


@given(st.binary(min_size=STRIDE, max_size=STRIDE * 40))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_dots_are_safe(data: bytes) -> None:
    height = len(data) // STRIDE
    assert not REAL_TIME.search(b"".join(bands(Raster(256, height, data[: height * STRIDE]))))
