"""From the first touch to a held basket: what is wanted, and whether it can be had."""

from msgspec.structs import replace

from kiosk.domain.basket import Basket, BasketFullError
from kiosk.domain.money import CurrencyMismatchError
from kiosk.domain.sale import identity
from kiosk.domain.sale.booking import Booking, StockMove, StockState
from kiosk.domain.sale.document import Document, DocumentKind, DocumentMove
from kiosk.domain.sale.effects import Effect, FindBooking, MakeHold, ReleaseHold
from kiosk.domain.sale.events import (
    SELLS,
    BackToBasket,
    BookingFound,
    BookingNotFound,
    CheckoutAsked,
    FoundTicket,
    HoldMade,
    HoldRefused,
    HoldReleased,
    HoldUnknown,
    HoldUnreachable,
    LanguageChosen,
    OfferChosen,
    OfferRemoved,
    PickUpAsked,
    PurchaserGiven,
    SaleKind,
    SaleOpened,
)
from kiosk.domain.sale.exchanging import begin_exchange, why_not
from kiosk.domain.sale.refunding import give_back
from kiosk.domain.sale.sale import Sale, Stage, Step
from kiosk.domain.sale.tender import ASKS_MAX, TenderState

_BACK = frozenset({Stage.HOLDING, Stage.PAYING})
_LETTABLE = frozenset({StockState.ASKED, StockState.HELD})


def opened(event: SaleOpened) -> Sale:
    """Begin a sale."""
    return Sale(
        id=event.sale_id,
        kind=event.kind,
        channel=event.channel,
        actor=event.actor,
        language=event.language,
        seed=event.seed,
        terms=event.terms,
        opened_at=event.at,
        now=event.at,
        basket=Basket(event.currency),
        of_sale=event.of_sale,
    )


def offer_chosen(sale: Sale, event: OfferChosen) -> Step:
    """Put an offer into the basket."""
    if sale.stage is not Stage.CHOOSING or sale.kind not in SELLS:
        return sale, ()
    try:
        basket = sale.basket.with_offer(event.offer)
    except BasketFullError:
        return replace(sale, problem="sale.basket_full"), ()
    except CurrencyMismatchError:
        return replace(sale, problem="sale.other_currency"), ()
    return replace(sale, basket=basket, problem=""), ()


def offer_removed(sale: Sale, event: OfferRemoved) -> Step:
    """Take an offer out of the basket."""
    if sale.stage is not Stage.CHOOSING:
        return sale, ()
    return replace(sale, basket=sale.basket.without_offer(event.offer_id), problem=""), ()


def language_chosen(sale: Sale, event: LanguageChosen) -> Step:
    """Go on in another language; at any moment."""
    return replace(sale, language=event.language), ()


def purchaser_given(sale: Sale, event: PurchaserGiven) -> Step:
    """Note that personal data was sealed; each time anew, so that a corrected name is written too."""
    if sale.stage is not Stage.CHOOSING or sale.kind is not SaleKind.PURCHASE:
        return sale, ()
    given = replace(sale, purchaser_fields=event.fields, answered=event.answered)
    return replace(given, purchaser_round=sale.purchaser_round + 1), ()


def checkout_asked(sale: Sale, event: CheckoutAsked) -> Step:
    """Hold everything; in a pick-up or reprint, print what was found."""
    if sale.stage is not Stage.CHOOSING or sale.leaving:
        return sale, ()
    if sale.kind not in SELLS:
        return _print_found(sale)
    problem = _why_not_held(sale, event)
    if problem:
        return replace(sale, problem=problem), ()
    sale = replace(sale, hold_round=sale.hold_round + 1, problem="")
    return begin_exchange(sale, sale.exchange) if sale.exchange is not None else _hold_all(sale)


def _why_not_held(sale: Sale, event: CheckoutAsked) -> str:
    """Return why the basket cannot be held; what holders of tickets to be exchanged had answered stays with them."""
    if not sale.basket.offers:
        return "sale.basket_empty"
    if any(offer.expires <= event.at for offer in sale.basket.offers):
        return "sale.offer_expired"
    if sale.kind is SaleKind.EXCHANGE:
        return why_not(sale)
    return "sale.unanswered" if sale.is_unanswered else ""


def _hold_all(sale: Sale) -> Step:
    bookings = []
    for platform_id in sale.basket.platform_ids:
        offers = tuple(offer for offer in sale.basket.offers if offer.platform_id == platform_id)
        booking = Booking(
            platform_id=platform_id,
            code=identity.booking_code(sale.seed, platform_id),
            hold_id=identity.hold_id(sale.seed, platform_id, sale.hold_round),
            offer_ids=tuple(offer.id for offer in offers),
            needs_capacity=any(offer.needs_capacity for offer in offers),
        )
        bookings.append(booking.stocked(StockMove.ASK))
    sale = replace(sale, bookings=tuple(bookings))
    return sale, tuple(make_hold(booking) for booking in bookings)


def make_hold(booking: Booking) -> MakeHold:
    """Return the wish to reserve a booking's offers."""
    return MakeHold(booking.platform_id, booking.hold_id, booking.offer_ids)


def _asked_booking(sale: Sale, platform_id: str, hold_id: str) -> Booking | None:
    return next(
        (
            booking
            for booking in sale.bookings
            if (booking.platform_id, booking.hold_id, booking.stock) == (platform_id, hold_id, StockState.ASKED)
        ),
        None,
    )


def hold_made(sale: Sale, event: HoldMade) -> Step:
    """Note a hold, or that it lasts longer."""
    booking = _asked_booking(sale, event.platform_id, event.hold_id)
    if booking is None:
        return sale, ()
    held = replace(booking.stocked(StockMove.HOLD), hold_expires=event.expires, is_provisional=False, asks=0)
    return sale.with_booking(held), ()


def hold_refused(sale: Sale, event: HoldRefused) -> Step:
    """Go back to the basket: what cannot be had is said there."""
    booking = _asked_booking(sale, event.platform_id, event.hold_id)
    if booking is None:
        return sale, ()
    return _back_without(sale.with_booking(booking.stocked(StockMove.REFUSE)), f"hold.{event.key}")


def hold_unreachable(sale: Sale, event: HoldUnreachable) -> Step:
    """Go on without a promise where none is needed; keep an older hold as it is; else say so."""
    booking = _asked_booking(sale, event.platform_id, event.hold_id)
    if booking is None:
        return sale, ()
    if booking.hold_expires is not None:
        return sale.with_booking(booking.stocked(StockMove.HOLD)), ()
    if may_go_without(sale, booking):
        return sale.with_booking(replace(booking.stocked(StockMove.HOLD), is_provisional=True)), ()
    return _back_without(sale.with_booking(booking.stocked(StockMove.REFUSE)), "sale.needs_the_network")


def hold_unknown(sale: Sale, event: HoldUnknown) -> Step:
    """Ask again under the same id; after ASKS_MAX it counts as away, and what may be held is let go."""
    booking = _asked_booking(sale, event.platform_id, event.hold_id)
    if booking is None:
        return sale, ()
    booking = replace(booking, asks=booking.asks + 1)
    if booking.asks < ASKS_MAX:
        return sale.with_booking(booking), (make_hold(booking),)
    if booking.hold_expires is not None or may_go_without(sale, booking):
        return hold_unreachable(sale.with_booking(booking), HoldUnreachable(event.platform_id, event.hold_id, event.at))
    return _back_without(sale.with_booking(booking), "sale.needs_the_network")


def may_go_without(sale: Sale, booking: Booking) -> bool:
    """Say whether a booking can be sold with no hold at all; an exchange needs the platform anyway."""
    terms = (each for each in sale.terms.platforms if each.platform_id == booking.platform_id)
    is_sale = sale.kind is not SaleKind.EXCHANGE
    return is_sale and not booking.needs_capacity and any(each.confirms_offline for each in terms)


def _back_without(sale: Sale, problem: str) -> Step:
    """Let all holds go; money already in is given back by leaving."""
    sale, effects = let_go(replace(sale, problem=problem, wanted=None))
    if any(tender.state is TenderState.PAID or tender.is_in_flight for tender in sale.tenders):
        sale = replace(sale, leaving=sale.leaving or problem)
    return sale, effects


def let_go(sale: Sale) -> Step:
    """Give back every hold that is there or may be there."""
    effects: list[Effect] = []
    for booking in sale.bookings:
        if booking.stock in _LETTABLE:
            sale = sale.with_booking(booking.stocked(StockMove.LET_GO))
            effects.append(ReleaseHold(booking.platform_id, booking.hold_id))
    return sale, tuple(effects)


def hold_released(sale: Sale, event: HoldReleased) -> Step:
    """Note that a hold is gone."""
    for booking in sale.bookings:
        if booking.hold_id == event.hold_id and booking.stock is StockState.LETTING_GO:
            return sale.with_booking(booking.stocked(StockMove.RELEASE)), ()
    return sale, ()


def back_to_basket(sale: Sale, event: BackToBasket) -> Step:
    """Go one step back: holds are let go, cash that was put in comes out."""
    del event
    if sale.stage not in _BACK or sale.tender_in_flight is not None:
        return sale, ()
    sale, effects = let_go(replace(sale, problem="", wanted=None))
    for tender in sale.tenders:
        if tender.state is TenderState.PAID:
            sale, more = give_back(sale, tender, tender.refundable)
            effects = (*effects, *more)
    return sale, effects


# ---- pick-up and reprint


def pick_up_asked(sale: Sale, event: PickUpAsked) -> Step:
    """Look a booking up."""
    if sale.kind not in {SaleKind.PICKUP, SaleKind.REPRINT} or sale.stage is not Stage.CHOOSING:
        return sale, ()
    return replace(sale, found=None, balance=None, problem=""), (FindBooking(event.code_or_secret, event.chip),)


def booking_found(sale: Sale, event: BookingFound) -> Step:
    """Show what was found; nothing is printed before it is asked for."""
    if sale.stage is not Stage.CHOOSING or sale.kind in SELLS:
        return sale, ()
    problem = "" if printable(sale, event) else _why_not(event)
    return replace(sale, found=event, balance=event.balance, problem=problem), ()


def booking_not_found(sale: Sale, event: BookingNotFound) -> Step:
    """Say that there is none, or that nobody can be asked now."""
    if sale.stage is not Stage.CHOOSING:
        return sale, ()
    return replace(sale, problem=event.key, balance=event.balance), ()


def printable(sale: Sale, found: BookingFound) -> tuple[FoundTicket, ...]:
    """Return the tickets this transaction may print: a traveller the unprinted ones, staff also copies."""
    is_reprint, addons = sale.kind is SaleKind.REPRINT, _addons(found)
    own = (each for each in found.tickets if (each.offer_id, each.part_id) not in addons)
    return tuple(each for each in own if each.is_live and (is_reprint or each.print_count == 0))


def _addons(found: BookingFound) -> dict[tuple[str, str], str]:
    """Return the live add-ons by offer and part, with the part on whose ticket each stands."""
    live = {(each.offer_id, each.part_id) for each in found.tickets if each.is_live}
    return {
        (offer.id, part.id): part.addon_to
        for offer in found.offers
        for part in offer.parts
        if (offer.id, part.addon_to) in live and (offer.id, part.id) in live and part.addon_to != part.id
    }


def _why_not(found: BookingFound) -> str:
    return "pickup.already_printed" if any(each.is_live for each in found.tickets) else "pickup.cancelled"


def _print_found(sale: Sale) -> Step:
    if sale.found is None:
        return replace(sale, problem="pickup.nothing_found"), ()
    tickets = printable(sale, sale.found)
    if not tickets:
        return replace(sale, problem=_why_not(sale.found)), ()
    documents = tuple(_found_document(sale.found, index, each) for index, each in enumerate(tickets))
    return replace(sale, documents=documents, settled_at=sale.now, problem=""), ()


def _found_document(found: BookingFound, index: int, ticket: FoundTicket) -> Document:
    host = (ticket.offer_id, ticket.part_id)
    return Document(
        id=f"ticket-{index + 1}",
        kind=DocumentKind.TICKET,
        offer_id=ticket.offer_id,
        part_id=ticket.part_id,
        addon_ids=tuple(part_id for (offer_id, part_id), to in _addons(found).items() if (offer_id, to) == host),
        code=ticket.code or found.code,
        secret=ticket.secret,
        copy=ticket.print_count,
    ).moved(DocumentMove.OWE)
