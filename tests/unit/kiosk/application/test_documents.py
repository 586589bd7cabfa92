# ruff: noqa: E501, S105 - names as they stand on paper, in every script; a secret of no ticket
"""Papers say everything once, in every language, and their codes can be read back."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zxingcpp
from msgspec.structs import replace
from PIL import Image
from pyzbar import pyzbar

from hardware.printer import BannerBlock, ColumnsBlock, PairBlock, PrintDocument, TextBlock, render
from hardware.printer.blocks import GAP, LABEL_SIZE, MARGIN
from hardware.printer.fonts import FontBook
from hardware.printer.glyphs import GlyphBook
from hardware.printer.lines import Setter, Style
from kiosk.application.documents import Imprint, PaperMaker, tax_lines
from kiosk.application.paper import ClaimFacts, ReceiptFacts, TenderFacts, TicketFacts
from kiosk.application.paper_words import LANGUAGES, WORDS, clean, grouped, money, rate
from kiosk.domain.catalogue import (
    Occurrence,
    OccurrenceKind,
    Offer,
    OfferPart,
    PartKind,
    Place,
    PlaceKind,
    Texts,
)
from kiosk.domain.money import Money
from kiosk.domain.sale.tender import TenderKind

SECRET = "MFRGGZDFMZTWQ2LKNNWG23TPOA"
AT = datetime(2026, 11, 22, 13, 31, tzinfo=UTC)
IMPRINT = Imprint("Aldermoor Transit", "0417", "Europe/Berlin", address="1 Station Square", is_training=True)
LONG = "Sankt-Margarethen-Oberdorf an der Großen Wasserscheide, Busbahnhof Nord (Ersatzhalt)"


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def place(name: str, zh: str, ar: str) -> Place:
    return Place(name, Texts(name, (("zh", zh), ("ar", ar))), PlaceKind.STATION, "Europe/Berlin")


def trip_offer(destination: str = "Lanshan") -> Offer:
    start = datetime(2026, 11, 22, 13, 52, tzinfo=UTC)
    adult = OfferPart(
        "p1", PartKind.ADMISSION, "single", Texts("Single", (("zh", "单程票"), ("de", "Einzelfahrt"), ("ar", "ذهاب"))),
        eur(1160), 700, "adult", Texts("1 adult", (("zh", "成人"), ("ar", "بالغ"))),
    )  # fmt: skip
    return Offer(
        "o1", "embedded",
        Occurrence(
            "t1", OccurrenceKind.TRIP, Texts("IC 8"), start, start + timedelta(hours=1), "Europe/Berlin",
            place("Aldermoor Central", "阿尔德莫尔总站", "ألدرمور المركزية"), place(destination, "蓝山", "لانشان"),
            line="IC 8", track="4", via=(Texts("Bellmar"),),
        ),
        (adult, replace(adult, id="p2")), "EUR", start, AT, start, start + timedelta(days=1),
        Texts("Valid only on this train, today.", (("zh", "仅限当日本次列车有效。"), ("de", "Nur in diesem Zug gültig."))),
    )  # fmt: skip


def seat_offer() -> Offer:
    start = datetime(2026, 11, 28, 18, 30, tzinfo=UTC)
    part = OfferPart(
        "s1", PartKind.ADMISSION, "front", Texts("Front, adult"), eur(4800), 1900, "adult", Texts("Adult"),
        "6-16", "6", "16", Texts("Front"), needs_capacity=True,
    )  # fmt: skip
    addon = OfferPart("a1", PartKind.ANCILLARY, "guide", Texts("Audio guide"), eur(400), 1900, addon_to="s1")
    venue = Place("v", Texts("Theatre Royal"), PlaceKind.VENUE, "Europe/Berlin")
    return Offer(
        "o2", "embedded",
        Occurrence("e1", OccurrenceKind.EVENT, Texts("The Winter’s Tale"), start, start, "Europe/Berlin", venue=venue),
        (part, addon), "EUR", start, AT, start, start, Texts("No exchange."),
    )  # fmt: skip


def ticket(offer: Offer, language: str = "zh", copy: int = 0) -> TicketFacts:
    addons = tuple(each for each in offer.parts if each.addon_to == offer.parts[0].id)
    return TicketFacts(offer, offer.parts[0], addons, "Q7MABCDKX3ZZ", SECRET, copy, language, AT, is_unconfirmed=True)


def receipt(language: str = "zh") -> ReceiptFacts:
    lines = tuple((offer, part) for offer in (trip_offer(), seat_offer()) for part in offer.parts)
    card = TenderFacts(TenderKind.CARD, eur(5000), "Visa •••• 4417", "093177", ("TID 6203 1187",))
    cash = TenderFacts(TenderKind.CASH, eur(3000))
    return ReceiptFacts("0192-sale", ("Q7MABCDKX3ZZ",), lines, (card, cash), eur(7520), eur(480), 0, language, AT)


def claim(language: str = "en") -> ClaimFacts:
    reasons = ("payment_unknown", "change_short", "not_given_back", "piece_unknown")
    return ClaimFacts("K7F3QX99ABCD", "0192-sale", ("Q7MABCDKX3ZZ",), reasons, eur(250), eur(1160), language, AT)


def texts(document: PrintDocument) -> str:
    found: list[str] = []
    for block in document.blocks:
        match block:
            case TextBlock() | BannerBlock():
                found.append(block.text)
            case PairBlock():
                found += [block.start, block.end]
            case ColumnsBlock():
                found += [text for column in block.columns for text in column]
            case _:
                pass
    return "\n".join(found)


def picture(document: PrintDocument, name: str, width: int = 576) -> Image.Image:
    raster = render(document, width)
    image = raster.to_image()
    if out := os.environ.get("GUICHET_SCREENS_OUT"):
        folder = Path(out) / "paper"
        folder.mkdir(parents=True, exist_ok=True)
        image.save(folder / f"{name}.png")
    return image


def codes_on(image: Image.Image) -> tuple[set[str], set[str]]:
    grey = image.convert("L")
    framed = Image.new("L", (grey.width + 80, grey.height + 80), 255)
    framed.paste(grey, (40, 40))
    zbar = {found.data.decode() for found in pyzbar.decode(framed, symbols=[pyzbar.ZBarSymbol.QRCODE])}
    return zbar, {found.text for found in zxingcpp.read_barcodes(framed)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("station", ["en", "ar"])
def test_every_ticket_code_is_read_back_to_its_secret(language: str, station: str) -> None:
    maker = PaperMaker(replace(IMPRINT, language=station))
    for offer in (trip_offer(), trip_offer(LONG), seat_offer()):
        name = f"ticket-{station}-{language}-{offer.id}-{len(offer.occurrence.title.default)}"
        image = picture(maker.ticket(ticket(offer, language)), name)
        assert codes_on(image) == ({SECRET}, {SECRET})


@pytest.mark.parametrize("language", LANGUAGES)
def test_claim_slip_holds_its_signed_text_in_every_language(language: str) -> None:
    slip = "guichet-claim:1:" + "A" * 240 + ":" + "b" * 86
    image = picture(PaperMaker(IMPRINT).claim(claim(language), slip), f"claim-{language}")
    assert codes_on(image) == ({slip}, {slip})


def test_test_print_is_read_back_on_both_paper_widths() -> None:
    for width in (576, 384):
        image = picture(PaperMaker(IMPRINT).test("TEST7391", AT, width), f"test-{width}", width)
        assert codes_on(image) == ({"TEST7391"}, {"TEST7391"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_receipt_shows_lines_total_tenders_change_and_tax(language: str) -> None:
    document = PaperMaker(replace(IMPRINT, language="en")).receipt(receipt(language))
    picture(document, f"receipt-{language}")
    said = texts(document)
    for wanted in ("2 × Single", "23.20", "€75.20", "50.00", "30.00", "4.80", "Visa •••• 4417", "0192-sale", "6/16"):
        assert wanted in said, wanted
    assert "7%" in said
    assert "19%" in said


def test_tax_per_rate_adds_up_to_the_gross() -> None:
    table = tax_lines(receipt().lines, "EUR")
    assert [(each[0], each[3]) for each in table] == [(700, eur(2320)), (1900, eur(5200))]
    assert all(net + tax == gross for _, net, tax, gross in table)
    assert table[0][2] == eur(152)


def test_ticket_speaks_the_stations_language_first_then_the_travellers() -> None:
    said = texts(PaperMaker(IMPRINT).ticket(ticket(trip_offer(), "zh")))
    assert "To 到达站" in said
    assert said.index("Lanshan") < said.index("蓝山")
    assert "14:52" in said  # 13:52 UTC in the trip's own zone
    assert "Sun 22 Nov 2026" in said


def test_training_and_copies_are_marked_and_originals_are_not() -> None:
    marked = texts(PaperMaker(IMPRINT).ticket(ticket(trip_offer(), "en", copy=2)))
    assert "DEMO" in marked
    assert "COPY 2" in marked
    plain = texts(PaperMaker(replace(IMPRINT, is_training=False)).ticket(ticket(trip_offer(), "en")))
    assert "DEMO" not in plain
    assert "COPY" not in plain


def test_seat_ticket_names_row_seat_area_addon_and_the_sum() -> None:
    said = texts(PaperMaker(IMPRINT).ticket(ticket(seat_offer(), "en")))
    for wanted in ("Row", "6", "16", "Front", "Audio guide", "€52.00", "Theatre Royal", "19:30"):
        assert wanted in said, wanted


def test_a_ticket_for_nothing_names_the_price_of_nothing() -> None:
    offer = trip_offer()
    free = replace(offer, parts=(replace(offer.parts[0], price=eur(0)),))
    assert "€0.00" in texts(PaperMaker(IMPRINT).ticket(ticket(free, "en")))


def test_foreign_text_reaches_paper_without_controls_and_bounded() -> None:
    assert clean("a\x1b@b\u202eevil\n  c") == "a @b evil c"
    assert len(clean("x" * 9000)) == 400
    assert grouped("Q7MABCDKX3ZZ") == "Q7MA BCDK X3ZZ"


def test_every_word_stands_in_every_language() -> None:
    for key, row in WORDS.items():
        assert len(row) == len(LANGUAGES), key
        assert all(row), key


def test_figures_follow_the_language_with_western_digits() -> None:
    assert money(eur(123456), "de") == "1.234,56 €"
    assert money(eur(1160), "zh") == "€11.60"
    assert "11" in money(eur(1160), "ar")
    assert rate(700) == "7%"
    assert rate(550) == "5.5%"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_over_a_column_of_the_tax_table_is_broken(language: str) -> None:
    table = next(
        each for each in PaperMaker(IMPRINT).receipt(receipt(language)).blocks if isinstance(each, ColumnsBlock)
    )
    setter = Setter(GlyphBook(FontBook(), 576))
    column = (576 - 2 * MARGIN - GAP * (len(table.columns) - 1)) // len(table.columns)
    style = Style(LABEL_SIZE, False, language, language == "ar")
    words = [word for label, _ in table.columns for word in label.split()]
    assert {
        word: setter.natural_width(word, style) for word in words if setter.natural_width(word, style) > column
    } == {}
