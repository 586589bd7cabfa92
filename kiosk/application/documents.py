# ruff: noqa: RUF001 - times and dashes as they stand on paper
"""Draw tickets, receipts, claim slips and test prints as printer-neutral documents; nothing is cut, long names wrap."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from hardware.printer import (
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
from kiosk.application.paper import ClaimFacts, ReceiptFacts, TenderFacts, TicketFacts
from kiosk.application.paper_words import (
    RIGHT_TO_LEFT,
    WORDS,
    Speech,
    base_language,
    clean,
    clock_time,
    day,
    figure,
    grouped,
    money,
    rate,
)
from kiosk.domain.catalogue import Occurrence, OccurrenceKind, Offer, OfferPart, Place
from kiosk.domain.money import Money, tax_contained, total

SHORT_NAME_CHARS = 18  # longer names take the next smaller size, so that they break into fewer lines
LONG_NAME_CHARS = 34
TICKET_QR_DOTS = 300  # LOOK picture 25: 297 of 576 dots
CLAIM_QR_DOTS = 380  # a signed slip holds ten times the text of a ticket
ADDON_INDENT = 24
WIDE_SIZE = 52  # the widest size at which ten digits fit


class Imprint(Struct, frozen=True):
    """Name whose paper it is: operator, address, machine, tax number, the station's language and zone, and training."""

    operator: str
    machine: str
    zone: str
    language: str = "en"
    address: str = ""
    tax_number: str = ""
    is_training: bool = False


class PaperMaker:
    """Draw every paper of one terminal; pure, no raster, well under a millisecond each once warm."""

    def __init__(self, imprint: Imprint) -> None:
        self._imprint = imprint

    @staticmethod
    def warm() -> None:
        """Load the figures of every language once, off the path of a sale."""
        for language in ("en", "zh", "de", "ar"):
            money(Money(1, "EUR"), language)
            day(datetime.fromisoformat("2026-01-01T12:00:00+00:00"), "UTC", language)

    def ticket(self, facts: TicketFacts) -> PrintDocument:
        """Draw a ticket."""
        return ticket_document(facts, self._imprint)

    def receipt(self, facts: ReceiptFacts) -> PrintDocument:
        """Draw a receipt."""
        return receipt_document(facts, self._imprint)

    def claim(self, facts: ClaimFacts, slip: str) -> PrintDocument:
        """Draw a claim slip around the signed text."""
        return claim_slip_document(facts, slip, self._imprint)

    def test(self, payload: str, at: datetime, width_dots: int) -> PrintDocument:
        """Draw the technician's test pattern with a code to be read back."""
        return test_document(payload, at, width_dots, self._imprint)


def ticket_document(facts: TicketFacts, imprint: Imprint) -> PrintDocument:
    """Draw one ticket: where and when large, who and how much, the code, what it is good for."""
    speech = Speech(imprint.language, facts.language)
    occurrence = facts.offer.occurrence
    kind = "ticket" if occurrence.kind is OccurrenceKind.TRIP else "entry"
    blocks: list[Block] = [
        *_banners(speech, imprint, facts.copy),
        *_head(imprint.operator, speech.words(kind)),
        *(_trip(occurrence, speech) if occurrence.kind is OccurrenceKind.TRIP else _attended(occurrence, speech)),
        *_when(facts.offer, speech),
        *_holder(facts, speech),
        RuleBlock(thickness=6),
        QrBlock(facts.secret, width_dots=TICKET_QR_DOTS, space_before=24),
        TextBlock(speech.words("booking"), 22, is_centred=True, space_before=4),
        TextBlock(grouped(facts.code), 52, is_bold=True, is_centred=True, space_before=0),
        RuleBlock(),
        *_validity(facts, speech),
        *_foot(imprint, speech, facts.sold_at),
    ]
    return _document(blocks, imprint)


def receipt_document(facts: ReceiptFacts, imprint: Imprint) -> PrintDocument:
    """Draw a receipt: lines, total, how it was paid, change, tax per rate."""
    speech = Speech(imprint.language, facts.language)
    first = imprint.language if speech.is_double else facts.language
    blocks: list[Block] = [
        *_banners(speech, imprint, facts.copy),
        *_head(imprint.operator, clean(imprint.address)),
        TextBlock(speech.words("receipt"), 52, is_bold=True, space_before=12),
        PairBlock(_when_text(facts.at, imprint, first), "", 22),
        RuleBlock(),
        *_lines(facts.lines, speech),
        RuleBlock(thickness=6),
        PairBlock(speech.words("total"), money(facts.total, first), 52, is_bold=True, space_before=12),
        RuleBlock(),
        *(block for tender in facts.tenders for block in _tender(tender, speech, first)),
        *_change(facts.change, speech, first),
        *_tax_table(facts.lines, speech, first),
        RuleBlock(is_dashed=True),
        *(block for code in facts.codes for block in _labelled(speech.words("booking"), grouped(code), 34)),
        *_labelled(speech.words("sale"), clean(facts.sale_id), 22),
        *(TextBlock(each, 22) for each in speech.sentences("keep_receipt")),
        RuleBlock(is_dashed=True),
        PairBlock(clean(imprint.tax_number), speech.words("machine", name=clean(imprint.machine)), 22),
        SpaceBlock(24),
    ]
    return _document(blocks, imprint)


def claim_slip_document(facts: ClaimFacts, slip: str, imprint: Imprint) -> PrintDocument:
    """Draw a claim slip: the good word first, what happened, what is owed, the code, where it is settled."""
    speech = Speech(facts.language, imprint.language)
    blocks: list[Block] = [
        *_banners(speech, imprint, 0),
        *_head(imprint.operator, speech.words("claim")),
        *(
            TextBlock(each, 52 if not at else 26, is_bold=True)
            for at, each in enumerate(speech.sentences("money_safe"))
        ),
        *(block for reason in facts.reasons for block in _reason(reason, speech)),
        RuleBlock(),
        *_owed("owed", facts.owed, speech),
        *_owed("doubtful", facts.doubtful, speech),
        RuleBlock(thickness=6),
        TextBlock(speech.words("claim_code"), 22),
        TextBlock(grouped(facts.claim_id), 52, is_bold=True, space_before=0),
        QrBlock(slip, width_dots=CLAIM_QR_DOTS, space_before=24),
        *(TextBlock(each, 26) for each in speech.sentences("claim_where")),
        RuleBlock(),
        *(block for code in facts.codes for block in _labelled(speech.words("booking"), grouped(code), 26)),
        *_labelled(speech.words("sale"), clean(facts.sale_id), 22),
        *_foot(imprint, speech, facts.at),
    ]
    return _document(blocks, imprint, language=facts.language)


def test_document(payload: str, at: datetime, width_dots: int, imprint: Imprint) -> PrintDocument:
    """Draw a test print: a name in every script, every size, both rules and a code to be read back."""
    speech = Speech(imprint.language, imprint.language)
    blocks: list[Block] = [
        *_banners(speech, imprint, 0),
        *_head(imprint.operator, speech.words("test")),
        *(TextBlock(WORDS["test"][index], 26) for index in range(4)),
        *(
            PairBlock(f"{size}", "0123456789"[: 10 if size <= WIDE_SIZE else 5], size, is_bold=True)
            for size in (22, 34, 52, 76)
        ),
        RuleBlock(thickness=2),
        RuleBlock(thickness=6),
        RuleBlock(is_dashed=True),
        QrBlock(payload, width_dots=TICKET_QR_DOTS, space_before=24),
        TextBlock(grouped(payload), 26, is_centred=True),
        *(TextBlock(each, 22) for each in speech.sentences("test_note")),
        PairBlock(f"{width_dots} × 203 dpi", "", 22),
        *_foot(imprint, speech, at),
    ]
    return _document(blocks, imprint)


def _document(blocks: Iterable[Block], imprint: Imprint, language: str = "") -> PrintDocument:
    tag = language or imprint.language
    return PrintDocument(tuple(blocks), tag, is_right_to_left=base_language(tag) in RIGHT_TO_LEFT)


def _banners(speech: Speech, imprint: Imprint, copy: int) -> Iterable[Block]:
    if imprint.is_training:
        yield BannerBlock(" · ".join(speech.sentences("demo")), 26 if speech.is_double else 34)
    if copy:
        yield BannerBlock(" · ".join(speech.sentences("copy", number=str(copy))))


def _head(operator: str, second: str) -> tuple[Block, ...]:
    name = TextBlock(clean(operator), 34, is_bold=True)
    below = (TextBlock(second, 22, space_before=0),) if second else ()
    return (name, *below, RuleBlock(thickness=6, space_before=12))


def _size_of(name: str, largest: int) -> int:
    if len(name) <= SHORT_NAME_CHARS:
        return largest
    return 34 if largest > 34 or len(name) <= LONG_NAME_CHARS else 26  # noqa: PLR2004 - sizes of the table


def _names(place_name: tuple[str, ...], largest: int) -> Iterable[Block]:
    for at, name in enumerate(place_name):
        yield TextBlock(name, _size_of(name, largest) if not at else 26, is_bold=not at, space_before=0)


def _trip(occurrence: Occurrence, speech: Speech) -> Iterable[Block]:
    stops: tuple[tuple[str, Place | None, int], ...] = (
        ("from", occurrence.origin, 34),
        ("to", occurrence.destination, 52),
    )
    for label, place, size in stops:
        if place:
            yield TextBlock(speech.words(label), 22, space_before=12)
            yield from _names(speech.texts(place.name), size)
    if not occurrence.destination:
        yield from _names(speech.texts(occurrence.title), 52)
    if occurrence.via:
        names = ", ".join(" ".join(speech.texts(each)) for each in occurrence.via)
        yield TextBlock(f"{speech.words('via')}: {names}", 22)
    yield RuleBlock(space_before=12)


def _attended(occurrence: Occurrence, speech: Speech) -> Iterable[Block]:
    yield from _names(speech.texts(occurrence.title), 52)
    if occurrence.venue:
        yield TextBlock(speech.words("where"), 22, space_before=12)
        yield from _names(speech.texts(occurrence.venue.name), 34)
    yield RuleBlock(space_before=12)


def _when(offer: Offer, speech: Speech) -> Iterable[Block]:
    occurrence = offer.occurrence
    date = " · ".join(dict.fromkeys(day(occurrence.starts, occurrence.zone, each) for each in speech.languages))
    if occurrence.kind is OccurrenceKind.OPEN:
        yield TextBlock(date, 34, is_bold=True, space_before=12)
        yield RuleBlock()
        return
    starts = clock_time(occurrence.starts, occurrence.zone)
    line = clean(occurrence.line)
    yield TextBlock(date, 22, space_before=12)
    if line and len(line) <= 8:  # noqa: PLR2004 - what fits beside the time at 52 dots
        yield PairBlock(starts, line, 76, is_bold=True, space_before=0, end_size=52)
    else:
        yield TextBlock(starts, 76, is_bold=True, space_before=0)
        if line:
            yield TextBlock(f"{speech.words('line')} {line}", 34, is_bold=True)
    if occurrence.kind is OccurrenceKind.EVENT and occurrence.ends > occurrence.starts:
        yield TextBlock(f"{speech.words('until')} {clock_time(occurrence.ends, occurrence.zone)}", 26, space_before=0)
    if occurrence.track:
        yield TextBlock(f"{speech.words('track')} {clean(occurrence.track)}", 26)
    yield RuleBlock(space_before=12)


def _holder(facts: TicketFacts, speech: Speech) -> Iterable[Block]:
    part = facts.part
    first = speech.languages[0]
    price = money(total((part.price, *(each.price for each in facts.addons)), facts.offer.currency), first)
    if part.seat_number:
        yield ColumnsBlock(
            ((speech.words("row"), clean(part.seat_row)), (speech.words("seat"), clean(part.seat_number))), 52
        )
        yield from _named("area", speech.texts(part.seat_category), speech)
    for name in speech.texts(part.product_name):
        yield TextBlock(name, 34, is_bold=True, space_before=12)
    category = " ".join(speech.texts(part.category_name))
    yield PairBlock(category or speech.words("price"), price, 34, is_bold=True, start_size=26)
    if facts.holder:
        yield TextBlock(f"{speech.words('holder')}: {clean(facts.holder)}", 30, is_bold=True)
    for addon in facts.addons:
        yield from _named("with", speech.texts(addon.product_name), speech)


def _named(label: str, names: tuple[str, ...], speech: Speech) -> Iterable[Block]:
    if names:
        yield TextBlock(f"{speech.words(label)}: {' '.join(names)}", 26)


def _validity(facts: TicketFacts, speech: Speech) -> Iterable[Block]:
    for at, sentence in enumerate(speech.texts(facts.offer.validity)):
        yield TextBlock(sentence, 26, is_bold=not at)
    if facts.is_unconfirmed:
        yield RuleBlock(is_dashed=True)
        for sentence in speech.sentences("unconfirmed"):
            yield TextBlock(sentence, 22)


def _when_text(at: datetime, imprint: Imprint, language: str) -> str:
    return f"{day(at, imprint.zone, language)} {clock_time(at, imprint.zone)}"


def _foot(imprint: Imprint, speech: Speech, at: datetime) -> tuple[Block, ...]:
    return (
        RuleBlock(is_dashed=True),
        TextBlock(speech.words("machine", name=clean(imprint.machine)), 22),
        TextBlock(_when_text(at, imprint, imprint.language), 22, space_before=0),
        SpaceBlock(24),
    )


def _labelled(label: str, value: str, size: int) -> tuple[Block, ...]:
    return (TextBlock(label, 22), TextBlock(value, size, is_bold=True, space_before=0))


def _lines(lines: tuple[tuple[Offer, OfferPart], ...], speech: Speech) -> Iterable[Block]:
    """Join equal parts of one offer into one line with its count."""
    counts = Counter((offer.id, part.product_id, part.price) for offer, part in lines)
    shown: set[tuple[str, str, Money]] = set()
    for offer, part in lines:
        key = (offer.id, part.product_id, part.price)
        if key in shown:
            continue
        shown.add(key)
        first = speech.languages[0]
        names = speech.texts(part.product_name) or (clean(part.product_id),)
        yield PairBlock(
            f"{counts[key]} × {names[0]}", figure(part.price * counts[key], first), 26, is_bold=True, space_before=12
        )
        about = _about(offer, [each for other, each in lines if (other.id, each.product_id, each.price) == key], speech)
        for text in (*names[1:], *about):
            yield TextBlock(text, 22, indent=ADDON_INDENT, space_before=0)


def _about(offer: Offer, parts: list[OfferPart], speech: Speech) -> tuple[str, ...]:
    occurrence = offer.occurrence
    first = speech.languages[0]
    where = " – ".join(clean(each.name.text(first)) for each in (occurrence.origin, occurrence.destination) if each)
    when = day(occurrence.starts, occurrence.zone, first)
    if occurrence.kind is not OccurrenceKind.OPEN:
        when = f"{when} {clock_time(occurrence.starts, occurrence.zone)}"
    seats = [f"{clean(each.seat_row)}/{clean(each.seat_number)}" for each in parts if each.seat_number]
    seat_text = f"{speech.words('seat')} {', '.join(seats)}" if seats else ""
    category = clean(parts[0].category_name.text(first))
    texts = (where or clean(occurrence.title.text(first)), when, category, seat_text)
    return tuple(text for text in texts if text)


def _tender(tender: TenderFacts, speech: Speech, first: str) -> Iterable[Block]:
    yield PairBlock(speech.words(str(tender.kind)), figure(tender.amount, first), 26)
    if tender.card_hint or tender.device_reference:
        parts = (clean(each) for each in (tender.card_hint, tender.device_reference) if each)
        yield TextBlock(" · ".join(parts), 22, indent=ADDON_INDENT, space_before=0)
    for line in tender.receipt_lines:
        yield TextBlock(clean(line), 22, indent=ADDON_INDENT, space_before=0)


def _change(change: Money, speech: Speech, first: str) -> Iterable[Block]:
    if change.minor:
        yield PairBlock(speech.words("change"), figure(change, first), 26)


def tax_lines(lines: tuple[tuple[Offer, OfferPart], ...], currency: str) -> tuple[tuple[int, Money, Money, Money], ...]:
    """Return (rate, net, tax, gross) per rate, lowest first; tax is rounded per rate, so net + tax = gross."""
    rates = sorted({part.tax_permyriad for _, part in lines})
    result = []
    for each in rates:
        gross = total(tuple(part.price for _, part in lines if part.tax_permyriad == each), currency)
        tax = tax_contained(gross, each)
        result.append((each, gross - tax, tax, gross))
    return tuple(result)


def _tax_table(lines: tuple[tuple[Offer, OfferPart], ...], speech: Speech, first: str) -> Iterable[Block]:
    if not lines:
        return
    yield RuleBlock()
    for each, net, tax, gross in tax_lines(lines, lines[0][0].currency):
        yield ColumnsBlock(
            (
                (speech.words("tax"), rate(each)),
                (speech.words("net"), figure(net, first)),
                (speech.words("tax_amount"), figure(tax, first)),
                (speech.words("gross"), figure(gross, first)),
            ),
            22,
        )


def _reason(reason: str, speech: Speech) -> Iterable[Block]:
    known = {"payment_unknown", "not_given_back", "change_short", "piece_unknown", "exchange_open"}
    key = reason if reason in known else "other_reason"
    for at, sentence in enumerate(speech.sentences(key)):
        yield TextBlock(sentence, 26 if not at else 22)


def _owed(label: str, amount: Money, speech: Speech) -> Iterable[Block]:
    if amount.minor:
        yield PairBlock(
            speech.words(label), money(amount, speech.languages[0]), 52, is_bold=True, start_size=26, space_before=12
        )
