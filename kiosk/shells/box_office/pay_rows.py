"""What pane 3 says of a sale: lines, total, tenders, and the one thing Enter does next; pure."""

from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from kiosk.application.word import Word
from kiosk.domain.catalogue import OccurrenceKind, Offer
from kiosk.domain.money import Money, exponent, tax_contained, total
from kiosk.domain.sale.document import DocumentState
from kiosk.domain.sale.sale import Sale, Stage
from kiosk.shells.box_office.words import sentence
from kiosk.ui.controls.staff_words import StaffWords

CASH_KEYS = "7890"
CASH_STEPS = (100, 500, 1000, 2000, 5000, 10000, 20000)  # what people hand over, in hundredths of the main unit


class SaleLine(Struct, frozen=True):
    """One line of the sale."""

    offerId: str
    count: str
    name: str
    fact: str
    price: str
    isCurrent: bool = False


class CashKey(Struct, frozen=True):
    """An amount handed over."""

    key: str
    word: str
    minor: int


class PayProps(Struct, frozen=True):
    """Everything pane 3 shows; `enter` names what Enter does, "" where it does nothing now."""

    lines: tuple[SaleLine, ...] = ()
    cash: tuple[CashKey, ...] = ()
    reference: str = ""
    total: str = ""
    isPartPaid: bool = False
    tickets: str = ""
    tax: str = ""
    headline: str = ""
    message: str = ""
    mood: str = "info"
    enter: str = ""
    way: str = ""
    canCard: bool = False
    canCash: bool = False
    isBusy: bool = False
    isDone: bool = False


def sale_lines(words: StaffWords, sale: Sale, current: int) -> tuple[SaleLine, ...]:
    """Return a line per product of each offer."""
    lines = [line for offer in sale.offers for line in _offer_lines(words, offer)]
    return tuple(replace(line, isCurrent=at == current) for at, line in enumerate(lines))


def _offer_lines(words: StaffWords, offer: Offer) -> list[SaleLine]:
    groups: dict[tuple[str, str], list[Money]] = {}
    for part in offer.parts:
        names = (words.text(part.product_name), words.text(part.category_name))
        groups.setdefault(names, []).append(part.price)
    fact = _fact(words, offer)
    return [
        SaleLine(
            offer.id,
            str(len(prices)),
            name if not category or category in name else f"{name} · {category}",
            fact,
            words.amount(total(tuple(prices), offer.currency)),
        )
        for (name, category), prices in groups.items()
    ]


def _fact(words: StaffWords, offer: Offer) -> str:
    occurrence = offer.occurrence
    where = words.text(occurrence.title)
    if occurrence.origin and occurrence.destination:
        origin, destination = words.text(occurrence.origin.name), words.text(occurrence.destination.name)
        where = words.say("{origin} to {destination}", origin=origin, destination=destination)
    when = words.day(occurrence.starts, occurrence.zone)
    if occurrence.kind is not OccurrenceKind.OPEN:
        when = f"{when} {words.clock(occurrence.starts, occurrence.zone)}"
    seats = ", ".join(f"{part.seat_row}/{part.seat_number}" for part in offer.parts if part.seat_number)
    return " · ".join(each for each in (where, when, words.say("seats {seats}", seats=seats) if seats else "") if each)


def cash_keys(words: StaffWords, due: Money) -> tuple[CashKey, ...]:
    """Return the amounts people hand over for a sum: exact, then the next round ones."""
    unit = 10 ** exponent(due.currency)
    steps = (step * unit // 100 for step in CASH_STEPS)
    rounded = {-(-due.minor // step) * step for step in steps if step}
    chosen = sorted({due.minor, *rounded})[: len(CASH_KEYS)] if due.minor > 0 else []
    return tuple(
        CashKey(key, words.amount(Money(minor, due.currency)), minor)
        for key, minor in zip(CASH_KEYS, chosen, strict=False)
    )


def pay_props(words: StaffWords, sale: Sale | None, current: int, *, is_card_off: str, is_asked: bool) -> PayProps:
    """Return what pane 3 shows of a sale; `is_card_off` is why cards do not work, "" where they do."""
    if sale is None or not (sale.offers or sale.is_settled):
        message = sentence(words, sale.problem) if sale else ""
        return PayProps(headline=words.say("Nothing chosen yet"), message=message)
    can_pay = sale.stage in {Stage.CHOOSING, Stage.PAYING} and sale.tender_in_flight is None and not is_asked
    parts = [part for offer in sale.offers for part in offer.parts]
    rates = {part.tax_permyriad for part in parts}
    tax = total(tuple(tax_contained(part.price, part.tax_permyriad) for part in parts), sale.basket.currency)
    shown = PayProps(
        lines=sale_lines(words, sale, current),
        cash=cash_keys(words, sale.due) if can_pay else (),
        reference=sale.id[-8:],
        total=words.amount(sale.due if sale.paid.minor and not sale.is_settled else sale.price),
        isPartPaid=sale.paid.minor > 0 and not sale.is_settled,
        tickets=words.say("%n ticket(s)", n=len(parts)),
        tax=words.say("incl. tax {amount}", amount=words.amount(tax)) if any(rates) else "",
        message=sentence(words, sale.problem) or _paid_by_gift_card(words, sale),
        mood="warn" if sale.problem else "info",
        canCard=can_pay and not is_card_off and sale.due.minor > 0,
        canCash=can_pay and sale.due.minor > 0,
        isBusy=is_asked,
    )
    return _staged(words, sale, shown, is_asked=is_asked)


def _paid_by_gift_card(words: StaffWords, sale: Sale) -> str:
    paid = total(tuple(each.credit for each in sale.tenders if each.card), sale.basket.currency)
    return words.say("{amount} paid by gift card.", amount=words.amount(paid)) if paid.minor else ""


def _paying(words: StaffWords, sale: Sale) -> str:
    tender = sale.tender_in_flight
    if tender is not None and tender.card is not None:
        return words.say("Asking the platform to take it off the gift card …")
    return words.say("The customer pays at the card device. Esc takes it back.")


def _recovering(words: StaffWords, sale: Sale) -> str:
    tender = sale.tender_in_flight
    if tender is not None and tender.card is not None:
        return words.say("The money is safe. Asking the platform what became of the gift card …")
    return words.say("The money is safe. Finding out what the card device did …")


def _staged(words: StaffWords, sale: Sale, shown: PayProps, *, is_asked: bool) -> PayProps:
    if sale.stage in {Stage.CHOOSING, Stage.PAYING} and sale.tender_in_flight is None and not is_asked:
        amount = words.amount(sale.due)
        word = words.say("Cash {amount}", amount=amount) if sale.due.minor else words.say("Hand out, nothing to pay")
        return replace(shown, enter="pay", way=word)
    saying, enter, way = STAGE_WORDS[sale.stage]
    headline = saying(words, sale) if callable(saying) else words.tell(saying)
    message = _trouble(words, sale) if sale.stage is Stage.PRINTING else shown.message
    is_done = sale.stage in {Stage.DONE, Stage.CLAIM}
    mood = "ok" if sale.stage is Stage.DONE else shown.mood
    return replace(
        shown,
        headline=headline,
        message=message,
        enter=enter,
        way=words.tell(way) if way else "",
        isBusy=not enter,
        isDone=is_done,
        mood=mood,
    )


def _printing(words: StaffWords, sale: Sale) -> str:
    printed = sum(each.state is DocumentState.PRINTED for each in sale.tickets)
    number, count = min(printed + 1, len(sale.tickets)), len(sale.tickets)
    return words.say("Paid. Printing ticket {number} of {count}", number=number, count=count)


def _trouble(words: StaffWords, sale: Sale) -> str:
    causes = [each.cause for each in sale.documents if each.is_pending and each.cause]
    return sentence(words, causes[0]) if causes else ""


def _done(words: StaffWords, sale: Sale) -> str:
    printed = sum(each.state is DocumentState.PRINTED for each in sale.tickets)
    tickets = words.say("%n ticket(s) printed.", n=printed)
    change = words.say("Give {amount} change.", amount=words.amount(sale.change))
    return f"{tickets} {change}" if sale.change.minor else tickets


def _claim(words: StaffWords, sale: Sale) -> str:
    owed = words.amount(sale.claim.owed + sale.claim.doubtful) if sale.claim else ""
    return words.say("Owed: {amount}. Give the customer the claim slip.", amount=owed)


# stage: (what is said, what Enter does, the word on the yellow button)
STAGE_WORDS: Mapping[Stage, tuple[Word | Callable[[StaffWords, Sale], str], str, Word | None]] = {
    Stage.CHOOSING: (Word("Reserving …"), "", None),
    Stage.HOLDING: (Word("Reserving …"), "", None),
    Stage.PAYING: (_paying, "", None),
    Stage.CONFIRMING: (Word("Paid. Telling the platform …"), "", None),
    Stage.PRINTING: (_printing, "", None),
    Stage.ASK_CUSTOMER: (Word("Did the last ticket come out whole? N says no."), "came_out", Word("Yes, it did")),
    Stage.RECOVERY: (_recovering, "", None),
    Stage.CLAIM: (_claim, "claim", Word("Print the claim slip")),
    Stage.ABANDONED: (Word("Given up. Nothing was kept."), "next", Word("Next customer")),
    Stage.DONE: (_done, "next", Word("Next customer")),
}
