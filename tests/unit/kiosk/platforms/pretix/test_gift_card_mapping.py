"""Gift cards and payments of pretix JSON: found by our reference, told once, apart from the rest."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kiosk.application.interfaces import BookingOrder, GiftCardPart
from kiosk.domain.money import Money
from kiosk.platforms.pretix import gift_card_mapping, mapping

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def order(*parts: GiftCardPart, paid: int = 1200) -> BookingOrder:
    return BookingOrder("AAAAA", "sale-1", "", (), (), euros(paid), NOW, "kiosk", "d", by_gift_card=parts)


def payment(provider: str, amount: str, *, state: str = "confirmed", card: int | None = None) -> dict[str, Any]:
    details = {"gift_card": {"id": card}} if card else {}
    return {"local_id": 1, "provider": provider, "amount": amount, "state": state, "details": details}


def test_entries_of_a_card_are_found_by_the_reference_and_what_they_are() -> None:
    rows = [
        {"value": "20.00", "info": None},
        gift_card_mapping.entry("R", euros(1200), is_back=False),
        gift_card_mapping.entry("OTHER", euros(100), is_back=False),
        gift_card_mapping.entry("R", euros(500), is_back=True),
        {"value": "1.00", "info": {"guichet": {"reference": "R", "what": "strange"}}},
    ]
    assert rows[1]["value"] == "-12.00"
    assert gift_card_mapping.entries(rows, "R", "EUR") == (euros(1200), euros(500))
    assert gift_card_mapping.entries(rows, "NONE", "EUR") == (None, euros(0))
    with pytest.raises(mapping.AbsurdFieldError):
        gift_card_mapping.entries([{**rows[1], "value": -12}], "R", "EUR")


def test_an_order_gets_the_payments_it_lacks_and_no_others() -> None:
    part = GiftCardPart("7", "R", euros(500))

    def due(*known: dict[str, Any], booked: BookingOrder | None = None) -> list[tuple[str, str]]:
        made = {"payments": list(known)}
        found = gift_card_mapping.payments_due(booked or order(part), made)
        return [(each["provider"], each["amount"]) for each in found.values()]

    assert due() == [("giftcard", "5.00"), ("boxoffice", "7.00")]
    assert due(booked=order(part, paid=500)) == [("giftcard", "5.00")]
    assert due(payment("giftcard", "5.00", card=7)) == [("boxoffice", "7.00")]
    assert due(payment("giftcard", "5.00", card=7), payment("boxoffice", "7.00")) == []
    others = (payment("giftcard", "5.00", card=8), payment("giftcard", "5.00", card=7, state="failed"))
    assert due(*others) == [("giftcard", "5.00"), ("boxoffice", "7.00")]
    two = order(part, GiftCardPart("7", "S", euros(500)))
    assert due(payment("giftcard", "5.00", card=7), booked=two) == [("giftcard", "5.00"), ("boxoffice", "2.00")]


def test_what_went_back_is_told_to_the_payment_it_came_by() -> None:
    made = {"payments": [{**payment("boxoffice", "7.00"), "local_id": 2}, payment("giftcard", "5.00", card=7),
                         payment("manual", "1.00", state="failed")]}  # fmt: skip
    part = GiftCardPart("7", "R", euros(300))
    rows = gift_card_mapping.refunds(made, euros(1000), (part,), "sale-1", NOW)
    assert [(each["provider"], each["amount"], each["payment"], each["comment"]) for each in rows] == [
        ("giftcard", "3.00", 1, "Guichet R"), ("boxoffice", "7.00", 2, "Guichet sale-1"),
    ]  # fmt: skip
    assert [each.get("info") for each in rows] == [{"gift_card": 7}, None]
    assert [each["provider"] for each in gift_card_mapping.refunds(made, euros(300), (part,), "s", NOW)] == ["giftcard"]
    (row,) = gift_card_mapping.refunds({}, euros(300), (), "s", NOW)
    assert (row["provider"], row["payment"]) == ("boxoffice", None)
    (row,) = gift_card_mapping.refunds({"payments": [payment("manual", "3.00")]}, euros(300), (), "s", NOW)
    assert row["payment"] == 1


def test_what_an_order_was_paid_by_gift_card_counts_only_what_was_confirmed() -> None:
    rows = [payment("giftcard", "5.00", card=7), payment("giftcard", "4.00", card=7, state="failed"),
            payment("giftcard", "1.00", card=7, state="refunded"), payment("boxoffice", "7.00")]  # fmt: skip
    assert mapping.gift_card_minor({"payments": rows}, "EUR") == 600
    assert mapping.gift_card_minor({}, "EUR") == 0
