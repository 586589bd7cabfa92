"""All waiting for platforms happens here: one thread with a plain asyncio loop, awaited from the till's loop.

At most REQUESTS_MAX calls are in flight; more wait in order. Cancelling the waiter cancels the call.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from datetime import date, datetime
from typing import Any, TypeVar

from kiosk.application.errors import Unreachable
from kiosk.application.interfaces import (
    BookingOrder,
    BookingProof,
    CancelProof,
    Departures,
    EventChoice,
    ExchangeOrder,
    FoundBooking,
    GiftCard,
    GiftCardPart,
    GiftCards,
    GiftCharge,
    Hold,
    Medium,
    MediumKind,
    Platform,
    PlatformHealth,
    PlatformTraits,
)
from kiosk.domain.catalogue import (
    Event,
    EventProduct,
    Offer,
    Place,
    PlaceHit,
    RiderCategory,
    RiderCount,
    SeatMap,
    Slot,
    Voucher,
)
from kiosk.domain.money import Money

REQUESTS_MAX = 4  # more freeze the connection pool (O(n²), measured)
STOP_S = 5.0
T = TypeVar("T")


class NetworkThread:
    """Run coroutines on a loop of their own; `run` is awaited on any other loop."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._gate: asyncio.Semaphore | None = None
        self._thread = threading.Thread(target=self._serve, name="network", daemon=True)
        self._is_open = False

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """Return the network's loop, for what lives on it (the control socket, the courier)."""
        return self._loop

    def start(self) -> None:
        """Start the thread."""
        self._is_open = True
        self._thread.start()

    async def run(self, call: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a coroutine on the network's loop, at most REQUESTS_MAX at once.

        Raises:
            Unreachable: the thread is stopped; nothing was asked.
        """
        return await self.hop(lambda: self._gated(call))

    async def hop(self, call: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a coroutine on the network's loop without waiting for a place."""
        if not self._is_open:
            raise Unreachable("platform_unreachable", "the terminal is stopping")
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(call(), self._loop))

    async def stop(self) -> bool:
        """Cancel what still runs and end the thread; False when it is stuck in a call."""
        if not self._is_open:
            return True
        self._is_open = False
        self._loop.call_soon_threadsafe(self._loop.stop)
        await asyncio.to_thread(self._thread.join, STOP_S)
        return not self._thread.is_alive()

    async def _gated(self, call: Callable[[], Coroutine[Any, Any, T]]) -> T:
        if self._gate is None:
            self._gate = asyncio.Semaphore(REQUESTS_MAX)
        async with self._gate:
            return await call()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            pending = asyncio.all_tasks(self._loop)
            for task in pending:
                task.cancel()
            if pending:
                self._loop.run_until_complete(asyncio.wait(pending, timeout=STOP_S))
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
        finally:
            self._loop.close()


class HoppingPlatform:
    """A Platform whose calls run on the network thread."""

    def __init__(self, platform: Platform, network: NetworkThread) -> None:
        self._platform = platform
        self._network = network

    @property
    def traits(self) -> PlatformTraits:
        """Return what the platform allows."""
        return self._platform.traits

    @property
    def gift_cards(self) -> GiftCards | None:
        """Return its gift cards."""
        cards = self._platform.gift_cards
        return HoppingGiftCards(cards, self._network) if cards is not None else None

    async def health(self, *, timeout_s: float) -> PlatformHealth:
        """Ask whether it answers; asked beside the others, so that a full queue does not look like a dead link."""
        return await self._network.hop(lambda: self._platform.health(timeout_s=timeout_s))

    async def places(self, text: str, *, language: str, limit: int) -> tuple[PlaceHit, ...]:
        """Search places."""
        return await self._network.run(lambda: self._platform.places(text, language=language, limit=limit))

    async def place(self, place_id: str) -> Place:
        """Return one place."""
        return await self._network.run(lambda: self._platform.place(place_id))

    async def departures(self, origin_id: str, destination_id: str, *, after: datetime, limit: int) -> Departures:
        """Return the next journeys."""
        return await self._network.run(
            lambda: self._platform.departures(origin_id, destination_id, after=after, limit=limit)
        )

    async def board(self, origin_id: str, *, after: datetime, limit: int) -> Departures:
        """Return the next departures to anywhere."""
        return await self._network.run(lambda: self._platform.board(origin_id, after=after, limit=limit))

    async def rider_categories(self) -> tuple[RiderCategory, ...]:
        """Return who can travel."""
        return await self._network.run(self._platform.rider_categories)

    async def journey_offers(self, journey_id: str, riders: tuple[RiderCount, ...]) -> tuple[Offer, ...]:
        """Price a journey."""
        return await self._network.run(lambda: self._platform.journey_offers(journey_id, riders))

    async def events(self, *, on: date | None, limit: int) -> tuple[Event, ...]:
        """Return what is on."""
        return await self._network.run(lambda: self._platform.events(on=on, limit=limit))

    async def slots(self, event_id: str, *, on: date) -> tuple[Slot, ...]:
        """Return the slots of a day."""
        return await self._network.run(lambda: self._platform.slots(event_id, on=on))

    async def event_products(self, slot_id: str) -> tuple[EventProduct, ...]:
        """Return what can be bought for a slot."""
        return await self._network.run(lambda: self._platform.event_products(slot_id))

    async def seat_map(self, slot_id: str, *, timeout_s: float) -> SeatMap:
        """Return the seats of a slot."""
        return await self._network.run(lambda: self._platform.seat_map(slot_id, timeout_s=timeout_s))

    async def voucher(self, slot_id: str, code: str, *, timeout_s: float) -> Voucher:
        """Return what a code is good for."""
        return await self._network.run(lambda: self._platform.voucher(slot_id, code, timeout_s=timeout_s))

    async def event_price(self, choice: EventChoice) -> Money:
        """Return what a choice costs by what is known."""
        return await self._network.hop(lambda: self._platform.event_price(choice))

    async def event_offer(self, choice: EventChoice, *, timeout_s: float) -> Offer:
        """Price a choice."""
        return await self._network.run(lambda: self._platform.event_offer(choice, timeout_s=timeout_s))

    async def hold(self, hold_id: str, offers: tuple[Offer, ...], *, timeout_s: float) -> Hold:
        """Reserve under our id."""
        return await self._network.run(lambda: self._platform.hold(hold_id, offers, timeout_s=timeout_s))

    async def release(self, hold_id: str, *, timeout_s: float) -> None:
        """Give a hold back."""
        await self._network.run(lambda: self._platform.release(hold_id, timeout_s=timeout_s))

    async def book(self, order: BookingOrder, *, timeout_s: float) -> BookingProof:
        """Book under our code."""
        return await self._network.run(lambda: self._platform.book(order, timeout_s=timeout_s))

    async def check_exchange(
        self, code: str, part_ids: tuple[str, ...], offers: tuple[Offer, ...], *, timeout_s: float
    ) -> None:
        """Say whether tickets can become others."""
        await self._network.run(lambda: self._platform.check_exchange(code, part_ids, offers, timeout_s=timeout_s))

    async def exchange(self, order: ExchangeOrder, *, timeout_s: float) -> BookingProof:
        """Exchange tickets of a booking."""
        return await self._network.run(lambda: self._platform.exchange(order, timeout_s=timeout_s))

    async def find(self, code_or_secret: str, *, timeout_s: float) -> FoundBooking | None:
        """Find a booking."""
        return await self._network.run(lambda: self._platform.find(code_or_secret, timeout_s=timeout_s))

    async def medium(self, kind: MediumKind, identifier: str, *, timeout_s: float) -> Medium | None:
        """Return what is on a reusable medium."""
        return await self._network.run(lambda: self._platform.medium(kind, identifier, timeout_s=timeout_s))

    async def cancel(
        self, code: str, part_ids: tuple[str, ...], *, reason: str, timeout_s: float, of_sale: str = ""
    ) -> CancelProof:
        """Cancel parts."""
        return await self._network.run(
            lambda: self._platform.cancel(code, part_ids, reason=reason, timeout_s=timeout_s, of_sale=of_sale)
        )

    async def record_print(self, code: str, part_id: str, *, copy: int, timeout_s: float) -> None:
        """Note a print."""
        await self._network.run(lambda: self._platform.record_print(code, part_id, copy=copy, timeout_s=timeout_s))

    async def record_refund(
        self,
        code: str,
        amount: Money,
        *,
        reference: str,
        at: datetime,
        timeout_s: float,
        of_sale: str = "",
        to_gift_card: tuple[GiftCardPart, ...] = (),
    ) -> None:
        """Note money that went back."""
        await self._network.run(
            lambda: self._platform.record_refund(
                code,
                amount,
                reference=reference,
                at=at,
                timeout_s=timeout_s,
                of_sale=of_sale,
                to_gift_card=to_gift_card,
            )
        )


class HoppingGiftCards:
    """Gift cards whose calls run on the network thread."""

    def __init__(self, cards: GiftCards, network: NetworkThread) -> None:
        self._cards = cards
        self._network = network

    async def card(self, code: str, *, timeout_s: float) -> GiftCard:
        """Return the card of a code."""
        return await self._network.run(lambda: self._cards.card(code, timeout_s=timeout_s))

    async def card_on(self, chip: str, *, timeout_s: float) -> GiftCard:
        """Return the card on a chip."""
        return await self._network.run(lambda: self._cards.card_on(chip, timeout_s=timeout_s))

    async def charge(self, card_id: str, reference: str, amount: Money, *, timeout_s: float) -> None:
        """Take an amount off a card."""
        await self._network.run(lambda: self._cards.charge(card_id, reference, amount, timeout_s=timeout_s))

    async def charge_of(self, card_id: str, reference: str, *, timeout_s: float) -> GiftCharge | None:
        """Return what the card's book says."""
        return await self._network.run(lambda: self._cards.charge_of(card_id, reference, timeout_s=timeout_s))

    async def close(self, card_id: str, reference: str, *, timeout_s: float) -> GiftCharge | None:
        """Return what was taken, and let nothing be taken any more."""
        return await self._network.run(lambda: self._cards.close(card_id, reference, timeout_s=timeout_s))

    async def pay_back(self, card_id: str, reference: str, amount: Money, *, timeout_s: float) -> None:
        """Give back what was taken."""
        await self._network.run(lambda: self._cards.pay_back(card_id, reference, amount, timeout_s=timeout_s))
