"""Price a choice and check every rule that the server does not check."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from kiosk.application.errors import Refused
from kiosk.application.interfaces import EventChoice
from kiosk.domain.catalogue import EventProduct, Offer, OfferPart, PartKind, RiderCount, Seat, SeatState, Texts
from kiosk.domain.money import Money
from kiosk.platforms.pretix import discounts, mapping
from kiosk.platforms.pretix.catalogue import EventFacts, SlotFacts, occurrence
from kiosk.platforms.pretix.extras import hosts
from kiosk.platforms.pretix.products import Product
from kiosk.platforms.pretix.quotas import Room, left_of
from kiosk.platforms.pretix.vouchers import Terms, spread

UNITS_MAX = 50


def shown_products(facts: EventFacts, slot: SlotFacts, room: Room, now: datetime) -> tuple[EventProduct, ...]:
    """Return what can be bought for a slot now, at the slot's own prices, extras last; what has a quota there."""
    return tuple(each.shown for each in _products(facts, slot, room, now) if not each.needs_voucher)


def vouched_products(
    facts: EventFacts, slot: SlotFacts, room: Room, now: datetime, terms: Terms
) -> tuple[EventProduct, ...]:
    """Return what a voucher is good for in a slot, at its prices."""
    left = {} if not terms.keeps_room else {"left": terms.left}
    return tuple(
        replace(each.shown, price=Money(terms.price(each.shown.price.minor), each.shown.price.currency), **left)
        for each in _products(facts, slot, room, now)
        if terms.is_for(each, room)
    )


def _products(facts: EventFacts, slot: SlotFacts, room: Room, now: datetime) -> list[Product]:
    quotas = room.by_item()
    names = [name for item in facts.items if item in quotas for name in facts.items[item]]
    found = [
        replace(priced, shown=replace(priced.shown, left=left_of(priced, quotas[priced.item]), as_of=room.as_of))
        for each in map(facts.products.__getitem__, names)
        if any(quota.covers(each) for quota in quotas[each.item]) and (priced := _priced(each, slot, now)) is not None
    ]
    return sorted(found, key=lambda each: each.shown.is_addon)


def _priced(product: Product, slot: SlotFacts, now: datetime) -> Product | None:
    if not _is_open(product.opens, product.closes, now):
        return None
    override = _terms(product, slot)
    if override is None:
        return product
    bounds = [
        mapping.moment(override[each], each) if override.get(each) else None
        for each in ("available_from", "available_until")
    ]
    if override.get("disabled") or not _is_open(bounds[0], bounds[1], now):
        return None
    return _override(product, slot)


def _terms(product: Product, slot: SlotFacts) -> dict[str, Any] | None:
    name = f"v{product.variation}" if product.variation else str(product.item)
    return slot.overrides.get(name) or slot.overrides.get(str(product.item))


def _override(product: Product, slot: SlotFacts) -> Product:
    """Return a product at a slot's own price."""
    override = _terms(product, slot)
    if override is None or override.get("price") is None:
        return product
    price = mapping.money(override["price"], product.shown.price.currency, "price")
    return replace(product, shown=replace(product.shown, price=price))


def _is_open(opens: datetime | None, closes: datetime | None, now: datetime) -> bool:
    return (opens is None or opens <= now) and (closes is None or now <= closes)


def chosen(facts: EventFacts, slot: SlotFacts, choice: EventChoice, now: datetime) -> list[Product]:
    """Return the products of a choice, one per unit, tickets first.

    Raises:
        Refused: sale_closed outside the sale window; bad_request for products, counts and extras against the rules.
    """
    if slot.ends <= now or not _is_open(slot.opens, slot.closes, now):
        raise Refused("sale_closed", slot.id)
    units: list[Product] = []
    for wanted in choice.products:
        product = facts.products.get(wanted.category_id)
        priced = _priced(product, slot, now) if product is not None else None
        if priced is None or not 0 <= wanted.count <= priced.shown.count_max:
            raise Refused("bad_request", "product")
        units += [priced] * wanted.count
    units.sort(key=lambda each: each.shown.is_addon)
    if sum(not each.shown.is_addon for each in units) > facts.count_max or len(units) > UNITS_MAX:
        raise Refused("bad_request", "too many at once")
    for product_id, count in Counter(each.shown.id for each in units).items():
        if not facts.products[product_id].count_min <= count <= facts.products[product_id].shown.count_max:
            raise Refused("bad_request", "too many or too few of one")
    return units


def check_room(slot: SlotFacts, units: Sequence[Product], room: Room) -> None:
    """Refuse what the quotas do not have, counting every product that shares one; Refused(sold_out)."""
    for quota in room.quotas:
        if quota.left is not None and sum(map(quota.covers, units)) > quota.left:
            raise Refused("sold_out", slot.id)
    if any(room.left(each) == 0 for each in units):
        raise Refused("sold_out", slot.event_id)


def named_seats(seats: tuple[Seat, ...], wanted: tuple[str, ...]) -> tuple[Seat, ...]:
    """Return free seats by id; Refused(seat_taken | bad_request)."""
    by_id = {seat.id: seat for seat in seats}
    if len(set(wanted)) != len(wanted) or not set(wanted) <= set(by_id):
        raise Refused("bad_request", "a seat is not in this hall")
    found = tuple(by_id[each] for each in wanted)
    if any(seat.state is not SeatState.FREE for seat in found):
        raise Refused("seat_taken", "seat")
    return found


def best_seats(seats: tuple[Seat, ...], count: int, category_id: str) -> tuple[Seat, ...]:
    """Return the first free neighbours of one row and category; Refused(sold_out)."""
    run: list[Seat] = []
    for seat in seats:
        is_free = seat.state is SeatState.FREE and category_id in {"", seat.category_id}
        is_beside = bool(run) and (run[-1].row, run[-1].y, run[-1].category_id) == (seat.row, seat.y, seat.category_id)
        run = [*run, seat] if is_free and is_beside else [seat] if is_free else []
        if len(run) == count:
            return tuple(run)
    raise Refused("sold_out", "no seats together")


def offer(
    facts: EventFacts, slot: SlotFacts, units: list[Product], seats: tuple[Seat, ...], *,
    offer_id: str, platform_id: str, now: datetime, lasts: timedelta, deal: "Deal",
) -> Offer:  # fmt: skip
    """Return the priced choice; its parts' names are its own, for an order names its parts without their offers."""
    seat_of = iter(seats)
    parts = []
    for index, (unit, host) in enumerate(zip(units, deal.hosts, strict=True)):
        shown, seat = unit.shown, next(seat_of, None) if host is None else None
        price, discount = deal.prices[index]
        parts.append(OfferPart(
            f"{offer_id}-{index + 1}", PartKind.ADMISSION if host is None else PartKind.ANCILLARY, shown.id, shown.name,
            Money(price, shown.price.currency), shown.tax_permyriad,
            seat_id=seat.id if seat else "", seat_row=seat.row if seat else "",
            seat_number=seat.number if seat else "", seat_category=shown.name if seat else Texts(""),
            needs_capacity=True, addon_to="" if host is None else f"{offer_id}-{host + 1}",
            discount_id=str(discount or ""), asks=tuple(each.id for each in shown.questions if each.is_required),
            voucher=deal.code if deal.vouched[index] is not None else "",
        ))  # fmt: skip
    return Offer(
        offer_id, platform_id, occurrence(facts, slot), tuple(parts), units[0].shown.price.currency, now + lasts, now,
        slot.starts, slot.ends, Texts(""),
    )  # fmt: skip


class Deal(Struct, frozen=True):
    """What the units of a choice cost: who carries whom, prices on a voucher's terms, each price with its discount."""

    hosts: list[int | None]
    vouched: list[int | None]
    prices: list[tuple[int, int]]
    code: str = ""

    @property
    def total(self) -> int:
        """Return the sum."""
        return sum(price for price, _ in self.prices)


def deal(
    facts: EventFacts, slot: SlotFacts, units: list[Product], room: Room, now: datetime, *,
    terms: Terms | None = None, seats: tuple[Seat, ...] = (),
) -> Deal:  # fmt: skip
    """Return what a choice costs; Refused when its extras or its voucher do not fit."""
    places = hosts(units)
    listed = [_listed(units, at, host) for at, host in enumerate(places)]
    vouched = spread(terms, units, listed, [each.id for each in seats], room)
    held = [
        0 if terms is not None and terms.includes_extras and host is not None and vouched[host] is not None
        else now_price if now_price is not None else price
        for price, now_price, host in zip(listed, vouched, places, strict=True)
    ]  # fmt: skip
    is_less = [mine is not None and mine < price for mine, price in zip(vouched, listed, strict=True)]
    prices = _reduced(facts, slot, units, list(zip(held, places, is_less, strict=True)), now)
    if terms is not None and terms.budget is not None:
        off = sum(listed[at] - prices[at][0] for at, mine in enumerate(vouched) if mine is not None)
        if off > terms.budget:  # the server would count the automatic discount against the voucher's budget too
            raise Refused("voucher_budget", terms.code)
    return Deal(places, vouched, prices, terms.code if terms else "")


def _reduced(
    facts: EventFacts, slot: SlotFacts, units: list[Product], held: list[tuple[int, int | None, bool]], now: datetime
) -> list[tuple[int, int]]:
    """Return each unit's price and discount, worked out in the order in which the server gets the positions.

    `held`: price, the ticket that carries it, and whether a voucher made it cheaper.
    """
    starts = slot.starts if slot.number is not None else None

    def place(at: int) -> tuple[int, bool, int]:
        host = held[at][1]
        return at if host is None else host, host is not None, at

    order = sorted(range(len(units)), key=place)
    lines = [discounts.Line(units[at].item, *held[at]) for at in order]
    found = discounts.reduced(lines, [rule for rule in facts.reductions if rule.is_open(now, starts)])
    return [price for _, price in sorted(zip(order, found, strict=True))]


def _listed(units: list[Product], at: int, host: int | None) -> int:
    """Return the price before discounts: nothing for an extra that its ticket's price holds."""
    unit = units[at]
    is_included = host is not None and units[host].extras[unit.category].is_included
    return 0 if is_included else unit.shown.price.minor


def is_addon(facts: EventFacts, product_id: str) -> bool:
    """Say whether a product is an extra of another."""
    product = facts.products.get(product_id)
    return product is not None and product.shown.is_addon


def with_seat_products(facts: EventFacts, choice: EventChoice, seats: tuple[Seat, ...]) -> EventChoice:
    """Return the choice with one ticket of each seat's own category; Refused(bad_request) for another category."""
    extras = tuple(each for each in choice.products if is_addon(facts, each.category_id))
    named = [each for each in choice.products if not is_addon(facts, each.category_id) and each.count]
    of_seats = [seat.category_id for seat in seats]
    wanted = sorted(each.category_id for each in named for _ in range(each.count))
    if named and wanted != sorted(of_seats):
        raise Refused("bad_request", "a seat of another category")
    return replace(choice, products=(*(RiderCount(each, 1) for each in of_seats), *extras))
