"""A booking looked up at the machine: by its code, a ticket's secret, or the card or printed code it is on."""

from collections.abc import Iterable

from msgspec.structs import replace

from kiosk.application.bounding import bounded
from kiosk.application.errors import Unreachable
from kiosk.application.interfaces import FoundBooking, Medium, MediumKind, Platform

LIVE = frozenset({"CONFIRMED", "FULFILLED"})


async def look_up(platform: Platform, code: str, chip: str, *, timeout_s: float) -> Medium | None:
    """Return the booking of a code; where there is none, what is on the chip (its UID) or on a medium of that code.

    Raises:
        PlatformError: see Platform.find and Platform.medium.
    """
    try:
        if code or not chip:
            found = await bounded(platform.find(code, timeout_s=timeout_s), timeout_s)
            if found is not None:
                return Medium((found,))
        if not platform.traits.has_media:
            return None
        kind, identifier = (MediumKind.CHIP, chip) if chip else (MediumKind.CODE, code)
        medium = await bounded(platform.medium(kind, identifier, timeout_s=timeout_s), timeout_s)
    except TimeoutError:
        raise Unreachable("unreachable", "no answer in time") from None
    return None if medium is None else replace(medium, bookings=tuple(map(_on_it, medium.bookings)))


def _on_it(booking: FoundBooking) -> FoundBooking:
    """Leave out of the offers what is not on the medium: other people of the same booking have media of their own."""
    mine = {(part.offer_id, part.part_id) for part in booking.parts}
    offers = (
        replace(offer, parts=tuple(part for part in offer.parts if (offer.id, part.id) in mine))
        for offer in booking.offers
    )
    return replace(booking, offers=tuple(offer for offer in offers if offer.parts))


def all_printed(bookings: Iterable[FoundBooking]) -> bool:
    """Say whether every live ticket has come out, so that copies are left; an extra stands on its ticket."""
    left, count = 0, 0
    for booking in bookings:
        live = {(part.offer_id, part.part_id): part for part in booking.parts if part.state in LIVE}
        extras = {
            (offer.id, part.id) for offer in booking.offers for part in offer.parts if (offer.id, part.addon_to) in live
        }
        tickets = [part for ident, part in live.items() if ident not in extras]
        count += len(tickets)
        left += sum(not part.print_count for part in tickets)
    return count > 0 and not left
