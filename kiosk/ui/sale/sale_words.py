"""How offers, tickets and tenders of a sale are told to the person."""

from kiosk.application.word import Word
from kiosk.domain.catalogue import OccurrenceKind, Offer
from kiosk.domain.sale.document import Document
from kiosk.domain.sale.sale import Sale
from kiosk.domain.sale.tender import TenderKind
from kiosk.ui import formatting
from kiosk.ui.controls.desk import Desk

PAID_BY = {
    TenderKind.CARD: Word("Paid {amount} by card"),
    TenderKind.CASH: Word("Paid {amount} in cash"),
    TenderKind.GIFT_CARD: Word("Paid {amount} by gift card"),
    TenderKind.VOUCHER: Word("Paid {amount} by voucher"),
    TenderKind.FREE: Word("Nothing to pay"),
    TenderKind.CREDIT: Word("{amount} from the old tickets"),
}


def title(desk: Desk, offer: Offer) -> str:
    """Return what an offer is for."""
    tag, occurrence = desk.speech.tag, offer.occurrence
    if occurrence.kind is OccurrenceKind.TRIP and occurrence.origin and occurrence.destination:
        origin, destination = occurrence.origin.name.text(tag), occurrence.destination.name.text(tag)
        return desk.say("{origin} to {destination}", origin=origin, destination=destination)
    return occurrence.title.text(tag)


def when(desk: Desk, offer: Offer) -> str:
    """Return when it is."""
    occurrence = offer.occurrence
    day = formatting.long_day(formatting.local_day(occurrence.starts, occurrence.zone), desk.speech.tag)
    return f"{day} · {formatting.clock(occurrence.starts, occurrence.zone)}"


def contents(desk: Desk, offer: Offer) -> str:
    """Return who and what: categories with counts, seats, add-ons."""
    tag = desk.speech.tag
    counts: dict[str, int] = {}
    for part in offer.parts:
        name = (
            part.category_name.text(tag)
            if not part.addon_to and part.category_name.default
            else part.product_name.text(tag)
        )
        counts[name] = counts.get(name, 0) + 1
    told = [f"{count} \u00d7 {name}" for name, count in counts.items()]
    seats = [part for part in offer.parts if part.seat_row]
    if seats:
        numbers = ", ".join(part.seat_number for part in seats)
        rows = ", ".join(dict.fromkeys(part.seat_row for part in seats))
        told.append(desk.say("Row {row}, seat {seat}", row=rows, seat=numbers))
    return " · ".join(told)


def ticket(desk: Desk, sale: Sale, document: Document) -> str:
    """Return what one ticket is for."""
    offer = sale.offer(document.offer_id)
    part = sale.part(document.offer_id, document.part_id)
    told = [title(desk, offer)]
    if part.seat_row:
        told.append(desk.say("Row {row}, seat {seat}", row=part.seat_row, seat=part.seat_number))
    elif part.category_name.default:
        told.append(part.category_name.text(desk.speech.tag))
    return " · ".join(told)


def paid(desk: Desk, sale: Sale) -> str:
    """Return how it was paid."""
    told = [
        desk.tell(PAID_BY[tender.kind], amount=desk.money(tender.credit))
        for tender in sale.tenders
        if tender.credit.minor
    ]
    return " · ".join(told) or desk.say("Nothing to pay")


def problem(desk: Desk, sale: Sale | None) -> str:
    """Return the sentence for what did not work, "" if all is well."""
    return desk.speech.say_key(sale.problem) if sale and sale.problem else ""
