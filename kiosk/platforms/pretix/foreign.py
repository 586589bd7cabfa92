"""Tickets that another channel sold: what page and paper show of them, from the catalogue or read one by one."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from kiosk.application.errors import Refused
from kiosk.domain.catalogue import Occurrence, OccurrenceKind, Offer, OfferPart, PartKind, Place, PlaceKind, Texts
from kiosk.domain.money import Money
from kiosk.platforms.pretix import mapping
from kiosk.platforms.pretix.catalogue import Snapshot, occurrence, slot_facts, zone_of
from kiosk.platforms.pretix.client import Client

LASTS = timedelta(minutes=15)
TICKET = "Ticket"


class Reading(Struct, frozen=True):
    """Whose tickets they are, and when they are shown."""

    platform_id: str
    currency: str
    now: datetime
    timeout_s: float


class Foreign:
    """Look up what is not in our own words in an order."""

    def __init__(self, client: Client, catalogue: Callable[[], Awaitable[Snapshot]]) -> None:
        self._client = client
        self._catalogue = catalogue

    async def offers(self, order: dict[str, Any], known: set[str], reading: Reading) -> tuple[Offer, ...]:
        """Return one offer for each date of the positions that no offer of ours (`known` ids) is about."""
        rows: dict[str, list[dict[str, Any]]] = {}
        names = mapping.own_parts(order)
        for row in order["positions"]:
            _, offer_id = mapping.part_of(order, row, names)
            if offer_id not in known:
                rows.setdefault(offer_id, []).append(row)
        if not rows:
            return ()
        snapshot = await self._catalogue()
        return tuple([await self._offer(order, offer_id, each, snapshot, reading) for offer_id, each in rows.items()])

    async def _offer(
        self, order: dict[str, Any], offer_id: str, rows: list[dict[str, Any]], snapshot: Snapshot, reading: Reading
    ) -> Offer:
        slug, subevent = str(order.get("event")), rows[0].get("subevent")
        when = await self._occurrence(snapshot, slug, subevent, reading.timeout_s)
        names = {
            item: await self._name(snapshot, slug, item, reading.timeout_s) for item in {_item(each) for each in rows}
        }
        ids = {each["id"] for each in rows}
        parts = tuple(_part(each, names[_item(each)], ids, reading.currency) for each in rows)
        return Offer(
            offer_id, reading.platform_id, when, parts, reading.currency, reading.now + LASTS, reading.now, when.starts,
            when.ends, Texts(""),
        )  # fmt: skip

    async def _occurrence(self, snapshot: Snapshot, slug: str, subevent: int | None, timeout_s: float) -> Occurrence:
        try:
            return occurrence(*snapshot.slot(f"{slug}@{subevent or 0}"))
        except Refused:  # over already, or not sold here
            pass
        root = f"{self._client.root}/events/{slug}/"
        event = (await self._client.get(root, timeout_s=timeout_s)).body
        dated = (
            (await self._client.get(f"{root}subevents/{subevent}/", timeout_s=timeout_s)).body if subevent else event
        )
        slot, zone = slot_facts(dated, slug, subevent), zone_of(event)
        venue = Place(f"venue-{slug}", mapping.texts(event.get("location"), slug), PlaceKind.VENUE, zone)
        name = mapping.texts(event.get("name"), slug)
        return Occurrence(slot.id, OccurrenceKind.EVENT, name, slot.starts, slot.ends, zone, venue=venue)

    async def _name(self, snapshot: Snapshot, slug: str, product_id: str, timeout_s: float) -> Texts:
        facts = snapshot.events.get(slug)
        product = facts.products.get(product_id) if facts else None
        if product is not None:
            return product.shown.name
        path = f"{self._client.root}/events/{slug}/items/{mapping.product_numbers(product_id)[0]}/"
        try:
            return mapping.texts((await self._client.get(path, timeout_s=timeout_s)).body.get("name"), TICKET)
        except Refused:
            return Texts(TICKET)  # deleted since


def _item(row: dict[str, Any]) -> str:
    return f"{row['item']}-{row['variation']}" if row.get("variation") else str(row["item"])


def _part(row: dict[str, Any], name: Texts, ids: set[int], currency: str) -> OfferPart:
    seat, host = row.get("seat") or {}, row.get("addon_to")
    is_extra = host in ids
    return OfferPart(
        str(row["id"]), PartKind.ANCILLARY if is_extra else PartKind.ADMISSION, _item(row), name,
        _price(row, currency), mapping.permyriad(row.get("tax_rate") or 0),
        seat_id=str(seat.get("seat_guid") or ""), seat_row=str(seat.get("row_name") or ""),
        seat_number=str(seat.get("seat_number") or ""), seat_category=name if seat else Texts(""), needs_capacity=True,
        addon_to=str(host) if is_extra else "",
    )  # fmt: skip


def _price(row: dict[str, Any], currency: str) -> Money:
    return mapping.money(row.get("price"), currency, "price")
