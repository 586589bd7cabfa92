"""What the platform says of a booking after the sale is settled, and what follows from a wait that is over."""

from typing import assert_never

from msgspec.structs import replace

from kiosk.domain.sale.booking import Booking, SyncMove
from kiosk.domain.sale.document import Document, DocumentState
from kiosk.domain.sale.events import (
    BookingProven,
    BookingRefused,
    BookingTried,
    CancelProven,
    CustomerLeft,
    Ticked,
    Timer,
)
from kiosk.domain.sale.printing import answer_over, paper_over
from kiosk.domain.sale.sale import Sale, Step


def _find(sale: Sale, code: str, move: SyncMove) -> Booking | None:
    return next((each for each in sale.bookings if each.code == code and each.can_sync(move)), None)


def booking_tried(sale: Sale, event: BookingTried) -> Step:
    """Note that it was sent; where the platform is away, printing need not wait for it."""
    booking = _find(sale, event.code, SyncMove.TRY if event.was_sent else SyncMove.PROVE)
    if booking is None:
        return sale, ()
    tried = booking.synced(SyncMove.TRY) if event.was_sent else replace(booking, is_wait_over=True)
    return sale.with_booking(tried), ()


def booking_proven(sale: Sale, event: BookingProven) -> Step:
    """Note the platform's proof, with its secrets where it issues the documents."""
    booking = _find(sale, event.code, SyncMove.PROVE)
    if booking is None:
        return sale, ()
    sale = sale.with_booking(booking.synced(SyncMove.PROVE))
    secrets = {(offer_id, part_id): secret for offer_id, part_id, secret in event.secrets}
    for document in sale.tickets:
        secret = secrets.get((document.offer_id, document.part_id))
        if secret and document.code == event.code and document.state is DocumentState.DUE:
            sale = sale.with_document(replace(document, secret=secret))
    return sale, ()


def booking_refused(sale: Sale, event: BookingRefused) -> Step:
    """Park a booking the platform will not have: undelivered tickets of it are paid back, printed ones alarmed."""
    booking = _find(sale, event.code, SyncMove.REFUSE)
    if booking is None:
        return sale, ()
    refused = replace(booking.synced(SyncMove.REFUSE), problem=event.key)
    return replace(sale.with_booking(refused), problem=f"booking.{event.key}"), ()


def cancel_proven(sale: Sale, event: CancelProven) -> Step:
    """Note that dead tickets are dead on the platform too."""
    booking = _find(sale, event.code, SyncMove.PROVE_CANCELLED)
    return (sale, ()) if booking is None else (sale.with_booking(booking.synced(SyncMove.PROVE_CANCELLED)), ())


def customer_left(sale: Sale, event: CustomerLeft) -> Step:
    """Close the sale as soon as nothing is open."""
    del event
    return replace(sale, is_left=True), ()


def ticked(sale: Sale, event: Ticked) -> Step:
    """Stop waiting."""
    match event.timer:
        case Timer.CONFIRM:
            bookings = tuple(replace(booking, is_wait_over=True) for booking in sale.bookings)
            return replace(sale, bookings=bookings), ()
        case Timer.PAPER:
            return paper_over(sale)
        case Timer.ANSWER:
            return answer_over(sale)
        case Timer.REVOKE:
            return replace(sale, is_revoke_over=True), ()
        case Timer.LEAVE:
            return replace(sale, is_left=True), ()
        case _:
            assert_never(event.timer)


def dead_tickets(sale: Sale, booking: Booking) -> tuple[Document, ...]:
    """Return the tickets of a booking that will not be printed."""
    return tuple(each for each in sale.undelivered if each.offer_id in booking.offer_ids)
