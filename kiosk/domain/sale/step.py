"""The one function that moves a sale: note the event, then let follow what follows."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from kiosk.domain.sale import cash, choosing, events, exchanging, paying, printing, refunding, syncing
from kiosk.domain.sale.events import Event, SaleOpened
from kiosk.domain.sale.following import follow
from kiosk.domain.sale.restarting import restarted
from kiosk.domain.sale.sale import Sale, Step


class NoSaleError(ValueError):
    """An event for a sale that was never opened."""


# Event → what it changes. A test holds the keys to the closed union `Event`.
HANDLERS: Mapping[type[Any], Callable[[Sale, Any], Step]] = {
    events.ExchangeBegun: exchanging.exchange_begun,
    events.OfferChosen: choosing.offer_chosen,
    events.OfferRemoved: choosing.offer_removed,
    events.LanguageChosen: choosing.language_chosen,
    events.PurchaserGiven: choosing.purchaser_given,
    events.CheckoutAsked: choosing.checkout_asked,
    events.BackToBasket: choosing.back_to_basket,
    events.HoldMade: choosing.hold_made,
    events.HoldRefused: choosing.hold_refused,
    events.HoldUnreachable: choosing.hold_unreachable,
    events.HoldUnknown: choosing.hold_unknown,
    events.HoldReleased: choosing.hold_released,
    events.PickUpAsked: choosing.pick_up_asked,
    events.BookingFound: choosing.booking_found,
    events.BookingNotFound: choosing.booking_not_found,
    events.TenderChosen: paying.tender_chosen,
    events.TenderCancelled: paying.tender_cancelled,
    events.SaleAbandoned: paying.sale_abandoned,
    events.PaymentApproved: paying.payment_approved,
    events.PaymentDeclined: paying.payment_declined,
    events.PaymentUnknown: paying.payment_unknown,
    events.PaymentInProgress: paying.payment_in_progress,
    events.PieceOffered: cash.piece_offered,
    events.PieceStacked: cash.piece_stacked,
    events.PieceReturned: cash.piece_returned,
    events.PieceUnknown: cash.piece_unknown,
    events.CashStopped: cash.cash_stopped,
    events.ChangeDispensed: refunding.change_dispensed,
    events.ReversalDone: refunding.reversal_done,
    events.ReversalRefused: refunding.reversal_refused,
    events.ReversalUnknown: refunding.reversal_unknown,
    events.BookingTried: syncing.booking_tried,
    events.BookingProven: syncing.booking_proven,
    events.BookingRefused: syncing.booking_refused,
    events.CancelProven: syncing.cancel_proven,
    events.CustomerLeft: syncing.customer_left,
    events.Ticked: syncing.ticked,
    events.DocumentPrinted: printing.document_printed,
    events.DocumentNotPrinted: printing.document_not_printed,
    events.DocumentUnknown: printing.document_unknown,
    events.PrinterReady: printing.printer_ready,
    events.CustomerAnswered: printing.customer_answered,
    events.ReceiptAsked: printing.receipt_asked,
    events.ClaimAsked: printing.claim_asked,
    events.Restarted: restarted,
}


def step(sale: Sale | None, event: Event) -> Step:
    """Return the sale after an event and what must then be done.

    An event that no longer fits (an answer told twice, a touch on a page that is gone) returns the sale as it was
    and no effects. A finished sale moves only where the platform takes a booking it had refused, which a person sent
    again.

    Raises:
        NoSaleError: the first event of a sale is SaleOpened.
    """
    if sale is None:
        if not isinstance(event, SaleOpened):
            raise NoSaleError(type(event).__name__)
        return choosing.opened(event), ()
    is_over = sale.is_finished and not isinstance(event, events.BookingProven | events.CancelProven)
    if is_over or isinstance(event, SaleOpened):
        return sale, ()
    moment = max(sale.now, getattr(event, "at", sale.now))
    at_hand = replace(sale, now=moment)
    noted, first = HANDLERS[type(event)](at_hand, event)
    followed, then = follow(noted)
    if followed == at_hand and not first and not then:
        return sale, ()
    return followed, (*first, *then)
