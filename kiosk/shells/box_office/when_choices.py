"""What pane 2 asks the platform for: counts, painted seats, or the best of each price area."""

from collections.abc import Mapping

from msgspec.structs import replace

from kiosk.application.interfaces import EventChoice
from kiosk.domain.catalogue import EventProduct, RiderCount, Seat, Voucher


def counted(
    slot_id: str, products: tuple[EventProduct, ...], counts: Mapping[str, int], voucher: Voucher | None
) -> tuple[EventChoice, ...]:
    """Return one choice per price area of what is counted; of numbered seats the best together."""
    wanted = [each for each in products if counts.get(each.id)]
    areas = dict.fromkeys(each.seat_category_id for each in wanted)
    return tuple(_with(voucher, _best(slot_id, area, wanted, counts)) for area in areas)


def _best(slot_id: str, area: str, wanted: list[EventProduct], counts: Mapping[str, int]) -> EventChoice:
    products = tuple(RiderCount(each.id, counts[each.id]) for each in wanted if each.seat_category_id == area)
    best = sum(each.count for each in products) if area else 0
    return EventChoice(slot_id, products, best_count=best, seat_category_id=area)


def painted(
    slot_id: str, products: tuple[EventProduct, ...], seats: tuple[Seat, ...], voucher: Voucher | None
) -> tuple[EventChoice, ...]:
    """Return one choice per price area of the painted seats, at its first product."""
    first: Mapping[str, str] = {each.seat_category_id: each.id for each in reversed(products)}
    return tuple(
        _with(voucher, EventChoice(
            slot_id,
            (RiderCount(first[area], len([each for each in seats if each.category_id == area])),),
            seat_ids=tuple(each.id for each in seats if each.category_id == area),
            seat_category_id=area,
        ))
        for area in dict.fromkeys(each.category_id for each in seats)
        if area in first
    )  # fmt: skip


def _with(voucher: Voucher | None, choice: EventChoice) -> EventChoice:
    return replace(choice, voucher=voucher.code) if voucher else choice


def with_voucher(products: tuple[EventProduct, ...], voucher: Voucher | None) -> tuple[EventProduct, ...]:
    """Return what is sold, at the voucher's prices where it counts, with what is sold only with it."""
    if voucher is None:
        return products
    vouched = {each.id: each for each in voucher.products}
    known = {each.id for each in products}
    only = tuple(each for each in voucher.products if each.id not in known)
    return (*only, *(vouched.get(each.id, each) for each in products))
