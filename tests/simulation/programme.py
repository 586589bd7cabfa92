"""The programme of the model, the same as the test server's: a series with extras and two tax rates, and a hall."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any


@dataclass
class EventRows:
    """One event as its lists show it."""

    shown: dict[str, Any]
    items: list[dict[str, Any]] = field(default_factory=list)
    categories: list[dict[str, Any]] = field(default_factory=list)
    taxrules: list[dict[str, Any]] = field(default_factory=list)
    discounts: list[dict[str, Any]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    subevents: list[dict[str, Any]] = field(default_factory=list)
    quotas: list[dict[str, Any]] = field(default_factory=list)
    seats: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Programme:
    """Everything on sale, and the ids that tests count on."""

    events: dict[str, EventRows]
    facts: dict[str, str]
    changed: datetime
    device_token: str = "initialization"  # noqa: S105 - of a model
    channels: frozenset[str] = frozenset({"web", "api.kiosk"})
    changes: dict[str, datetime] = field(default_factory=dict)  # of single lists, after `changed`


def programme(first_day: datetime, *, size: int = 20, small_size: int = 3) -> Programme:
    """Return the programme a week after `first_day`, with `size` tickets in the large slot."""
    day = (first_day + timedelta(days=7)).replace(hour=10, minute=0, second=0, microsecond=0)
    museum, tale = _series(day, (size, small_size)), _seated(day)
    facts = {
        "slot_id": "museum@1", "small_slot_id": "museum@2", "adult": "1", "child": "2", "guide": "3", "hidden": "4",
        "seated_slot_id": "tale@0", "stalls": "6", "day": day.date().isoformat(),
    }  # fmt: skip
    return Programme({"museum": museum, "tale": tale}, facts, first_day.astimezone(UTC).replace(microsecond=0))


def event(slug: str, name: str, day: datetime, **more: Any) -> dict[str, Any]:
    return {
        "name": {"en": name}, "slug": slug, "live": True, "testmode": False, "currency": "EUR",
        "date_from": day.isoformat(), "date_to": (day + timedelta(hours=3)).isoformat(), "presale_start": None,
        "presale_end": None, "location": {"en": "Old Harbour"}, "timezone": "Europe/Berlin", "has_subevents": False,
        "all_sales_channels": True, "limit_sales_channels": [], "seating_plan": None, "item_price_overrides": [],
        "variation_price_overrides": [], **more,
    }  # fmt: skip


def item(
    number: int, name: str, price: str, category: int | None, taxed: tuple[int, str], **more: Any
) -> dict[str, Any]:
    return {
        "id": number, "name": {"en": name}, "default_price": price, "category": category, "tax_rule": taxed[0],
        "tax_rate": taxed[1], "active": True, "admission": True, "require_voucher": False,
        "hide_without_voucher": False, "require_bundling": False, "bundles": [], "require_approval": False,
        "require_membership": False, "free_price": False, "all_sales_channels": True, "limit_sales_channels": [],
        "variations": [], "addons": [], "available_from": None, "available_until": None, "max_per_order": None, **more,
    }  # fmt: skip


def quota(number: int, name: str, size: int | None, items: list[int], subevent: int | None) -> dict[str, Any]:
    return {
        "id": number, "name": name, "size": size, "items": items, "variations": [], "subevent": subevent,
        "closed": False,
    }  # fmt: skip


def _series(day: datetime, sizes: tuple[int, int]) -> EventRows:
    rows = EventRows(event("museum", "Museum of Light", day, has_subevents=True))
    rows.taxrules = [{"id": 1, "rate": "7.00", "price_includes_tax": True}, _rule(2, "19.00")]
    rows.categories = [
        {"id": 1, "name": {"en": "Tickets"}, "is_addon": False}, {"id": 2, "name": {"en": "Extras"}, "is_addon": True},
    ]  # fmt: skip
    extra = {"addon_category": 2, "min_count": 0, "max_count": 1, "position": 0, "price_included": False}
    rows.items = [
        item(1, "Adult", "12.00", 1, (1, "7.00"), addons=[extra]),
        item(2, "Child", "6.50", 1, (1, "7.00")),
        item(3, "Audio guide", "4.90", 2, (2, "19.00"), admission=False),
        item(4, "Members only", "1.00", 1, (1, "7.00"), require_voucher=True),
        item(5, "Workshop", "15.00", 1, (2, "19.00")),
    ]
    rows.questions = [{"id": 1, "required": True, "items": [5], "hidden": False, "ask_during_checkin": False}]
    rows.discounts = [
        {"id": 1, "active": True, "position": 1, "all_sales_channels": True, "condition_all_products": False,
         "condition_limit_products": [1], "condition_apply_to_addons": False, "condition_min_count": 3,
         "condition_min_value": "0.00", "benefit_discount_matching_percent": "10.00", "subevent_mode": "same"}
    ]  # fmt: skip
    for number, (hour, size) in enumerate(zip((10, 12), sizes, strict=True), start=1):
        starts = day.replace(hour=hour)
        rows.subevents.append(
            {"id": number, **event("museum", f"Entry {hour}", starts), "active": True,
             "date_to": (starts + timedelta(hours=1)).isoformat(),
             "last_modified": (day - timedelta(days=30)).isoformat()}
        )  # fmt: skip
        rows.quotas.append(quota(2 * number - 1, f"Entry {hour}", size, [1, 2, 4, 5], number))
        rows.quotas.append(quota(2 * number, "Guides", None, [3], number))
    return rows


def _seated(day: datetime) -> EventRows:
    rows = EventRows(event("tale", "Winter's Tale", day, seating_plan=1))
    rows.taxrules = [_rule(3, "7.00")]
    rows.items = [item(6, "Stalls", "45.00", None, (3, "7.00"))]
    rows.quotas = [quota(9, "Stalls", 24, [6], None)]
    rows.seats = [
        {"seat_guid": f"{row}-{number}", "zone_name": "Ground", "row_name": str(row), "seat_number": str(number),
         "product": 6, "blocked": False}
        for row in range(1, 4) for number in range(1, 9)
    ]  # fmt: skip
    return rows


def _rule(number: int, rate: str) -> dict[str, Any]:
    return {"id": number, "rate": rate, "price_includes_tax": True}
