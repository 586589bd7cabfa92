"""Tickets become others: the old one is dead, the new one opens the door, and the money between them adds up, once."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest

from kiosk.application.errors import OutcomeUnknown, Refused
from kiosk.application.exchanging import new_place, returned, same_place
from kiosk.application.interfaces import EventChoice, ExchangeOrder, PartOrder
from kiosk.domain.catalogue import RiderCount
from kiosk.domain.money import Money, total
from tests.pretix.museum import Operator
from tests.pretix.test_terminal import Till, printed

SECRETS = "SELECT secret, subevent_id FROM pretixbase_orderposition WHERE canceled = 0 ORDER BY positionid"
ORDER = "SELECT total, status FROM pretixbase_order WHERE code = ?"
META = "SELECT api_meta FROM pretixbase_order WHERE code = ?"
PAYMENTS = """SELECT p.amount FROM pretixbase_orderpayment p JOIN pretixbase_order o ON o.id = p.order_id
WHERE o.code = ? AND p.state = 'confirmed' ORDER BY p.local_id"""
REFUNDS = "SELECT amount, state FROM pretixbase_orderrefund"
SEATS = """SELECT s.seat_guid FROM pretixbase_orderposition p JOIN pretixbase_seat s ON s.id = p.seat_id
WHERE p.canceled = 0 ORDER BY s.seat_guid"""


@pytest.fixture
def operator(stage: Any) -> Iterator[Operator]:
    made = Operator(stage)
    yield made
    made.http.close()


@pytest.fixture
def till(server: Any, tmp_path: Any) -> Iterator[Till]:
    server.reset()
    made = Till(server, tmp_path)
    made.practise()
    yield made
    made.http.close()


def booked(stage: Any, code: str, slot: str = "slot_id", seats: tuple[str, ...] = (), **counts: int) -> Any:
    products = tuple(RiderCount(stage.facts[name], count) for name, count in counts.items())
    offer = stage.run(
        stage.platform.event_offer(EventChoice(stage.facts[slot], products, seat_ids=seats), timeout_s=30)
    )
    order = stage.order(code, offer)
    stage.run(stage.platform.book(order, timeout_s=30))
    return order


def wanted(
    stage: Any, code: str, *parts: str, to: str = "small_slot_id", seats: tuple[str, ...] = (), sale: str = "s2"
) -> ExchangeOrder:
    """Return the order a sale makes of a wish, its places held."""
    old = stage.run(returned(stage.platform, code, parts, timeout_s=30))
    there = stage.facts.get(to, to)
    offers = (
        stage.run(new_place(stage.platform, old, there, seats, 0, timeout_s=30)) if to else same_place(old, stage.clock)
    )
    hold_id = f"hold-{sale}" if to else ""
    if to:
        stage.run(stage.platform.hold(hold_id, offers, timeout_s=30))
    new = tuple(
        PartOrder(part.id, offer.id, sha256(f"{sale}{part.id}".encode()).hexdigest()[:26].upper())
        for offer in offers for part in offer.parts
    )  # fmt: skip
    return ExchangeOrder(
        code, old.booking.sale_id, sale, hold_id, offers, new, total(tuple(part.price for part in old.parts), "EUR"),
        total(tuple(offer.price for offer in offers), "EUR"), stage.clock.now(), "counter", f"digest-{sale}",
        keeps_place=not to,
    )  # fmt: skip


def exchange(stage: Any, order: ExchangeOrder) -> Any:
    return stage.run(stage.platform.exchange(order, timeout_s=30))


def reprice(operator: Operator, stage: Any, name: str, price: str) -> None:
    there = int(stage.facts["small_slot_id"].partition("@")[2])
    overrides = [{"item": int(stage.facts[name]), "price": price}]
    operator.do("PATCH", f"subevents/{there}/", item_price_overrides=overrides)
    stage.clock.step(120)


def cents(rows: list[Any]) -> list[int]:
    return [round(float(row[0]) * 100) for row in rows]


def test_a_ticket_moves_to_a_dearer_date_with_its_extra_and_the_rest_stays(stage: Any, operator: Operator) -> None:
    order = booked(stage, "MXVES", adult=2, guide=2)
    reprice(operator, stage, "adult", "15.00")
    before = dict(stage.server.rows(SECRETS))
    first, extra = order.parts[0].part_id, order.parts[2].part_id
    change = wanted(stage, "MXVES", first)
    assert (change.credit, change.price) == (Money(1690, "EUR"), Money(1990, "EUR"))
    assert {part.part_id for part in change.parts} == {first, extra}
    proof = exchange(stage, change)
    assert (proof.code, proof.sale_id) == ("MXVES", "s2")
    small = int(stage.facts["small_slot_id"].partition("@")[2])
    after = dict(stage.server.rows(SECRETS))
    assert {secret for secret, slot in after.items() if slot == small} == {part.secret for part in change.parts}
    assert len(set(before) & set(after)) == 2
    found = stage.run(stage.platform.find("MXVES", timeout_s=30))
    moved = {part.part_id: part for part in found.parts if after[part.secret] == small}
    assert set(moved) == {first, extra}
    assert {part.sold_in for part in moved.values()} == {order.offers[0].id}
    assert {offer.occurrence.id for offer in found.offers} == {stage.slot_id, stage.facts["small_slot_id"]}
    assert (found.paid, found.digest) == (order.paid, order.digest)
    old = next(part.secret for part in order.parts if part.part_id == first)
    assert stage.run(stage.platform.find(old, timeout_s=30)) is None
    assert exchange(stage, change).sale_id == "s2"
    assert dict(stage.server.rows(SECRETS)) == after
    assert cents(stage.server.rows(PAYMENTS, "MXVES")) == [3380, 300]
    assert cents(stage.server.rows(ORDER, "MXVES")) == [3680]
    assert stage.server.rows(ORDER, "MXVES")[0][1] == "p"
    assert stage.server.rows("SELECT count(*) FROM pretixbase_cartposition") == [(0,)]
    stage.run(
        stage.platform.cancel("MXVES", (first,), reason="not printed", timeout_s=30, of_sale=order.sale_id)
    )  # fmt: skip
    assert len(stage.server.rows(SECRETS)) == 2


def test_seats_change_places_and_the_old_ones_are_free(stage: Any) -> None:
    booked(stage, "SXATS", "seated_slot_id", ("1-1", "1-2"), stalls=2)
    exchange(stage, wanted(stage, "SXATS", to="seated_slot_id", seats=("2-3", "2-4")))
    assert stage.server.rows(SEATS) == [("2-3",), ("2-4",)]
    booked(stage, "NXXTS", "seated_slot_id", ("1-1", "1-2"), stalls=2)
    best = wanted(stage, "SXATS", to="seated_slot_id", sale="s3")
    exchange(stage, best)
    assert len(stage.server.rows(SEATS)) == 4
    found = stage.run(stage.platform.find("SXATS", timeout_s=30))
    seats = {part.seat_id for offer in found.offers for part in offer.parts}
    assert {row[0] for row in stage.server.rows(SEATS)} == {"1-1", "1-2", *seats}


def test_a_seat_somebody_else_took_meanwhile_leaves_everything_as_it_was(stage: Any) -> None:
    booked(stage, "SXATS", "seated_slot_id", ("1-1",), stalls=1)
    change = wanted(stage, "SXATS", to="seated_slot_id", seats=("3-3",))
    stage.run(stage.platform.release(change.hold_id, timeout_s=30))
    booked(stage, "QXXCK", "seated_slot_id", ("3-3",), stalls=1)
    before = stage.server.rows(SECRETS), stage.server.rows(META, "SXATS"), stage.server.rows(SEATS)
    with pytest.raises(Refused) as caught:
        exchange(stage, change)
    assert caught.value.key == "seat_taken"
    assert (stage.server.rows(SECRETS), stage.server.rows(META, "SXATS"), stage.server.rows(SEATS)) == before


def test_what_cannot_be_exchanged_is_said_before_any_money_moves(stage: Any) -> None:
    order = booked(stage, "MANYX", adult=2)
    ids = tuple(part.part_id for part in order.parts)
    small = wanted(stage, "MANYX", ids[0]).offers
    hall = stage.run(stage.platform.event_offer(
        EventChoice(stage.seated_slot_id, (RiderCount(stage.facts["stalls"], 1),), best_count=1), timeout_s=30
    ))  # fmt: skip
    stage.run(stage.platform.check_exchange("MANYX", ids[:1], small, timeout_s=30))
    stage.run(stage.platform.cancel("MANYX", ids[1:], reason="ill", timeout_s=30))
    for parts, offers, key in (
        (ids[:1], (hall,), "other_event"), (ids[1:], small, "not_live"), (("nobody",), small, "not_found"),
    ):  # fmt: skip
        with pytest.raises(Refused) as caught:
            stage.run(stage.platform.check_exchange("MANYX", parts, offers, timeout_s=30))
        assert caught.value.key == key
    stage.make(
        "/checkinrpc/redeem/", lists=[stage.facts["door"]], secret=order.parts[0].secret, type="entry",
        source_type="barcode",
    )  # fmt: skip
    with pytest.raises(Refused) as caught:
        stage.run(stage.platform.check_exchange("MANYX", ids[:1], small, timeout_s=30))
    assert caught.value.key == "used"


def test_the_server_has_the_last_word_on_room_and_the_notes_are_as_before(stage: Any) -> None:
    """Somebody else takes the last places between our hold and the change."""
    booked(stage, "LATEX", adult=1)
    change = wanted(stage, "LATEX")
    meta = stage.server.rows(META, "LATEX")
    small = int(stage.facts["small_slot_id"].partition("@")[2])
    stage.server.change("UPDATE pretixbase_quota SET size = 0 WHERE subevent_id = ? AND size = 3", small)
    with pytest.raises(Refused) as caught:
        exchange(stage, change)
    assert caught.value.key == "sold_out"
    assert stage.server.rows(META, "LATEX") == meta


@pytest.mark.parametrize("lost", ["/change/", "/payments/", "PATCH"])
def test_an_exchange_whose_answer_was_lost_is_done_once(stage: Any, operator: Operator, lost: str) -> None:
    order = booked(stage, "LXSTX", adult=1, guide=1)
    reprice(operator, stage, "adult", "15.00")
    change, plain, sent = wanted(stage, "LXSTX"), stage.platform._client.send, []

    async def losing(method: str, path: str, *given: Any, **more: Any) -> Any:
        answer = await plain(method, path, *given, **more)
        sent.append(path)
        if lost in (method, path[-len(lost) :]) and not any(each is None for each in sent):
            sent.append(None)
            raise OutcomeUnknown("outcome_unknown", "lost")
        return answer

    stage.platform._client.send = losing
    with pytest.raises(OutcomeUnknown):
        exchange(stage, change)
    exchange(stage, change)
    assert {row[0] for row in stage.server.rows(SECRETS)} == {part.secret for part in change.parts}
    assert cents(stage.server.rows(PAYMENTS, "LXSTX")) == [1690, 300]
    assert stage.server.rows(ORDER, "LXSTX")[0][1] == "p"
    found = stage.run(stage.platform.find("LXSTX", timeout_s=30))
    assert {part.part_id for part in found.parts} == {part.part_id for part in order.parts}


def test_a_payment_the_server_does_not_take_never_reads_as_a_refused_exchange(stage: Any, operator: Operator) -> None:
    booked(stage, "PXYST", adult=1)
    reprice(operator, stage, "adult", "15.00")
    change, plain = wanted(stage, "PXYST"), stage.platform._client.send

    async def refusing(method: str, path: str, *given: Any, **more: Any) -> Any:
        if path.endswith("/payments/"):
            raise Refused("bad_request", "no")
        return await plain(method, path, *given, **more)

    stage.platform._client.send = refusing
    with pytest.raises(OutcomeUnknown):
        exchange(stage, change)
    assert {row[0] for row in stage.server.rows(SECRETS)} == {part.secret for part in change.parts}
    stage.platform._client.send = plain
    exchange(stage, change)
    assert stage.server.rows(ORDER, "PXYST")[0][1] == "p"


def lose(stage: Any, mark: str, answer: Exception) -> None:
    """Let one request (by its method or the end of its path) be done, and its answer be another."""
    plain, lost = stage.platform._client.send, []

    async def losing(method: str, path: str, *given: Any, **more: Any) -> Any:
        said = await plain(method, path, *given, **more)
        if mark in (method, path[-len(mark) :]) and not lost:
            lost.append(path)
            raise answer
        return said

    stage.platform._client.send = losing


def test_an_exchange_that_is_refused_after_a_lost_answer_leaves_ticket_and_notes_as_they_were(stage: Any) -> None:
    """Above all a printed ticket stays printed: nobody picks up a second copy of it."""
    order = booked(stage, "PXTCH", adult=1)
    stage.run(stage.platform.record_print("PXTCH", order.parts[0].part_id, copy=0, timeout_s=30))
    change, meta = wanted(stage, "PXTCH"), stage.server.rows(META, "PXTCH")
    lose(stage, "PATCH", OutcomeUnknown("outcome_unknown", "lost"))
    with pytest.raises(OutcomeUnknown):
        exchange(stage, change)
    (between,) = stage.run(stage.platform.find("PXTCH", timeout_s=30)).parts
    assert (between.secret, between.print_count, between.state) == (order.parts[0].secret, 1, "FULFILLED")
    small = int(stage.facts["small_slot_id"].partition("@")[2])
    stage.server.change("UPDATE pretixbase_quota SET size = 0 WHERE subevent_id = ? AND size = 3", small)
    with pytest.raises(Refused) as caught:
        exchange(stage, change)
    assert caught.value.key == "sold_out"
    assert stage.server.rows(META, "PXTCH") == meta


def test_what_two_windows_looked_up_is_counted_once(stage: Any, operator: Operator) -> None:
    """Both saw a ticket of 12.00 and would give 3.00 back; the second is told before and with the exchange."""
    order = booked(stage, "TWXCE", adult=1)
    reprice(operator, stage, "adult", "9.00")
    first, second = wanted(stage, "TWXCE"), wanted(stage, "TWXCE", sale="s3")
    assert first.credit - first.price == Money(300, "EUR")
    exchange(stage, first)
    with pytest.raises(Refused) as caught:
        exchange(stage, second)
    assert caught.value.key == "worth_changed"
    assert {row[0] for row in stage.server.rows(SECRETS)} == {part.secret for part in first.parts}
    assert exchange(stage, first).sale_id == "s2"
    operator.do("POST", "orders/TWXCE/change/", patch_positions=[
        {"position": stage.server.rows("SELECT id FROM pretixbase_orderposition")[0][0], "body": {"price": "1.00"}}
    ])  # fmt: skip
    with pytest.raises(Refused) as said:
        stage.run(stage.platform.check_exchange("TWXCE", (order.parts[0].part_id,), second.offers, timeout_s=30))
    assert said.value.key == "worth_changed"


def test_tickets_of_another_sale_under_the_same_code_are_left_alone(stage: Any) -> None:
    booked(stage, "CXASH", adult=1)
    change = wanted(stage, "CXASH")
    before = stage.server.rows(SECRETS)
    with pytest.raises(Refused) as caught:
        exchange(stage, ExchangeOrder(**{**{f: getattr(change, f) for f in change.__struct_fields__}, "of_sale": "x"}))
    assert caught.value.key == "not_found"
    assert stage.server.rows(SECRETS) == before


def rebooked(till: Till, *arguments: str) -> dict[str, Any]:
    done = till.guichet("platform", *arguments)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert (report["outcome"], report["is_at_rest"]) == ("delivered", True)
    return report


def price_there(till: Till, price: str) -> None:
    slot = till.server.facts["small_slot_id"].partition("@")[2]
    body = {"item_price_overrides": [{"item": int(till.server.facts["adult"]), "price": price}]}
    assert till.http.patch(f"/events/museum/subevents/{slot}/", json=body).status_code == 200


def test_dearer_is_paid_first_cheaper_given_back_and_the_books_agree(till: Till) -> None:
    till.join()
    facts = till.server.facts
    sale = till.sell("--event", "museum", "--rider", f"{facts['adult']}=2")
    (code,) = sale["codes"]
    assert till.drained() == 0
    first = json.loads(till.guichet("platform", "find", code).stdout)["parts"][0]["part_id"]
    price_there(till, "15.00")
    dear = rebooked(till, "rebook", code, facts["small_slot_id"], "--part", first)
    assert [each["kind"] for each in dear["tenders"]] == ["credit", "card"]
    assert till.drained() == 0
    (new,) = printed(dear)
    old = next(iter(set(printed(sale)) - {row[0] for row in till.server.rows(SECRETS)}))
    assert till.admit(facts["door"], old)[0] == 404
    assert cents(till.server.rows(PAYMENTS, code)) == [2400, 300]
    price_there(till, "9.00")
    second = next(
        each["part_id"] for each in json.loads(till.guichet("platform", "find", code).stdout)["parts"]
        if each["part_id"] != first
    )  # fmt: skip
    cheap = rebooked(till, "rebook", code, facts["small_slot_id"], "--part", second, "--tender", "cash")
    assert cheap["change"] == {"minor": 300, "currency": "EUR"}
    assert till.drained() == 0
    assert [(round(float(amount) * 100), state) for amount, state in till.server.rows(REFUNDS)] == [(300, "done")]
    assert cents(till.server.rows(ORDER, code)) == [2400]
    assert till.admit(facts["door"], new) == (201, "")
    assert till.admit(facts["door"], printed(cheap)[0]) == (201, "")
    refused = till.guichet("platform", "rebook", code, facts["slot_id"], "--part", first)
    assert refused.returncode != 0
    assert "let in already" in till.said[-1]
    books = till.guichet("reconcile", "--all")
    assert books.returncode == 0, books.stdout
    assert json.loads(books.stdout)["platform_minor"] == 2400


def test_a_reissued_ticket_comes_out_anew_and_its_old_code_opens_no_door(till: Till) -> None:
    till.join()
    facts = till.server.facts
    sale = till.sell("--event", "museum", "--rider", f"{facts['adult']}=1", "--holder", "Ada Lovelace")
    (code,) = sale["codes"]
    assert till.drained() == 0
    again = rebooked(till, "reissue", code)
    (old,), (new,) = printed(sale), printed(again)
    assert old != new
    assert till.admit(facts["door"], old)[0] == 404
    assert till.admit(facts["door"], new) == (201, "")
    assert again["paid"]["minor"] == sale["paid"]["minor"]
    holders = till.server.rows("SELECT attendee_name_cached FROM pretixbase_orderposition WHERE canceled = 0")
    assert holders == [("Ada Lovelace",)], "the booking stays what it was"
    assert till.drained() == 0
    assert till.guichet("reconcile", "--all").returncode == 0


def test_a_ticket_of_the_shop_is_exchanged_too_and_stays_its_buyers(till: Till) -> None:
    """What another channel sold keeps its order, its mail address and the name on it."""
    till.join()
    facts = till.server.facts
    slot = int(facts["slot_id"].partition("@")[2])
    body = {
        "status": "p", "email": "ada@example.org", "locale": "en", "sales_channel": "api.kiosk", "testmode": True,
        "payment_provider": "manual", "positions": [{
            "positionid": 1, "item": int(facts["adult"]), "variation": None, "subevent": slot, "price": "12.00",
            "attendee_name_parts": {"_scheme": "full", "full_name": "Ada Lovelace"}, "answers": [],
        }],
    }  # fmt: skip
    made = till.http.post("/events/museum/orders/", json=body)
    assert made.status_code == 201, made.text
    code, old = made.json()["code"], made.json()["positions"][0]["secret"]
    assert printed(till.sell("--pick-up", code)) == [old]
    assert till.drained() == 0
    price_there(till, "15.00")
    report = rebooked(till, "rebook", code, facts["small_slot_id"], "--tender", "cash")
    (new,) = printed(report)
    assert till.drained() == 0
    (part,) = json.loads(till.guichet("platform", "find", code).stdout)["parts"]
    assert (part["secret"], part["prints"]) == (new, 1), "what was printed of the old one counts no more"
    assert till.admit(facts["door"], old)[0] == 404
    assert till.admit(facts["door"], new) == (201, "")
    assert till.server.rows("SELECT email, status FROM pretixbase_order") == [("ada@example.org", "p")]
    assert cents(till.server.rows(PAYMENTS, code)) == [1200, 300]
