"""Tickets that were sold and become others: on another date, in another seat, or with a new secret alone.

The new secrets are noted in the order before the server is asked to change it, so whatever is lost on the way the order
tells which ticket is which. Then place, price and secret change in one request, and the old secret is dead with it.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from kiosk.application.errors import OutcomeUnknown, Refused
from kiosk.application.interfaces import BookingProof, ExchangeOrder, FoundBooking
from kiosk.application.looking_up import LIVE
from kiosk.domain.catalogue import Offer
from kiosk.domain.money import Money, total
from kiosk.platforms.pretix import mapping
from kiosk.platforms.pretix.client import Client
from kiosk.platforms.pretix.orders import Orders, readable

NOTED_OF_OTHERS = ("exchanged_at", "exchanged_by", "printed_before")  # in an order of another channel
LetGo = Callable[[], Awaitable[None]]


class Chosen(Struct, frozen=True):
    """The tickets of an order that change: part ids and the server's rows."""

    parts: dict[str, dict[str, Any]]


def chosen(order: dict[str, Any], found: FoundBooking, part_ids: tuple[str, ...]) -> Chosen:
    """Return what is to change, each ticket with the extras on it.

    Raises:
        Refused: not_found for no such part; not_live for one that is cancelled; used for one that was let in already;
            bad_request for a ticket without its extras.
    """
    rows = {part.part_id: data for part, data in zip(found.parts, order["positions"], strict=True)}
    live = {part.part_id for part in found.parts if part.state in LIVE}
    wanted = set(part_ids)
    if not wanted or not wanted <= rows.keys():
        raise Refused("not_found", "part")
    if not wanted <= live:
        raise Refused("not_live", found.code)
    hosts = {rows[each]["id"] for each in wanted}
    if not {part_id for part_id, data in rows.items() if data.get("addon_to") in hosts and part_id in live} <= wanted:
        raise Refused("bad_request", "a ticket without its extras")
    if any(rows[each].get("checkins") for each in wanted):
        raise Refused("used", found.code)
    return Chosen({part_id: rows[part_id] for part_id in rows if part_id in wanted})


class Changes:
    """Change tickets of one organizer's orders."""

    def __init__(self, client: Client, orders: Orders, now: Callable[[], datetime]) -> None:
        self._client = client
        self._orders = orders
        self._now = now

    async def check(
        self, code: str, part_ids: tuple[str, ...], offers: tuple[Offer, ...], *, timeout_s: float
    ) -> None:  # fmt: skip
        """Refuse what the server would refuse: not_found, not_live, used, worth_changed, other_event."""
        data, found = await self._orders.read(code, timeout_s=timeout_s)
        known = {(offer.id, part.id): part.price for offer in found.offers for part in offer.parts}
        prices = {each.part_id: known.get((each.offer_id, each.part_id)) for each in found.parts}
        for part_id, row in chosen(data, found, part_ids).parts.items():
            price = prices[part_id]
            if price is not None and price != _worth([row], price.currency):
                raise Refused("worth_changed", code)
        if any(mapping.target(offer.occurrence.id).event != data.get("event") for offer in offers):
            raise Refused("other_event", code)

    async def exchange(self, order: ExchangeOrder, let_go: LetGo, *, timeout_s: float) -> BookingProof:
        """Exchange exactly once: the new secrets in the order prove that it is done.

        Raises:
            Refused: not_found, not_live, used, worth_changed, or what the server says; then the order is as it was.
            OutcomeUnknown: also where the tickets are changed and the server does not take the payment for them.
        """
        data, found = await self._orders.read(order.code, timeout_s=timeout_s, of_sale=order.of_sale)
        secrets = {part.part_id: part.secret for part in order.parts}
        if not set(secrets.values()) <= {each.get("secret") for each in data["positions"]}:
            await self._change(order, data, chosen(data, found, tuple(secrets)), let_go, timeout_s)
        if order.credit < order.price:
            await self._tell_payment(data, order, timeout_s)
        return BookingProof(order.code, order.sale_id, order.digest, "CONFIRMED", self._now())

    async def _tell_payment(self, data: dict[str, Any], order: ExchangeOrder, timeout_s: float) -> None:
        """Tell what was paid; the tickets are changed, so a no to this must never read as a no to the exchange."""
        try:
            await self._orders.record_payment(data, order, timeout_s=timeout_s)
        except Refused as no:
            if no.key == "not_allowed":
                raise
            raise OutcomeUnknown("outcome_unknown", f"exchanged, and the payment was not taken: {no}") from no

    async def _change(
        self, order: ExchangeOrder, data: dict[str, Any], what: Chosen, let_go: LetGo, timeout_s: float
    ) -> None:
        """Note the new secrets, let go what was held for us, and change everything in one request."""
        root = f"{self._client.root}/events/{data['event']}/orders/{order.code}/"
        patches = [{"position": row["id"], "body": patch(order, part_id, row)} for part_id, row in what.parts.items()]
        if _worth(what.parts.values(), order.credit.currency) != order.credit:
            raise Refused("worth_changed", order.code)  # exchanged elsewhere since: its difference was settled there
        before = without(data, order)
        notes = noted({**data, "api_meta": before}, what, order, self._now())
        await self._client.send("PATCH", root, {"api_meta": notes}, timeout_s=timeout_s)
        if order.hold_id:
            await let_go()  # the server changes orders into free places only; in between somebody may be quicker
        try:
            body = {"patch_positions": patches, "send_email": False}
            await self._client.send("POST", f"{root}change/", body, timeout_s=timeout_s)
        except Refused:
            await self._client.send("PATCH", root, {"api_meta": before}, timeout_s=timeout_s)
            raise


def _worth(rows: Iterable[dict[str, Any]], currency: str) -> Money:
    return readable(
        lambda: total(tuple(mapping.money(each.get("price"), currency, "price") for each in rows), currency)
    )


def patch(order: ExchangeOrder, part_id: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return what changes of the position of a part."""
    secret = next(part.secret for part in order.parts if part.part_id == part_id)
    if order.keeps_place:
        return {"secret": secret}
    offer, number = next(
        (offer, number) for offer in order.offers for number, part in enumerate(offer.parts) if part.id == part_id
    )
    there = mapping.position(offer, number)
    body = {"item": there["item"], "variation": there["variation"], "price": there["price"], "secret": secret}
    if there["subevent"] is not None:
        body["subevent"] = there["subevent"]
    return {**body, "seat": there.get("seat")} if there.get("seat") or row.get("seat") else body


def without(data: dict[str, Any], order: ExchangeOrder) -> dict[str, Any]:
    """Return the order's notes without those of an earlier try of this exchange, whose answer was lost."""
    known, ours = data.get("api_meta") or {}, mapping.meta(data)
    secrets = {part.secret for part in order.parts}
    if not ours:
        is_again = known.get("exchanged_by") == order.sale_id
        older = {key: last for key, last in mapping.printed_before(data).items() if key not in secrets}
        kept_of_others = {"printed_before": older} if is_again and older else {}
        others = {name: value for name, value in known.items() if not (is_again and name in NOTED_OF_OTHERS)}
        return {**others, **kept_of_others}
    parts = [each for each in ours.get("parts", ()) if each[2] not in secrets]
    named = {offer_id for _, offer_id, _ in parts}
    kept: dict[str, Any] = {
        "parts": parts,
        "offers": [each for each in ours.get("offers", ()) if each["id"] in named],
        "moved": {offer_id: origin for offer_id, origin in ours.get("moved", {}).items() if offer_id in named},
        "exchanged": [each for each in ours.get("exchanged", ()) if each[1] != order.sale_id],
        "printed_before": {key: last for key, last in ours.get("printed_before", {}).items() if key not in secrets},
    }
    return {name: kept.get(name, value) for name, value in known.items() if kept.get(name, True)}


def noted(data: dict[str, Any], what: Chosen, order: ExchangeOrder, now: datetime) -> dict[str, Any]:
    """Return the order's own notes with the new secrets beside the old ones, and what the tickets are from then on."""
    ours = mapping.meta(data)
    at = now.astimezone(UTC).isoformat()
    prints = {part.secret: mapping.last_print(what.parts[part.part_id]) for part in order.parts}
    if not ours:
        mine = (at, order.sale_id, {**mapping.printed_before(data), **prints})
        return {**mapping.notes(data), **dict(zip(NOTED_OF_OTHERS, mine, strict=True))}
    known = msgspec.convert(ours.get("offers", ()), tuple[Offer, ...])
    new = tuple(each for each in order.offers if all(each.id != other.id for other in known))
    of_part: Mapping[str, str] = {secret: offer_id for _, offer_id, secret in ours.get("parts", ())}
    origins: dict[str, str] = dict(ours.get("moved", {}))
    for part in order.parts:
        before = of_part.get(what.parts[part.part_id]["secret"], "")
        if before and part.offer_id != before:
            origins[part.offer_id] = origins.get(before, before)
    parts = [*ours.get("parts", ()), *([part.part_id, part.offer_id, part.secret] for part in order.parts)]
    return {
        **ours, "parts": parts, "offers": msgspec.to_builtins((*known, *new)), "moved": origins,
        "exchanged": [*ours.get("exchanged", ()), [at, order.sale_id, sorted(what.parts)]],
        "printed_before": {**ours.get("printed_before", {}), **prints},
    }  # fmt: skip
