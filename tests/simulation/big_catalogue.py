"""A catalogue of 5,000 products, 20,000 slots and a hall of 50,000 seats, and what of it can be bought, by itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.simulation.programme import EventRows, Programme, event, item, quota

PRODUCTS, SLOTS, SEATS = 5_000, 20_000, 50_000
GROUPS, A_GROUP = 500, 9  # the series sells groups of products in turns
SEATS_A_ROW = 100
STANDS = ("North", "East", "South", "West")
MISSING = {  # every so many-th product or slot cannot be sold, and why
    11: ({"active": False}, "not active"),
    13: ({"require_membership": True}, "only for members"),
    17: ({"free_price": True}, "the buyer names the price"),
    19: ({"require_approval": True}, "needs approval"),
}
FLAWS = ("require_membership", "free_price", "require_approval")
INACTIVE = 23
TAXED = (1, "7.00")


def big(now: datetime, *, products: int = PRODUCTS, slots: int = SLOTS, seats: int = SEATS) -> Programme:
    """Return the catalogue, or one of the same shape and other sizes."""
    day = now.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)
    shops = {"season": _season(day, products, slots), "arena": _arena(day, seats)}
    return Programme(shops, {}, now.astimezone(UTC).replace(microsecond=0) - timedelta(days=3))


def _season(day: datetime, count: int, slots: int) -> EventRows:
    rows = EventRows(event("season", "The Season", day, has_subevents=True))
    rows.taxrules = [{"id": 1, "rate": "7.00", "price_includes_tax": True}]
    rows.categories = [{"id": 1, "name": {"en": "Tickets"}, "is_addon": False}]
    rows.items = [_item(number) for number in range(1, count + 1)]
    changed = (day - timedelta(days=30)).isoformat()
    for number in range(1, slots + 1):
        starts = day + timedelta(hours=number % 10, days=number // 40)
        rows.subevents.append({
            "id": number, **event("season", f"Entry {number}", starts), "active": bool(number % INACTIVE),
            "date_to": (starts + timedelta(hours=1)).isoformat(), "last_modified": changed,
            "comment": "x" * 200, "meta_data": {"room": str(number % 7)}, "seat_category_mapping": {},
        })  # fmt: skip
        rows.quotas.append(quota(number, f"Entry {number}", 200, group(number, count), number))
    return rows


def group(slot: int, count: int = PRODUCTS) -> list[int]:
    """Return the products of a slot."""
    first = (slot % GROUPS) * A_GROUP
    return [each for each in range(first + 1, first + A_GROUP + 1) if each <= count]


def _item(number: int) -> dict[str, Any]:
    flaw = next((flaw for every, (flaw, _) in MISSING.items() if not number % every), {})
    words = {tag: f"Ticket {number} ({tag})" for tag in ("en", "de", "fr", "nl")}
    return {
        **item(number, "", f"{number % 90 + 1}.50", 1, TAXED), "name": words,
        "description": dict.fromkeys(words, "What this ticket is good for. " * 12), "meta_data": {"sku": str(number)},
        **flaw,
    }  # fmt: skip


def _arena(day: datetime, seats: int) -> EventRows:
    rows = EventRows(event("arena", "The Arena", day, seating_plan=1))
    rows.taxrules = [{"id": 2, "rate": "7.00", "price_includes_tax": True}]
    rows.items = [item(90_001 + at, stand, f"{20 + 10 * at}.00", None, TAXED) for at, stand in enumerate(STANDS)]
    rows.quotas = [quota(90_001 + at, stand, None, [90_001 + at], None) for at, stand in enumerate(STANDS)]
    for number in range(seats):
        row, at = divmod(number, SEATS_A_ROW)
        stand = row % len(STANDS)
        rows.seats.append({
            "id": number, "seat_guid": f"{row + 1}-{at + 1}", "zone_name": STANDS[stand], "row_name": str(row + 1),
            "row_label": None, "seat_number": str(at + 1), "seat_label": None, "product": 90_001 + stand,
            "blocked": number % 97 == 0,
        })  # fmt: skip
    return rows


def sellable(programme: Programme) -> set[tuple[str, str]]:
    """Return every (slot, product) that the server's own shop sells, worked out from its rows and nothing of ours."""
    found = set()
    for slug, rows in programme.events.items():
        items = {
            each["id"] for each in rows.items
            if each["active"] and not any(each[flaw] for flaw in FLAWS)
        }  # fmt: skip
        active = {each["id"] for each in rows.subevents if each["active"]} if rows.shown["has_subevents"] else {None}
        found |= {
            (f"{slug}@{each['subevent'] or 0}", str(number))
            for each in rows.quotas
            if each["subevent"] in active
            for number in each["items"]
            if number in items
        }
    return found


def unsold(programme: Programme) -> dict[str, str]:
    """Return the season's products and slots that cannot be sold, and why."""
    season = programme.events["season"]
    found = {}
    for number in range(1, len(season.items) + 1):
        reason = next((reason for every, (_, reason) in MISSING.items() if not number % every), "")
        if reason:
            found[f"season/{number}"] = reason
    for each in season.subevents:
        if not each["active"]:
            found[f"season@{each['id']}"] = "not active"
    return found
