"""Tickets that were sold become others: which they are, what they are worth, and what takes the place of which."""

from collections.abc import Iterable
from datetime import timedelta

import msgspec
from msgspec.structs import replace

from kiosk.application.bounding import bounded
from kiosk.application.clock import Clock
from kiosk.application.errors import Refused, Unreachable
from kiosk.application.interfaces import EventChoice, FoundBooking, Platform
from kiosk.application.looking_up import LIVE
from kiosk.domain.catalogue import Offer, OfferPart, RiderCount
from kiosk.domain.sale.events import ExchangeBegun

KEEPS = timedelta(minutes=15)  # what keeps its place has no price that could run out


class Returned(msgspec.Struct, frozen=True):
    """Tickets of a booking that are to become others, their extras behind them."""

    booking: FoundBooking
    parts: tuple[OfferPart, ...]

    def begun(self, platform: Platform, clock: Clock, *, keeps_place: bool = False) -> ExchangeBegun:
        """Return what the sale is told of them."""
        worth = tuple((part.id, part.price) for part in self.parts)
        return ExchangeBegun(
            self.booking.code,
            platform.traits.id,
            self.booking.sale_id,
            worth,
            clock.now(),
            keeps_place=keeps_place,
            is_by_gift_card=self.booking.gift_card_minor > 0,
        )


async def returned(platform: Platform, code: str, part_ids: Iterable[str], *, timeout_s: float) -> Returned:
    """Return the tickets of a booking that are to become others (all where none is named) and the extras on them.

    Raises:
        PlatformError: not_found for no such booking or ticket, not_live for one that is cancelled; or no answer.
    """
    try:
        found = await bounded(platform.find(code, timeout_s=timeout_s), timeout_s)
    except TimeoutError:
        raise Unreachable("unreachable", "no answer in time") from None
    if found is None:
        raise Refused("not_found", code)
    return of_booking(found, part_ids)


def of_booking(found: FoundBooking, part_ids: Iterable[str] = ()) -> Returned:
    """Return tickets of a booking that was found; see `returned`."""
    described = {(offer.id, part.id): part for offer in found.offers for part in offer.parts}
    known = {each.part_id: described.get((each.offer_id, each.part_id)) for each in found.parts}
    live = {each.part_id for each in found.parts if each.state in LIVE}
    wanted = set(part_ids) or live
    if not wanted <= known.keys():
        raise Refused("not_found", "part")
    wanted |= {part.id for part in known.values() if part and part.addon_to in wanted and part.id in live}
    if not wanted or not wanted <= live:
        raise Refused("not_live", found.code)
    parts = tuple(part for part_id, part in known.items() if part is not None and part_id in wanted)
    if len(parts) != len(wanted):
        raise Refused("bad_request", "the platform does not say what these tickets are")
    return Returned(found, parts)


def same_place(old: Returned, clock: Clock) -> tuple[Offer, ...]:
    """Return the same tickets once more, to get new secrets."""
    ids = {part.id for part in old.parts}
    offers = (
        replace(
            offer, parts=tuple(part for part in offer.parts if part.id in ids), expires=clock.now() + KEEPS
        )
        for offer in old.booking.offers
    )  # fmt: skip
    return tuple(offer for offer in offers if offer.parts)


async def new_place(
    platform: Platform, old: Returned, slot_id: str, seat_ids: tuple[str, ...], best: int, *, timeout_s: float
) -> tuple[Offer, ...]:
    """Price the same kinds of tickets for another slot, in named seats or the best together.

    Raises:
        PlatformError: what `event_offer` refuses; exchange_count where it gives other tickets.
    """
    counts: dict[str, int] = {}
    for part in old.parts:
        counts[part.product_id] = counts.get(part.product_id, 0) + 1
    tickets = [part for part in old.parts if not part.addon_to]
    is_seated = bool(seat_ids or best) or any(part.seat_id for part in tickets)
    sold = await platform.event_products(slot_id)
    areas = {each.seat_category_id for each in sold if each.id in {part.product_id for part in tickets}}
    choice = EventChoice(
        slot_id, tuple(RiderCount(product_id, count) for product_id, count in counts.items()), seat_ids,
        len(tickets) if is_seated and not seat_ids else 0, next(iter(areas)) if len(areas) == 1 else "",
    )  # fmt: skip
    try:
        offer = await platform.event_offer(choice, timeout_s=timeout_s)
    except Refused as no:
        if no.key != "bad_request" or not is_seated:
            raise
        extras = {part.product_id for part in old.parts if part.addon_to}
        kept = tuple(each for each in choice.products if each.category_id in extras)
        wider = replace(choice, products=kept, seat_category_id="")  # in whatever price area the seats are
        offer = await platform.event_offer(wider, timeout_s=timeout_s)
    return in_place_of(old, (offer,))


def in_place_of(old: Returned, offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
    """Return offers whose parts bear the ids of the old ones: the same product first, then in their order.

    Raises:
        Refused: exchange_count where there are not as many tickets and extras.
    """
    new = [(offer.id, part) for offer in offers for part in offer.parts]
    named: dict[tuple[str, str], OfferPart] = {}
    for is_extra in (False, True):
        ours = [part for part in old.parts if bool(part.addon_to) is is_extra]
        theirs = [each for each in new if bool(each[1].addon_to) is is_extra]
        if len(ours) != len(theirs):
            raise Refused("exchange_count", "other tickets than before")
        for mark, part in sorted(theirs, key=lambda each: each[1].product_id not in {old.product_id for old in ours}):
            match = next((each for each in ours if each.product_id == part.product_id), ours[0])
            ours.remove(match)
            named[mark, part.id] = replace(part, id=match.id, addon_to=match.addon_to)
    return tuple(replace(offer, parts=tuple(named[offer.id, part.id] for part in offer.parts)) for offer in offers)
