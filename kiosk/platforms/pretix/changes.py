"""Tickets that were sold and change: moved to another slot, or given a new secret because the old one must die.

The new secrets are noted in the order before the server is asked to change it, so whatever is lost on the way the order
tells which ticket is which. Then slot and secret change in one request, and the old secret is dead with it.
"""

from base64 import b32encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from secrets import token_bytes
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from kiosk.application.errors import Refused
from kiosk.application.interfaces import FoundBooking
from kiosk.domain.catalogue import Occurrence, Offer
from kiosk.platforms.pretix import mapping
from kiosk.platforms.pretix.catalogue import EventFacts, SlotFacts, occurrence
from kiosk.platforms.pretix.client import Client
from kiosk.platforms.pretix.offers import check_move
from kiosk.platforms.pretix.orders import Orders
from kiosk.platforms.pretix.reader import Reader

LIVE = frozenset({"CONFIRMED", "FULFILLED"})
SECRET_BYTES = 16


class Move(Struct, frozen=True):
    """Where tickets go: the server's number of the slot, and the slot as paper shows it."""

    subevent: int
    occurrence: Occurrence


class Chosen(Struct, frozen=True):
    """The tickets of an order that change, each extra with its ticket: part ids and the server's rows."""

    parts: dict[str, dict[str, Any]]

    @property
    def products(self) -> list[str]:
        """Return the product of each."""
        return [
            f"{each['item']}-{each['variation']}" if each.get("variation") else str(each["item"])
            for each in self.parts.values()
        ]


def chosen(order: dict[str, Any], found: FoundBooking, part_ids: tuple[str, ...]) -> Chosen:
    """Return what is to change (all tickets where none is named) with the extras on it.

    Raises:
        Refused: not_found for no such part; not_live for one that is cancelled; used for one that was let in already.
    """
    rows = {part.part_id: data for part, data in zip(found.parts, order["positions"], strict=True)}
    live = {part.part_id for part in found.parts if part.state in LIVE}
    wanted = set(part_ids) or live
    if not wanted or not wanted <= rows.keys():
        raise Refused("not_found", "part")
    hosts = {rows[each]["id"] for each in wanted}
    wanted |= {part_id for part_id, data in rows.items() if data.get("addon_to") in hosts and part_id in live}
    if not wanted <= live:
        raise Refused("not_live", found.code)
    if any(rows[each].get("checkins") for each in wanted):
        raise Refused("used", found.code)
    return Chosen({part_id: rows[part_id] for part_id in rows if part_id in wanted})


class Changes:
    """Change tickets of one organizer's orders."""

    def __init__(self, client: Client, orders: Orders, reader: Reader, now: Callable[[], datetime]) -> None:
        self._client = client
        self._orders = orders
        self._reader = reader
        self._now = now

    async def reissue(self, code: str, part_ids: tuple[str, ...], *, timeout_s: float) -> FoundBooking:
        """Give tickets new secrets; the old ones are dead when this returns.

        Raises:
            Refused: not_found, not_live, used, or what the server says.
        """
        order, found = await self._orders.read(code, timeout_s=timeout_s)
        return await self._change(order, chosen(order, found, part_ids), None, timeout_s)

    async def rebook(
        self, code: str, part_ids: tuple[str, ...], there: tuple[EventFacts, SlotFacts], *, timeout_s: float
    ) -> FoundBooking:
        """Move tickets and their extras to another slot of the event, at the same price, with new secrets.

        Raises:
            Refused: not_found, not_live, used, other_price, sold_out, sale_closed, bad_request.
        """
        order, found = await self._orders.read(code, timeout_s=timeout_s)
        (facts, slot), what, now = there, chosen(order, found, part_ids), self._now()
        if slot.number is None or slot.is_seated or order.get("event") != slot.event_id:
            raise Refused("bad_request", "no other date without seats of this event")
        froms = [each.get("subevent") for each in what.parts.values()]
        if set(froms) == {slot.number}:
            return found
        room = (await self._reader.rooms(slot.event_id, (slot,), now))[slot.number]
        check_move((facts, slot), list(zip(what.products, froms, strict=True)), room, now)
        return await self._change(order, what, Move(slot.number, occurrence(facts, slot)), timeout_s)

    async def _change(self, order: dict[str, Any], what: Chosen, move: Move | None, timeout_s: float) -> FoundBooking:
        """Note the new secrets, change everything in one request, and read what the server then has."""
        code, before = str(order["code"]), order.get("api_meta") or {}
        secrets = {each: b32encode(token_bytes(SECRET_BYTES)).decode().rstrip("=") for each in what.parts}
        root = f"{self._client.root}/events/{order['event']}/orders/{code}/"
        to_slot = {"subevent": move.subevent} if move else {}
        patches = [
            {"position": data["id"], "body": {"secret": secrets[part_id], **to_slot}}
            for part_id, data in what.parts.items()
        ]
        notes = noted(order, what, secrets, move, self._now())
        await self._client.send("PATCH", root, {"api_meta": notes}, timeout_s=timeout_s)
        try:
            body = {"patch_positions": patches, "send_email": False}
            await self._client.send("POST", f"{root}change/", body, timeout_s=timeout_s)
        except Refused:
            await self._client.send("PATCH", root, {"api_meta": before}, timeout_s=timeout_s)
            raise
        return (await self._orders.read(code, timeout_s=timeout_s))[1]


def noted(
    order: dict[str, Any], what: Chosen, secrets: Mapping[str, str], move: Move | None, now: datetime
) -> dict[str, Any]:
    """Return the order's own notes with the new secrets beside the old ones, and the new date as an offer."""
    ours = mapping.meta(order)
    at = now.astimezone(UTC)
    if not ours:
        return {**(order.get("api_meta") or {}), "reissued_at": at.isoformat()}
    parts = [list(each) for each in ours.get("parts", ())]
    offers = list(msgspec.convert(ours.get("offers", ()), tuple[Offer, ...]))
    origins: dict[str, str] = dict(ours.get("moved", {}))
    of_part = {secret: (part_id, offer_id) for part_id, offer_id, secret in parts}
    for part_id, data in what.parts.items():
        _, offer_id = of_part.get(data["secret"], (part_id, ""))
        moved = f"{offer_id}.{move.subevent}" if move else offer_id
        if move and all(each.id != moved for each in offers):
            offers += [_moved(each, moved, move) for each in offers if each.id == offer_id]
            origins[moved] = origins.get(offer_id, offer_id)
        parts.append([part_id, moved, secrets[part_id]])
    changes = [*ours.get("reissued", ()), [at.isoformat(), sorted(what.parts), move.occurrence.id if move else ""]]
    before = {part_id: mapping.last_print(data) for part_id, data in what.parts.items()}
    return {
        **ours, "parts": parts, "offers": msgspec.to_builtins(tuple(offers)), "reissued": changes,
        "moved": origins, "printed_before": {**ours.get("printed_before", {}), **before},
    }  # fmt: skip


def _moved(offer: Offer, new_id: str, move: Move) -> Offer:
    """Return an offer as it is on another date."""
    there = move.occurrence
    return replace(offer, id=new_id, occurrence=there, valid_from=there.starts, valid_until=there.ends)
