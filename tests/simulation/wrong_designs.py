"""Designs that look right and are not: each replaces one small part of the product, and the simulation catches it."""

import asyncio
from contextlib import suppress
from random import Random
from typing import Any

from msgspec.structs import replace

from kiosk.application.codec import BookMessage, CancelOrder, decode_message
from kiosk.application.delivery import BLOCKING, Delivery
from kiosk.application.errors import OutcomeUnknown, PlatformError, Unreachable
from kiosk.application.errors import Refused as PlatformRefused
from kiosk.application.interfaces import BookingOrder, BookingProof
from kiosk.domain.sale.events import BookingProven, CancelProven
from kiosk.platforms.pretix import Client, PretixPlatform, mapping
from kiosk.platforms.pretix.orders import Orders
from offline_store import Courier, Later, Outcome, Proven, QueuedMessage, Refused, Store, StoreClosed
from offline_store.outbox import ReadyBatch
from tests.simulation.shop import LETTERS
from tests.simulation.terminal import Design

CHANCE = Random(1)


def fresh_code() -> str:
    return "".join(CHANCE.choices(LETTERS, k=10))


# ---- what is believed of an answer, or of none


class TimeoutMeansNewCode(PretixPlatform):
    """No answer is taken for a failure, and the sale is made again under another code."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.codes: dict[str, str] = {}

    async def book(self, order: BookingOrder, *, timeout_s: float) -> BookingProof:
        try:
            code = self.codes.get(order.code, order.code)
            return await super().book(replace(order, code=code), timeout_s=timeout_s)
        except OutcomeUnknown:
            self.codes[order.code] = fresh_code()
            raise


class TimeoutMeansRefused(Delivery):
    """No answer is taken for a no."""

    async def _send(self, platform: Any, body: Any) -> Outcome:
        try:
            return await super()._send(platform, body)
        except OutcomeUnknown as problem:
            raise PlatformRefused("sold_out", str(problem)) from problem


class TimeoutMeansDone(Delivery):
    """What was sent is taken for done."""

    async def _send(self, platform: Any, body: Any) -> Outcome:
        try:
            return await super()._send(platform, body)
        except OutcomeUnknown:
            if isinstance(body, BookMessage):
                await self._tell(body.order.sale_id, BookingProven(body.order.code, self._clock.now(), ()))
            return Proven("sent")


class CancelledWhenSent(Delivery):
    """A cancellation that was sent is taken for done."""

    async def _send(self, platform: Any, body: Any) -> Outcome:
        try:
            return await super()._send(platform, body)
        except OutcomeUnknown:
            if not isinstance(body, CancelOrder):
                raise
            await self._tell(body.sale_id, CancelProven(body.code, self._clock.now()))
            return Proven("sent")


class LockedKeyMeansDone(PretixPlatform):
    """409 is read as: the server has it already."""

    async def book(self, order: BookingOrder, *, timeout_s: float) -> BookingProof:
        try:
            return await super().book(order, timeout_s=timeout_s)
        except OutcomeUnknown as problem:
            if "409" not in problem.detail:
                raise
            return BookingProof(order.code, order.sale_id, order.digest, "CONFIRMED", self._clock.now())


class ErrorPageMeansRefused(PretixPlatform):
    """A page with status 500 is read as a no."""

    async def book(self, order: BookingOrder, *, timeout_s: float) -> BookingProof:
        try:
            return await super().book(order, timeout_s=timeout_s)
        except OutcomeUnknown as problem:
            if "answered 5" not in problem.detail:
                raise
            raise PlatformRefused("bad_request", problem.detail) from problem


class PortalPageMeansRefused(Client):
    """A page with status 403 or 404 is read as the server's word, whoever wrote it."""

    async def _ask(self, *given: Any, **more: Any) -> Any:
        answer = await super()._ask(*given, **more)
        return replace(answer, body={"detail": "page"}) if answer.body is None and answer.status >= 400 else answer


class BusyMeansRefused(Client):
    """429 is read as a no."""

    async def send(self, *given: Any, **more: Any) -> Any:
        try:
            return await super().send(*given, **more)
        except Unreachable as problem:
            if "asked to wait" not in problem.detail:
                raise
            raise PlatformRefused("bad_request", "busy") from problem


class TokenGoneMeansRefused(Delivery):
    """A token taken away parks the sales instead of holding up the stream."""

    async def _refused(self, body: Any, key: str) -> Outcome:
        return await super()._refused(body, "bad_request" if key in BLOCKING else key)


class _Asking(Orders):
    """Orders whose second look is replaced."""


class RefusedWithoutLook(_Asking):
    """A refusal is final although it may be the echo of what the first asking made."""

    async def _order_or(self, code: str, doubt: PlatformError, timeout_s: float) -> dict[str, Any]:
        if isinstance(doubt, PlatformRefused):
            raise doubt
        return await super()._order_or(code, doubt, timeout_s)


class RefusedWhenLookFails(_Asking):
    """A refusal is final when the order cannot be looked up just now."""

    async def _order_or(self, code: str, doubt: PlatformError, timeout_s: float) -> dict[str, Any]:
        try:
            order = await self._order(code, timeout_s)
        except PlatformError:
            raise doubt from None
        if order is None:
            raise doubt
        return order


class ProofUnread(_Asking):
    """Whatever stands under our code is taken for our sale."""

    async def book(self, order: BookingOrder, carts: tuple[str, ...], *, timeout_s: float) -> BookingProof:
        try:
            return await super().book(order, carts, timeout_s=timeout_s)
        except PlatformRefused as problem:
            if problem.key != "code_in_use":
                raise
            return BookingProof(order.code, order.sale_id, order.digest, "CONFIRMED", self._now())


def asking(kind: type[Orders]) -> type[PretixPlatform]:
    class Platform(PretixPlatform):
        def __init__(self, config: Any, client: Any, clock: Any) -> None:
            super().__init__(config, client, clock)
            self._orders = kind(client, config.currency, config.channel, clock.now)

    return Platform


# ---- what makes a sale the same sale


class KeyedClient(Client):
    """A client whose key can be set."""

    key = ""

    def _key(self, mark: str) -> str:
        return self.key or super()._key(mark)


class KeyInsteadOfCode(PretixPlatform):
    """The idempotency key is trusted to make a sale once, and the server may choose the code."""

    async def book(self, order: BookingOrder, *, timeout_s: float) -> BookingProof:
        path = f"{self._client.root}/events/{mapping.target(order.offers[0].occurrence.id).event}/orders/"
        secrets = tuple(replace(part, secret=f"{part.secret}{CHANCE.random()}") for part in order.parts)
        body = mapping.order_body(replace(order, code=fresh_code(), parts=secrets), (), "api.kiosk")
        self._client.key = order.code  # type: ignore[attr-defined]
        try:
            return mapping.proof((await self._client.send("POST", path, body, timeout_s=timeout_s)).body)
        finally:
            self._client.key = ""  # type: ignore[attr-defined]


class StoredRefusalIsFinal(Client):
    """A refusal kept under the key is believed, though it may be the answer to a request that was torn."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.open_keys: dict[str, str] = {}

    async def send(self, method: str, path: str, body: Any = None, *, timeout_s: float, key: str = "") -> Any:
        mark = f"{method} {path} {body}"
        key = key or self.open_keys.setdefault(mark, f"key-{CHANCE.random()}")
        try:
            answer = await super().send(method, path, body, timeout_s=timeout_s, key=key)
        except PlatformRefused:
            self.open_keys.pop(mark)
            raise
        self.open_keys.pop(mark)
        return answer


class OneKeyForAll(Client):
    """One key for everything a terminal sends."""

    def _key(self, mark: str) -> str:
        del mark
        return "terminal-1"


class NewSecretsOnRetry(PretixPlatform):
    """A second try makes new tickets."""

    async def book(self, order: BookingOrder, *, timeout_s: float) -> BookingProof:
        parts = tuple(replace(part, secret=f"T{CHANCE.randrange(10**12)}") for part in order.parts)
        try:
            return await super().book(order, timeout_s=timeout_s)
        except OutcomeUnknown:
            return await super().book(replace(order, parts=parts), timeout_s=timeout_s)


class PriceReadAnew(PretixPlatform):
    """The price is what the server's list says when the sale gets there."""

    async def book(self, order: BookingOrder, *, timeout_s: float) -> BookingProof:
        items = await self._client.pages(f"{self._client.root}/events/museum/items/", timeout_s=timeout_s)
        prices = {str(each["id"]): mapping.money(each["default_price"], "EUR", "price") for each in items}
        offers = tuple(
            replace(offer, parts=tuple(replace(part, price=prices[part.product_id]) for part in offer.parts))
            for offer in order.offers
        )
        return await super().book(replace(order, offers=offers), timeout_s=timeout_s)


class PrintsCountTries(PretixPlatform):
    """A second try to tell of a print is another copy."""

    tries = 0

    async def record_print(self, code: str, part_id: str, *, copy: int, timeout_s: float) -> None:
        try:
            await super().record_print(code, part_id, copy=copy + self.tries, timeout_s=timeout_s)
        except OutcomeUnknown:
            self.tries += 1
            raise
        self.tries = 0


# ---- what becomes of the queue


class TakenOutBeforeSent(Courier):
    """A message leaves the queue when it is sent, not when it is proven."""

    async def _send(self, messages: tuple[QueuedMessage, ...]) -> None:
        await self._store.record([(message, Proven("sent")) for message in messages])
        for message in messages:
            await self._ask(message)


class ParallelRows(Courier):
    """The messages of one stream are sent side by side."""

    async def _send(self, messages: tuple[QueuedMessage, ...]) -> None:
        outcomes = await asyncio.gather(*(self._ask(message) for message in messages))
        await self._store.record(list(zip(messages, outcomes, strict=True)))
        if any(isinstance(each, Later) for each in outcomes):
            await asyncio.sleep(5)


class SaleToldLater(Delivery):
    """The sale is told in the background, after the message left the queue."""

    async def _send(self, platform: Any, body: Any) -> Outcome:
        told, self._tell = self._tell, self._later
        try:
            return await super()._send(platform, body)
        finally:
            self._tell = told

    async def _later(self, *given: Any) -> None:
        self.background = asyncio.ensure_future(self._after_a_second(*given))

    async def _after_a_second(self, sale_id: str, event: Any) -> None:
        await asyncio.sleep(1)
        with suppress(StoreClosed):
            await self._tell(sale_id, event)


class WallClockOrders(Store):
    """The queue is sorted by the time of day of its sales."""

    async def ready(self, stream: str, limit: int) -> ReadyBatch:
        batch = await super().ready(stream, limit)
        bodies = {each.key: decode_message(each.key, each.body) for each in batch.messages}
        times = {each.order.sale_id: each.order.sold_at for each in bodies.values() if isinstance(each, BookMessage)}
        first = min(times.values(), default=None)
        ordered = sorted(batch.messages, key=lambda each: times.get(each.sale_id, first) or 0)
        return replace(batch, messages=tuple(ordered))


class WallClockWaits(Delivery):
    """When to try again is a time of day."""

    not_before: Any = None

    async def deliver(self, message: QueuedMessage) -> Outcome:
        now = self._clock.now()
        if self.not_before is not None and now < self.not_before:
            return Later()
        outcome = await super().deliver(message)
        self.not_before = now if isinstance(outcome, Later) else None
        return outcome


class GivesUp(Delivery):
    """After five tries a message is set aside."""

    async def deliver(self, message: QueuedMessage) -> Outcome:
        return Refused("given_up") if message.attempts >= 5 else await super().deliver(message)


class RefusedIsForgotten(Delivery):
    """What was refused leaves the queue."""

    async def deliver(self, message: QueuedMessage) -> Outcome:
        outcome = await super().deliver(message)
        return Proven("refused") if isinstance(outcome, Refused) else outcome


class RefusedIsTriedForever(Delivery):
    """What was refused holds up what comes after it."""

    async def deliver(self, message: QueuedMessage) -> Outcome:
        outcome = await super().deliver(message)
        return Later() if isinstance(outcome, Refused) else outcome


WRONG = (
    Design("no answer means a new code", platform=TimeoutMeansNewCode),
    Design("no answer means refused", delivery=TimeoutMeansRefused),
    Design("no answer means done", delivery=TimeoutMeansDone),
    Design("a cancellation sent is done", delivery=CancelledWhenSent),
    Design("409 means done", platform=LockedKeyMeansDone),
    Design("a page of 500 means refused", platform=ErrorPageMeansRefused),
    Design("a portal's page means refused", client=PortalPageMeansRefused),
    Design("429 means refused", client=BusyMeansRefused),
    Design("401 means refused", delivery=TokenGoneMeansRefused),
    Design("a refusal is not looked up", platform=asking(RefusedWithoutLook)),
    Design("a refusal stands when the look fails", platform=asking(RefusedWhenLookFails)),
    Design("any order under our code is ours", platform=asking(ProofUnread)),
    Design("the key instead of the code", client=KeyedClient, platform=KeyInsteadOfCode),
    Design("a refusal kept under the key is final", client=StoredRefusalIsFinal),
    Design("one key for all", client=OneKeyForAll),
    Design("new secrets on retry", platform=NewSecretsOnRetry),
    Design("the price of the day it arrives", platform=PriceReadAnew),
    Design("prints count tries", platform=PrintsCountTries),
    Design("out of the queue before sent", courier=TakenOutBeforeSent),
    Design("one stream side by side", courier=ParallelRows),
    Design("the sale is told later", delivery=SaleToldLater),
    Design("the time of day orders the queue", store=WallClockOrders),
    Design("waits until a time of day", delivery=WallClockWaits),
    Design("gives up after five tries", delivery=GivesUp),
    Design("the refused is forgotten", delivery=RefusedIsForgotten),
    Design("the refused is tried for ever", delivery=RefusedIsTriedForever),
)
