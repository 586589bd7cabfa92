"""Every rule of a sale, held against a world that loses answers, refuses, runs late and cuts the power anywhere."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from msgspec.structs import replace

from kiosk.domain.catalogue import Occurrence, OccurrenceKind, Offer, OfferPart, PartKind, Texts
from kiosk.domain.money import Money
from kiosk.domain.sale import effects as do
from kiosk.domain.sale import events as ev
from kiosk.domain.sale import rules
from kiosk.domain.sale.booking import SyncState
from kiosk.domain.sale.document import DocumentKind, DocumentState
from kiosk.domain.sale.sale import Sale, Stage
from kiosk.domain.sale.step import step
from kiosk.domain.sale.tender import PayoutState, PieceState, TenderKind, TenderState

START = datetime(2027, 3, 1, 9, tzinfo=UTC)
TERMS = ev.SaleTerms(platforms=(ev.PlatformTerms("rail"), ev.PlatformTerms("hall", confirms_offline=False)), printers=2)
SEED = "5e" * 32
CARD = ev.PlatformCard("rail", "7", "J2Q9")
Step = Callable[[Sale | None, ev.Event], tuple[Sale, tuple[do.Effect, ...]]]


def offer(name: str, platform: str, *prices: int, needs_capacity: bool = False, addon: int = 0) -> Offer:
    where = Texts(name)
    occurrence = Occurrence(name, OccurrenceKind.TRIP, where, START, START + timedelta(hours=2), "Europe/Berlin")
    parts = [
        OfferPart(
            f"{name}-{i}", PartKind.ADMISSION, "p", where, Money(price, "EUR"), 700, needs_capacity=needs_capacity
        )
        for i, price in enumerate(prices)
    ]
    if addon:
        first = parts[0].id
        parts.append(OfferPart(f"{name}-x", PartKind.ANCILLARY, "x", where, Money(addon, "EUR"), 700, addon_to=first))
    late = START + timedelta(days=1)
    return Offer(name, platform, occurrence, tuple(parts), "EUR", late, START, START, late, where)


BASKETS = (
    (offer("one", "rail", 1200),),
    (offer("two", "rail", 1200, 600, needs_capacity=True),),
    (offer("free", "rail", 0),),
    (offer("a", "rail", 500, 300, addon=200), offer("b", "hall", 900, needs_capacity=True)),
)


def opened(kind: ev.SaleKind = ev.SaleKind.PURCHASE) -> ev.SaleOpened:
    return ev.SaleOpened("sale-1", kind, ev.Channel.KIOSK, ev.CUSTOMER, "en", "EUR", START, SEED, TERMS)


class World:
    """Devices and platforms with books of their own; `trouble` is how often they lose or refuse, 0 to 1."""

    def __init__(self, chance: Random, move: Step = step, trouble: float = 0.3) -> None:
        self.chance, self.move, self.trouble = chance, move, trouble
        self.now = START
        self.sale: Sale | None = None
        self.pending: list[do.Effect] = []
        self.outbox: list[tuple[str, str, str, tuple[tuple[str, str], ...]]] = []
        self.journal: list[ev.Event] = []
        self.payments: dict[str, str] = {}
        self.amounts: dict[str, int] = {}
        self.pieces: dict[str, tuple[int, str]] = {}
        self.dispensed: dict[str, int] = {}
        self.jobs: dict[str, bool] = {}
        self.papers: list[tuple[str, str, int]] = []
        self.booked: dict[str, set[tuple[str, str]]] = {}
        self.refused: set[str] = set()
        self.noted = 0
        self.refunds: list[do.RecordRefund] = []
        self.gifts: dict[str, str] = {}
        self.taken: dict[str, int] = {}
        self.post(opened())

    # ---- the circle

    def post(self, event: ev.Event) -> None:
        before = self.sale
        after, effects = self.move(before, event)
        rules.check_step(before, after, effects)
        self.sale = after
        self.journal.append(event)
        for effect in effects:
            if isinstance(effect, do.Message):
                self.outbox.append(self._message(effect))
            else:
                self.pending.append(effect)

    def _message(self, effect: do.Message) -> tuple[str, str, str, tuple[tuple[str, str], ...]]:
        sale = self.known
        if isinstance(effect, do.RecordPrint):
            return ("print", sale.document(effect.document_id).code, "", ())
        booking = sale.booking(effect.platform_id)
        if isinstance(effect, do.RecordRefund):
            self.noted += effect.amount.minor
            self.refunds.append(effect)
            return ("refund", booking.code, effect.platform_id, ())
        kind = "book" if isinstance(effect, do.SendBooking) else "cancel"
        return (kind, booking.code, effect.platform_id, booking.cancelled_parts)

    @property
    def known(self) -> Sale:
        assert self.sale is not None
        return self.sale

    def is_bad(self, share: float = 1.0) -> bool:
        return self.chance.random() < self.trouble * share

    def at(self) -> datetime:
        self.now += timedelta(seconds=self.chance.choice((1, 5, 20)))
        return self.now

    # ---- what a device or platform does, and what it says

    def answer(self, effect: do.Effect) -> ev.Event | None:  # noqa: C901, PLR0911, PLR0912 - one line per effect
        if isinstance(effect, do.CollectPayment | do.QueryPayment | do.ReversePayment) and effect.card is not None:
            return self._gift(effect)
        match effect:
            case do.MakeHold(platform_id, hold_id, _):
                return self._hold(platform_id, hold_id)
            case do.ReleaseHold(platform_id, hold_id):
                return ev.HoldReleased(platform_id, hold_id)
            case do.CollectPayment(reference, amount):
                return self._pay(reference, amount)
            case do.QueryPayment(reference, amount, _):
                return self._query(reference, amount)
            case do.ReversePayment(reference, _, _):
                return self._reverse(reference)
            case do.CollectCash(reference, _):
                return ev.CashStopped(reference, self.at(), "cash.no_device") if self.is_bad(0.1) else None
            case do.AcceptPiece(reference, piece_id):
                return self._piece(reference, piece_id, "stacked")
            case do.GiveBackPiece(reference, piece_id):
                return self._piece(reference, piece_id, "returned")
            case do.QueryPiece(reference, piece_id, _):
                return self._piece(reference, piece_id, self.pieces[piece_id][1])
            case do.DispenseCash(reference, amount, _):
                return self._dispense(reference, amount)
            case do.PrintDocument(document_id, _, job_id, _):
                return self._print(document_id, job_id)
            case do.QueryPrint(document_id, _, job_id, _):
                return self._query_print(document_id, job_id)
            case do.AwaitPrinter():
                return None if self.is_bad() else ev.PrinterReady(self.at())
            case do.StartTimer(timer, _):
                return ev.Ticked(timer, self.at())
            case _:
                return None

    def _hold(self, platform_id: str, hold_id: str) -> ev.Event:
        if self.is_bad():
            kind = self.chance.choice(("refused", "away", "unknown"))
            if kind == "refused":
                return ev.HoldRefused(platform_id, hold_id, "sold_out")
            away = ev.HoldUnreachable if kind == "away" else ev.HoldUnknown
            return away(platform_id, hold_id, self.at())
        now = self.at()
        lasts_s = 60 if self.is_bad(0.3) else 900
        return ev.HoldMade(platform_id, hold_id, now + timedelta(seconds=lasts_s), now)

    def _pay(self, reference: str, amount: Money) -> ev.Event:
        assert reference not in self.payments, "asked for money twice under one reference"
        self.amounts[reference] = amount.minor
        how = self.chance.choice(("declined", "before", "after", "late", "late_no")) if self.is_bad() else "approved"
        self.payments[reference] = {"approved": "charged", "after": "charged", "late": "late", "late_no": "late"}.get(
            how, "none"
        )
        if how == "approved":
            return ev.PaymentApproved(reference, amount, self.at())
        if how in {"declined", "late_no"}:
            return ev.PaymentDeclined(reference, self.at(), "payment.declined")
        return ev.PaymentUnknown(reference, self.at())

    def _query(self, reference: str, amount: Money) -> ev.Event:
        if self.is_bad():
            return ev.PaymentUnknown(reference, self.at())
        if self.payments.get(reference) == "late":
            self.payments[reference] = "charged"
            if self.is_bad():
                return ev.PaymentInProgress(reference, self.at())
        if self.payments.get(reference) == "charged":
            return ev.PaymentApproved(reference, amount, self.at())
        return ev.PaymentDeclined(reference, self.at())

    def _reverse(self, reference: str) -> ev.Event:
        if self.is_bad(0.5):
            return ev.ReversalUnknown(reference, self.at())
        if self.payments.get(reference) not in {"charged", "reversed"} or self.is_bad(0.2):
            return ev.ReversalRefused(reference, self.at(), "payment.reversal_refused")
        self.payments[reference] = "reversed"
        if self.is_bad():
            return ev.ReversalUnknown(reference, self.at())
        return ev.ReversalDone(reference, self.at())

    def _gift(  # noqa: PLR0911 - one line per outcome
        self, effect: do.CollectPayment | do.QueryPayment | do.ReversePayment
    ) -> ev.Event:
        """Keep the book of a gift card: what is on its way may still come, until a question closes the reference."""
        reference, amount, book = effect.reference, effect.amount, self.gifts
        match effect:
            case do.CollectPayment():
                assert reference not in book, "charged twice under one reference"
                how = self.chance.choice(("refused", "before", "after", "on_its_way")) if self.is_bad() else "charged"
                book[reference] = {"refused": "none", "before": "none", "after": "charged"}.get(how, how)
                self.taken[reference] = amount.minor if book[reference] == "charged" else 0
                if how == "charged":
                    return ev.PaymentApproved(reference, amount, self.at(), platform_id="rail")
                if how == "refused":
                    return ev.PaymentDeclined(reference, self.at(), "gift_card.too_little")
                return ev.PaymentUnknown(reference, self.at())
            case do.QueryPayment():
                if book.get(reference) == "on_its_way":
                    book[reference] = "charged" if self.chance.random() < 0.5 else "closed"
                    self.taken[reference] = amount.minor if book[reference] == "charged" else 0
                if self.is_bad():
                    return ev.PaymentUnknown(reference, self.at())
                if self.taken.get(reference):
                    return ev.PaymentApproved(reference, amount, self.at(), platform_id="rail")
                return ev.PaymentDeclined(reference, self.at(), was_asked=False)
            case do.ReversePayment():
                return self._gift_back(reference, amount)

    def _gift_back(self, reference: str, amount: Money) -> ev.Event:
        if self.is_bad(0.5):
            return ev.ReversalUnknown(reference, self.at())
        if self.gifts.get(reference) not in {"charged", "back"} or self.is_bad(0.1):
            return ev.ReversalRefused(reference, self.at(), "not_found")
        if self.gifts[reference] == "charged":
            self.gifts[reference] = "back"
            self.taken[reference] -= amount.minor
        return ev.ReversalUnknown(reference, self.at()) if self.is_bad() else ev.ReversalDone(reference, self.at())

    def offer_piece(self) -> None:
        tender = self.known.tender_in_flight
        if tender is None or tender.kind is not TenderKind.CASH:
            return
        piece_id, value = f"piece-{len(self.pieces)}", self.chance.choice((200, 500, 1000, 5000))
        self.pieces[piece_id] = (value, "escrow")
        can_change = not self.is_bad()
        self.post(ev.PieceOffered(tender.reference, piece_id, Money(value, "EUR"), self.at(), can_change=can_change))

    def _piece(self, reference: str, piece_id: str, to: str) -> ev.Event:
        value, where = self.pieces[piece_id]
        where = to if where == "escrow" and not self.is_bad(0.2) else where
        self.pieces[piece_id] = (value, "returned" if where == "escrow" and self.trouble == 0 else where)
        where = self.pieces[piece_id][1]
        if where == "escrow" or self.is_bad(0.5):
            return ev.PieceUnknown(reference, piece_id, self.at())
        return (ev.PieceStacked if where == "stacked" else ev.PieceReturned)(reference, piece_id, self.at())

    def _dispense(self, reference: str, amount: Money) -> ev.Event:
        if reference not in self.dispensed:
            self.dispensed[reference] = amount.minor // 2 if self.is_bad(0.3) else amount.minor
        if self.is_bad(0.5):
            return ev.ChangeDispensed(reference, Money(0, "EUR"), is_certain=False, at=self.at())
        return ev.ChangeDispensed(reference, Money(self.dispensed[reference], "EUR"), is_certain=True, at=self.at())

    def _print(self, document_id: str, job_id: str) -> ev.Event:
        document = self.known.document(document_id)
        how = self.chance.choice(("not", "lost_before", "lost_after")) if self.is_bad() else "printed"
        self.jobs[job_id] = how in {"printed", "lost_after"}
        if self.jobs[job_id] and document.kind is DocumentKind.TICKET:
            self.papers.append((document_id, document.secret, document.copy))
        if how == "printed":
            return ev.DocumentPrinted(document_id, job_id, self.at())
        if how == "not":
            return ev.DocumentNotPrinted(document_id, job_id, self.at(), "printer.paper_out")
        return ev.DocumentUnknown(document_id, job_id, self.at())

    def _query_print(self, document_id: str, job_id: str) -> ev.Event:
        if self.is_bad():
            return ev.DocumentUnknown(document_id, job_id, self.at(), was_asked=True)
        kind = ev.DocumentPrinted if self.jobs.get(job_id) else ev.DocumentNotPrinted
        return kind(document_id, job_id, self.at())

    def deliver(self) -> None:
        """Bring the first message to its platform."""
        if not self.outbox:
            return
        kind, code, platform_id, parts = self.outbox[0]
        if self.is_bad():
            if kind == "book":
                was_sent = self.chance.random() < 0.5
                if was_sent and code not in self.refused:
                    self.booked.setdefault(code, self._parts(platform_id))
                self.post(ev.BookingTried(code, self.at(), was_sent=was_sent))
            return
        if kind == "book" and code not in self.booked and self.is_bad(0.5):
            self.refused.add(code)
        if kind == "book" and code in self.refused:
            self.post(ev.BookingRefused(code, "hold_expired", self.at()))
        elif kind == "book":
            self.booked.setdefault(code, self._parts(platform_id))
            self.post(ev.BookingProven(code, self.at()))
        elif kind == "cancel":
            self.booked.setdefault(code, set()).difference_update(parts)
            self.post(ev.CancelProven(code, self.at()))
        self.outbox.pop(0)

    def _parts(self, platform_id: str) -> set[tuple[str, str]]:
        offers = (each for each in self.known.basket.offers if each.platform_id == platform_id)
        return {(each.id, part.id) for each in offers for part in each.parts}

    # ---- what can happen next

    def work(self) -> None:
        if self.pending:
            event = self.answer(self.pending.pop(self.chance.randrange(len(self.pending))))
            if event is not None:
                self.post(event)

    def crash(self) -> None:
        """Cut the power: some of what was asked is done all the same, no answer is heard."""
        for effect in self.pending:
            if self.chance.random() < 0.5 and not isinstance(effect, do.StartTimer):
                self.answer(effect)
        self.pending.clear()
        replayed: Sale | None = None
        for event in self.journal:
            replayed, _ = self.move(replayed, event)
        assert replayed == self.sale, "a replay decides otherwise"
        self.post(ev.Restarted(self.at()))

    def touch(self) -> None:
        chance, sale = self.chance, self.known
        choices: list[Callable[[], ev.Event]] = [
            lambda: ev.CheckoutAsked(self.at()),
            lambda: ev.TenderChosen(TenderKind.CARD, self.at()),
            lambda: ev.TenderChosen(TenderKind.CARD, self.at()),
            lambda: ev.TenderChosen(TenderKind.CASH, self.at()),
            lambda: ev.TenderChosen(TenderKind.FREE, self.at()),
            lambda: ev.TenderChosen(TenderKind.CARD, self.at(), amount=Money(300, "EUR")),
            lambda: ev.TenderChosen(TenderKind.CASH, self.at(), handed=Money(5000, "EUR")),
            lambda: ev.TenderCancelled(self.at()),
            ev.BackToBasket,
            ev.ReceiptAsked,
            ev.ClaimAsked,
            lambda: ev.TenderChosen(TenderKind.GIFT_CARD, self.at(), amount=Money(400, "EUR"), card=CARD),
            lambda: ev.TenderChosen(TenderKind.GIFT_CARD, self.at(), card=CARD),
        ]
        if sale.stage is Stage.CHOOSING and chance.random() < 0.8:
            choices = choices[:1]
        if sale.stage is Stage.PAYING and chance.random() < 0.8:
            choices = [*choices[1:6], *choices[-2:]] if sale.tender_in_flight is None else choices[3:4]
        if any(tender.state is TenderState.UNKNOWN for tender in sale.tenders):
            choices = [lambda: ev.TenderChosen(TenderKind.CARD, self.at())]  # the impatient tap again
        if chance.random() < 0.05:
            choices = [lambda: ev.SaleAbandoned("customer", self.at())]
        for document in sale.documents:
            if document.is_asked:
                is_out = self.jobs.get(document.job_id, False)
                choices = [lambda: ev.CustomerAnswered(document.id, came_out=is_out)]  # noqa: B023 - called below
        self.post(chance.choice(choices)())

    def shop(self, basket: tuple[Offer, ...]) -> None:
        for each in basket:
            self.post(ev.OfferChosen(each))

    # ---- the end

    def rest(self) -> None:
        """Let everything answer from now on, and the customer go."""
        self.trouble = 0.0
        self.post(ev.SaleAbandoned("customer", self.at()))
        for _ in range(400):
            if self.known.is_finished:
                break
            self.deliver()
            self.work()
            if not self.pending and not self.outbox:
                self.post(ev.CustomerLeft())
        assert self.known.is_finished, f"never at rest: {self.known}"
        self.compare()

    def compare(self) -> None:
        """Hold our books to the world's."""
        sale = self.known
        assert rules.broken(sale) == ()
        assert self.noted <= sum(tender.returned.minor for tender in sale.tenders if tender.returned)
        nothing = Money(0, "EUR")
        for tender in sale.tenders:
            if tender.kind is TenderKind.CARD:
                is_ours = tender.is_charged and tender.state is not TenderState.VOIDED
                is_theirs = self.payments.get(tender.reference) in {"charged", "late"}
                if tender.state is not TenderState.OWED:
                    assert is_ours == is_theirs, f"{tender.state} here, {self.payments.get(tender.reference)} there"
            if tender.kind is TenderKind.GIFT_CARD and tender.state is not TenderState.OWED:
                ours = tender.taken.minor - (tender.returned or nothing).minor
                assert ours == self.taken.get(tender.reference, 0), f"{ours} here, {tender.state}"
        cash = [each for each in sale.tenders if each.kind is TenderKind.CASH and not each.is_by_hand]
        payouts = [each for tender in cash for each in (tender.change, tender.refund) if each]
        is_clear = not any(piece.state is PieceState.UNKNOWN for tender in cash for piece in tender.pieces)
        if is_clear and not any(each.state is PayoutState.SHORT for each in payouts):
            inside = sum(value for value, where in self.pieces.values() if where == "stacked")
            ours = sum(tender.inserted.minor for tender in cash) - sum(each.dispensed.minor for each in payouts)
            assert inside - sum(self.dispensed.values()) == ours
        self._compare_paper()
        owed = sum((tender.owed or nothing).minor for tender in sale.tenders)
        assert owed == (sale.claim.owed.minor if sale.claim else 0)

    def _compare_paper(self) -> None:
        sale = self.known
        for document in sale.tickets:
            booking = sale.booking_of(document)
            assert booking is not None
            is_live = (document.offer_id, document.part_id) in self.booked.get(booking.code, set())
            if document.state is DocumentState.PRINTED and booking.sync is not SyncState.CONFLICT:
                assert is_live, "a ticket in hand without a booking"
            if document.state is DocumentState.UNDELIVERED:
                assert not is_live, "a booking alive and nobody has its ticket"
            papers = [(secret, copy) for name, secret, copy in self.papers if name == document.id]
            assert papers or document.state is not DocumentState.PRINTED, "said to be printed, and no paper"
            assert len({secret for secret, _ in papers}) <= 1, "two secrets for one ticket"
            assert sum(copy == 0 for _, copy in papers) <= 1, "two originals of one ticket"
        if not sale.is_settled:
            assert not any(self.booked.values()), "booked and not paid"


def drive(seed: int, move: Step = step, trouble: float = 0.3, acts: int = 60) -> World:
    """Run one sale through a world made from a seed, to its rest."""
    chance = Random(seed)
    world = World(chance, move, trouble)
    world.shop(chance.choice(BASKETS))
    world.post(ev.CheckoutAsked(world.at()))
    for _ in range(acts):
        pick = chance.random()
        if pick < 0.5:
            world.work()
        elif pick < 0.7:
            world.deliver()
        elif pick < 0.8:
            world.offer_piece()
        elif pick < 0.97:
            world.touch()
        else:
            world.crash()
    world.rest()
    return world


@pytest.mark.parametrize("block", range(10))
def test_a_sale_keeps_its_rules_in_a_bad_world(block: int) -> None:
    for seed in range(block * 60, block * 60 + 60):
        drive(seed)


@pytest.mark.soak
def test_a_sale_keeps_its_rules_in_twenty_thousand_bad_worlds() -> None:
    for seed in range(20_000):
        drive(seed, trouble=0.1 + (seed % 5) / 10)


def test_all_ends_are_met() -> None:
    """The worlds above would prove nothing if they never met the rare ends."""
    stages, kinds = set(), set()
    for seed in range(250):
        sale = drive(seed).known
        stages.add(sale.stage)
        kinds.update(tender.state for tender in sale.tenders)
    assert {Stage.DONE, Stage.ABANDONED, Stage.CLAIM} <= stages
    assert {TenderState.PAID, TenderState.VOIDED, TenderState.OWED, TenderState.DECLINED} <= kinds


def test_what_went_back_for_revoked_tickets_is_told_to_their_platform_and_nothing_else() -> None:
    """What the claim slip holds was not paid back, and of two platforms neither is told the other's money."""
    told = 0
    for seed in range(800, 1200):
        world = drive(seed)
        sale = world.known
        owed = sum(tender.owed.minor for tender in sale.tenders if tender.owed)
        refunded = sale.refunded.minor if sale.refunded else 0
        of_dead = {each.platform_id for each in map(sale.booking_of, sale.undelivered) if each}
        is_told = len(of_dead) == 1 and any(each.cancelled_parts for each in sale.bookings)
        assert world.noted <= max(0, refunded - owed) or not owed
        assert not is_told or world.noted == max(0, refunded - owed)
        assert not world.noted or any(each.cancelled_parts for each in sale.bookings)
        told += bool(world.noted)
    assert told


class SaleMachine(RuleBasedStateMachine):
    """The same world, its acts chosen and shrunk by hypothesis."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(Random(0))

    @rule(basket=st.sampled_from(BASKETS), chance=st.integers(0, 2**16))
    def shop(self, basket: tuple[Offer, ...], chance: int) -> None:
        self.world.chance = Random(chance)
        self.world.shop(basket)
        self.world.post(ev.CheckoutAsked(self.world.at()))

    @rule(chance=st.integers(0, 2**16), count=st.integers(1, 8))
    def work(self, chance: int, count: int) -> None:
        self.world.chance = Random(chance)
        for _ in range(count):
            self.world.work()

    @rule(chance=st.integers(0, 2**16))
    def deliver(self, chance: int) -> None:
        self.world.chance = Random(chance)
        self.world.deliver()

    @rule(chance=st.integers(0, 2**16))
    def touch(self, chance: int) -> None:
        self.world.chance = Random(chance)
        self.world.touch()

    @rule(chance=st.integers(0, 2**16))
    def put_cash_in(self, chance: int) -> None:
        self.world.chance = Random(chance)
        self.world.offer_piece()

    @rule(chance=st.integers(0, 2**16))
    def crash(self, chance: int) -> None:
        self.world.chance = Random(chance)
        self.world.crash()

    def teardown(self) -> None:
        self.world.chance = Random(1)
        self.world.rest()


def test_hypothesis_finds_no_way_to_break_a_rule() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        SaleMachine,
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_finished_sale_never_moves_again() -> None:
    sale = drive(3).known
    for event in (ev.CustomerLeft(), ev.Restarted(START), ev.SaleAbandoned("customer", START), opened()):
        assert step(sale, event) == (sale, ())


def test_an_answer_told_twice_changes_nothing() -> None:
    world = World(Random(1), trouble=0.0)
    world.shop(BASKETS[0])
    world.post(ev.CheckoutAsked(world.at()))
    world.work()
    world.post(ev.TenderChosen(TenderKind.CARD, world.at()))
    event = world.answer(world.pending.pop())
    assert event is not None
    world.post(event)
    before = world.known
    assert step(before, replace(event)) == (before, ())
