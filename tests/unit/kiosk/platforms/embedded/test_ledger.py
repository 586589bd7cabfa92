"""The server's book: never oversold, exactly once, whatever comes twice or in another order."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kiosk.application.errors import Refused
from kiosk.application.interfaces import BookingOrder, PartOrder
from kiosk.domain.catalogue import Occurrence, OccurrenceKind, Offer, OfferPart, PartKind, Texts
from kiosk.domain.money import Money
from kiosk.platforms.embedded.ledger import Ledger

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CAPACITY = 4
CAPACITIES = {"slot": CAPACITY, "hall": 100}


def make_offer(name: str, seats: Any = (), places: int = 0) -> Offer:
    slot = "hall" if seats else "slot"
    occurrence = Occurrence(slot, OccurrenceKind.EVENT, Texts("x"), START, START, "UTC")
    parts = tuple(
        OfferPart(
            f"{name}.{index}",
            PartKind.ADMISSION,
            "p",
            Texts("p"),
            Money(100, "EUR"),
            700,
            seat_id=seat,
            needs_capacity=True,
        )
        for index, seat in enumerate(seats or [""] * places)
    )
    return Offer(name, "e", occurrence, parts, "EUR", START, START, START, START, Texts(""))


def make_order(code: Any, offer: Any, hold_id: Any = "", digest: Any = "d") -> Any:
    parts = tuple(PartOrder(part.id, offer.id, f"S-{code}-{part.id}".upper()) for part in offer.parts)
    return BookingOrder(code, f"sale-{code}", hold_id, (offer,), parts, offer.price, START, "kiosk", digest)


@pytest.fixture
def ledger(tmp_path: Any) -> Any:
    book = Ledger(tmp_path / "ledger.sqlite")
    yield book
    book.close()


def test_a_second_process_sees_and_adds_bookings(ledger: Any, tmp_path: Any) -> None:
    ledger.book(make_order("A", make_offer("a", places=1)), CAPACITIES, START)
    other = Ledger(tmp_path / "ledger.sqlite")
    other.book(make_order("B", make_offer("b", places=1)), CAPACITIES, START)
    assert [found.code for found in ledger.bookings()] == ["A", "B"]
    assert ledger.totals().paid == (Money(200, "EUR"),)
    other.close()


def test_survives_being_closed(tmp_path: Any) -> None:
    first = Ledger(tmp_path / "l.sqlite")
    first.book(make_order("A", make_offer("a", places=2)), CAPACITIES, START)
    first.close()
    again = Ledger(tmp_path / "l.sqlite")
    assert [part.part_id for part in again.find("s-a-a.1").parts] == ["a.0", "a.1"]
    again.close()


def test_refuses_a_file_of_a_newer_program(tmp_path: Any) -> None:
    book = Ledger(tmp_path / "l.sqlite")
    book._db.execute("PRAGMA user_version = 99")
    book.close()
    with pytest.raises(RuntimeError, match="newer version"):
        Ledger(tmp_path / "l.sqlite")


def test_a_refused_hold_leaves_the_earlier_one_as_it_was(ledger: Any) -> None:
    ledger.hold("h", (make_offer("a", places=2),), CAPACITIES, START, 600)
    with pytest.raises(Refused):
        ledger.hold("h", (make_offer("b", places=CAPACITY + 1),), CAPACITIES, START, 600)
    assert ledger.taken_units("slot", START) == 2


def test_a_hold_with_other_offers_replaces_the_earlier_ones(ledger: Any) -> None:
    ledger.hold("h", (make_offer("a", ["1", "2"]),), CAPACITIES, START, 600)
    ledger.hold("h", (make_offer("b", ["2", "3"]),), CAPACITIES, START, 600)
    assert ledger.taken_seats("hall", START) == {"2": True, "3": True}


def test_a_booking_after_its_hold_ran_out_takes_what_is_still_free_or_says_so(ledger: Any) -> None:
    late = START + timedelta(seconds=601)
    ledger.hold("h", (make_offer("a", ["1"]),), CAPACITIES, START, 600)
    ledger.hold("g", (make_offer("b", ["2"]),), CAPACITIES, START, 600)
    ledger.book(make_order("A", make_offer("a", ["1"]), "h"), CAPACITIES, late)
    ledger.hold("other", (make_offer("c", ["2"]),), CAPACITIES, late, 600)
    with pytest.raises(Refused) as caught:
        ledger.book(make_order("B", make_offer("b", ["2"]), "g"), CAPACITIES, late)
    assert caught.value.key == "hold_expired"


def test_refuses_parts_that_are_not_the_offers(ledger: Any) -> None:
    order = make_order("A", make_offer("a", places=2))
    for wrong in (
        BookingOrder("A", "s", "", order.offers, order.parts[:1], order.paid, START, "kiosk", "d"),
        BookingOrder("", "s", "", order.offers, order.parts, order.paid, START, "kiosk", "d"),
    ):
        with pytest.raises(Refused) as caught:
            ledger.book(wrong, CAPACITIES, START)
        assert caught.value.key == "bad_request"


def test_bookings_can_be_neither_changed_nor_deleted(ledger: Any) -> None:
    ledger.book(make_order("A", make_offer("a", places=1)), CAPACITIES, START)
    for statement in ("DELETE FROM booking", "UPDATE booking SET paid_minor = 0"):
        with pytest.raises(sqlite3.IntegrityError):
            ledger._db.execute(statement)


def test_cannot_note_a_print_of_what_was_never_booked(ledger: Any) -> None:
    with pytest.raises(Refused):
        ledger.record_print("A", "a.0", 1, START)


def refused_for(keys: set[str], call: Callable[[], Any]) -> Any:
    """Return what a call returns, or None when it is refused for one of these reasons."""
    try:
        return call()
    except Refused as refusal:
        if refusal.key not in keys:
            raise
        return None


class Server(RuleBasedStateMachine):
    """Calls as a bad wire brings them: again, late, in another order, under the same names."""

    names = st.sampled_from("ABCDE")

    def __init__(self) -> Any:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.ledger = Ledger(Path(self.folder.name) / "l.sqlite")
        self.now = START
        self.booked = {}
        self.cancelled = set()

    def teardown(self) -> Any:
        self.ledger.close()
        self.folder.cleanup()

    def offer(self, name: Any, is_seated: Any) -> Any:
        seats = {"A": ["1", "2"], "B": ["2", "3"], "C": ["3"], "D": ["4", "1"], "E": ["5"]}
        return make_offer(name.lower(), seats[name]) if is_seated else make_offer(name.lower(), places=len(seats[name]))

    @rule(name=names, is_seated=st.booleans())
    def hold(self, name: Any, is_seated: Any) -> Any:
        refused_for(
            {"seat_taken", "sold_out"},
            lambda: self.ledger.hold(f"h{name}", (self.offer(name, is_seated),), CAPACITIES, self.now, 600),
        )

    @rule(name=names)
    def release(self, name: Any) -> Any:
        self.ledger.release(f"h{name}", self.now)

    @rule(name=names, is_seated=st.booleans(), has_hold=st.booleans())
    def book(self, name: Any, is_seated: Any, has_hold: Any) -> Any:
        code = f"{name}{int(is_seated)}"
        order = make_order(code, self.offer(name, is_seated), f"h{name}" if has_hold else "")
        keys = set() if code in self.booked else {"seat_taken", "sold_out", "hold_expired"}
        proof = refused_for(keys, lambda: self.ledger.book(order, CAPACITIES, self.now))
        if proof is None:
            return
        assert self.booked.setdefault(code, proof.confirmed_at) == proof.confirmed_at
        assert (proof.state == "CANCELLED") == (code in self.cancelled)

    @precondition(lambda self: self.booked)
    @rule(data=st.data())
    def book_another_sale_under_a_used_code(self, data: Any) -> Any:
        code = data.draw(st.sampled_from(sorted(self.booked)))
        other = make_order(code, make_offer("z", ["99"]), digest="other")
        with pytest.raises(Refused) as caught:
            self.ledger.book(other, CAPACITIES, self.now)
        assert caught.value.key == "code_in_use"

    @precondition(lambda self: self.booked)
    @rule(data=st.data())
    def cancel(self, data: Any) -> Any:
        code = data.draw(st.sampled_from(sorted(self.booked)))
        first = self.ledger.cancel(code, (), "test", self.now)
        assert self.ledger.cancel(code, (), "again", self.now + timedelta(seconds=1)) == first
        self.cancelled.add(code)

    @rule(seconds=st.sampled_from([1, 300, 700]))
    def wait(self, seconds: Any) -> Any:
        self.now += timedelta(seconds=seconds)

    @invariant()
    def is_never_oversold(self) -> Any:
        assert self.ledger.taken_units("slot", self.now) <= CAPACITY
        live = [
            part.seat_id
            for found in self.ledger.bookings()
            for offer in found.offers
            for part, state in zip(offer.parts, found.parts, strict=True)
            if part.seat_id and state.state != "CANCELLED"
        ]
        assert len(live) == len(set(live))

    @invariant()
    def keeps_what_it_proved(self) -> Any:
        assert {found.code for found in self.ledger.bookings()} == set(self.booked)


Server.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, derandomize=True, database=None
)
TestServer = Server.TestCase
