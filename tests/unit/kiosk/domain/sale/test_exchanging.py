"""Old tickets become new ones: dearer is paid first, what was too much goes back last, and a no changes nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from kiosk.domain.catalogue import Occurrence, OccurrenceKind, Offer, OfferPart, PartKind, Texts
from kiosk.domain.money import Money
from kiosk.domain.sale import effects as do
from kiosk.domain.sale import events as ev
from kiosk.domain.sale import rules
from kiosk.domain.sale.booking import StockState, SyncState
from kiosk.domain.sale.document import DocumentState
from kiosk.domain.sale.sale import Sale, Stage
from kiosk.domain.sale.step import step
from kiosk.domain.sale.tender import PlatformCard, TenderKind, TenderState

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
CODE = "ABCDEFGH"
CLERK = ev.Actor(ev.ActorKind.CLERK, "1")


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def offer(*prices: int, platform_id: str = "hall", first: int = 0) -> Offer:
    name, late = Texts("A"), NOW + timedelta(days=1)
    parts = tuple(
        OfferPart(f"p{at}", PartKind.ADMISSION, "x", name, euros(price), 0, needs_capacity=True)
        for at, price in enumerate(prices, first)
    )
    when = Occurrence("t", OccurrenceKind.EVENT, name, NOW, late, "UTC")
    return Offer("new", platform_id, when, parts, "EUR", late, NOW, NOW, late, name)


class Desk:
    """A counter where tickets are exchanged, every step held to the rules."""

    def __init__(self, *worth: int, gives_back: bool = True, keeps_place: bool = False) -> None:
        self.sale: Any = None
        self.done: list[do.Effect] = []
        self.now = NOW
        terms = ev.SaleTerms(platforms=(ev.PlatformTerms("hall"),), exchange_gives_back=gives_back)
        self.post(ev.SaleOpened("s2", ev.SaleKind.EXCHANGE, ev.Channel.COUNTER, CLERK, "en", "EUR", NOW, "5eed", terms))
        if worth:
            parts = tuple((f"p{at}", euros(minor)) for at, minor in enumerate(worth))
            self.post(ev.ExchangeBegun(CODE, "hall", "s1", parts, NOW, keeps_place=keeps_place))

    def post(self, event: ev.Event) -> None:
        before: Sale | None = self.sale
        self.sale, effects = step(before, event)
        rules.check_step(before, self.sale, effects)
        self.done.extend(effects)

    def hold(self, *offers: Offer) -> None:
        for each in offers:
            self.post(ev.OfferChosen(each))
        self.post(ev.CheckoutAsked(NOW))
        for each in [each for each in self.done if isinstance(each, do.MakeHold)]:
            self.post(ev.HoldMade("hall", each.hold_id, NOW + timedelta(hours=1), NOW))

    def pay(self, kind: TenderKind, **more: Any) -> None:
        self.post(ev.TenderChosen(kind, NOW, **more))
        for each in [each for each in self.done if isinstance(each, do.CollectPayment)]:
            self.post(ev.PaymentApproved(each.reference, each.amount, NOW))

    def asked(self, kind: type[Any]) -> list[Any]:
        return [each for each in self.done if isinstance(each, kind)]

    def print_all(self) -> None:
        while (
            printing := next((each for each in self.sale.documents if each.state == "print_intent"), None)
        ) is not None:
            self.post(ev.DocumentPrinted(printing.id, printing.job_id, NOW))

    def finish(self) -> None:
        self.post(ev.CustomerLeft())
        assert self.sale.is_finished
        assert rules.broken(self.sale) == ()


def test_dearer_tickets_are_paid_first_and_printed_once_the_old_ones_are_dead() -> None:
    desk = Desk(1200, 1200)
    desk.hold(offer(1500, 1500))
    assert (desk.sale.stage, desk.sale.due) == (Stage.PAYING, euros(600))
    desk.post(ev.TenderChosen(TenderKind.FREE, NOW))
    assert desk.sale.problem == "sale.not_free"
    desk.pay(TenderKind.CARD)
    assert [(each.kind, each.amount.minor) for each in desk.sale.tenders] == [("credit", 2400), ("card", 600)]
    assert desk.asked(do.SendExchange) == [do.SendExchange("hall")]
    assert (desk.asked(do.SendBooking), desk.asked(do.PrintDocument)) == ([], [])
    desk.post(ev.BookingTried(CODE, NOW, was_sent=False))
    desk.post(ev.Ticked(ev.Timer.CONFIRM, NOW))
    assert desk.sale.stage is Stage.CONFIRMING, "nobody knows: neither printed nor given up"
    assert (desk.sale.claim.doubtful, desk.sale.claim.reasons) == (euros(600), ("exchange_open",))
    [slip] = [each for each in desk.sale.documents if each.kind == "claim"]
    desk.post(ev.DocumentPrinted(slip.id, slip.job_id, NOW))
    desk.post(ev.BookingProven(CODE, NOW))
    assert desk.sale.claim.doubtful == euros(0), "what was promised is on its way"
    desk.print_all()
    assert {each.code for each in desk.sale.tickets} == {CODE}
    assert desk.sale.stage is Stage.DONE
    desk.finish()
    assert desk.asked(do.RecordRefund) == []


def test_cheaper_tickets_give_the_rest_back_after_the_proof_and_the_platform_hears_of_it() -> None:
    desk = Desk(1200)
    desk.hold(offer(900))
    assert (desk.sale.due.minor, desk.sale.over) == (0, euros(300))
    desk.pay(TenderKind.FREE)
    assert desk.sale.is_settled
    assert (desk.sale.change.minor, desk.asked(do.OpenDrawer)) == (0, [])
    desk.post(ev.BookingProven(CODE, NOW))
    assert desk.sale.change == euros(300)
    assert desk.asked(do.RecordRefund) == [do.RecordRefund("hall", euros(300), "C")]
    desk.print_all()
    desk.finish()
    assert len(desk.asked(do.OpenDrawer)) == 1


def test_while_the_platform_is_away_nothing_is_exchanged_even_where_it_could_be_sold() -> None:
    """A sale without a promise may go on offline; of an exchange nobody could tell whether the old tickets live."""
    desk, sold = Desk(1200), offer(1500)
    parts = tuple(msgspec.structs.replace(part, needs_capacity=False) for part in sold.parts)
    desk.post(ev.OfferChosen(msgspec.structs.replace(sold, parts=parts)))
    desk.post(ev.CheckoutAsked(NOW))
    (hold,) = desk.asked(do.MakeHold)
    desk.post(ev.HoldUnreachable("hall", hold.hold_id, NOW))
    assert (desk.sale.stage, desk.sale.problem) == (Stage.CHOOSING, "sale.needs_the_network")


def test_where_nothing_is_given_back_a_cheaper_ticket_is_refused_before_anything_is_held() -> None:
    desk = Desk(1200, gives_back=False)
    desk.hold(offer(900))
    assert (desk.sale.problem, desk.asked(do.MakeHold)) == ("exchange.cheaper", [])


def test_what_a_gift_card_paid_is_not_turned_into_cash_by_an_exchange() -> None:
    desk = Desk()
    worth = (("p0", euros(1200)),)
    desk.post(ev.ExchangeBegun(CODE, "hall", "s1", worth, NOW, is_by_gift_card=True))
    desk.hold(offer(900))
    assert (desk.sale.problem, desk.asked(do.MakeHold)) == ("exchange.gift_card", [])
    desk.post(ev.OfferRemoved("C"))
    desk.hold(offer(1200))
    assert desk.sale.problem == ""


@pytest.mark.parametrize(
    ("worth", "chosen", "problem"),
    [
        ((), offer(900), "exchange.nothing"), ((900,), offer(900, 900), "exchange.other_count"),
        ((900,), offer(900, platform_id="rail"), "exchange.other_platform"),
        ((900,), offer(900, first=3), "exchange.other_count"),
    ],
)  # fmt: skip
def test_only_as_many_tickets_of_the_same_platform_take_their_place(
    worth: tuple[int, ...], chosen: Offer, problem: str
) -> None:
    desk = Desk(*worth)
    desk.hold(chosen)
    assert desk.sale.problem == problem
    desk.post(ev.SaleAbandoned("counter.cleared", NOW))
    assert desk.sale.is_finished


def test_a_no_of_the_platform_gives_the_money_back_and_leaves_the_old_tickets_good() -> None:
    desk = Desk(1200)
    desk.hold(offer(1500))
    desk.pay(TenderKind.CARD)
    desk.post(ev.BookingRefused(CODE, "seat_taken", NOW))
    [reversal] = desk.asked(do.ReversePayment)
    assert reversal.amount == euros(300)
    desk.post(ev.ReversalDone(reversal.reference, NOW))
    assert [each.state for each in desk.sale.tenders] == [TenderState.VOIDED, TenderState.VOIDED]
    assert (desk.sale.claim, desk.asked(do.SendCancel)) == (None, [])
    desk.finish()


def test_new_tickets_that_do_not_come_out_are_revoked_and_all_they_cost_is_owed() -> None:
    desk = Desk(1200)
    desk.hold(offer(900))
    desk.pay(TenderKind.FREE)
    desk.post(ev.BookingProven(CODE, NOW))
    while desk.sale.tickets[0].state is not DocumentState.UNDELIVERED:
        for each in desk.sale.documents:
            desk.post(ev.DocumentNotPrinted(each.id, each.job_id, NOW, "printer.broken"))
        desk.post(ev.Ticked(ev.Timer.PAPER, NOW))
    assert desk.asked(do.SendCancel) == [do.SendCancel("hall", "undelivered")]
    desk.post(ev.CancelProven(CODE, NOW))
    assert desk.sale.claim is not None
    assert desk.sale.claim.owed == euros(900), "300 went back as too much"
    for each in [each for each in desk.sale.documents if each.kind == "claim"]:
        desk.post(ev.DocumentPrinted(each.id, each.job_id, NOW))
    desk.finish()
    assert [each.mark for each in desk.asked(do.RecordRefund)] == ["C"]


def test_new_secrets_alone_need_no_place_and_no_money() -> None:
    desk = Desk(1200, keeps_place=True)
    desk.hold(offer(1200))
    assert desk.asked(do.MakeHold) == []
    assert desk.sale.bookings[0].stock is StockState.HELD
    desk.pay(TenderKind.FREE)
    assert desk.asked(do.SendExchange)
    desk.post(ev.BookingProven(CODE, NOW))
    desk.print_all()
    desk.finish()


def test_back_to_the_basket_takes_the_old_tickets_back_and_they_pay_again() -> None:
    desk = Desk(1200)
    desk.hold(offer(1500))
    desk.post(ev.TenderChosen(TenderKind.CREDIT, NOW))
    assert desk.sale.problem == "sale.voucher_not_here"
    desk.post(ev.TenderChosen(TenderKind.GIFT_CARD, NOW, card=PlatformCard("hall", "7", "GIFT")))
    assert desk.sale.problem == "sale.voucher_not_here"
    desk.post(ev.TenderChosen(TenderKind.CARD, NOW))
    [asked] = desk.asked(do.CollectPayment)
    desk.post(ev.PaymentDeclined(asked.reference, NOW, "payment.declined", was_asked=False))
    assert desk.sale.due == euros(300)
    desk.post(ev.BackToBasket())
    assert desk.sale.tenders[0].state is TenderState.VOIDED
    desk.post(ev.HoldReleased("hall", desk.sale.bookings[0].hold_id))
    desk.done.clear()
    desk.hold()
    desk.pay(TenderKind.CASH, handed=euros(500))
    assert desk.sale.is_settled
    assert desk.sale.change == euros(200)
    desk.post(ev.BookingProven(CODE, NOW))
    desk.print_all()
    desk.finish()


def test_an_exchange_the_power_went_out_of_is_left_or_brought_to_its_end() -> None:
    open_desk = Desk(1200)
    open_desk.hold(offer(1500))
    open_desk.post(ev.Restarted(NOW))
    open_desk.post(ev.HoldReleased("hall", open_desk.sale.bookings[0].hold_id))
    assert open_desk.sale.is_finished
    desk = Desk(1200)
    desk.hold(offer(1500))
    desk.pay(TenderKind.CARD)
    desk.post(ev.Restarted(NOW))
    assert desk.sale.bookings[0].sync is SyncState.DUE
    desk.post(ev.BookingProven(CODE, NOW))
    desk.print_all()
    desk.finish()


def test_nothing_is_exchanged_in_a_purchase_or_once_it_is_held() -> None:
    desk = Desk(1200)
    desk.hold(offer(1500))
    held = desk.sale
    desk.post(ev.ExchangeBegun("OTHER", "hall", "", (("p9", euros(1)),), NOW))
    assert desk.sale == held
    empty = Desk()
    empty.post(ev.ExchangeBegun("OTHER", "hall", "", (), NOW))
    assert empty.sale.exchange is None
