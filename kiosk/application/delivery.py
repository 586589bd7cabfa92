"""What the courier does with a message: bring it to its platform and tell the sale what the platform said.

The sale is told, durably, before the courier forgets the message. So a power cut in between brings the message again,
under the same key, and the platform makes it once.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import assert_never

from kiosk.application.clock import Clock
from kiosk.application.codec import (
    Body,
    BookMessage,
    CancelOrder,
    ExchangeMessage,
    PrintRecord,
    RefundRecord,
    UnknownVersionError,
    UnreadableError,
    decode_message,
)
from kiosk.application.errors import OutcomeUnknown, Unreachable
from kiosk.application.errors import Refused as PlatformRefused
from kiosk.application.interfaces import DocumentIssuer, Platform
from kiosk.domain.sale.events import BookingProven, BookingRefused, BookingTried, CancelProven, Event
from offline_store import Later, Outcome, Proven, QueuedMessage, Refused, StreamBlocked

Tell = Callable[[str, Event], Awaitable[None]]
# A platform that no longer knows us refuses everything alike: nothing of the stream can go until a person acts.
BLOCKING = frozenset({"not_allowed"})


class Delivery:
    """Deliver bookings, cancellations and prints; give `deliver` to the Courier, on the till's loop."""

    def __init__(self, platforms: Mapping[str, Platform], tell: Tell, clock: Clock, *, timeout_s: float) -> None:
        self._platforms = platforms
        self._tell = tell
        self._clock = clock
        self._timeout_s = timeout_s

    async def __call__(self, message: QueuedMessage) -> Outcome:
        """Bring one message to its platform."""
        return await self.deliver(message)

    async def deliver(self, message: QueuedMessage) -> Outcome:
        """Bring one message to its platform and say what came of it."""
        try:
            body = decode_message(message.key, message.body)
        except (UnknownVersionError, UnreadableError):
            return Refused("message_unreadable")  # parked for a person: those behind it go on
        platform = self._platforms.get(body.platform_id)
        if platform is None:
            return StreamBlocked("platform.not_configured")
        try:
            return await self._brought(platform, body)
        except (UnknownVersionError, UnreadableError):
            return Refused("sale_unreadable")  # the platform knows; the sale it belongs to waits for a person

    async def _brought(self, platform: Platform, body: Body) -> Outcome:
        try:
            return await self._send(platform, body)
        except Unreachable:
            return await self._away(body, was_sent=False)
        except (OutcomeUnknown, TimeoutError):
            return await self._away(body, was_sent=True)
        except PlatformRefused as problem:
            return await self._refused(body, problem.key)

    async def _send(self, platform: Platform, body: Body) -> Outcome:
        match body:
            case BookMessage(order=order):
                proof = await platform.book(order, timeout_s=self._timeout_s)
                if (proof.sale_id, proof.digest) != (order.sale_id, order.digest):
                    return await self._refused(body, "code_in_use")
                secrets = await self._secrets(platform, order.code)
                await self._tell(order.sale_id, BookingProven(order.code, self._clock.now(), secrets))
                return Proven(f"{proof.code} {proof.state}")
            case ExchangeMessage(order=change):
                proof = await platform.exchange(change, timeout_s=self._timeout_s)
                await self._tell(change.sale_id, BookingProven(change.code, self._clock.now()))
                return Proven(f"{proof.code} exchanged")
            case CancelOrder():
                await platform.cancel(
                    body.code, body.part_ids, reason=body.reason, timeout_s=self._timeout_s, of_sale=_owner(body)
                )
                await self._tell(body.sale_id, CancelProven(body.code, self._clock.now()))
                return Proven("cancelled")
            case PrintRecord():
                await platform.record_print(body.code, body.part_id, copy=body.copy, timeout_s=self._timeout_s)
                return Proven("print recorded")
            case RefundRecord():
                await platform.record_refund(
                    body.code, body.amount, reference=f"{body.sale_id}{body.mark}", at=body.at,
                    timeout_s=self._timeout_s, of_sale=_owner(body), to_gift_card=body.to_gift_card,
                )  # fmt: skip
                return Proven("refund recorded")
            case _:
                assert_never(body)

    async def _secrets(self, platform: Platform, code: str) -> tuple[tuple[str, str, str], ...]:
        """Return the secrets where the platform makes them."""
        if platform.traits.issues_documents is DocumentIssuer.TERMINAL:
            return ()
        found = await platform.find(code, timeout_s=self._timeout_s)
        if found is None:
            raise OutcomeUnknown("platform.booking_not_shown")
        return tuple((part.offer_id, part.part_id, part.secret) for part in found.parts)

    async def _away(self, body: Body, *, was_sent: bool) -> Outcome:
        if isinstance(body, BookMessage | ExchangeMessage):
            await self._tell(body.order.sale_id, BookingTried(body.order.code, self._clock.now(), was_sent=was_sent))
        return Later()

    async def _refused(self, body: Body, key: str) -> Outcome:
        if key in BLOCKING:
            return StreamBlocked(f"platform.{key}")
        match body:
            case BookMessage(order=order):
                await self._tell(order.sale_id, BookingRefused(order.code, key, self._clock.now()))
                return Refused(key)
            case ExchangeMessage(order=change):
                # Nothing was changed there, no new ticket is out, and the sale gives the money back by itself.
                await self._tell(change.sale_id, BookingRefused(change.code, key, self._clock.now()))
                return Proven(f"refused: {key}")
            case CancelOrder() if key in {"not_found", "already_cancelled"}:
                # Nothing of ours lives there: the booking was refused before, or is dead already.
                await self._tell(body.sale_id, CancelProven(body.code, self._clock.now()))
                return Proven(key)
            case RefundRecord() if key == "not_found":
                return Proven(key)  # the booking was refused before: nobody there counts its money
            case _:
                return Refused(key)


def _owner(body: CancelOrder | RefundRecord) -> str:
    """Return the sale whose booking is meant, "" for that of another channel."""
    return body.sale_id if body.of_sale is None else body.of_sale
