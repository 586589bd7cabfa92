"""What a pretix sells, read whole or as far as it changed, and why the rest is not sold here."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct, field
from msgspec.structs import replace

from kiosk.application.errors import Refused
from kiosk.domain.catalogue import Event, EventKind, EventProduct, Occurrence, OccurrenceKind, Place, PlaceKind, Texts
from kiosk.platforms.pretix import discounts, mapping

if TYPE_CHECKING:
    from kiosk.platforms.pretix.client import Client

DEFAULT_LENGTH = timedelta(hours=2)
COUNT_MAX = 20
# Lists whose Last-Modified the server honours; it also says so of quotas and slots, which is not true.
CONDITIONAL = ("categories", "items", "taxrules", "discounts", "questions")


class SlotFacts(Struct, frozen=True):
    """One dated entry: a subevent of a series, or the event itself (`number` None)."""

    id: str
    event_id: str
    number: int | None
    title: Texts
    starts: datetime
    ends: datetime
    opens: datetime | None
    closes: datetime | None
    is_seated: bool
    overrides: dict[str, dict[str, Any]] = field(default_factory=dict)


class ExtraRule(Struct, frozen=True):
    """How many extras of a category a ticket takes, whether twice the same, and whether its price holds them."""

    least: int = 0
    most: int = 0
    may_repeat: bool = False
    is_included: bool = False


class Product(Struct, frozen=True):
    """A product with the items' own window and the extras it takes."""

    shown: EventProduct
    item: int
    variation: int | None
    opens: datetime | None
    closes: datetime | None
    extras: dict[str, ExtraRule]
    category: str
    count_min: int = 0


class EventFacts(Struct, frozen=True):
    """One event whole."""

    event: Event
    zone: str
    count_max: int
    slots: dict[str, SlotFacts]
    products: dict[str, Product]
    quotas: tuple[dict[str, Any], ...]
    reductions: tuple[discounts.Rule, ...] = ()


class Unsold(Struct, frozen=True):
    """Something the server has and this terminal does not sell, and why."""

    id: str
    reason: str


class Snapshot(Struct, frozen=True):
    """The catalogue as of a moment."""

    events: dict[str, EventFacts]
    unsold: tuple[Unsold, ...]
    as_of: datetime

    def slot(self, slot_id: str) -> tuple[EventFacts, SlotFacts]:
        """Return a slot and its event; Refused(not_found)."""
        found = self.events.get(mapping.target(slot_id).event)
        if found is None or slot_id not in found.slots:
            raise Refused("not_found", "slot")
        return found, found.slots[slot_id]


class _Known(Struct, frozen=True):
    """What the products of an event are read with: categories of extras, tax rules, items that ask something."""

    extras: set[str]
    rates: dict[Any, dict[str, Any]]
    asking: set[Any]


class Reader:
    """Read the catalogue, asking again only for lists that changed; a full reading forgets what it had."""

    def __init__(
        self, client: "Client", currency: str, channel: str, timeout_s: float, *, is_training: bool
    ) -> None:  # fmt: skip
        self._client = client
        self._is_training = is_training
        self._currency = currency
        self._channel = channel
        self._timeout_s = timeout_s
        self._lists: dict[str, tuple[str, list[dict[str, Any]]]] = {}

    async def read(self, now: datetime, *, is_full: bool) -> Snapshot:
        """Return the catalogue now."""
        if is_full:
            self._lists.clear()
        events: dict[str, EventFacts] = {}
        unsold: list[Unsold] = []
        for data in await self._pages("/events/"):
            slug = str(data.get("slug"))
            try:
                reason = self._event_reason(data)
                if reason:
                    unsold.append(Unsold(slug, reason))
                else:
                    events[slug] = await self._event(data, slug, unsold)
            except mapping.AbsurdFieldError as problem:
                unsold.append(Unsold(slug, str(problem)))
        return Snapshot(events, tuple(unsold), now)

    async def quotas(self, slug: str) -> tuple[dict[str, Any], ...]:
        """Return the quotas of an event with what is left of them."""
        return tuple(await self._pages(f"/events/{slug}/quotas/", {"with_availability": "true"}))

    async def _count_max(self, slug: str) -> int:
        """Return how many tickets one order may have; the server does not see to it."""
        path = f"{self._client.root}/events/{slug}/settings/"
        told = (await self._client.get(path, timeout_s=self._timeout_s)).body
        most = told.get("max_items_per_order") if isinstance(told, dict) else None
        return min(most, COUNT_MAX) if isinstance(most, int) and most > 0 else COUNT_MAX

    async def _pages(self, path: str, params: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        return await self._client.pages(self._client.root + path, params, timeout_s=self._timeout_s)

    async def _list(self, slug: str, name: str) -> list[dict[str, Any]]:
        path = f"/events/{slug}/{name}/"
        since, known = self._lists.get(path, ("", []))
        head = await self._client.get(
            self._client.root + path, {"page_size": 50}, timeout_s=self._timeout_s, since=since
        )
        if head.status == 304:  # noqa: PLR2004
            return known
        found = await self._pages(path)
        self._lists[path] = (head.last_modified, found)
        return found

    def _event_reason(self, data: dict[str, Any]) -> str:
        if data.get("currency") != self._currency:
            return f"sold in {data.get('currency')}"
        if not data.get("live"):
            return "not live"
        if bool(data.get("testmode")) is not self._is_training:
            return "not in test mode, and this terminal practises" if self._is_training else "in test mode"
        channels = data.get("limit_sales_channels") or []
        is_here = data.get("all_sales_channels", True) or self._channel in channels
        return "" if is_here else "not sold on this channel"

    async def _event(self, data: dict[str, Any], slug: str, unsold: list[Unsold]) -> EventFacts:
        categories, items, rules, reductions, questions = [await self._list(slug, name) for name in CONDITIONAL]
        known = _Known(
            {str(each["id"]) for each in categories if each.get("is_addon")}, {each.get("id"): each for each in rules},
            _asking(questions),
        )  # fmt: skip
        products: dict[str, Product] = {}
        for item in items:
            try:
                products.update(self._products(item, known, slug, unsold))
            except mapping.AbsurdFieldError as problem:
                unsold.append(Unsold(f"{slug}/{item.get('id')}", str(problem)))
        quotas = await self.quotas(slug)
        count_max = await self._count_max(slug)
        subevents = await self._pages(f"/events/{slug}/subevents/") if data.get("has_subevents") else [data]
        slots: dict[str, SlotFacts] = {}
        for each in subevents:
            if each is data or each.get("active"):
                slot = _slot(each, slug, None if each is data else mapping.field(each, "id", int))
                slots[slot.id] = slot
            else:
                unsold.append(Unsold(f"{slug}@{each.get('id')}", "not active"))
        facts = self._facts(data, slug, slots, products, quotas)
        return replace(
            facts, reductions=discounts.rules(reductions, self._currency, self._channel), count_max=count_max
        )

    def _facts(
        self, data: dict[str, Any], slug: str, slots: dict[str, SlotFacts],
        products: dict[str, Product], quotas: tuple[dict[str, Any], ...],
    ) -> EventFacts:  # fmt: skip
        zone = str(data.get("timezone") or "UTC")
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise mapping.AbsurdFieldError(f"timezone is unknown: {zone[:60]}") from None
        place = texts_place(data, slug, zone)
        kind = EventKind.SEATED if any(each.is_seated for each in slots.values()) else EventKind.SLOT
        prices = [each.shown.price for each in products.values() if not each.shown.is_addon]
        starts = min((each.starts for each in slots.values()), default=None)
        lowest = min(prices, key=lambda price: price.minor, default=None)
        event = Event(slug, mapping.texts(data.get("name"), slug), kind, place, Texts(""), lowest, starts)
        return EventFacts(event, zone, COUNT_MAX, slots, products, quotas)

    def _products(self, item: dict[str, Any], known: _Known, slug: str, unsold: list[Unsold]) -> dict[str, Product]:
        number = mapping.field(item, "id", int)
        reason = self._item_reason(item, known.rates)
        if not reason and number in known.asking:
            reason = "asks the buyer a question"
        if reason:
            unsold.append(Unsold(f"{slug}/{number}", reason))
            return {}
        variations = [each for each in item.get("variations") or [] if each.get("active")]
        found = {}
        for each in variations or [None]:
            product = self._product(item, each, known.extras)
            found[product.shown.id] = product
        return found

    def _item_reason(self, item: dict[str, Any], rates: dict[Any, dict[str, Any]]) -> str:
        rule = rates.get(item.get("tax_rule"))
        channels = item.get("limit_sales_channels") or []
        reasons = (
            (not item.get("active"), "not active"),
            (item.get("require_voucher") or item.get("hide_without_voucher"), "only with a voucher"),
            (item.get("require_bundling"), "only in a bundle"),
            (item.get("bundles"), "sold with bundled products"),
            (item.get("require_approval"), "needs approval"),
            (item.get("require_membership"), "only for members"),
            (item.get("free_price"), "the buyer names the price"),
            (rule is not None and not rule.get("price_includes_tax"), "priced without tax"),
            (item.get("all_sales_channels") is False and self._channel not in channels, "not sold on this channel"),
        )
        return next((reason for is_so, reason in reasons if is_so), "")

    def _product(self, item: dict[str, Any], variation: dict[str, Any] | None, extras: set[str]) -> Product:
        source = variation or item
        price = source.get("default_price") or item.get("default_price")
        name = mapping.texts(item.get("name"), str(item["id"]))
        if variation is not None:
            value = mapping.texts(variation.get("value"), "")
            name = Texts(f"{name.default} · {value.default}")
        shown = EventProduct(
            f"{item['id']}-{variation['id']}" if variation else str(item["id"]), name, "",
            mapping.money(price, self._currency, "default_price"), mapping.permyriad(item.get("tax_rate") or "0"),
            is_addon=str(item.get("category")) in extras,
            count_max=min(item.get("max_per_order") or COUNT_MAX, COUNT_MAX),
        )  # fmt: skip
        extra_rules = {
            str(each["addon_category"]): ExtraRule(
                int(each["min_count"]), int(each["max_count"]), bool(each.get("multi_allowed")),
                bool(each.get("price_included")),
            )
            for each in item.get("addons") or []
        }  # fmt: skip
        return Product(
            shown, item["id"], variation["id"] if variation else None, _window(item, "available_from"),
            _window(item, "available_until"), extra_rules, str(item.get("category")), item.get("min_per_order") or 0,
        )  # fmt: skip


def _asking(questions: list[dict[str, Any]]) -> set[Any]:
    """Return the items whose buyer must answer something; the server does not see to it that he does."""
    return {
        item
        for each in questions
        if each.get("required")
        and not (each.get("ask_during_checkin") or each.get("hidden") or each.get("dependency_question"))
        for item in each.get("items") or []
    }


def texts_place(data: dict[str, Any], slug: str, zone: str) -> Place:
    """Return where an event is, by its own words."""
    return Place(f"venue-{slug}", mapping.texts(data.get("location"), slug), PlaceKind.VENUE, zone)


def occurrence(facts: EventFacts, slot: SlotFacts) -> Occurrence:
    """Return a slot as page and paper show it."""
    event = facts.event
    return Occurrence(slot.id, OccurrenceKind.EVENT, event.name, slot.starts, slot.ends, facts.zone, venue=event.venue)


def left(facts_quotas: tuple[dict[str, Any], ...], product: Product, slot: SlotFacts) -> int | None:
    """Return how many of a product its quotas leave (None: no limit); a product in no quota is not sold: 0."""
    mine = [each for each in facts_quotas if covers(each, product, slot)]
    if not mine:
        return 0
    numbers = [0 if each.get("closed") else each.get("available_number") for each in mine]
    counted = [each for each in numbers if isinstance(each, int)]
    return max(0, min(counted)) if counted else None


def covers(quota: dict[str, Any], product: Product, slot: SlotFacts) -> bool:
    """Say whether a product of a slot counts against a quota."""
    if quota.get("subevent") != slot.number or product.item not in (quota.get("items") or []):
        return False
    return product.variation is None or product.variation in (quota.get("variations") or [])


def _slot(data: dict[str, Any], slug: str, number: int | None) -> SlotFacts:
    starts = mapping.moment(data.get("date_from"), "date_from")
    ends = mapping.moment(data["date_to"], "date_to") if data.get("date_to") else starts + DEFAULT_LENGTH
    overrides = {str(each["item"]): each for each in data.get("item_price_overrides") or []}
    overrides |= {f"v{each['variation']}": each for each in data.get("variation_price_overrides") or []}
    return SlotFacts(
        f"{slug}@{number or 0}", slug, number, mapping.texts(data.get("name"), slug), starts.astimezone(UTC),
        ends.astimezone(UTC), _window(data, "presale_start"), _window(data, "presale_end"),
        data.get("seating_plan") is not None, overrides,
    )  # fmt: skip


def _window(data: dict[str, Any], name: str) -> datetime | None:
    return mapping.moment(data[name], name) if data.get(name) else None
