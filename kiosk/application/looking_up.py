"""A booking looked up at the machine: by its code, a ticket's secret, or the card or printed code it is on."""

from msgspec.structs import replace

from kiosk.application.bounding import bounded
from kiosk.application.errors import Unreachable
from kiosk.application.interfaces import FoundBooking, Medium, MediumKind, Platform


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
