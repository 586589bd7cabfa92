"""Reusable media of the real server, and tickets its own shop sold: what the terminal shows and hands out of them."""

from collections.abc import Iterator
from typing import Any

import pytest

from kiosk.application.interfaces import MediumKind
from kiosk.application.looking_up import look_up
from kiosk.domain.money import Money
from tests.pretix.museum import Operator


@pytest.fixture
def operator(stage: Any) -> Iterator[Operator]:
    made = Operator(stage)
    yield made
    made.http.close()


def web_order(stage: Any, operator: Operator, *, status: str = "p") -> Any:
    """Sell an adult with an audio guide, and a child, as the server's own shop does: without a word of ours."""
    subevent, facts = int(stage.slot_id.partition("@")[2]), stage.facts
    lines = [("adult", "12.00", None), ("guide", "4.90", 1), ("child", "6.50", None)]
    positions = [
        {"positionid": place, "item": int(facts[name]), "subevent": subevent, "price": price,
         **({"addon_to": host} if host else {})}
        for place, (name, price, host) in enumerate(lines, start=1)
    ]  # fmt: skip
    paid = {"payment_provider": "manual"} if status == "p" else {}
    return operator.do("POST", "orders/", status=status, sales_channel="api.kiosk", locale="en", email=None, fees=[],
                       positions=positions, **paid)  # fmt: skip


def test_tickets_of_the_servers_own_shop_are_found_with_what_paper_needs(stage: Any, operator: Operator) -> None:
    made = web_order(stage, operator)
    found = stage.run(stage.platform.find(made["code"], timeout_s=30))
    (offer,) = found.offers
    assert (offer.occurrence.id, offer.occurrence.title.default) == (stage.slot_id, "Museum of Light")
    assert [part.product_name.default for part in offer.parts] == ["Adult", "Audio guide", "Child"]
    assert [bool(part.addon_to) for part in offer.parts] == [False, True, False]
    assert offer.price == found.paid == Money(2340, "EUR")
    assert {part.offer_id for part in found.parts} == {offer.id}
    stage.run(stage.platform.record_print(found.code, found.parts[2].part_id, copy=1, timeout_s=30))
    again = stage.run(stage.platform.find(made["code"], timeout_s=30))
    assert [part.print_count for part in again.parts] == [0, 0, 1]


def test_tickets_for_what_is_not_sold_here_are_read_one_by_one(stage: Any, operator: Operator) -> None:
    made = web_order(stage, operator)
    operator.do("PATCH", f"items/{stage.facts['child']}/", active=False)
    operator.do("PATCH", f"subevents/{stage.slot_id.partition('@')[2]}/", active=False)
    stage.run(stage.platform.refresh(is_full=True))
    (offer,) = stage.run(stage.platform.find(made["code"], timeout_s=30)).offers
    assert (offer.occurrence.id, offer.occurrence.title.default) == (stage.slot_id, "Museum of Light")
    assert [part.product_name.default for part in offer.parts] == ["Adult", "Audio guide", "Child"]


def test_a_chip_hands_out_the_web_ticket_on_it_with_its_extra(stage: Any, operator: Operator) -> None:
    made = web_order(stage, operator)
    card = stage.make("/giftcards/", {"secret": "GIFT-1", "currency": "EUR", "value": "25.00"})["id"]
    stage.make("/reusablemedia/", type="nfc_uid", identifier="04A1B2C3D4E5F6", linked_giftcard=card,
                linked_orderpositions=[made["positions"][0]["id"]])  # fmt: skip
    medium = stage.run(look_up(stage.platform, "", "04a1b2c3d4e5f6", timeout_s=30))
    assert medium.balance == Money(2500, "EUR")
    secrets = [each["secret"] for each in made["positions"]]
    assert [part.secret for part in medium.bookings[0].parts] == secrets[:2]


def test_a_medium_holds_tickets_of_several_bookings(stage: Any, operator: Operator) -> None:
    made, other = web_order(stage, operator), stage.order("AXXAA", stage.slot_offer())
    stage.run(stage.platform.book(other, timeout_s=30))
    numbers = dict(stage.server.rows("SELECT secret, id FROM pretixbase_orderposition"))
    stage.make(
        "/reusablemedia/", type="barcode", identifier="CARD7",
        linked_orderpositions=[made["positions"][2]["id"], numbers[other.parts[0].secret]],
    )  # fmt: skip
    medium = stage.run(look_up(stage.platform, "CARD7", "", timeout_s=30))
    assert {each.code: len(each.parts) for each in medium.bookings} == {made["code"]: 1, "AXXAA": 1}
    assert stage.run(stage.platform.medium(MediumKind.CHIP, "CARD7", timeout_s=30)) is None


def test_looking_at_an_unknown_chip_makes_no_medium_even_where_the_organizer_lets_chips_become_gift_cards(
    stage: Any,
) -> None:
    for key, value in (("reusable_media_type_nfc_uid", "True"), (
        "reusable_media_type_nfc_uid_autocreate_giftcard", "True"
    )):  # fmt: skip
        stage.server.change(
            "INSERT INTO pretixbase_organizer_settingsstore (object_id, key, value) VALUES (1, ?, ?)", key, value
        )
    assert stage.run(stage.platform.medium(MediumKind.CHIP, "04DEADBEEF0001", timeout_s=30)) is None
    assert stage.server.rows("SELECT count(*) FROM pretixbase_reusablemedium") == [(0,)]


def test_an_unpaid_booking_says_so(stage: Any, operator: Operator) -> None:
    made = web_order(stage, operator, status="n")
    assert stage.run(stage.platform.find(made["code"], timeout_s=30)).state == "PREBOOKED"
