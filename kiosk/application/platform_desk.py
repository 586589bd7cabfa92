"""Holds and finding: effects to the platforms, their answers to events."""

import asyncio
from collections.abc import Mapping
from weakref import WeakValueDictionary

from kiosk.application.bounding import bounded
from kiosk.application.clock import Clock
from kiosk.application.errors import OutcomeUnknown, PlatformError, Refused, Unreachable
from kiosk.application.interfaces import Medium, Platform
from kiosk.application.looking_up import LIVE, look_up
from kiosk.domain.sale.effects import FindBooking, MakeHold, ReleaseHold
from kiosk.domain.sale.events import (
    BookingFound,
    BookingNotFound,
    Event,
    FoundTicket,
    HoldMade,
    HoldRefused,
    HoldReleased,
    HoldUnknown,
    HoldUnreachable,
)
from kiosk.domain.sale.sale import Sale

RELEASES_MAX = 3  # then the hold runs out by itself
UNPAID = "PREBOOKED"
MEDIUM_PROBLEMS = {"medium_inactive": "pickup.medium_inactive", "medium_expired": "pickup.medium_expired"}


class PlatformDesk:
    """Ask the platforms; hold and release of one id never overtake each other."""

    def __init__(self, platforms: Mapping[str, Platform], clock: Clock, *, read_s: float, write_s: float) -> None:
        self._platforms = platforms
        self._clock = clock
        self._read_s = read_s
        self._write_s = write_s
        self._locks = WeakValueDictionary[str, asyncio.Lock]()  # one is there as long as somebody works on its id

    async def make_hold(self, sale: Sale, effect: MakeHold) -> Event:
        """Reserve, or prolong, under our id."""
        offers = tuple(sale.offer(offer_id) for offer_id in effect.offer_ids)
        platform = self._platforms[effect.platform_id]
        ids = (effect.platform_id, effect.hold_id)
        async with self._lock_of(effect.hold_id):
            try:
                hold = await bounded(platform.hold(effect.hold_id, offers, timeout_s=self._write_s), self._write_s)
            except Refused as problem:
                return HoldRefused(*ids, problem.key)
            except Unreachable:
                return HoldUnreachable(*ids, self._clock.now())
            except (OutcomeUnknown, TimeoutError):
                return HoldUnknown(*ids, self._clock.now())
        return HoldMade(*ids, hold.expires, self._clock.now())

    async def release_hold(self, sale: Sale, effect: ReleaseHold) -> Event:
        """Give a hold back; a platform that does not answer lets it run out."""
        del sale
        platform = self._platforms[effect.platform_id]
        async with self._lock_of(effect.hold_id):
            for _ in range(RELEASES_MAX):
                try:
                    await bounded(platform.release(effect.hold_id, timeout_s=self._write_s), self._write_s)
                except (OutcomeUnknown, TimeoutError):
                    continue
                except PlatformError:
                    break
                break
        return HoldReleased(effect.platform_id, effect.hold_id)

    def _lock_of(self, hold_id: str) -> asyncio.Lock:
        return self._locks.setdefault(hold_id, asyncio.Lock())

    async def find(self, effect: FindBooking) -> Event:
        """Look a booking up on every platform, by its code or by the medium it is on."""
        key = "pickup.medium_unknown" if effect.chip else "pickup.not_found"
        for platform in self._platforms.values():
            try:
                medium = await look_up(platform, effect.code_or_secret, effect.chip, timeout_s=self._read_s)
            except Refused as no:
                key = MEDIUM_PROBLEMS.get(no.key, key)
            except PlatformError:
                key = "pickup.needs_the_network"
            else:
                if medium is not None:
                    return self._found(platform.traits.id, medium)
        return BookingNotFound(key, self._clock.now())

    def _found(self, platform_id: str, medium: Medium) -> Event:
        now, bookings = self._clock.now(), medium.bookings
        if not bookings:
            key = "pickup.medium_empty" if medium.balance is None else "pickup.only_gift_card"
            return BookingNotFound(key, now, medium.balance)
        if all(each.state == UNPAID for each in bookings):
            return BookingNotFound("pickup.unpaid", now, medium.balance)
        tickets = tuple(
            FoundTicket(part.offer_id, part.part_id, part.secret, part.state in LIVE, part.print_count, booking.code)
            for booking in bookings
            for part in booking.parts
        )
        offers = tuple(offer for booking in bookings for offer in booking.offers)
        return BookingFound(bookings[0].code, platform_id, offers, tickets, now, medium.balance)
