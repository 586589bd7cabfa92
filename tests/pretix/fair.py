"""An event with every rule at once, made over REST, and the table of what may be bought of it, written on its own."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

ORDER_MAX = 10


@dataclass
class Fair:
    """The fair's ids by name, and what a shopper can try."""

    items: dict[str, str] = field(default_factory=dict)
    slots: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)


class Maker:
    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def make(self, path: str, **body: Any) -> Any:
        answer = self.http.post(path, json=body)
        assert answer.status_code == 201, f"{path}: {answer.text[:400]}"
        return answer.json().get("id")


def made(http: httpx.Client) -> Fair:
    """Make the fair; return its ids."""
    maker, fair = Maker(http), Fair()
    day = (datetime.now(UTC) + timedelta(days=9)).replace(hour=9, minute=0, second=0, microsecond=0)
    maker.make(
        "/events/", name={"en": "Fair"}, slug="fair", live=False, currency="EUR", date_from=day.isoformat(),
        date_to=(day + timedelta(hours=9)).isoformat(), timezone="Europe/Berlin", has_subevents=True,
        plugins=["pretix.plugins.manualpayment"],
    )  # fmt: skip
    root = "/events/fair"
    low, high = [maker.make(f"{root}/taxrules/", name={"en": rate}, rate=rate, price_includes_tax=True)
                 for rate in ("7.00", "19.00")]  # fmt: skip
    plain, food, map_ = [
        maker.make(f"{root}/categories/", name={"en": name}, description={}, position=at, is_addon=bool(at))
        for at, name in enumerate(("Tickets", "Food", "Maps"))
    ]
    now = datetime.now(UTC)

    def item(name: str, price: str, category: int, rate: int, **more: Any) -> int:
        number = int(maker.make(f"{root}/items/", name={"en": name}, default_price=price, category=category,
                                tax_rule=rate, **{"active": True, "admission": True, **more}))  # fmt: skip
        fair.items[name], fair.numbers[name] = str(number), number
        return number

    adult = item("adult", "14.50", plain, low)
    child = item("child", "7.33", plain, low, max_per_order=4)
    pair = item("pair", "25.00", plain, low, min_per_order=2)
    vip = item("vip", "80.00", plain, high)
    item("closed", "5.00", plain, low, active=False)
    item("early", "5.00", plain, low, available_until=(now - timedelta(days=1)).isoformat())
    item("members", "5.00", plain, low, require_voucher=True)
    away = item("away", "5.00", plain, low)
    lunch = item("lunch", "12.90", food, high, admission=False)
    cake = item("cake", "3.99", food, high, admission=False)
    atlas = item("map", "2.50", map_, low, admission=False)
    for host, category, least, most, more in (
        (adult, food, 0, 2, {}), (child, food, 0, 2, {"multi_allowed": True}),
        (vip, food, 1, 1, {"price_included": True}), (adult, map_, 0, 1, {}),
    ):  # fmt: skip
        maker.make(f"{root}/items/{host}/addons/", addon_category=category, min_count=least, max_count=most,
                   position=0, **{"price_included": False, **more})  # fmt: skip
    for name, hour, more in (("morning", 9, {}), ("noon", 12, {}), ("over", 15, {"presale_end": now - timedelta(1)})):
        starts = day.replace(hour=hour)
        overrides = [{"item": adult, "price": "11.11"}, {"item": away, "disabled": True}] if name == "noon" else []
        slot = maker.make(
            f"{root}/subevents/", name={"en": name}, active=True, date_from=starts.isoformat(),
            date_to=(starts + timedelta(hours=2)).isoformat(), item_price_overrides=overrides,
            variation_price_overrides=[], meta_data={}, **{key: each.isoformat() for key, each in more.items()},
        )  # fmt: skip
        fair.slots[name], fair.numbers[name] = f"fair@{slot}", slot
        for quota, size, items in (
            ("Hall", 6, [adult, child, pair, vip, away, *(fair.numbers[each] for each in ("closed", "early"))]),
            ("Kitchen", 4, [lunch, cake]), ("Lounge", 2, [vip]), ("Shelf", None, [atlas]),
        ):  # fmt: skip
            maker.make(f"{root}/quotas/", name=quota, size=size, items=items, variations=[], subevent=slot)
    discounts(maker, root, fair)
    assert http.patch(f"{root}/", json={"live": True}).status_code == 200
    return fair


def discounts(maker: Maker, root: str, fair: Fair) -> None:
    numbers = fair.numbers
    always = {
        "active": True, "all_sales_channels": True, "limit_sales_channels": [], "condition_apply_to_addons": False,
        "condition_min_value": "0.00",
    }  # fmt: skip
    maker.make(
        f"{root}/discounts/", internal_name="Every third child", position=1, condition_all_products=False,
        condition_limit_products=[numbers["child"]], condition_min_count=3, subevent_mode="same",
        benefit_only_apply_to_cheapest_n_matches=1, benefit_discount_matching_percent="33.33", **always,
    )  # fmt: skip
    maker.make(
        f"{root}/discounts/", internal_name="Pairs eat for less", position=2, condition_all_products=False,
        condition_limit_products=[numbers["pair"]], condition_min_count=2, benefit_same_products=False,
        benefit_limit_products=[numbers["cake"], numbers["lunch"]], benefit_apply_to_addons=True,
        benefit_discount_matching_percent="50.00", subevent_mode="mixed", **always,
    )  # fmt: skip
    maker.make(
        f"{root}/discounts/", internal_name="Groups", position=3, condition_all_products=False,
        condition_limit_products=[numbers["adult"], numbers["pair"]], condition_min_count=5,
        benefit_discount_matching_percent="12.50", subevent_mode="same", **always,
    )  # fmt: skip


# ---- the rule table: what the till must say to a basket, read from the list above and from nothing of ours

EXTRAS = {"lunch", "cake", "map"}
SOLD = {"morning": {"adult", "child", "pair", "vip", "away"}, "noon": {"adult", "child", "pair", "vip"}}


def verdict(slot: str, basket: Mapping[str, int]) -> str:
    """Return "" for a basket that may be bought, else the key of the refusal."""
    wanted = Counter({name: count for name, count in basket.items() if count})
    rules = (
        ("sale_closed", slot == "over"),
        ("bad_request", not set(wanted) <= SOLD.get(slot, set()) | EXTRAS),
        ("bad_request", wanted["child"] > 4),
        ("bad_request", wanted["pair"] == 1),
        ("bad_request", sum(wanted[name] for name in wanted if name not in EXTRAS) > ORDER_MAX),
        ("bad_request", not set(wanted) - EXTRAS),
        ("bad_request", not _seated(wanted)),
        ("sold_out", sum(wanted[name] for name in ("adult", "child", "pair", "vip", "away")) > 6),
        ("sold_out", wanted["lunch"] + wanted["cake"] > 4),
        ("sold_out", wanted["vip"] > 2),
    )
    return next((key for key, is_so in rules if is_so), "")


def _seated(wanted: Counter[str]) -> bool:
    """Say whether every extra finds its ticket and every required one is there.

    Adults take a lunch and a cake each, children any two, a VIP exactly one of them; an adult takes a map.
    """
    adults, children, vips = wanted["adult"], wanted["child"], wanted["vip"]
    if wanted["map"] > adults or wanted["lunch"] + wanted["cake"] < vips:
        return False
    for lunches_of_vips in range(min(vips, wanted["lunch"]) + 1):
        lunches = wanted["lunch"] - lunches_of_vips
        cakes = wanted["cake"] - (vips - lunches_of_vips)
        if cakes >= 0 and max(lunches - adults, 0) + max(cakes - adults, 0) <= 2 * children:
            return True
    return False
