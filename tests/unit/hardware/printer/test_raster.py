from itertools import pairwise
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from pyzbar import pyzbar

from hardware.printer.bidi import levels, visual_order
from hardware.printer.document import (
    SIZES,
    BannerBlock,
    Block,
    ColumnsBlock,
    PairBlock,
    PrintDocument,
    QrBlock,
    RuleBlock,
    SpaceBlock,
    TextBlock,
)
from hardware.printer.errors import MissingFont, UnprintableDocument
from hardware.printer.fonts import FontBook
from hardware.printer.glyphs import GlyphBook, Mask
from hardware.printer.raster import EDGE_ROWS, Raster, Renderer, render
from hardware.printer.text import Unit, clean

LONGEST = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
SAMPLES = ("Aldermoor Central", "阿尔德莫尔总站，发车前可改签。", "محطة ألدرمور المركزية 14:52", LONGEST, "ÅÇÊÜ ẤỘ ỹ")


def _inked_columns(raster: Raster) -> list[int]:
    every = 0
    for at in range(0, len(raster.rows), raster.stride):
        every |= int.from_bytes(raster.rows[at : at + raster.stride], "big")
    return [x for x in range(raster.width) if every >> (raster.width - 1 - x) & 1]


def _one(*blocks: Block, language: str = "en", is_rtl: bool = False) -> Raster:
    return render(PrintDocument(blocks, language, is_rtl))


@pytest.mark.parametrize("text", SAMPLES)
@pytest.mark.parametrize("size", SIZES)
def test_every_script_at_every_size_stands_inside_the_paper(text: str, size: int) -> None:
    raster = _one(TextBlock(text, size, is_bold=True))
    columns = _inked_columns(raster)
    assert columns[0] >= 8
    assert columns[-1] < 576 - 8
    assert not any(raster.rows[: raster.stride * EDGE_ROWS])
    assert not any(raster.rows[-raster.stride * EDGE_ROWS :])


def test_all_ink_of_a_text_comes_out_whatever_the_width() -> None:
    text = "Exchange until departure, fee three, then 手续费 and on"
    wide, narrow = render(PrintDocument((TextBlock(text),)), 1024), render(PrintDocument((TextBlock(text),)), 256)
    assert narrow.height > wide.height
    ink = [sum(byte.bit_count() for byte in raster.rows) for raster in (wide, narrow)]
    assert ink[0] == ink[1]


def test_blocks_never_touch_each_other() -> None:
    parts = [TextBlock("Agjpqy ẤỘ", 76, space_before=0), TextBlock("يجعل گچپژ", 52, space_before=0), RuleBlock(6)]
    whole = _one(*parts)
    heights = [_one(part).height - 2 * EDGE_ROWS for part in parts]
    assert whole.height == sum(heights) + 2 * EDGE_ROWS
    ink = sum(byte.bit_count() for byte in whole.rows)
    assert ink == sum(byte.bit_count() for part in parts for byte in _one(part).rows)


def test_right_to_left_documents_are_mirrored() -> None:
    pair = PairBlock("Start", "9")
    left, right = _inked_columns(_one(pair)), _inked_columns(_one(pair, is_rtl=True))
    gaps = [max(b - a for a, b in pairwise(columns)) for columns in (left, right)]
    assert min(gaps) > 300
    assert sum(1 for x in left if x < 288) > sum(1 for x in left if x >= 288)
    assert sum(1 for x in right if x < 288) < sum(1 for x in right if x >= 288)


@pytest.mark.parametrize("payload", ["9f3c1a7e55b04d21aa90c3d2e1f0b7c6", "https://a.example/t/Q7M4KX?q=1", "7" * 144])
@pytest.mark.parametrize("width", [165, 240, 480])
def test_codes_are_read_by_both_readers_with_whole_modules_and_a_quiet_zone(payload: str, width: int) -> None:
    picture = _one(TextBlock("above"), QrBlock(payload, width, "Q7M 4KX"), TextBlock("below")).to_image().convert("L")
    assert [each.text for each in zxingcpp.read_barcodes(picture)] == [payload]
    assert [each.data.decode() for each in pyzbar.decode(picture)] == [payload]


def test_a_code_beside_text_is_read_and_keeps_clear_of_it() -> None:
    beside = (
        TextBlock("Copy or invoice: scan, or give number 0417-1183 at any counter.", 22),
        TextBlock("补打收据", 22),
    )
    for is_rtl in (False, True):
        picture = _one(QrBlock("abc-123", 165, beside=beside), is_rtl=is_rtl).to_image().convert("L")
        assert [each.text for each in zxingcpp.read_barcodes(picture)] == ["abc-123"]


@pytest.mark.parametrize(
    ("block", "key"),
    [
        (QrBlock("x" * 1001), "printer.qr_payload"),
        (QrBlock(""), "printer.qr_payload"),
        (QrBlock("Ä"), "printer.qr_payload"),
        (ColumnsBlock((("a", "b"),) * 9), "printer.document_too_wide"),
        (ColumnsBlock(()), "printer.document_too_wide"),
        (TextBlock("a", indent=500), "printer.document_too_wide"),
        (TextBlock("a" * 4001), "printer.document_too_long"),
        (TextBlock("ب" * 200), "printer.document_too_wide"),
        (SpaceBlock(99_999), "printer.document_too_long"),
        (SpaceBlock(-1), "printer.document_too_long"),
        (RuleBlock(400), "printer.document_too_long"),
    ],
)
def test_what_cannot_stand_on_the_paper_is_refused_by_name(block: Block, key: str) -> None:
    with pytest.raises(UnprintableDocument) as refused:
        _one(block)
    assert refused.value.key == key


def test_a_document_longer_than_any_ticket_is_refused() -> None:
    with pytest.raises(UnprintableDocument):
        _one(*[SpaceBlock(2000)] * 7)


def test_control_characters_never_reach_paper() -> None:
    assert clean("a\x1b@b\x00c\x10\x04\x01\u202ed\ufeff\ud800e\ue000") == "a@bcde"
    assert clean("tab\tnew\u2028line") == "tab new\nline"
    assert clean("e\u0301") == "é"
    assert len(clean("a" + "\u0316" * 500)) <= 6
    assert _one(TextBlock("a\x1b\x00b")).rows == _one(TextBlock("ab")).rows


def test_prices_times_and_codes_stay_left_to_right_in_arabic() -> None:
    text = "الرقم 0417-1183 في €3.00"
    order = visual_order(levels(text, is_rtl=True))
    shown = "".join(text[index] for index in order)
    assert "0417-1183" in shown
    assert "€3.00" in shown
    assert shown.index("€3.00") < shown.index("0417-1183")


def test_a_missing_font_is_named_with_its_package(tmp_path: Path) -> None:
    latin = Path("/usr/share/fonts/truetype/noto")
    for name in ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"):
        (tmp_path / name).symlink_to(latin / name)
    renderer = Renderer(fonts=FontBook((tmp_path,)))
    assert renderer.render(PrintDocument((TextBlock("Latin ★ 😀"),))).height > 0  # a sign without a glyph is no reason
    with pytest.raises(MissingFont) as missing:
        renderer.render(PrintDocument((TextBlock("蓝山"),)))
    assert missing.value.key == "printer.font_missing"
    assert "fonts-noto-cjk" in missing.value.detail
    with pytest.raises(MissingFont):
        Renderer(fonts=FontBook((tmp_path / "none",))).render(PrintDocument((TextBlock("a"),)))


def test_warm_and_cold_caches_give_the_same_dots(ticket: PrintDocument) -> None:
    renderer = Renderer()
    cold = renderer.render(ticket)
    assert renderer.render(ticket) == cold
    renderer.forget()
    assert renderer.render(ticket) == cold


def test_letters_of_a_code_are_drawn_once_for_all_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    renderer, draw = Renderer(), GlyphBook._draw
    drawn: list[str] = []

    def noted(book: GlyphBook, unit: Unit, size: int, is_bold: bool, language: str) -> Mask:
        drawn.append(unit.text)
        return draw(book, unit, size, is_bold, language)

    monkeypatch.setattr(GlyphBook, "_draw", noted)
    renderer.render(PrintDocument((TextBlock("A B C D E 2 3 4", 52, is_bold=True),), "en"))
    drawn.clear()
    renderer.render(PrintDocument((TextBlock("ABCD AB2C 3DEA 2AB4", 52, is_bold=True),), "en"))
    assert not drawn
    renderer.render(PrintDocument((TextBlock("CAB ABE", 52, is_bold=True),), "en"))
    assert drawn == ["CAB", "ABE"]  # plain words keep the spaces of their letters


def test_a_banner_is_white_on_black() -> None:
    raster = _one(BannerBlock("DEMO"))
    ink = sum(byte.bit_count() for byte in raster.rows)
    assert ink > 544 * (raster.height - 2 * EDGE_ROWS - 8) * 0.7


def test_png_is_black_on_white_and_holds_the_same_dots(ticket: PrintDocument, tmp_path: Path) -> None:
    raster = render(ticket)
    path = tmp_path / "ticket.png"
    path.write_bytes(raster.to_png())
    with Image.open(path) as picture:
        assert picture.size == (raster.width, raster.height)
        assert picture.getpixel((0, 0)) == 255
        assert bytes(255 - byte for byte in picture.tobytes()) == raster.rows


@pytest.mark.parametrize("width", [0, 8, 255, 577, 2048])
def test_a_paper_width_no_printer_has_is_refused(width: int) -> None:
    with pytest.raises(UnprintableDocument):
        Renderer(width)
