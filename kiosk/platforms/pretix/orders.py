"""Orders on the server: booked once under our code, found, cancelled with a note, and their prints."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from kiosk.application.errors import OutcomeUnknown, PlatformError, Refused, Unreachable
from kiosk.application.interfaces import (
    BookingOrder,
    BookingProof,
    CancelProof,
    ExchangeOrder,
    FoundBooking,
    GiftCardPart,
)
from kiosk.domain.money import Money
from kiosk.platforms.pretix import gift_card_mapping, mapping
from kiosk.platforms.pretix.client import Client
from kiosk.platforms.pretix.told_once import ToldOnce

SECRET_MAX = 200
Read = TypeVar("Read")


# What reading an answer of another shape than the server's own raises; an operator's plugin may change any of it.
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)


def readable(read: Callable[[], Read]) -> Read:
    """Return what an answer says; Unreachable, with the field's name, when it cannot be read."""
    try:
        return read()
    except UNREADABLE as problem:
        raise Unreachable("unreachable", f"unreadable answer: {problem}") from problem


async def once(client: Client, path: str, timeout_s: float) -> None:
    """Delete; what is gone already is deleted."""
    try:
        await client.send("DELETE", path, timeout_s=timeout_s)
    except Refused as problem:
        if problem.key != "not_found":
            raise


class Orders:
    """The orders of one organizer."""

    def __init__(
        self, client: Client, currency: str, channel: str, now: Callable[[], datetime], *, is_training: bool = False
    ) -> None:
        self._client = client
        self._currency = currency
        self._channel = channel
        self._is_training = is_training
        self._now = now
        self._once = ToldOnce(client)

    async def book(self, order: BookingOrder, carts: tuple[str, ...], *, timeout_s: float) -> BookingProof:
        """Book exactly once: our code is the identity, and a doubt is settled by reading the order."""
        body = mapping.order_body(order, carts, self._channel, is_training=self._is_training)
        path = f"{self._client.root}/events/{mapping.target(order.offers[0].occurrence.id).event}/orders/"
        try:
            made = (await self._client.send("POST", path, body, timeout_s=timeout_s)).body
        except Unreachable:
            raise
        except (Refused, OutcomeUnknown) as doubt:
            made = await self._order_or(order.code, doubt, timeout_s)
        proof = _proof(made)
        if (proof.sale_id, proof.digest) != (order.sale_id, order.digest):
            raise Refused("code_in_use", order.code)
        return await self._paid(order, made, timeout_s) if order.by_gift_card else proof

    async def _paid(self, order: BookingOrder, made: dict[str, Any], timeout_s: float) -> BookingProof:
        """Tell what the gift cards and the rest paid, each once; what the order shows is not told again.

        Raises:
            Refused: cancelled, by somebody who saw an order nobody had paid; what was paid goes back.
        """
        made = await self._now_as(order.code, timeout_s, made)  # an answer under a key may be of long ago
        if made.get("status") == "c" and not made.get("payments"):
            raise Refused("cancelled", order.code)
        try:
            await self._tell_payments(order, made, timeout_s)
        except PlatformError as doubt:
            raise OutcomeUnknown("outcome_unknown", f"payments: {doubt}") from None
        made = await self._now_as(order.code, timeout_s, made)
        proof = _proof(made)
        if proof.state not in {"CONFIRMED", "CANCELLED"}:
            raise OutcomeUnknown("outcome_unknown", f"still {proof.state}")
        return proof

    async def _now_as(self, code: str, timeout_s: float, made: dict[str, Any]) -> dict[str, Any]:
        """Return an order as it is now, `made` where the server does not show it yet."""
        try:
            return await self._order(code, timeout_s) or made
        except PlatformError as doubt:
            raise OutcomeUnknown("outcome_unknown", f"not looked up: {doubt}") from None

    async def _tell_payments(self, order: BookingOrder, made: dict[str, Any], timeout_s: float) -> None:
        path = f"{self._event_root(made)}/orders/{order.code}/payments/"
        due = readable(lambda: gift_card_mapping.payments_due(order, made)) if made.get("status") in {"n", "e"} else {}
        for name, payment in due.items():
            is_known = partial(self._shows_payment, order, name, timeout_s)
            await self._once.tell(f"{order.code}-{name}", path, payment, is_known, timeout_s=timeout_s)

    async def _shows_payment(self, order: BookingOrder, name: str, timeout_s: float) -> bool:
        made = await self._order(order.code, timeout_s)
        return made is not None and name not in readable(lambda: gift_card_mapping.payments_due(order, made))

    async def read(
        self, code: str, *, timeout_s: float, of_sale: str = ""
    ) -> tuple[dict[str, Any], FoundBooking]:  # fmt: skip
        """Return an order as the server shows it and as we understand it; Refused(not_found), also for another sale's.

        Codes may clash: what we do to our own booking must never reach another sale's.
        """
        order = await self._order(code, timeout_s)
        if order is None or (of_sale and mapping.meta(order).get("sale_id") != of_sale):
            raise Refused("not_found", code)
        return order, readable(lambda: mapping.found_booking(order, self._currency))

    async def cancel(
        self, code: str, part_ids: tuple[str, ...], *, reason: str, timeout_s: float, of_sale: str = ""
    ) -> CancelProof:
        """Cancel parts and note in the order when and why, so that asking again proves the same."""
        order, found = await self.read(code, timeout_s=timeout_s, of_sale=of_sale)
        wanted = part_ids or tuple(part.part_id for part in found.parts)
        if not set(wanted) <= {part.part_id for part in found.parts}:
            raise Refused("not_found", "part")
        noted = mapping.cancelled_at(order, wanted)
        if noted is None:
            noted = await self._cancel(order, found, wanted, reason, timeout_s)
        return CancelProof(code, wanted, noted)

    async def record_print(self, code: str, part_id: str, *, copy: int, timeout_s: float) -> None:
        """Note a print, unless this copy is noted already."""
        order, found = await self.read(code, timeout_s=timeout_s)
        before = mapping.printed_before(order)
        for part, data in zip(found.parts, order["positions"], strict=True):
            printed = mapping.printed_copies(data, after=before.get(part.secret, 0))
            if part.part_id == part_id and str(copy) not in printed:
                body = {
                    "source": "guichet", "type": "ticket", "datetime": self._now().isoformat(),
                    "successful": True, "info": {"copy": str(copy)},
                }  # fmt: skip
                path = f"{self._event_root(order)}/orderpositions/{data['id']}/printlog/"
                await self._client.send("POST", path, body, timeout_s=timeout_s)
        if part_id not in {part.part_id for part in found.parts}:
            raise Refused("not_found", "part")

    async def record_refund(
        self, code: str, amount: Money, to_gift_card: tuple[GiftCardPart, ...], *, reference: str, at: datetime,
        timeout_s: float, of_sale: str,
    ) -> None:  # fmt: skip
        """Note that money went back at the terminal, once per reference; to a gift card under the charge's own."""
        order, _ = await self.read(code, timeout_s=timeout_s, of_sale=of_sale)
        noted = " ".join(str(each.get("comment")) for each in order.get("refunds") or [])
        path = f"{self._event_root(order)}/orders/{code}/refunds/"
        for body in gift_card_mapping.refunds(order, amount, to_gift_card, reference, at):
            if body["comment"].partition(" ")[2] not in noted:
                await self._client.send("POST", path, body, timeout_s=timeout_s)

    async def record_payment(self, order: dict[str, Any], change: ExchangeOrder, *, timeout_s: float) -> None:
        """Note what was paid at the terminal for dearer tickets, once per exchanging sale."""
        fresh = await self._order(change.code, timeout_s) or order
        payments = fresh.get("payments") or []
        if any((each.get("details") or {}).get("receipt_id") == change.sale_id for each in payments):
            return
        body = {
            "state": "confirmed", "amount": mapping.amount(change.price - change.credit), "provider": "boxoffice",
            "info": {"receipt_id": change.sale_id, "pos_id": change.channel}, "send_email": False,
        }  # fmt: skip
        path = f"{self._event_root(order)}/orders/{change.code}/payments/"
        await self._client.send("POST", path, body, timeout_s=timeout_s)

    async def find(self, text: str, *, timeout_s: float) -> dict[str, Any] | None:
        """Return an order as the server shows it, by its code, however it was typed, or by a whole ticket secret."""
        raw = text.strip()
        if not raw or len(raw) > SECRET_MAX or not (raw.isascii() and raw.isprintable()):
            await self._client.get(self._client.root + "/", timeout_s=timeout_s)
            return None
        code = raw.replace(" ", "").replace("-", "").upper()
        if mapping.CODE.fullmatch(code) and (order := await self._order(code, timeout_s)) is not None:
            return order
        for secret in dict.fromkeys((raw, raw.upper())):
            path = f"{self._client.root}/orderpositions/"
            asked = {"secret": secret, "include_canceled_positions": "true"}
            for each in await self._client.pages(path, asked, timeout_s=timeout_s):
                if each.get("secret") == secret:
                    return await self._order(str(each.get("order")), timeout_s)
        return None

    async def _order(self, code: str, timeout_s: float) -> dict[str, Any] | None:
        asked = {"code": code, "include_canceled_positions": "true"}
        found = await self._client.pages(f"{self._client.root}/orders/", asked, timeout_s=timeout_s)
        return next((each for each in found if each.get("code") == code), None)

    async def _order_or(self, code: str, doubt: PlatformError, timeout_s: float) -> dict[str, Any]:
        """Return the order the server has under a code; a refusal is final only when the server shows none.

        It may refuse a second asking because of what the first one made: the code is taken, the last seat is sold.
        """
        try:
            order = await self._order(code, timeout_s)
        except PlatformError as problem:
            if doubt.key == "not_allowed":
                raise doubt from None
            raise OutcomeUnknown("outcome_unknown", f"{doubt}; not looked up: {problem}") from None
        if order is None:
            raise doubt
        return order

    def _event_root(self, order: dict[str, Any]) -> str:
        return f"{self._client.root}/events/{order['event']}"

    async def _cancel(
        self, order: dict[str, Any], found: FoundBooking, wanted: tuple[str, ...], reason: str, timeout_s: float
    ) -> datetime:
        root, code = self._event_root(order), found.code
        alive = {
            data["id"]: part.part_id for part, data in zip(found.parts, order["positions"], strict=True)
            if part.state != "CANCELLED"
        }  # fmt: skip
        dying = {number for number, part_id in alive.items() if part_id in wanted}
        # An extra dies with its ticket: the server refuses to keep one, or an order of nothing else.
        dying |= {data["id"] for data in order["positions"] if data["id"] in alive and data.get("addon_to") in dying}
        if dying and dying == alive.keys():
            path = f"{root}/orders/{code}/mark_canceled/"
            await self._client.send("POST", path, {"send_email": False}, timeout_s=timeout_s)
        elif dying:
            path, gone = f"{root}/orders/{code}/change/", [{"position": each} for each in sorted(dying)]
            await self._client.send("POST", path, {"cancel_positions": gone, "send_email": False}, timeout_s=timeout_s)
        wanted = tuple(dict.fromkeys((*wanted, *(alive[each] for each in dying))))
        now = self._now().astimezone(UTC)
        known = order.get("api_meta") or {}
        times = {**{each: now.isoformat() for each in wanted}, **known.get("cancelled", {})}
        noted = {**known, "cancelled": times, "cancel_reason": reason}
        await self._client.send("PATCH", f"{root}/orders/{code}/", {"api_meta": noted}, timeout_s=timeout_s)
        return max(datetime.fromisoformat(times[each]) for each in wanted)


def _proof(order: Any) -> BookingProof:
    try:
        return mapping.proof(order)
    except mapping.AbsurdFieldError as problem:
        raise OutcomeUnknown("outcome_unknown", str(problem)) from None
