"""pretix JSON to our words and back: exact, tolerant, and refusing what cannot be by name."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from kiosk.application.errors import Refused
from kiosk.application.interfaces import BookingOrder, PartOrder
from kiosk.domain.catalogue import (
    Fullness,
    Occurrence,
    OccurrenceKind,
    Offer,
    OfferPart,
    PartKind,
    SeatState,
    Texts,
)
from kiosk.domain.money import Money
from kiosk.domain.questions import Answer
from kiosk.platforms.pretix import gift_card_mapping, mapping

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def offer(*parts: OfferPart, slot: str = "museum@7", offer_id: str = "o") -> Offer:
    occurrence = Occurrence(slot, OccurrenceKind.EVENT, Texts("Museum"), NOW, NOW + timedelta(hours=1), "Europe/Berlin")
    return Offer(offer_id, "pretix", occurrence, parts or (ticket(),), "EUR", NOW, NOW, NOW, NOW, Texts(""))


def ticket(part_id: str = "p1", product: str = "1-4", **more: str) -> OfferPart:
    return OfferPart(part_id, PartKind.ADMISSION, product, Texts("Adult"), Money(1200, "EUR"), 700, **more)  # type: ignore[arg-type]


def order(*offers: Offer, code: str = "ABCDE") -> BookingOrder:
    chosen = offers or (offer(ticket(seat_id="A-1"), ticket("p2", "3", addon_to="p1")),)
    parts = tuple(PartOrder(part.id, each.id, f"S{each.id}{part.id}") for each in chosen for part in each.parts)
    return BookingOrder(code, "sale", "h", chosen, parts, Money(2400, "EUR"), NOW, "kiosk", "digest")


def answered(booking: BookingOrder, **more: object) -> dict[str, object]:
    """Return the order as the server answers it, with a field we do not know."""
    body = mapping.order_body(booking, (), "api.kiosk")
    positions = [{**each, "id": number, "unheard_of": 1} for number, each in enumerate(body["positions"], start=10)]
    return {**body, "datetime": NOW.isoformat(), "total": "24.00", "positions": positions, **more}


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("12.34", "EUR", 1234), ("-0.01", "EUR", -1), ("500", "JPY", 500), ("1.234", "KWD", 1234), ("0", "EUR", 0)],
)
def test_reads_and_writes_money_exactly(text: str, currency: str, minor: int) -> None:
    assert mapping.money(text, currency, "price") == Money(minor, currency)
    assert mapping.money(mapping.amount(Money(minor, currency)), currency, "price").minor == minor


@pytest.mark.parametrize("text", ["", "abc", None, "12.345", "NaN", "Infinity", "99999999999999.00", "1e999999999"])
def test_refuses_absurd_money_by_name(text: object) -> None:
    with pytest.raises(mapping.AbsurdFieldError, match="price"):
        mapping.money(text, "EUR", "price")


def test_reads_tax_rates() -> None:
    assert [mapping.permyriad(rate) for rate in ("19.00", "7.00", "0", "5.5")] == [1900, 700, 0, 550]


@pytest.mark.parametrize("rate", ["-1", "100.01", "x", "7.005", "NaN"])
def test_refuses_absurd_rates(rate: str) -> None:
    with pytest.raises(mapping.AbsurdFieldError, match="tax_rate"):
        mapping.permyriad(rate)


@pytest.mark.parametrize("value", ["yesterday", None, "2026-11-22T08:00:00"])
def test_refuses_times_without_meaning(value: object) -> None:
    with pytest.raises(mapping.AbsurdFieldError, match="date_from"):
        mapping.moment(value, "date_from")


@pytest.mark.parametrize("data", [{}, {"id": "1"}, {"id": True}, [], None])
def test_refuses_fields_of_another_type(data: object) -> None:
    with pytest.raises(mapping.AbsurdFieldError, match="id is not int"):
        mapping.field(data, "id", int)
    assert mapping.field({"live": True}, "live", bool) is True


def test_a_window_may_be_open_at_an_end() -> None:
    assert mapping.window({"opens": "2026-11-22T08:00:00+01:00", "closes": None}, "closes") is None
    assert mapping.window({"opens": "2026-11-22T08:00:00+01:00"}, "opens") == mapping.moment(
        "2026-11-22T07:00:00Z", "opens"
    )


def test_reads_texts_in_every_shape() -> None:
    assert mapping.texts("Hall", "x").default == "Hall"
    assert mapping.texts({"de": "Saal", "en": "Hall"}, "x").text("de") == "Saal"
    assert mapping.texts({"de": "Saal"}, "x").default == "Saal"
    assert [mapping.texts(each, "x").default for each in (None, "", {}, {"en": ""}, 7)] == ["x"] * 5


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"code": ["This order code is already in use."]}, "code_in_use"),
        (["Integrity error, possibly duplicate submission of same order."], "code_in_use"),
        ({"positions": [{"secret": ["You cannot assign a position secret that already exists."]}]}, "secret_in_use"),
        ({"positions": [{}, {"seat": ['The selected seat "A" is not available.']}]}, "seat_taken"),
        ({"positions": [{"item": ['There is not enough quota available on quota "Q".']}]}, "sold_out"),
        (['There is not enough quota available on quota "Q".'], "sold_out"),
        ({"positions": [{"item": ['Invalid pk "9" - object does not exist.']}]}, "unknown_offer"),
        ({"positions": [{"item": ["The specified item is not active."]}]}, "unknown_offer"),
        ({"channel": ["no"], "detail": None}, "bad_request"),
        (None, "bad_request"),
    ],
)
def test_knows_the_servers_refusals(body: object, key: str) -> None:
    assert mapping.refusal_key(body) == key


@pytest.mark.parametrize(
    ("left", "size", "fullness"),
    [
        (None, None, Fullness.PLENTY), (0, 10, Fullness.FULL), (1, 10, Fullness.NEARLY_FULL),
        (3, 10, Fullness.FILLING), (9, 10, Fullness.PLENTY), (-1, None, Fullness.FULL), (4, None, Fullness.NEARLY_FULL),
    ],
)  # fmt: skip
def test_says_how_full(left: int | None, size: int | None, fullness: Fullness) -> None:
    found = mapping.availability(left, size, NOW, is_stale=True)
    assert (found.fullness, found.is_stale) == (fullness, True)
    assert found.left is None or found.left >= 0


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({}, SeatState.FREE), ({"cartposition": 4}, SeatState.HELD), ({"blocked": True}, SeatState.TAKEN),
        ({"orderposition": 2, "cartposition": 4}, SeatState.TAKEN), ({"voucher": 1}, SeatState.TAKEN),
    ],
)  # fmt: skip
def test_reads_seats(more: dict[str, object], state: SeatState) -> None:
    data = {"seat_guid": "A-1", "row_name": "A", "seat_number": "1", "product": 5, **more}
    found = mapping.seat(data, 1.0, 2.0)
    assert (found.id, found.row, found.number, found.category_id, found.state) == ("A-1", "A", "1", "5", state)


def test_ids_stand_for_numbers() -> None:
    assert mapping.target("museum@7") == mapping.Target("museum", 7)
    assert mapping.target("tale@0") == mapping.Target("tale", None)
    assert mapping.product_numbers("12-3") == (12, 3)
    for text in ("museum", "a/b@1", "museum@x", "@1", "museum@1\n"):
        with pytest.raises(Refused, match="not_found"):
            mapping.target(text)
    for text in ("", "adult", "1-", "1; --", "١"):
        with pytest.raises(Refused, match="bad_request"):
            mapping.product_numbers(text)


def test_an_order_carries_our_code_secrets_and_proof() -> None:
    body = mapping.order_body(order(), ("c@api",), "api.kiosk")
    assert (body["code"], body["consume_carts"], body["payment_provider"]) == ("ABCDE", ["c@api"], "boxoffice")
    first, second = body["positions"]
    assert (first["item"], first["variation"], first["subevent"], first["price"]) == (1, 4, 7, "12.00")
    assert (first["seat"], first["secret"], second["addon_to"]) == ("A-1", "Sop1", 1)
    assert "seat" not in second
    free = mapping.order_body(replace(order(), paid=Money(0, "EUR")), (), "api.kiosk")
    assert free["payment_provider"] == "free"


def test_an_order_of_a_terminal_in_training_is_in_test_mode() -> None:
    assert mapping.order_body(order(), (), "api.kiosk", is_training=True)["testmode"] is True
    assert mapping.order_body(order(), (), "api.kiosk")["testmode"] is False


def test_names_the_holder_on_tickets_and_the_discount_in_a_price() -> None:
    booking = replace(order(offer(ticket(discount_id="7"), ticket("p2", addon_to="p1"))), purchaser="Ada")
    first, second = mapping.order_body(booking, (), "api.kiosk")["positions"]
    assert (first["discount"], first["attendee_name"]) == (7, "Ada")
    assert not {"discount", "attendee_name"} & set(second)
    assert "attendee_name" not in mapping.order_body(order(), (), "api.kiosk")["positions"][0]


def test_an_order_carries_answers_and_codes_and_tells_its_own_notes_no_answer() -> None:
    booking = replace(
        order(offer(ticket(voucher="SPRING"), ticket("p2"))),
        answers=(Answer("o", "p2", "7", "34"), Answer("o", "p2", "8", "1,2", ("1", "2"))),
    )
    body = mapping.order_body(booking, (), "api.kiosk")
    first, second = body["positions"]
    assert first["voucher"] == "SPRING"
    assert "voucher" not in second
    assert "answers" not in first
    assert second["answers"] == [
        {"question": 7, "answer": "34", "options": []}, {"question": 8, "answer": "1,2", "options": [1, 2]},
    ]  # fmt: skip
    assert "34" not in str(body["api_meta"].get("answers", ""))
    assert "answers" not in body["api_meta"]


def test_puts_each_extra_directly_behind_its_ticket() -> None:
    booking = order(offer(ticket(), ticket("p2"), ticket("p3", "3", addon_to="p1"), ticket("p4", "3", addon_to="p2")))
    positions = mapping.order_body(booking, (), "api.kiosk")["positions"]
    assert [(each["secret"], each.get("addon_to")) for each in positions] == [
        ("Sop1", None), ("Sop3", 1), ("Sop2", None), ("Sop4", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("booking", "key"),
    [
        (order(code="SHOP1"), "bad_request"),
        (order(offer(), offer(slot="tale@0", offer_id="b")), "bad_request"),
        (replace(order(), parts=()), "bad_request"),
        (replace(order(), parts=tuple(replace(each, secret="X") for each in order().parts)), "secret_in_use"),  # noqa: S106 - a ticket's
    ],
)
def test_refuses_orders_the_server_would_take_wrongly(booking: BookingOrder, key: str) -> None:
    with pytest.raises(Refused, match=key):
        mapping.order_body(booking, (), "api.kiosk")


def test_finds_again_exactly_what_was_booked() -> None:
    booking = order()
    found = mapping.found_booking(answered(booking), "EUR")
    assert (found.offers, found.paid, found.sold_at) == (booking.offers, booking.paid, booking.sold_at)
    assert [(part.part_id, part.secret) for part in found.parts] == [("p1", "Sop1"), ("p2", "Sop2")]
    assert mapping.proof(answered(booking)).digest == booking.digest


def test_finds_orders_of_other_channels_without_our_offers() -> None:
    data = answered(order(), api_meta={}, sales_channel="web", status="n")
    found = mapping.found_booking(data, "EUR")
    assert (found.sale_id, found.offers, found.paid, found.channel) == ("", (), Money(2400, "EUR"), "web")
    assert (found.state, found.parts[0].part_id) == ("PREBOOKED", "10")


def test_counts_printed_copies_once() -> None:
    logs = [{"id": number, "type": "ticket", "successful": True, "info": info} for number, info in
            enumerate(({"copy": "1"}, {"copy": "1"}, None))]  # fmt: skip
    failed = {"id": 8, "type": "ticket", "successful": False}
    data = answered(order())
    positions = data["positions"]
    assert isinstance(positions, list)
    positions[0]["print_logs"] = [*logs, failed, {"id": 9, "type": "badge", "successful": True}]
    positions[1]["canceled"] = True
    first, second = mapping.found_booking(data, "EUR").parts
    assert (first.state, first.print_count, second.state) == ("FULFILLED", 2, "CANCELLED")


def test_a_ticket_with_a_new_secret_has_not_been_printed_and_tells_where_it_was_sold() -> None:
    data = answered(order())
    position = data["positions"][0]  # type: ignore[index]
    position["print_logs"] = [{"id": 4, "type": "ticket", "successful": True}]
    assert mapping.last_print(position) == 4
    assert mapping.last_print({}) == 0
    offers = data["api_meta"]["offers"]  # type: ignore[index]
    (part_id, offer_id, _), *others = data["api_meta"]["parts"]  # type: ignore[index]
    data["api_meta"] = {
        **data["api_meta"], "printed_before": {position["secret"]: 4}, "moved": {"there": offer_id},  # type: ignore[dict-item]
        "offers": [*offers, {**offers[0], "id": "there"}],
        "parts": [[part_id, "there", position["secret"]], *others],
    }  # fmt: skip
    found = mapping.found_booking(data, "EUR")
    assert (found.parts[0].print_count, found.parts[0].state) == (0, "CONFIRMED")
    assert (found.parts[0].offer_id, found.parts[0].sold_in) == ("there", offer_id)
    position["print_logs"] += [{"id": 5, "type": "ticket", "successful": True}]
    assert mapping.found_booking(data, "EUR").parts[0].state == "FULFILLED"


def test_refuses_unreadable_orders_by_name() -> None:
    with pytest.raises(mapping.AbsurdFieldError, match="status"):
        mapping.proof(answered(order(), status="z"))
    data = answered(order())
    data["api_meta"] = {**mapping.meta(data), "offers": [{"id": 4}]}
    with pytest.raises(mapping.AbsurdFieldError, match=r"api_meta\.offers"):
        mapping.found_booking(data, "EUR")


def test_reads_when_parts_were_cancelled() -> None:
    data = answered(order())
    assert mapping.cancelled_at(data, ("p1",)) is None
    data["api_meta"] = {**mapping.meta(data), "cancelled": {"p1": NOW.isoformat()}}
    assert mapping.cancelled_at(data, ("p1",)) == NOW
    assert mapping.cancelled_at(data, ("p1", "p2")) is None


def test_positions_on_a_medium_are_told_by_order_without_those_kept_from_us() -> None:
    def linked(number: int, code: str) -> dict[str, Any]:
        return {"id": number, "order": {"code": code, "event": "museum"}}

    rows = [linked(1, "AAAAA"), linked(2, "BBBBB"), {"id": 3}, 4, linked(5, "AAAAA")]
    assert mapping.linked_positions({"linked_orderpositions": rows}) == {"AAAAA": {1, 5}, "BBBBB": {2}}
    assert mapping.linked_positions({"linked_orderpositions": None}) == {}
    with pytest.raises(mapping.AbsurdFieldError, match="id is not int"):
        mapping.linked_positions({"linked_orderpositions": [{"id": "1", "order": {"code": "AAAAA"}}]})


def test_the_balance_of_a_gift_card_is_exact_and_in_its_own_currency() -> None:
    assert gift_card_mapping.balance({"value": "25.00", "currency": "CHF"}) == Money(2500, "CHF")
    assert gift_card_mapping.balance(None) is None
    with pytest.raises(mapping.AbsurdFieldError):
        gift_card_mapping.balance({"value": 25, "currency": "CHF"})


def test_a_position_that_is_not_ours_stands_in_an_offer_of_the_orders_own_on_its_date() -> None:
    data = {"id": 7, "secret": "s", "subevent": 3}
    assert mapping.part_of({"code": "AAAAA"}, data, {}) == ("7", "AAAAA@3")
    assert mapping.part_of({"code": "AAAAA"}, {**data, "subevent": None}, {}) == ("7", "AAAAA@0")
    assert mapping.part_of({"code": "AAAAA"}, data, {"s": ("p", "o")}) == ("p", "o")
