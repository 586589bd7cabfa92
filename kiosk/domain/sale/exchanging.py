"""Tickets sold before that become others: what they are worth counts towards the new ones, in one act of the platform.

The old tickets stay good until the platform has proven that the new ones took their place; only then are those printed
and what was too much is given back. A refusal leaves the old ones as they were, and the money goes back.
"""

from msgspec.structs import replace

from kiosk.domain.catalogue import OfferPart
from kiosk.domain.money import zero
from kiosk.domain.sale import identity
from kiosk.domain.sale.booking import Booking, StockMove, SyncState
from kiosk.domain.sale.effects import MakeHold, OpenDrawer, RecordRefund
from kiosk.domain.sale.events import ExchangeBegun, SaleKind
from kiosk.domain.sale.sale import Exchange, Sale, Stage, Step
from kiosk.domain.sale.tender import Payout, PayoutMove, Tender, TenderKind, TenderMove, TenderState


def exchange_begun(sale: Sale, event: ExchangeBegun) -> Step:
    """Note which tickets are to become others; said again, others take their place."""
    if sale.kind is not SaleKind.EXCHANGE or sale.stage is not Stage.CHOOSING or not event.parts:
        return sale, ()
    exchange = Exchange(
        event.code,
        event.platform_id,
        event.of_sale,
        event.parts,
        keeps_place=event.keeps_place,
        is_by_gift_card=event.is_by_gift_card,
    )
    return replace(sale, exchange=exchange, problem=""), ()


def why_not(sale: Sale) -> str:
    """Return why the basket cannot take the place of the old tickets, "" where it can."""
    exchange = sale.exchange
    if exchange is None:
        return "exchange.nothing"
    if any(offer.platform_id != exchange.platform_id for offer in sale.basket.offers):
        return "exchange.other_platform"
    if sorted(part.id for part in _parts(sale)) != sorted(part_id for part_id, _ in exchange.parts):
        return "exchange.other_count"
    if sale.over.minor and exchange.is_by_gift_card:
        return "exchange.gift_card"
    return "exchange.cheaper" if sale.over.minor and not sale.terms.exchange_gives_back else ""


def _parts(sale: Sale) -> tuple[OfferPart, ...]:
    return tuple(part for offer in sale.basket.offers for part in offer.parts)


def begin_exchange(sale: Sale, exchange: Exchange) -> Step:
    """Hold the new places under the old booking's code; where place and date stay, there is nothing to hold."""
    offers = sale.basket.offers
    booking = Booking(
        platform_id=exchange.platform_id,
        code=exchange.code,
        hold_id=identity.hold_id(sale.seed, exchange.platform_id, sale.hold_round),
        offer_ids=tuple(offer.id for offer in offers),
        needs_capacity=not exchange.keeps_place and any(offer.needs_capacity for offer in offers),
    ).stocked(StockMove.ASK)
    if exchange.keeps_place:
        return replace(sale, bookings=(replace(booking.stocked(StockMove.HOLD), is_provisional=True),)), ()
    hold = MakeHold(booking.platform_id, booking.hold_id, booking.offer_ids)
    return replace(sale, bookings=(booking,)), (hold,)


def with_credit(sale: Sale) -> Sale:
    """Return a sale in which the old tickets pay as much as they can."""
    if sale.exchange is None or sale.has_credit:
        return sale
    reference = identity.payment_reference(sale.seed, len(sale.tenders))
    credit = Tender(TenderKind.CREDIT, reference, min(sale.credit, sale.price)).moved(TenderMove.ASK)
    return sale.with_tender(credit.moved(TenderMove.APPROVE))


def give_over(sale: Sale) -> Step | None:
    """Give back by hand what the old tickets were worth more, once the platform has proven that they are gone."""
    tender = next((each for each in sale.tenders if _is_over_due(sale, each)), None)
    if tender is None or sale.exchange is None:
        return None
    over = Payout(f"{tender.reference}C", sale.over, zero(sale.basket.currency)).moved(PayoutMove.PAY, sale.over)
    note = RecordRefund(sale.exchange.platform_id, sale.over, "C")
    return sale.with_tender(replace(tender, change=over)), (OpenDrawer(), note)


def _is_over_due(sale: Sale, tender: Tender) -> bool:
    is_open = tender.kind is TenderKind.CREDIT and tender.state is TenderState.PAID and tender.change is None
    return is_open and sale.over.minor > 0 and any(each.sync is SyncState.DONE for each in sale.bookings)
