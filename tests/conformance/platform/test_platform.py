"""What every platform promises to the till, whoever runs it."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from kiosk.application.errors import OutcomeUnknown, Refused, Unreachable
from kiosk.application.interfaces import EventChoice, GiftCardPart, GiftCharge, MediumKind
from kiosk.application.looking_up import look_up
from kiosk.domain.catalogue import RiderCount, SeatState
from kiosk.domain.money import Money


def test_money_that_went_back_is_noted_once_and_of_no_other_booking(stage: Any) -> None:
    offer = stage.slot_offer()
    order = stage.order("BACKX", offer)
    stage.run(stage.platform.book(order, timeout_s=5))
    for _ in range(2):
        note = stage.platform.record_refund("BACKX", offer.price, reference="s", at=stage.clock.now(), timeout_s=5)
        stage.run(note)
    assert stage.run(stage.platform.find("BACKX", timeout_s=5)).paid == order.paid
    with pytest.raises(Refused):
        stage.run(stage.platform.record_refund("NEVER", offer.price, reference="s", at=stage.clock.now(), timeout_s=5))


def test_nothing_is_done_to_another_sales_booking_under_the_same_code(stage: Any) -> None:
    offer = stage.slot_offer()
    order = stage.order("CXASH", offer)
    stage.run(stage.platform.book(order, timeout_s=5))
    note = {"reference": "s", "at": stage.clock.now(), "timeout_s": 5}
    for call in (
        stage.platform.cancel("CXASH", (), reason="undelivered", timeout_s=5, of_sale="another"),
        stage.platform.record_refund("CXASH", offer.price, **note, of_sale="another"),
    ):
        assert refusal(stage, call) == "not_found"
    found = stage.run(stage.platform.find("CXASH", timeout_s=5))
    assert {part.state for part in found.parts} == {"CONFIRMED"}
    stage.run(stage.platform.record_refund("CXASH", offer.price, **note, of_sale=order.sale_id))
    stage.run(stage.platform.cancel("CXASH", (), reason="undelivered", timeout_s=5, of_sale=order.sale_id))
    assert stage.run(stage.platform.find("CXASH", timeout_s=5)).state == "CANCELLED"


def refusal(stage: Any, call: Any) -> Any:
    with pytest.raises(Refused) as caught:
        stage.run(call)
    return caught.value.key


def test_says_that_it_answers_and_since_when_it_does_not(stage: Any) -> None:
    assert stage.run(stage.platform.health(timeout_s=5)).is_reachable
    stage.cut()
    stage.clock.step(7)
    health = stage.run(stage.platform.health(timeout_s=5))
    assert not health.is_reachable
    assert health.server_time is None
    assert health.since == stage.clock.now()


def test_a_hold_asked_again_is_the_same_and_lasts_longer(stage: Any) -> None:
    offer = stage.slot_offer()
    first = stage.run(stage.platform.hold("h", (offer,), timeout_s=5))
    stage.clock.step(60)
    again = stage.run(stage.platform.hold("h", (offer,), timeout_s=5))
    assert (again.id, again.offer_ids) == (first.id, first.offer_ids)
    assert again.expires == first.expires + timedelta(seconds=60)


def test_a_hold_takes_its_units_from_others_until_given_back(stage: Any) -> None:
    left = next(each for each in slots_of_day(stage) if each.id == stage.slot_id)
    offer = stage.slot_offer(left.availability.left)
    stage.run(stage.platform.hold("h", (offer,), timeout_s=5))
    assert refusal(stage, stage.platform.event_offer(stage.choice(stage.slot_id, 1), timeout_s=5)) == "sold_out"
    stage.run(stage.platform.release("h", timeout_s=5))
    stage.run(stage.platform.release("h", timeout_s=5))
    assert stage.slot_offer().parts


def slots_of_day(stage: Any) -> Any:
    """Return all slots of the day that has the stage's own one."""
    event_id = stage.slot_id.partition("@")[0]
    for ahead in range(60):
        day = (stage.clock.now() + timedelta(days=ahead)).date()
        slots = stage.run(stage.platform.slots(event_id, on=day))
        if any(each.id == stage.slot_id for each in slots):
            return slots
    raise AssertionError("the slot is on no day")


def test_an_expired_hold_frees_its_units(stage: Any) -> None:
    offer = stage.slot_offer()
    stage.run(stage.platform.hold("h", (offer,), timeout_s=5))
    stage.clock.step(stage.hold_s + 1)
    proof = stage.run(stage.platform.book(stage.order("AAAAA", offer, hold_id="other"), timeout_s=5))
    assert proof.state == "CONFIRMED"


def test_books_once_however_often_it_is_asked(stage: Any) -> None:
    offer = stage.slot_offer(2)
    stage.run(stage.platform.hold("h", (offer,), timeout_s=5))
    order = stage.order("AAAAA", offer, hold_id="h")
    first = stage.run(stage.platform.book(order, timeout_s=5))
    stage.clock.step(5)
    assert stage.run(stage.platform.book(order, timeout_s=5)) == first
    assert first.digest == order.digest


def test_books_without_a_hold_while_there_is_room(stage: Any) -> None:
    order = stage.order("AAAAA", stage.slot_offer())
    assert stage.run(stage.platform.book(order, timeout_s=5)).code == "AAAAA"


def test_refuses_a_code_that_stands_for_another_sale(stage: Any) -> None:
    stage.run(stage.platform.book(stage.order("AAAAA", stage.slot_offer()), timeout_s=5))
    other = stage.order("AAAAA", stage.slot_offer())
    assert refusal(stage, stage.platform.book(other, timeout_s=5)) == "code_in_use"


def test_refuses_a_secret_that_is_taken_and_books_nothing(stage: Any) -> None:
    first = stage.order("AAAAA", stage.slot_offer())
    second = stage.order("BBBBB", stage.slot_offer())
    second = replace(second, parts=(replace(second.parts[0], secret=first.parts[0].secret),))
    stage.run(stage.platform.book(first, timeout_s=5))
    assert refusal(stage, stage.platform.book(second, timeout_s=5)) == "secret_in_use"
    assert stage.run(stage.platform.find("BBBBB", timeout_s=5)) is None


def test_finds_a_booking_by_code_and_by_secret_with_its_offers(stage: Any) -> None:
    order = stage.order("AAAAA", stage.slot_offer(2))
    stage.run(stage.platform.book(order, timeout_s=5))
    for wanted in ("AAAAA", " aaaaa ", "aa aaa", "AA-AAA", order.parts[1].secret, order.parts[1].secret.lower()):
        found = stage.run(stage.platform.find(wanted, timeout_s=5))
        assert found.offers == order.offers
        assert [part.secret for part in found.parts] == [part.secret for part in order.parts]
        assert (found.sale_id, found.digest, found.paid) == (order.sale_id, order.digest, order.paid)
    assert stage.run(stage.platform.find("ZZZZZ", timeout_s=5)) is None


@pytest.mark.parametrize("text", ["", "'; DROP TABLE booking; --", "\x00\u202e", "A" * 10_000])
def test_finds_nothing_by_nonsense(stage: Any, text: Any) -> None:
    assert stage.run(stage.platform.find(text, timeout_s=5)) is None


def test_cancels_once_and_gives_the_units_back(stage: Any) -> None:
    order = stage.order("AAAAA", stage.slot_offer(2))
    stage.run(stage.platform.book(order, timeout_s=5))
    one = (order.parts[0].part_id,)
    first = stage.run(stage.platform.cancel("AAAAA", one, reason="not printed", timeout_s=5))
    stage.clock.step(5)
    assert stage.run(stage.platform.cancel("AAAAA", one, reason="again", timeout_s=5)) == first
    found = stage.run(stage.platform.find("AAAAA", timeout_s=5))
    assert [part.state for part in found.parts] == ["CANCELLED", "CONFIRMED"]
    whole = stage.run(stage.platform.cancel("AAAAA", (), reason="all", timeout_s=5))
    assert set(whole.part_ids) == {part.part_id for part in order.parts}
    assert stage.run(stage.platform.find("AAAAA", timeout_s=5)).state == "CANCELLED"


def test_a_late_copy_of_a_cancelled_booking_does_not_live_again(stage: Any) -> None:
    order = stage.order("AAAAA", stage.slot_offer())
    stage.run(stage.platform.book(order, timeout_s=5))
    stage.run(stage.platform.cancel("AAAAA", (), reason="voided", timeout_s=5))
    assert stage.run(stage.platform.book(order, timeout_s=5)).state == "CANCELLED"


def test_refuses_to_cancel_what_it_does_not_know(stage: Any) -> None:
    assert refusal(stage, stage.platform.cancel("ZZZZZ", (), reason="", timeout_s=5)) == "not_found"


def test_counts_each_printed_copy_once(stage: Any) -> None:
    order = stage.order("AAAAA", stage.slot_offer())
    part_id = order.parts[0].part_id
    stage.run(stage.platform.book(order, timeout_s=5))
    for copy in (1, 1, 2):
        stage.run(stage.platform.record_print("AAAAA", part_id, copy=copy, timeout_s=5))
    found = stage.run(stage.platform.find("AAAAA", timeout_s=5))
    assert (found.parts[0].print_count, found.parts[0].state) == (2, "FULFILLED")


def test_without_a_wire_nothing_is_promised_and_nothing_done(stage: Any) -> None:
    offer = stage.slot_offer()
    stage.cut()
    order = stage.order("AAAAA", offer)
    for call in (
        stage.platform.hold("h", (offer,), timeout_s=5), stage.platform.book(order, timeout_s=5),
        stage.platform.find("AAAAA", timeout_s=5),
        stage.platform.event_offer(stage.choice(stage.slot_id, 1), timeout_s=5),
    ):  # fmt: skip
        with pytest.raises(Unreachable):
            stage.run(call)
    stage.join()
    assert stage.run(stage.platform.find("AAAAA", timeout_s=5)) is None


def test_a_lost_answer_is_unknown_and_asking_again_proves_it(stage: Any) -> None:
    order = stage.order("AAAAA", stage.slot_offer())
    stage.lose_answer()
    with pytest.raises(OutcomeUnknown):
        stage.run(stage.platform.book(order, timeout_s=5))
    assert stage.run(stage.platform.book(order, timeout_s=5)).state == "CONFIRMED"


def test_slots_without_a_wire_are_marked_stale(stage: Any) -> None:
    assert not any(each.availability.is_stale for each in slots_of_day(stage))
    stage.cut()
    slot = next(each for each in slots_of_day(stage) if each.id == stage.slot_id)
    assert slot.availability.is_stale


def test_journeys_and_open_tickets_go_on_without_a_wire(stage: Any) -> None:
    if not stage.open_slot_id:
        pytest.skip("this platform sells nothing without a promise")
    stage.cut()
    offers = (
        stage.journey_offer(),
        stage.run(stage.platform.event_offer(stage.choice(stage.open_slot_id, 2), timeout_s=5)),
    )
    assert not any(offer.needs_capacity for offer in offers)
    hold = stage.run(stage.platform.hold("h", offers, timeout_s=5))
    assert hold.is_provisional
    order = stage.order("AAAAA", *offers, hold_id="h")
    stage.join()
    stage.clock.step(86_400)
    assert stage.run(stage.platform.book(order, timeout_s=5)).state == "CONFIRMED"


def test_seats_are_chosen_together_held_and_sold_once(stage: Any) -> None:
    if not stage.seated_slot_id:
        pytest.skip("this platform has no seats")
    choice = EventChoice(stage.seated_slot_id, (), best_count=3)
    offer = stage.run(stage.platform.event_offer(choice, timeout_s=5))
    assert len({part.seat_row for part in offer.parts}) == 1
    stage.run(stage.platform.hold("h", (offer,), timeout_s=5))
    seats = {seat.id: seat for seat in stage.run(stage.platform.seat_map(stage.seated_slot_id, timeout_s=5)).seats}
    mine = tuple(part.seat_id for part in offer.parts)
    assert {seats[each].state for each in mine} == {SeatState.HELD}
    assert (
        refusal(stage, stage.platform.event_offer(EventChoice(stage.seated_slot_id, (), mine), timeout_s=5))
        == "seat_taken"
    )
    other = stage.order("BBBBB", offer)
    assert refusal(stage, stage.platform.book(other, timeout_s=5)) == "seat_taken"
    stage.run(stage.platform.book(stage.order("AAAAA", offer, hold_id="h"), timeout_s=5))
    seats = {seat.id: seat for seat in stage.run(stage.platform.seat_map(stage.seated_slot_id, timeout_s=5)).seats}
    assert {seats[each].state for each in mine} == {SeatState.TAKEN}


@pytest.mark.parametrize("product", ["", "no-such", "adult'; --", "\u202e"])
def test_refuses_products_it_does_not_sell(stage: Any, product: Any) -> None:
    choice = EventChoice(stage.slot_id, (RiderCount(product, 1),))
    assert refusal(stage, stage.platform.event_offer(choice, timeout_s=5)) == "bad_request"


def test_refuses_what_is_no_place_journey_or_slot(stage: Any) -> None:
    assert refusal(stage, stage.platform.place("nowhere\x00")) == "not_found"
    assert refusal(stage, stage.platform.journey_offers("x_1.2.3.4", (RiderCount("adult", 1),))) == "not_found"
    assert refusal(stage, stage.platform.event_products("no@slot")) == "not_found"
    assert refusal(stage, stage.platform.seat_map(stage.slot_id, timeout_s=5)) == "not_found"


def test_traits_name_the_platform_of_its_offers(stage: Any) -> None:
    assert stage.slot_offer().platform_id == stage.platform.traits.id
    assert stage.slot_offer().currency == stage.platform.traits.currency


def medium(stage: Any, identifier: str, kind: MediumKind = MediumKind.CHIP) -> Any:
    return stage.run(stage.platform.medium(kind, identifier, timeout_s=5))


def test_a_chip_brings_the_tickets_on_it_and_no_others(stage: Any) -> None:
    order = stage.order("AAAAA", stage.slot_offer(3))
    stage.run(stage.platform.book(order, timeout_s=5))
    stage.put_on_medium("04A1B2C3D4E5F6", order, parts=order.parts[:2])
    for written in ("04A1B2C3D4E5F6", " 04a1b2c3d4e5f6 "):
        found = medium(stage, written)
        assert [part.secret for part in found.bookings[0].parts] == [part.secret for part in order.parts[:2]]
        assert (found.bookings[0].code, found.bookings[0].offers, found.balance) == ("AAAAA", order.offers, None)
    part_id = order.parts[0].part_id
    stage.run(stage.platform.record_print("AAAAA", part_id, copy=1, timeout_s=5))
    assert [part.print_count for part in medium(stage, "04A1B2C3D4E5F6").bookings[0].parts] == [1, 0]


def test_a_chip_looked_up_shows_what_is_on_it_and_not_the_rest_of_its_booking(stage: Any) -> None:
    mine, other = stage.slot_offer(3), stage.slot_offer(2)
    order = stage.order("AAAAA", mine, other)
    stage.run(stage.platform.book(order, timeout_s=5))
    stage.put_on_medium("04A1B2C3D4E5F6", order, parts=order.parts[:2])
    (booking,) = stage.run(look_up(stage.platform, "", "04A1B2C3D4E5F6", timeout_s=5)).bookings
    assert [(each.id, each.parts) for each in booking.offers] == [(mine.id, mine.parts[:2])]
    (whole,) = stage.run(look_up(stage.platform, "AAAAA", "", timeout_s=5)).bookings
    assert whole.offers == order.offers, "the booking's own code shows all of it"


def test_a_printed_code_is_another_medium_than_a_chip(stage: Any) -> None:
    order = stage.order("AAAAA", stage.slot_offer())
    stage.run(stage.platform.book(order, timeout_s=5))
    stage.put_on_medium("CARD7", order, parts=order.parts, kind=MediumKind.CODE)
    assert [each.code for each in medium(stage, "CARD7", MediumKind.CODE).bookings] == ["AAAAA"]
    assert medium(stage, "CARD7", MediumKind.CHIP) is None


def test_unknown_blocked_and_expired_media_bring_nothing(stage: Any) -> None:
    stage.put_on_medium("04AA", is_active=False)
    stage.put_on_medium("04BB", expires=stage.clock.now() - timedelta(seconds=1))
    stage.put_on_medium("04CC", expires=stage.clock.now() + timedelta(hours=1))
    assert refusal(stage, stage.platform.medium(MediumKind.CHIP, "04AA", timeout_s=5)) == "medium_inactive"
    assert refusal(stage, stage.platform.medium(MediumKind.CHIP, "04BB", timeout_s=5)) == "medium_expired"
    assert medium(stage, "04CC").bookings == ()
    assert medium(stage, "04DD") is None
    stage.cut()
    with pytest.raises(Unreachable):
        medium(stage, "04CC")


@pytest.mark.parametrize("text", ["", " ", "'; DROP TABLE medium; --", "\x00\u202e", "A" * 10_000])
def test_nonsense_is_on_no_medium(stage: Any, text: Any) -> None:
    assert medium(stage, text) is None


def card(stage: Any, code: str) -> Any:
    return stage.run(stage.platform.gift_cards.card(code, timeout_s=5))


def balance(stage: Any, code: str) -> int:
    try:
        return int(card(stage, code).balance.minor)
    except Refused as no:
        return 0 if no.key == "gift_card_empty" else -1


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def test_a_gift_card_is_known_by_its_code_or_its_chip_and_tells_what_it_holds(stage: Any) -> None:
    stage.issue("PRESENT9", 2000)
    stage.put_on_medium("04A1B2", card="PRESENT9")
    known = card(stage, " present9 ")
    assert (known.hint, known.balance) == ("T9", euros(2000))
    assert stage.run(stage.platform.gift_cards.card_on("04a1b2", timeout_s=5)) == known
    assert medium(stage, "04A1B2").balance == euros(2000)


def test_gift_cards_that_cannot_pay_here_say_why(stage: Any) -> None:
    stage.issue("EMPTY9", 0)
    stage.issue("FRANCS9", 2000, currency="CHF")
    stage.issue("AGED9", 2000, expires=stage.clock.now() - timedelta(seconds=1))
    stage.put_on_medium("04AA", card="EMPTY9", is_active=False)
    stage.put_on_medium("04BB")
    codes = ("EMPTY9", "FRANCS9", "AGED9", "ABSENT9", "", "x" * 300, "\u202e9")
    assert [refusal(stage, stage.platform.gift_cards.card(each, timeout_s=5)) for each in codes] == [
        "gift_card_empty", "gift_card_currency", "gift_card_expired", *["gift_card_unknown"] * 4,
    ]  # fmt: skip
    chips = ("04AA", "04BB", "04CC")
    assert [refusal(stage, stage.platform.gift_cards.card_on(each, timeout_s=5)) for each in chips] == [
        "medium_inactive", "gift_card_unknown", "gift_card_unknown",
    ]  # fmt: skip


def test_a_gift_card_is_charged_and_paid_back_once_per_reference(stage: Any) -> None:
    stage.issue("PRESENT9", 2000)
    cards, number = stage.platform.gift_cards, card(stage, "PRESENT9").id
    stage.run(cards.charge(number, "REF1", euros(1200), timeout_s=5))
    assert refusal(stage, cards.charge(number, "REF2", euros(801), timeout_s=5)) == "gift_card_too_little"
    assert stage.run(cards.charge_of(number, "REF1", timeout_s=5)) == GiftCharge(euros(1200), euros(0))
    assert stage.run(cards.charge_of(number, "REF2", timeout_s=5)) is None
    for _ in range(2):
        stage.run(cards.pay_back(number, "REF1", euros(500), timeout_s=5))
        assert stage.run(cards.close(number, "REF1", timeout_s=5)) == GiftCharge(euros(1200), euros(500))
    assert balance(stage, "PRESENT9") == 1300
    assert refusal(stage, cards.pay_back(number, "REF2", euros(1), timeout_s=5)) == "not_found"


def test_a_charge_whose_answer_was_lost_is_found_and_one_that_never_came_can_come_no_more(stage: Any) -> None:
    stage.issue("PRESENT9", 2000)
    cards, number = stage.platform.gift_cards, card(stage, "PRESENT9").id
    stage.lose_answer()
    with pytest.raises(OutcomeUnknown):
        stage.run(cards.charge(number, "REF1", euros(1200), timeout_s=5))
    with suppress(Unreachable):
        stage.run(cards.charge_of(number, "REF1", timeout_s=5))  # where its look-up is lost too
    assert stage.run(cards.close(number, "REF1", timeout_s=5)) == GiftCharge(euros(1200), euros(0))
    for _ in range(2):
        assert stage.run(cards.close(number, "REF2", timeout_s=5)) is None
    with pytest.raises(Refused):  # what was on its way arrives behind the question
        stage.run(cards.charge(number, "REF2", euros(100), timeout_s=5))
    assert balance(stage, "PRESENT9") == 800


def test_money_paid_back_whose_answer_was_lost_is_not_paid_back_twice(stage: Any) -> None:
    stage.issue("PRESENT9", 2000)
    cards, number = stage.platform.gift_cards, card(stage, "PRESENT9").id
    stage.run(cards.charge(number, "REF1", euros(1200), timeout_s=5))
    stage.lose_answer()
    with pytest.raises((OutcomeUnknown, Unreachable)):
        stage.run(cards.pay_back(number, "REF1", euros(1200), timeout_s=5))
    for _ in range(2):
        with suppress(Unreachable, OutcomeUnknown):  # where the next question is lost too, whichever asks it
            stage.run(cards.pay_back(number, "REF1", euros(1200), timeout_s=5))
    stage.run(cards.pay_back(number, "REF1", euros(1200), timeout_s=5))
    assert balance(stage, "PRESENT9") == 2000


def test_without_a_wire_no_gift_card_is_known_or_charged(stage: Any) -> None:
    stage.issue("PRESENT9", 2000)
    cards, number = stage.platform.gift_cards, card(stage, "PRESENT9").id
    stage.cut()
    for call in (cards.card("PRESENT9", timeout_s=5), cards.charge(number, "REF1", euros(100), timeout_s=5)):
        with pytest.raises(Unreachable):
            stage.run(call)
    for call in (cards.close(number, "REF1", timeout_s=5), cards.pay_back(number, "REF1", euros(1), timeout_s=5)):
        with pytest.raises((Unreachable, OutcomeUnknown)):
            stage.run(call)
    stage.join()
    assert balance(stage, "PRESENT9") == 2000


@pytest.mark.parametrize("is_lost", [False, True])
def test_a_booking_says_what_was_paid_by_gift_card_and_takes_nothing_off_it_again(stage: Any, is_lost: bool) -> None:
    stage.issue("PRESENT9", 2000)
    cards, number = stage.platform.gift_cards, card(stage, "PRESENT9").id
    stage.run(cards.charge(number, "REF1", euros(500), timeout_s=5))
    order = stage.order("AAAAA", stage.slot_offer(2))
    order = replace(order, by_gift_card=(GiftCardPart(number, "REF1", euros(500)),))
    if is_lost:
        stage.lose_answer()
        with pytest.raises(OutcomeUnknown):
            stage.run(stage.platform.book(order, timeout_s=5))
    for _ in range(2):
        assert stage.run(stage.platform.book(order, timeout_s=5)).state == "CONFIRMED"
    found = stage.run(stage.platform.find("AAAAA", timeout_s=5))
    assert (found.paid, found.gift_card_minor) == (order.paid, 500)
    assert balance(stage, "PRESENT9") == 1500
    back = GiftCardPart(number, "REF1", euros(200))
    for _ in range(2):
        stage.run(stage.platform.record_refund(
            "AAAAA", euros(300), reference="s", at=stage.clock.now(), timeout_s=5, to_gift_card=(back,)
        ))  # fmt: skip
    assert stage.run(stage.platform.find("AAAAA", timeout_s=5)).gift_card_minor == 500


def test_a_late_copy_of_a_cancelled_booking_paid_by_gift_card_does_not_live_again(stage: Any) -> None:
    stage.issue("PRESENT9", 2000)
    number = card(stage, "PRESENT9").id
    order = stage.order("AAAAA", stage.slot_offer())
    order = replace(order, by_gift_card=(GiftCardPart(number, "REF1", order.paid),))
    stage.run(stage.platform.book(order, timeout_s=5))
    stage.run(stage.platform.cancel("AAAAA", (), reason="voided", timeout_s=5))
    assert stage.run(stage.platform.book(order, timeout_s=5)).state == "CANCELLED"
