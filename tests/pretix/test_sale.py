"""Sales on the real server: the same money to the cent, and each sale once whatever happens on the way."""

from typing import Any

import pytest

from kiosk.application.errors import OutcomeUnknown, Refused, Unreachable
from kiosk.application.interfaces import EventChoice
from kiosk.domain.catalogue import RiderCount
from kiosk.domain.money import Money, tax_contained
from kiosk.platforms.pretix import Access, Client, Terminal, initialize, revoke, roll


def test_sells_holds_prints_and_finds_with_the_same_money_and_taxes(stage: Any) -> None:
    facts = stage.facts
    wanted = (RiderCount(facts["adult"], 2), RiderCount(facts["child"], 1), RiderCount(facts["guide"], 1))
    offer = stage.run(stage.platform.event_offer(EventChoice(facts["slot_id"], wanted), timeout_s=30))
    assert offer.price == Money(2 * 1200 + 650 + 490, "EUR")
    stage.run(stage.platform.hold("h", (offer,), timeout_s=30))
    order = stage.order("SALE1", offer, hold_id="h")
    assert stage.run(stage.platform.book(order, timeout_s=30)).state == "CONFIRMED"
    stage.run(stage.platform.record_print("SALE1", offer.parts[0].id, copy=1, timeout_s=30))
    assert stage.run(stage.platform.find(order.parts[0].secret, timeout_s=30)).offers == (offer,)
    booked = stage.server.rows("SELECT total, status FROM pretixbase_order WHERE code = 'SALE1'")
    assert [(round(total * 100), status) for total, status in booked] == [(offer.price.minor, "p")]
    taxes = stage.server.rows("SELECT price, tax_value FROM pretixbase_orderposition")
    assert sorted((round(price * 100), round(tax * 100)) for price, tax in taxes) == sorted(
        (part.price.minor, tax_contained(part.price, part.tax_permyriad).minor) for part in offer.parts
    )
    assert stage.server.rows("SELECT count(*) FROM pretixbase_cartposition") == [(0,)]


def test_sells_what_needs_no_voucher_and_leaves_nothing_unlisted(stage: Any) -> None:
    shown = stage.run(stage.platform.event_products(stage.facts["slot_id"]))
    assert {each.id for each in shown} == {stage.facts[name] for name in ("adult", "child", "guide", "workshop")}
    assert stage.platform.unsold == ()


def test_a_group_pays_less_and_the_server_books_that_price_with_its_discount(stage: Any) -> None:
    facts = stage.facts
    wanted = (RiderCount(facts["adult"], 4), RiderCount(facts["child"], 1), RiderCount(facts["guide"], 1))
    offer = stage.run(stage.platform.event_offer(EventChoice(facts["slot_id"], wanted), timeout_s=30))
    assert offer.price == Money(4 * 1080 + 650 + 490, "EUR")
    stage.run(stage.platform.hold("h", (offer,), timeout_s=30))
    stage.run(stage.platform.book(stage.order("GRXXP", offer, hold_id="h"), timeout_s=30))
    booked = stage.server.rows("SELECT price, tax_value, discount_id FROM pretixbase_orderposition ORDER BY price DESC")
    assert [(round(price * 100), discount) for price, _, discount in booked] == [
        *[(1080, int(facts["group"]))] * 4, (650, None), (490, None),
    ]  # fmt: skip
    assert round(booked[0][1] * 100) == tax_contained(Money(1080, "EUR"), 700).minor


def test_a_basket_of_two_events_is_refused_before_it_is_paid(stage: Any) -> None:
    seats = stage.run(stage.platform.event_offer(EventChoice(stage.seated_slot_id, (), best_count=1), timeout_s=30))
    with pytest.raises(Refused) as caught:
        stage.run(stage.platform.hold("h", (stage.slot_offer(), seats), timeout_s=30))
    assert caught.value.key == "one_event"
    assert stage.server.rows("SELECT count(*) FROM pretixbase_cartposition") == [(0,)]


@pytest.mark.parametrize("names", [("guide",), ("adult", "guide", "guide"), ("hidden",), ()])
def test_refuses_what_the_server_would_not_check(stage: Any, names: Any) -> None:
    wanted = tuple(RiderCount(stage.facts[name], 1) for name in names)
    with pytest.raises(Refused) as caught:
        stage.run(stage.platform.event_offer(EventChoice(stage.facts["slot_id"], wanted), timeout_s=30))
    assert caught.value.key == "bad_request"


def test_a_hold_takes_its_units_until_given_back(stage: Any) -> None:
    small = stage.choice(stage.facts["small_slot_id"], 3)
    offer = stage.run(stage.platform.event_offer(small, timeout_s=30))
    stage.run(stage.platform.hold("h", (offer,), timeout_s=30))
    one = stage.choice(stage.facts["small_slot_id"], 1)
    for call in (
        lambda: stage.platform.event_offer(one, timeout_s=30),
        lambda: stage.platform.book(stage.order("ANDRE", offer), timeout_s=30),
        lambda: stage.platform.hold("g", (offer,), timeout_s=30),
    ):
        with pytest.raises(Refused) as caught:
            stage.run(call())
        assert caught.value.key == "sold_out", caught.value.detail
    stage.run(stage.open().release("h", timeout_s=30))
    assert stage.run(stage.platform.event_offer(small, timeout_s=30)).parts


def test_each_sale_is_there_once_through_lost_answers_a_purge_and_killed_workers(stage: Any) -> None:
    """Make 15 sales through eight lost answers (five with the look-up after), two killed workers and one purge."""
    offer, doubts = stage.slot_offer(), 0
    codes = [f"MANY{number:02}" for number in range(15)]
    for number, code in enumerate(codes):
        order = stage.order(code, offer)
        if number % 3 == 0:
            stage.lose_answer()
        if number % 5 == 1:
            stage.wire.loses = 1
        if number in {4, 9}:
            stage.server.kill_worker()
        if number == 7:
            stage.server.forget_keys()
        for _ in range(40):
            try:
                proof = stage.run(stage.platform.book(order, timeout_s=30))
            except (OutcomeUnknown, Unreachable):
                doubts += 1
                continue
            break
        assert (proof.sale_id, proof.digest) == (order.sale_id, order.digest)
    booked = stage.server.rows("SELECT code, count(*) FROM pretixbase_order GROUP BY code ORDER BY code")
    assert booked == [(code, 1) for code in codes]
    assert stage.server.rows("SELECT sum(total) FROM pretixbase_order")[0][0] == 15 * 12
    assert doubts >= 5


def test_a_lost_roll_is_answered_again_and_a_revoked_device_is_refused(stage: Any) -> None:
    async def whole() -> None:
        client = Client(Access(stage.server.url, "guichet", stage.facts["token"]), transport=stage.wire)
        stage.wire.loses = 1
        with pytest.raises(OutcomeUnknown):
            await roll(client, timeout_s=30)
        device = await roll(client, timeout_s=30)
        assert device.token not in {"", stage.facts["token"]}
        assert device.token not in repr(device)
        rolled = Client(Access(stage.server.url, "guichet", device.token), transport=stage.wire)
        await rolled.get(rolled.root + "/", timeout_s=30)
        await revoke(rolled, timeout_s=30)
        with pytest.raises(Refused) as caught:
            await rolled.get(rolled.root + "/", timeout_s=30)
        assert caught.value.key == "not_allowed"
        with pytest.raises(Refused):
            await initialize(rolled, stage.facts["device_token"], Terminal("Test", "Kiosk", "1"), timeout_s=30)

    stage.run(whole())
