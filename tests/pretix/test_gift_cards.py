"""Gift cards on the real server: its books after a sale, after what went back, and when nobody answered."""

from typing import Any

import pytest
from msgspec.structs import replace

from kiosk.application.errors import OutcomeUnknown, Refused, Unreachable
from kiosk.application.gift_card_desk import GiftCardDesk
from kiosk.application.interfaces import GiftCardPart
from kiosk.domain.money import Money
from kiosk.domain.sale.effects import CollectPayment, QueryPayment, ReversePayment
from kiosk.domain.sale.events import PaymentApproved, PaymentUnknown, PlatformCard, ReversalDone
from kiosk.platforms.pretix import Access, Client, PretixConfig, PretixPlatform

PAYMENTS = """SELECT p.provider, p.state, p.amount FROM pretixbase_orderpayment p
JOIN pretixbase_order o ON o.id = p.order_id WHERE o.code = ? ORDER BY p.local_id"""
REFUNDS = "SELECT r.provider, r.state, r.amount FROM pretixbase_orderrefund r ORDER BY r.local_id"
ENTRIES = "SELECT value FROM pretixbase_giftcardtransaction ORDER BY id"


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def charged(stage: Any, minor: int, reference: str = "REF1") -> str:
    stage.issue("PRESENT9", 5000)
    cards = stage.platform.gift_cards
    number = str(stage.run(cards.card("present9", timeout_s=30)).id)
    stage.run(cards.charge(number, reference, euros(minor), timeout_s=30))
    return number


def cents(rows: list[Any]) -> list[Any]:
    return [(*row[:-1], round(row[-1] * 100)) for row in rows]


def test_the_order_has_a_payment_for_the_card_and_one_for_the_rest_and_the_card_is_charged_once(stage: Any) -> None:
    number = charged(stage, 700)
    order = replace(stage.order("GXFTA", stage.slot_offer(2)), by_gift_card=(GiftCardPart(number, "REF1", euros(700)),))
    assert stage.run(stage.platform.book(order, timeout_s=30)).state == "CONFIRMED"
    assert cents(stage.server.rows(PAYMENTS, "GXFTA")) == [
        ("giftcard", "confirmed", 700), ("boxoffice", "confirmed", 1700),
    ]  # fmt: skip
    assert cents(stage.server.rows("SELECT status, total FROM pretixbase_order")) == [("p", 2400)]
    assert cents(stage.server.rows(ENTRIES)) == [(5000,), (-700,)]


def test_payments_are_told_once_through_answers_lost_at_each_of_them(stage: Any) -> None:
    number = charged(stage, 700)
    order = replace(stage.order("GXFTA", stage.slot_offer(2)), by_gift_card=(GiftCardPart(number, "REF1", euros(700)),))
    for _ in range(3):  # the order, the first payment, the second one
        stage.lose_answer()
        with pytest.raises((OutcomeUnknown, Unreachable)):
            stage.run(stage.platform.book(order, timeout_s=30))
        stage.server.forget_keys()  # a day later
    assert stage.run(stage.platform.book(order, timeout_s=30)).state == "CONFIRMED"
    assert len(stage.server.rows(PAYMENTS, "GXFTA")) == 2


def test_what_went_back_to_the_card_and_otherwise_is_told_apart(stage: Any) -> None:
    number = charged(stage, 700)
    order = replace(stage.order("GXFTA", stage.slot_offer(2)), by_gift_card=(GiftCardPart(number, "REF1", euros(700)),))
    stage.run(stage.platform.book(order, timeout_s=30))
    stage.run(stage.platform.gift_cards.pay_back(number, "REF1", euros(500), timeout_s=30))
    back = GiftCardPart(number, "REF1", euros(500))
    for _ in range(2):
        stage.run(stage.platform.record_refund(
            "GXFTA", euros(1200), reference="sale-1", at=stage.clock.now(), timeout_s=30, to_gift_card=(back,)
        ))  # fmt: skip
    assert cents(stage.server.rows(REFUNDS)) == [("giftcard", "done", 500), ("boxoffice", "done", 700)]
    assert cents(stage.server.rows(ENTRIES)) == [(5000,), (-700,), (500,)]


def test_a_charge_that_reaches_the_server_behind_the_question_is_not_made(stage: Any) -> None:
    """The first request waits on its way while the terminal asks what became of it."""
    stage.issue("PRESENT9", 5000)
    cards = stage.platform.gift_cards
    number = stage.run(cards.card("PRESENT9", timeout_s=30)).id
    assert stage.run(cards.close(number, "REF1", timeout_s=30)) is None
    with pytest.raises(Refused):
        stage.run(cards.charge(number, "REF1", euros(700), timeout_s=30))
    assert cents(stage.server.rows(ENTRIES)) == [(5000,)]


def test_a_worker_that_died_leaves_the_charge_unknown_for_five_minutes(stage: Any) -> None:
    stage.issue("PRESENT9", 5000)
    cards = stage.platform.gift_cards
    number = stage.run(cards.card("PRESENT9", timeout_s=30)).id
    assert stage.run(cards.close(number, "REF1", timeout_s=30)) is None
    stage.server.change("UPDATE pretixapi_apicall SET locked = CURRENT_TIMESTAMP, response_code = 0")
    with pytest.raises(OutcomeUnknown):
        stage.run(cards.close(number, "REF1", timeout_s=30))
    stage.clock.step(300)
    assert stage.run(cards.close(number, "REF1", timeout_s=30)) is None
    assert cents(stage.server.rows(ENTRIES)) == [(5000,)]


@pytest.mark.parametrize(("is_training", "key"), [(False, "gift_card_test"), (True, "gift_card_real")])
def test_a_card_for_tests_pays_for_tests_and_a_real_one_for_real_tickets(
    stage: Any, is_training: bool, key: str
) -> None:
    stage.make("/giftcards/", {"secret": "TESTS9", "value": "20.00", "currency": "EUR", "testmode": True})
    stage.make("/giftcards/", {"secret": "REAL9", "value": "20.00", "currency": "EUR"})
    client = Client(Access(stage.server.url, "guichet", stage.facts["token"]), transport=stage.wire)
    config = PretixConfig(
        "pretix", "Museum", "EUR", "Europe/Berlin", "api.kiosk", b"0123456789abcdef", is_training=is_training
    )
    cards = PretixPlatform(config, client, stage.clock).gift_cards
    fits, fits_not = ("TESTS9", "REAL9") if is_training else ("REAL9", "TESTS9")
    assert stage.run(cards.card(fits, timeout_s=30)).balance == euros(2000)
    with pytest.raises(Refused) as caught:
        stage.run(cards.card(fits_not, timeout_s=30))
    assert caught.value.key == key


def test_each_charge_is_there_once_or_never_through_lost_answers_a_purge_and_killed_workers(stage: Any) -> None:
    """Charge twelve times and give half of it back; the card's list then says what the terminal believes."""
    stage.issue("PRESENT9", 5000)
    card = PlatformCard("pretix", str(stage.run(stage.platform.gift_cards.card("PRESENT9", timeout_s=30)).id), "ENT9")
    desk = GiftCardDesk({"pretix": stage.platform}, stage.clock, write_s=30)
    wanted, doubts = [5000], 0
    for number in range(12):
        reference, amount = f"MANY{number:02}", euros(100)
        if number % 3 == 0:
            stage.lose_answer()
        if number in {4, 9}:
            stage.server.kill_worker()
        said = stage.run(desk.collect(CollectPayment(reference, amount, card), card))
        if number == 6:
            stage.server.forget_keys()
        while isinstance(said, PaymentUnknown):
            doubts += 1
            stage.clock.step(60)
            said = stage.run(desk.query(QueryPayment(reference, amount, 0.0, card), card))
        wanted += [-100] if isinstance(said, PaymentApproved) else []
        if number % 2 == 0 and isinstance(said, PaymentApproved):
            if number == 2:
                stage.lose_answer()
            back = ReversePayment(reference, amount, 0.0, card)
            while not isinstance(stage.run(desk.reverse(back, card)), ReversalDone):
                doubts += 1
                stage.clock.step(60)
            wanted.append(100)
    assert [minor for (minor,) in cents(stage.server.rows(ENTRIES))] == wanted
    assert doubts >= 4
    assert 7 <= wanted.count(-100) <= 12


def unpaid(stage: Any) -> Any:
    """Return the order of a sale by gift card that the server has, with no payment told: all answers were lost."""
    number = charged(stage, 700)
    order = replace(stage.order("GXFTA", stage.slot_offer(2)), by_gift_card=(GiftCardPart(number, "REF1", euros(700)),))
    stage.lose_answer()
    with pytest.raises((OutcomeUnknown, Unreachable)):
        stage.run(stage.platform.book(order, timeout_s=30))
    assert cents(stage.server.rows(PAYMENTS, "GXFTA")) == []
    return order


def test_an_order_that_expired_before_its_payments_came_is_paid_all_the_same(stage: Any) -> None:
    order = unpaid(stage)
    stage.server.change("UPDATE pretixbase_order SET status = 'e' WHERE code = ?", "GXFTA")
    assert stage.run(stage.platform.book(order, timeout_s=30)).state == "CONFIRMED"
    assert len(stage.server.rows(PAYMENTS, "GXFTA")) == 2


def test_an_order_somebody_cancelled_before_its_payments_came_is_refused_and_prints_nothing(stage: Any) -> None:
    order = unpaid(stage)
    stage.server.change("UPDATE pretixbase_order SET status = 'c' WHERE code = ?", "GXFTA")
    with pytest.raises(Refused) as caught:
        stage.run(stage.platform.book(order, timeout_s=30))
    assert caught.value.key == "cancelled"
    stage.run(stage.platform.gift_cards.pay_back(order.by_gift_card[0].card_id, "REF1", euros(700), timeout_s=30))
    assert cents(stage.server.rows(ENTRIES)) == [(5000,), (-700,), (700,)]
