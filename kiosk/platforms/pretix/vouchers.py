"""What a voucher code of the server is good for, and what it makes of prices."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from kiosk.application.errors import Refused
from kiosk.platforms.pretix import mapping
from kiosk.platforms.pretix.catalogue import SlotFacts
from kiosk.platforms.pretix.products import Product
from kiosk.platforms.pretix.quotas import Room

HUNDRED_PERCENT = 10_000


class Terms(Struct, frozen=True):
    """A voucher: `left` uses, at least `least` of them at once; empty limits count for everything.

    `budget` is what it may still take off in all; `keeps_room`: its tickets do not count against quotas.
    """

    code: str
    left: int
    least: int
    until: datetime | None
    mode: str
    value: int
    item: int | None
    variation: int | None
    quota: int | None
    subevent: int | None
    seat: str
    budget: int | None
    keeps_room: bool
    shows_hidden: bool
    includes_extras: bool

    def is_for(self, product: Product, room: Room) -> bool:
        """Say whether it counts for a ticket of a product."""
        if product.shown.is_addon or (product.is_hidden and not self.shows_hidden):
            return False
        if self.quota is not None:
            return any(each.id == self.quota and each.covers(product) for each in room.quotas)
        is_item = self.item in {None, product.item}
        return is_item and self.variation in {None, product.variation}

    def price(self, listed: int) -> int:
        """Return a price on its terms, half a minor unit rounded up, as the server rounds."""
        match self.mode:
            case "set":
                return self.value
            case "subtract":
                return max(listed - self.value, 0)
            case "percent":
                return (listed * (HUNDRED_PERCENT - self.value) + HUNDRED_PERCENT // 2) // HUNDRED_PERCENT
            case _:
                return listed


def terms(data: dict[str, Any], currency: str) -> Terms:
    """Return a voucher of the server's list."""
    mode, value = str(data.get("price_mode") or "none"), data.get("value")
    budget, used = (
        mapping.money(data.get(name) or "0", currency, name).minor if data.get("budget") is not None else 0
        for name in ("budget", "budget_used")
    )
    redeemed = data.get("redeemed") or 0
    return Terms(
        mapping.field(data, "code", str), max(mapping.field(data, "max_usages", int) - redeemed, 0),
        max((data.get("min_usages") or 1) - redeemed, 1), mapping.window(data, "valid_until"),
        mode if value is not None else "none",
        0 if value is None else mapping.permyriad(value) if mode == "percent"
        else mapping.money(value, currency, "value").minor,
        data.get("item"), data.get("variation"), data.get("quota"), data.get("subevent"), str(data.get("seat") or ""),
        max(budget - used, 0) if data.get("budget") is not None else None,
        bool(data.get("block_quota") or data.get("allow_ignore_quota")), bool(data.get("show_hidden_items", True)),
        bool(data.get("all_addons_included")),
    )  # fmt: skip


def check(found: Terms, slot: SlotFacts, now: datetime) -> None:
    """Refuse a code that is good for nothing here and now."""
    if found.subevent is not None and found.subevent != slot.number:
        raise Refused("voucher_not_here", found.code)
    if found.until is not None and found.until < now:
        raise Refused("voucher_expired", found.code)
    if found.left < 1 or found.budget == 0:
        raise Refused("voucher_used", found.code)


def spread(
    found: Terms | None, units: Sequence[Product], listed: Sequence[int], seats: Sequence[str], room: Room
) -> list[int | None]:
    """Return the price on the voucher's terms of each unit it counts for, None for the others; the first ones first.

    Raises:
        Refused: voucher_not_here when it counts for none, voucher_least for too few, bad_request for a product that
            is only sold with one.
    """
    prices: list[int | None] = [None] * len(units)
    if found is not None:
        budget = found.budget
        for at, (unit, price) in enumerate(zip(units, listed, strict=True)):
            is_seat = not found.seat or (at < len(seats) and seats[at] == found.seat)
            if sum(each is not None for each in prices) == found.left or not (is_seat and found.is_for(unit, room)):
                continue
            now = found.price(price)
            if budget is not None:
                now = max(now, price - budget)
                budget -= max(price - now, 0)
            prices[at] = now
        _check_count(found, sum(each is not None for each in prices))
    if any(unit.needs_voucher and price is None for unit, price in zip(units, prices, strict=True)):
        raise Refused("bad_request", "only with a voucher")
    return prices


def _check_count(found: Terms, count: int) -> None:
    if not count:
        raise Refused("voucher_not_here", found.code)
    if count < found.least:
        raise Refused("voucher_least", str(found.least))
