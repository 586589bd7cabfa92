"""What a sale without a screen is to be: plain arguments to the offer they describe, and the answers for it."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Protocol
from zoneinfo import ZoneInfo

import msgspec

from kiosk.application.answer_words import fault_word
from kiosk.application.clock import Clock
from kiosk.application.control import NotDone
from kiosk.application.errors import Refused
from kiosk.application.interfaces import EventChoice, Platform
from kiosk.application.purchaser import AnswerRefusedError, Purchaser, PurchaserRefusedError, purchaser, with_answers
from kiosk.application.settings import Settings
from kiosk.domain.catalogue import Event, EventProduct, Journey, Offer, Place, Question, QuestionKind, RiderCount, Slot
from kiosk.domain.questions import CHOICES

Text = Annotated[str, msgspec.Meta(max_length=200)]
Count = Annotated[int, msgspec.Meta(ge=0, le=50)]
SEARCH_DAYS = 60
NAME_CHARS_MIN = 4


class SaleOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be sold: a journey (origin, destination, depart), an event (slot, seats or best), or a pick-up.

    `medium`: the UID in hex of a chip; of a pick-up what is on it, of another channel's booking what it is put on.
    `answers`: (question, answer), one for all tickets that ask it, or one for each in their order.
    """

    origin: Text = ""
    destination: Text = ""
    depart: Text = ""
    event: Text = ""
    slot: Text = ""
    seats: Annotated[tuple[Text, ...], msgspec.Meta(max_length=50)] = ()
    best: Count = 0
    seat_category: Text = ""
    riders: Annotated[dict[Text, Count], msgspec.Meta(max_length=20)] = {}
    addons: Annotated[dict[Text, Count], msgspec.Meta(max_length=20)] = {}
    product: Text = ""
    pick_up: Text = ""
    medium: Text = ""
    tender: Literal["card", "cash", "free"] = "card"
    language: Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")] = "en"
    wants_receipt: bool = False
    voucher: Annotated[str, msgspec.Meta(max_length=255)] = ""
    gift_card: Annotated[str, msgspec.Meta(max_length=190)] = ""
    answers: Annotated[
        tuple[tuple[Text, Annotated[str, msgspec.Meta(max_length=1_000)]], ...], msgspec.Meta(max_length=200)
    ] = ()
    holder: Text = ""
    mail: Annotated[str, msgspec.Meta(max_length=254)] = ""

    @property
    def is_pick_up(self) -> bool:
        """Say whether nothing is sold: what was bought elsewhere is printed."""
        return bool(self.pick_up or (self.medium and not (self.event or self.origin)))


class Buyer(Protocol):
    """As much of a terminal as choosing needs."""

    @property
    def platform(self) -> Platform:
        """Return the platform to choose from."""
        ...

    @property
    def clock(self) -> Clock:
        """Return the time."""
        ...

    @property
    def settings(self) -> Settings:
        """Return the time-outs."""
        ...


async def offer_for(terminal: Buyer, order: SaleOrder) -> Offer:
    """Return the offer an order describes, the cheapest that fits.

    Raises:
        NotDone: nothing fits; the sentence names what there is.
        PlatformError: the platform said no or nothing.
    """
    return await (_event_offer(terminal, order) if order.event else _journey_offer(terminal, order))


async def _journey_offer(terminal: Buyer, order: SaleOrder) -> Offer:
    platform = terminal.platform
    origin, destination = await _place(terminal, order.origin), await _place(terminal, order.destination)
    after = moment(order.depart, terminal.clock.now(), origin.zone)
    found = await platform.departures(origin.id, destination.id, after=after, limit=5)
    journey: Journey | None = next((each for each in found.journeys if each.departs >= after), None)
    if journey is None:
        raise NotDone(
            "no_journey", f"No journey from {origin.name.default} to {destination.name.default} after {after}."
        )
    offers = await platform.journey_offers(journey.id, await _riders(terminal, order))
    wanted = [each for each in offers if not order.product or any(p.product_id == order.product for p in each.parts)]
    if not wanted:
        raise NotDone("no_offer", "The tariff has no ticket for these travellers on this journey.")
    return wanted[0]


async def _place(terminal: Buyer, text: str) -> Place:
    if not text:
        raise NotDone("no_place", "Name a place to start from and one to go to.")
    try:
        return await terminal.platform.place(text)
    except Refused:
        hits = await terminal.platform.places(text, language="en", limit=5)
    exact = [hit for hit in hits if text.casefold() in {hit.shown.casefold(), hit.place.name.default.casefold()}]
    # The platform gives the best first; a beginning of some length may name one of several parts of a station.
    meant = [hit for hit in hits if not hit.is_near and (hit.match[0] == 0 and len(text) >= NAME_CHARS_MIN)]
    sure = exact or meant
    if not sure:
        near = ", ".join(hit.shown for hit in hits) or "nothing like it"
        raise NotDone("no_place", f"No one place is called “{text}”. Found: {near}.")
    return sure[0].place


async def _riders(terminal: Buyer, order: SaleOrder) -> tuple[RiderCount, ...]:
    known = [category.id for category in await terminal.platform.rider_categories()]
    asked = {name: count for name, count in order.riders.items() if count} or {known[0]: 1}
    unknown = [name for name in asked if name not in known]
    if unknown:
        raise NotDone("no_category", f"Nobody travels as “{unknown[0]}”. Known: {', '.join(known)}.")
    return tuple(RiderCount(name, count) for name, count in asked.items())


async def _event_offer(terminal: Buyer, order: SaleOrder) -> Offer:
    slot = await _slot(terminal, order)
    products = await _products(terminal, slot.id, order)
    choice = EventChoice(
        slot.id, _chosen(products, order), order.seats, order.best if not order.seats else 0, order.seat_category,
        order.voucher,
    )  # fmt: skip
    return await terminal.platform.event_offer(choice, timeout_s=terminal.settings.timeouts.platform_read_s)


async def _products(terminal: Buyer, slot_id: str, order: SaleOrder) -> tuple[EventProduct, ...]:
    """Return what is sold for a slot, what the voucher is good for first."""
    products = await terminal.platform.event_products(slot_id)
    if not order.voucher:
        return products
    read_s = terminal.settings.timeouts.platform_read_s
    vouched = (await terminal.platform.voucher(slot_id, order.voucher, timeout_s=read_s)).products
    return (*vouched, *(each for each in products if each.id not in {known.id for known in vouched}))


async def named(terminal: Buyer, offer: Offer, order: SaleOrder) -> Purchaser:
    """Return for whom a sale is and what was answered.

    Raises:
        NotDone: a name, an address or an answer will not do; the sentence says which.
    """
    try:
        whom = purchaser(order.holder, order.mail)
    except PurchaserRefusedError as refused:
        raise NotDone("purchaser", f"Nothing was sold and nothing charged. {refused}") from None
    if not order.answers and not any(part.asks for part in offer.parts):
        return whom
    products = await _products(terminal, offer.occurrence.id, order)
    questions = {each.id: each.questions for each in products}
    try:
        return with_answers(whom, offer, questions, _given(offer, questions, order))
    except AnswerRefusedError as refused:
        raise NotDone(
            f"answer_{refused.fault}",
            f"Nothing was sold and nothing charged. The answer to “{refused.question.text.default}” "
            f"({refused.question.id}) will not do ({refused.fault}). {fault_word(refused.question, refused.fault)}",
        ) from None


def _given(offer: Offer, questions: Mapping[str, tuple[Question, ...]], order: SaleOrder) -> dict[str, dict[str, str]]:
    """Return the answers by part and question: one for all parts that ask it, or one for each in their order."""
    found: dict[str, dict[str, str]] = {part.id: {} for part in offer.parts}
    for name in dict.fromkeys(name for name, _ in order.answers):
        values = [value for each, value in order.answers if each == name]
        asking = [
            (part, question) for part in offer.parts for question in questions.get(part.product_id, ())
            if name.casefold() in {question.id, question.text.default.casefold()}
        ]  # fmt: skip
        if len(values) not in {1, len(asking)} or not asking:
            raise NotDone(
                "no_question", f"“{name}” is asked {len(asking)} times here and was answered {len(values)} times."
            )
        for at, (part, question) in enumerate(asking):
            found[part.id][question.id] = _value(question, values[at % len(values)])
    return found


def _value(question: Question, value: str) -> str:
    """Return an answer as it is kept: of choices the ids, also where the words were given; a code in capitals."""
    if question.kind is QuestionKind.COUNTRY:
        return value.strip().upper()
    if question.kind not in CHOICES:
        return value
    ids = {each.text.default.casefold(): each.id for each in question.options}
    return ",".join(ids.get(each.strip().casefold(), each.strip()) for each in value.split(","))


async def _slot(terminal: Buyer, order: SaleOrder) -> Slot:
    now = terminal.clock.now()
    events = await terminal.platform.events(on=None, limit=200)
    wanted = order.event.casefold()
    event: Event | None = next((e for e in events if wanted in {e.id.casefold(), e.name.default.casefold()}), None)
    if event is None:
        raise NotDone("no_event", f"Nothing is on called “{order.event}”. On: {', '.join(e.id for e in events[:20])}.")
    zone = event.venue.zone
    first = moment(order.slot, now, zone) if order.slot[:1].isdigit() else event.next_starts or now
    for day in range(SEARCH_DAYS):
        on = (first.astimezone(ZoneInfo(zone)) + timedelta(days=day)).date()
        slots = await terminal.platform.slots(event.id, on=on)
        fit = [each for each in slots if (order.slot in {each.id, ""} and each.starts >= now) or each.starts == first]
        if fit:
            return fit[0]
        if order.slot[:1].isdigit():
            break
    raise NotDone("no_slot", f"“{order.event}” has no such time. Leave --slot away for the next one.")


def _chosen(products: tuple[EventProduct, ...], order: SaleOrder) -> tuple[RiderCount, ...]:
    """Match categories and product ids to products; alone, one of the first product per seat."""
    plain = [each for each in products if not each.is_addon]
    if order.seat_category:
        plain = [each for each in plain if each.seat_category_id in {order.seat_category, ""}] or plain
    asked = {name: count for name, count in {**order.riders, **order.addons}.items() if count}
    if not asked and plain:
        asked = {plain[0].id: max(1, order.best, len(order.seats))}
    chosen = []
    for name, count in asked.items():
        fit = [each for each in (*plain, *products) if name in {each.id, each.category_id}]
        if not fit:
            raise NotDone("no_product", f"“{name}” is not sold here. Sold: {', '.join(each.id for each in products)}.")
        chosen.append(RiderCount(fit[0].id, count))
    return tuple(chosen)


def moment(text: str, now: datetime, zone: str) -> datetime:
    """Return a time: RFC 3339, a local date and time, or HH:MM today; "" is now.

    Raises:
        NotDone: it is none of these.
    """
    if not text:
        return now
    local = now.astimezone(ZoneInfo(zone))
    try:
        if len(text) <= len("23:59"):
            hours, minutes = text.split(":")
            return local.replace(hour=int(hours), minute=int(minutes), second=0, microsecond=0)
        given = datetime.fromisoformat(text)
    except ValueError:
        raise NotDone("no_time", "A time is written 2026-03-01T14:30, with an offset behind it, or 14:30.") from None
    return given if given.tzinfo else given.replace(tzinfo=ZoneInfo(zone))


# ---- what became of it


def order_of(arguments: dict[str, Any]) -> SaleOrder:
    """Return an order from plain arguments, as the control socket brings them."""
    return msgspec.convert(json.loads(json.dumps(arguments)), SaleOrder)
