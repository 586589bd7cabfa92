"""What pane 3 says while old tickets become others: what they are worth, the difference, and what Enter does; pure."""

from msgspec.structs import replace

from kiosk.application.exchanging import Returned
from kiosk.application.paper_words import grouped
from kiosk.application.word import Word
from kiosk.domain.catalogue import OccurrenceKind, Offer, OfferPart
from kiosk.domain.money import Money
from kiosk.domain.sale.document import DocumentState
from kiosk.domain.sale.sale import Sale, Stage
from kiosk.shells.box_office.pay_rows import PayProps, SaleLine
from kiosk.ui.controls.staff_words import StaffWords

CHOOSE = Word("Choose the new time and as many tickets. Take out with Del what stays as it is.")
SAME_PLACE = Word("New codes, same place")
REFUSED = Word("The platform did not take it. The old tickets stay good, and the money is back.")
CHANGED = Word("These tickets were exchanged elsewhere meanwhile. The money is back; look the booking up again.")
NO_ANSWER = Word("The platform does not answer. The old tickets stay good; the new ones come out as soon as it does.")
NEXT = Word("Next customer")


def old_props(words: StaffWords, old: Returned, current: int, problem: str) -> PayProps:
    """Return what is shown before anything new was chosen."""
    described = {part.id: offer for offer in old.booking.offers for part in offer.parts}
    lines = tuple(_line(words, part, described[part.id], is_current=at == current) for at, part in enumerate(old.parts))
    return PayProps(
        lines=lines,
        headline=words.say("Exchange of booking {code}", code=grouped(old.booking.code)),
        message=problem or words.tell(CHOOSE),
        mood="warn" if problem else "info",
        enter="reissue",
        way=words.tell(SAME_PLACE),
    )


def _line(words: StaffWords, part: OfferPart, offer: Offer, *, is_current: bool) -> SaleLine:
    occurrence = offer.occurrence
    when = words.day(occurrence.starts, occurrence.zone)
    if occurrence.kind is not OccurrenceKind.OPEN:
        when = f"{when} {words.clock(occurrence.starts, occurrence.zone)}"
    seat = words.say("seats {seats}", seats=f"{part.seat_row}/{part.seat_number}") if part.seat_number else ""
    fact = " · ".join(each for each in (words.text(occurrence.title), when, seat) if each)
    return SaleLine(part.id, "1", words.text(part.product_name), fact, words.amount(part.price), is_current)


def exchanged_props(words: StaffWords, sale: Sale, shown: PayProps) -> PayProps:
    """Return what is shown of the sale that exchanges."""
    if sale.exchange is None or not sale.offers:
        return shown
    worth = Money(-sale.credit.minor, sale.credit.currency)
    given = SaleLine(
        "", str(len(sale.exchange.parts)), words.say("Old tickets"), grouped(sale.exchange.code), words.amount(worth)
    )
    shown = replace(shown, lines=(*shown.lines, given))
    if sale.stage is Stage.ABANDONED and sale.is_settled:
        is_changed = any(each.problem == "worth_changed" for each in sale.bookings)
        why = words.tell(CHANGED if is_changed else REFUSED)
        return replace(shown, headline=why, total="", tickets="", tax="", message="")
    if sale.stage is Stage.CONFIRMING and any(each.is_wait_over for each in sale.bookings):
        return replace(shown, message=words.tell(NO_ANSWER), mood="warn", enter="next", way=words.tell(NEXT))
    if sale.is_settled:
        shown = replace(shown, total=words.amount(sale.price - sale.credit))
        return replace(shown, headline=_done(words, sale)) if sale.stage is Stage.DONE else shown
    back = words.amount(sale.over)
    shown = replace(shown, total=words.amount(-sale.over if sale.over.minor else sale.due))
    if shown.enter != "pay" or sale.due.minor:
        return shown
    way = (
        words.say("Exchange, {amount} back", amount=back) if sale.over.minor else words.say("Exchange, nothing to pay")
    )
    return replace(shown, way=way)


def _done(words: StaffWords, sale: Sale) -> str:
    printed = sum(each.state is DocumentState.PRINTED for each in sale.tickets)
    told = [words.say("%n ticket(s) printed.", n=printed)]
    if sale.change.minor and sale.over.minor:
        told.append(words.say("Give {amount} back.", amount=words.amount(sale.change)))
    elif sale.change.minor:
        told.append(words.say("Give {amount} change.", amount=words.amount(sale.change)))
    return " ".join(told)
