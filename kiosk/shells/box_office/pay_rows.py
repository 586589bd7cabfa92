"""What pane 3 says of a sale: lines, total, tenders, and the one thing Enter does next; pure."""

from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from kiosk.domain.catalogue import OccurrenceKind, Offer
from kiosk.domain.money import Money, exponent, tax_contained, total
from kiosk.domain.sale.document import DocumentState
from kiosk.domain.sale.sale import Sale, Stage
from kiosk.shells.box_office.words import amount, clock_time, day, say, sentence

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


def sale_lines(sale: Sale, current: int) -> tuple[SaleLine, ...]:
    """Return a line per product of each offer."""
    lines = [line for offer in sale.offers for line in _offer_lines(offer)]
    return tuple(replace(line, isCurrent=at == current) for at, line in enumerate(lines))


def _offer_lines(offer: Offer) -> list[SaleLine]:
    groups: dict[tuple[str, str], list[Money]] = {}
    for part in offer.parts:
        names = (part.product_name.text("en"), part.category_name.text("en"))
        groups.setdefault(names, []).append(part.price)
    fact = _fact(offer)
    return [
        SaleLine(
            offer.id,
            str(len(prices)),
            name if not category or category in name else f"{name}, {category}",
            fact,
            amount(total(tuple(prices), offer.currency)),
        )
        for (name, category), prices in groups.items()
    ]


def _fact(offer: Offer) -> str:
    occurrence = offer.occurrence
    where = occurrence.title.text("en")
    if occurrence.origin and occurrence.destination:
        where = say("{0} to {1}", occurrence.origin.name.text("en"), occurrence.destination.name.text("en"))
    when = day(occurrence.starts, occurrence.zone, "en")
    if occurrence.kind is not OccurrenceKind.OPEN:
        when = f"{when} {clock_time(occurrence.starts, occurrence.zone)}"
    seats = ", ".join(f"{part.seat_row}/{part.seat_number}" for part in offer.parts if part.seat_number)
    return " · ".join(each for each in (where, when, say("seats {0}", seats) if seats else "") if each)


def cash_keys(due: Money) -> tuple[CashKey, ...]:
    """Return the amounts people hand over for a sum: exact, then the next round ones."""
    unit = 10 ** exponent(due.currency)
    steps = (step * unit // 100 for step in CASH_STEPS)
    rounded = {-(-due.minor // step) * step for step in steps if step}
    chosen = sorted({due.minor, *rounded})[: len(CASH_KEYS)] if due.minor > 0 else []
    return tuple(
        CashKey(key, amount(Money(minor, due.currency)), minor) for key, minor in zip(CASH_KEYS, chosen, strict=False)
    )


def pay_props(sale: Sale | None, current: int, *, is_card_off: str, is_asked: bool) -> PayProps:
    """Return what pane 3 shows of a sale; `is_card_off` is why cards do not work, "" where they do."""
    if sale is None or not (sale.offers or sale.is_settled):
        return PayProps(headline=say("Nothing chosen yet"), message=sentence(sale.problem) if sale else "")
    can_pay = sale.stage in {Stage.CHOOSING, Stage.PAYING} and sale.tender_in_flight is None and not is_asked
    parts = [part for offer in sale.offers for part in offer.parts]
    rates = {part.tax_permyriad for part in parts}
    tax = total(tuple(tax_contained(part.price, part.tax_permyriad) for part in parts), sale.basket.currency)
    shown = PayProps(
        lines=sale_lines(sale, current),
        cash=cash_keys(sale.due) if can_pay else (),
        reference=sale.id[-8:],
        total=amount(sale.due if sale.paid.minor and not sale.is_settled else sale.price),
        tickets=say("1 ticket") if len(parts) == 1 else say("{0} tickets", len(parts)),
        tax=say("incl. tax {0}", amount(tax)) if any(rates) else "",
        message=sentence(sale.problem),
        mood="warn",
        canCard=can_pay and not is_card_off and sale.due.minor > 0,
        canCash=can_pay and sale.due.minor > 0,
        isBusy=is_asked,
    )
    return _staged(sale, shown, is_asked=is_asked)


def _staged(sale: Sale, shown: PayProps, *, is_asked: bool) -> PayProps:
    if sale.stage in {Stage.CHOOSING, Stage.PAYING} and sale.tender_in_flight is None and not is_asked:
        word = say("Cash {0}", amount(sale.due)) if sale.due.minor else say("Hand out, nothing to pay")
        return replace(shown, enter="pay", way=word)
    saying, enter, way = STAGE_WORDS[sale.stage]
    headline = saying(sale) if callable(saying) else say(saying)
    message = _trouble(sale) if sale.stage is Stage.PRINTING else shown.message
    is_done = sale.stage in {Stage.DONE, Stage.CLAIM}
    mood = "ok" if sale.stage is Stage.DONE else shown.mood
    return replace(
        shown,
        headline=headline,
        message=message,
        enter=enter,
        way=say(way),
        isBusy=not enter,
        isDone=is_done,
        mood=mood,
    )


def _printing(sale: Sale) -> str:
    printed = sum(each.state is DocumentState.PRINTED for each in sale.tickets)
    return say("Paid. Printing ticket {0} of {1}", min(printed + 1, len(sale.tickets)), len(sale.tickets))


def _trouble(sale: Sale) -> str:
    causes = [each.cause for each in sale.documents if each.is_pending and each.cause]
    return sentence(causes[0]) if causes else ""


def _done(sale: Sale) -> str:
    printed = sum(each.state is DocumentState.PRINTED for each in sale.tickets)
    tickets = say("1 ticket printed.") if printed == 1 else say("{0} tickets printed.", printed)
    return f"{tickets} {say('Give {0} change.', amount(sale.change))}" if sale.change.minor else tickets


def _owed(sale: Sale) -> str:
    return amount(sale.claim.owed + sale.claim.doubtful) if sale.claim else ""


def _claim(sale: Sale) -> str:
    return say("Owed: {0}. Give the customer the claim slip.", _owed(sale))


# stage: (what is said, what Enter does, the word on the yellow button)
STAGE_WORDS: Mapping[Stage, tuple[str | Callable[[Sale], str], str, str]] = {
    Stage.CHOOSING: ("Reserving …", "", ""),
    Stage.HOLDING: ("Reserving …", "", ""),
    Stage.PAYING: ("The customer pays at the card device. Esc takes it back.", "", ""),
    Stage.CONFIRMING: ("Paid. Telling the platform …", "", ""),
    Stage.PRINTING: (_printing, "", ""),
    Stage.ASK_CUSTOMER: ("Did the last ticket come out whole? N says no.", "came_out", "Yes, it did"),
    Stage.RECOVERY: ("The money is safe. Finding out what the card device did …", "", ""),
    Stage.CLAIM: (_claim, "claim", "Print claim slip"),
    Stage.ABANDONED: ("Given up. Nothing was kept.", "next", "Next customer"),
    Stage.DONE: (_done, "next", "Next customer"),
}
