"""The book's exchanges: once per sale, all or nothing, the old place free and the old secret dead."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from kiosk.application.errors import Refused
from kiosk.application.interfaces import BookingOrder, ExchangeOrder, PartOrder
from kiosk.domain.catalogue import Occurrence, OccurrenceKind, Offer, OfferPart, PartKind, Texts
from kiosk.domain.money import Money
from kiosk.platforms.embedded.exchanges import Exchanges
from kiosk.platforms.embedded.ledger import Ledger

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
ROOM = {"early": 4, "late": 4}


def offer(name: str, slot: str, *seats: str, minor: int = 1000) -> Offer:
    text = Texts(name)
    when = Occurrence(slot, OccurrenceKind.EVENT, text, NOW, NOW, "UTC")
    parts = tuple(
        OfferPart(f"p{at}", PartKind.ADMISSION, "x", text, Money(minor, "EUR"), 0, needs_capacity=True, seat_id=seat)
        for at, seat in enumerate(seats)
    )
    return Offer(name, "embedded", when, parts, "EUR", NOW, NOW, NOW, NOW, text)


def order(sale_id: str, new: Offer, *, of_sale: str = "s1", credit_minor: int = 0, **more: Any) -> ExchangeOrder:
    parts = tuple(PartOrder(part.id, new.id, f"{sale_id}{part.id}".upper()) for part in new.parts)
    money = {"credit": Money(credit_minor or 1000 * len(parts), "EUR"), "price": new.price}
    return ExchangeOrder("CODE", of_sale, sale_id, "", (new,), parts, **money, sold_at=NOW, channel="counter",
                         digest=f"d-{sale_id}", **more)  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Any:
    ledger = Ledger(tmp_path / "book.sqlite")
    sold = offer("old", "early", "A1", "A2")
    parts = tuple(PartOrder(part.id, sold.id, f"OLD{part.id}".upper()) for part in sold.parts)
    ledger.book(
        BookingOrder("CODE", "s1", "", (sold,), parts, sold.price, NOW, "counter", "d"), ROOM, NOW
    )  # fmt: skip
    yield ledger
    ledger.close()


def refusal(book: Ledger, wish: ExchangeOrder) -> str:
    with pytest.raises(Refused) as caught:
        Exchanges(book).exchange(wish, ROOM, NOW)
    return caught.value.key


def test_one_of_two_seats_moves_once_and_its_old_secret_is_dead(book: Ledger) -> None:
    book.record_print("CODE", "p0", 0, NOW)
    wish = order("s2", replace(offer("new", "late", "B1"), parts=offer("new", "late", "B1").parts))
    for _ in range(2):
        proof = Exchanges(book).exchange(wish, ROOM, NOW)
        assert (proof.sale_id, proof.digest) == ("s2", "d-s2")
    assert (book.taken_seats("early", NOW), book.taken_seats("late", NOW)) == ({"A2": False}, {"B1": False})
    assert book.find("OLDP0") is None
    found = book.find("S2P0")
    assert found is not None
    assert {each.id for each in found.offers} == {"old", "new"}
    moved = found.parts[0]
    assert (moved.offer_id, moved.sold_in, moved.print_count, moved.state) == ("new", "old", 0, "CONFIRMED")
    Exchanges(book).exchange(order("s3", offer("newer", "early", "A1")), ROOM, NOW)
    again = book.find("CODE")
    assert again is not None
    assert {each.id for each in again.offers} == {"old", "newer"}
    assert again.parts[0].sold_in == "old"
    assert refusal(book, replace(wish, digest="another")) == "code_in_use"


def test_a_refusal_leaves_everything_as_it_was(book: Ledger) -> None:
    other = offer("other", "late", "B1")
    book.book(
        BookingOrder("OTHER", "s9", "", (other,), (PartOrder("p0", "other", "OTHER"),), other.price, NOW, "web", "d"),
        ROOM, NOW,
    )  # fmt: skip
    before = book.find("CODE"), book.taken_seats("early", NOW), book.taken_seats("late", NOW)
    assert refusal(book, order("s2", offer("new", "late", "B1"))) == "seat_taken"
    assert refusal(book, order("s2", offer("new", "late", "B2"), of_sale="s8")) == "not_found"
    assert refusal(book, replace(order("s2", offer("new", "late", "B2")), code="NEVER")) == "not_found"
    wish = order("s2", offer("new", "late", "B2"))
    assert refusal(book, replace(wish, parts=(PartOrder("p9", "new", "X"),))) == "not_live"
    assert refusal(book, replace(wish, parts=(*wish.parts, PartOrder("p1", "new", "X")))) == "bad_request"
    assert refusal(book, replace(wish, parts=(PartOrder("p0", "new", "OTHER"),))) == "secret_in_use"
    assert (book.find("CODE"), book.taken_seats("early", NOW), book.taken_seats("late", NOW)) == before


def test_what_two_windows_looked_up_is_counted_once(book: Ledger) -> None:
    """Both saw tickets worth 10.00; the second must not give the difference back once more."""
    cheap = order("s2", offer("cheap", "late", "B1", minor=400))
    again = order("s3", offer("cheaper", "late", "B2", minor=400))
    Exchanges(book).exchange(cheap, ROOM, NOW)
    before = book.find("CODE")
    assert refusal(book, again) == "worth_changed"
    assert book.find("CODE") == before
    Exchanges(book).exchange(order("s4", offer("same", "late", "B2", minor=400), credit_minor=400), ROOM, NOW)
    assert Exchanges(book).exchange(cheap, ROOM, NOW).sale_id == "s2", "what was done is done, whatever it is worth now"


def test_what_is_cancelled_or_unknown_is_said_before_any_money_moves(book: Ledger) -> None:
    exchanges = Exchanges(book)
    exchanges.check("CODE", ("p0", "p1"))
    book.cancel("CODE", ("p1",), "ill", NOW)
    for code, parts, key in (("CODE", ("p1",), "not_live"), ("CODE", (), "not_live"), ("NEVER", ("p0",), "not_found")):
        with pytest.raises(Refused) as caught:
            exchanges.check(code, parts)
        assert caught.value.key == key


def test_a_new_secret_alone_keeps_seat_and_offer(book: Ledger) -> None:
    Exchanges(book).exchange(order("s2", offer("old", "early", "A1", "A2"), keeps_place=True), ROOM, NOW)
    found = book.find("S2P1")
    assert found is not None
    assert {each.id for each in found.offers} == {"old"}
    assert book.taken_seats("early", NOW) == {"A1": False, "A2": False}
    Exchanges(book).exchange(order("s3", offer("old", "early", "A1"), keeps_place=True), ROOM, NOW)
    again = book.find("CODE")
    assert again is not None
    assert [len(each.parts) for each in again.offers] == [2], "the offer is whole, though one of it was changed"
