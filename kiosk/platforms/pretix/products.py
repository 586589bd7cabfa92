"""The products of an event, and why some of what the server has is not sold here."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from kiosk.domain.catalogue import EventProduct, Texts
from kiosk.platforms.pretix import mapping
from kiosk.platforms.pretix.asking import Asked, asked_of

COUNT_MAX = 20
# What is read of an item; the rest of it (descriptions, pictures, meta data) is not kept in memory.
READ = frozenset({
    "id", "name", "active", "default_price", "category", "tax_rule", "tax_rate", "require_voucher",
    "hide_without_voucher", "require_bundling", "bundles", "require_approval", "require_membership", "free_price",
    "all_sales_channels", "limit_sales_channels", "variations", "addons", "available_from", "available_until",
    "min_per_order", "max_per_order",
})  # fmt: skip


class ExtraRule(Struct, frozen=True, gc=False):
    """How many extras of a category a ticket takes, whether twice the same, and whether its price holds them."""

    least: int = 0
    most: int = 0
    may_repeat: bool = False
    is_included: bool = False


class Product(Struct, frozen=True):
    """A product with the items' own window and the extras it takes; `is_hidden`: only shown by some vouchers."""

    shown: EventProduct
    item: int
    variation: int | None
    opens: datetime | None
    closes: datetime | None
    extras: dict[str, ExtraRule]
    category: str
    count_min: int = 0
    needs_voucher: bool = False
    is_hidden: bool = False


class Tables(Struct, frozen=True):
    """What the products of an event are read with: categories of extras, tax rules, and what items ask."""

    extras: set[str]
    rates: dict[Any, dict[str, Any]]
    questions: Asked
    refused: dict[Any, str]


def tables(
    categories: list[dict[str, Any]], rules: list[dict[str, Any]], questions: list[dict[str, Any]]
) -> Tables:  # fmt: skip
    """Return the tables."""
    return Tables(
        {str(each["id"]) for each in categories if each.get("is_addon")}, {each.get("id"): each for each in rules},
        *asked_of(questions),
    )  # fmt: skip


def kept(item: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of an item."""
    return {name: value for name, value in item.items() if name in READ}


def products(item: dict[str, Any], known: Tables, currency: str, channel: str) -> list[Product] | str:
    """Return an item's products, one per variation, or why it is not sold here."""
    number = mapping.field(item, "id", int)
    reason = _reason(item, known.rates, channel) or known.refused.get(number, "")
    if reason:
        return reason
    variations = [each for each in item.get("variations") or [] if each.get("active")]
    return [_product(item, each, known, currency) for each in variations or [None]]


def _reason(item: dict[str, Any], rates: dict[Any, dict[str, Any]], channel: str) -> str:
    rule = rates.get(item.get("tax_rule"))
    channels = item.get("limit_sales_channels") or []
    reasons = (
        (not item.get("active"), "not active"),
        (item.get("require_bundling"), "only in a bundle"),
        (item.get("bundles"), "sold with bundled products"),
        (item.get("require_approval"), "needs approval"),
        (item.get("require_membership"), "only for members"),
        (item.get("free_price"), "the buyer names the price"),
        (rule is not None and not rule.get("price_includes_tax"), "priced without tax"),
        (item.get("all_sales_channels") is False and channel not in channels, "not sold on this channel"),
    )
    return next((reason for is_so, reason in reasons if is_so), "")


def _product(item: dict[str, Any], variation: dict[str, Any] | None, known: Tables, currency: str) -> Product:
    source = variation or item
    price = source.get("default_price") or item.get("default_price")
    name = mapping.texts(item.get("name"), str(item["id"]))
    if variation is not None:
        value = mapping.texts(variation.get("value"), "")
        name = Texts(f"{name.default} · {value.default}")
    # The list of items stays "not modified" when a tax rule changes, although the rate in it does.
    rate = (known.rates.get(item.get("tax_rule")) or {}).get("rate") or item.get("tax_rate") or "0"
    shown = EventProduct(
        f"{item['id']}-{variation['id']}" if variation else str(item["id"]), name, "",
        mapping.money(price, currency, "default_price"), mapping.permyriad(rate),
        is_addon=str(item.get("category")) in known.extras,
        count_max=min(item.get("max_per_order") or COUNT_MAX, COUNT_MAX),
        questions=known.questions.get(item["id"], ()),
    )  # fmt: skip
    extra_rules = {
        str(each["addon_category"]): ExtraRule(
            int(each["min_count"]), int(each["max_count"]), bool(each.get("multi_allowed")),
            bool(each.get("price_included")),
        )
        for each in item.get("addons") or []
    }  # fmt: skip
    return Product(
        shown, item["id"], variation["id"] if variation else None, mapping.window(item, "available_from"),
        mapping.window(item, "available_until"), extra_rules, str(item.get("category")),
        item.get("min_per_order") or 0,
        bool(item.get("require_voucher") or item.get("hide_without_voucher")), bool(item.get("hide_without_voucher")),
    )  # fmt: skip
