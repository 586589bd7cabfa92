"""Tickets move to another slot or get a new secret: the old one is dead, the new one opens the door, once each."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from kiosk.application.errors import OutcomeUnknown, Refused
from kiosk.application.interfaces import EventChoice
from kiosk.domain.catalogue import RiderCount
from tests.pretix.museum import Operator
from tests.pretix.test_terminal import Till, printed

SECRETS = "SELECT secret, subevent_id FROM pretixbase_orderposition WHERE canceled = 0 ORDER BY positionid"


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


def booked(stage: Any, code: str, **counts: int) -> Any:
    choice = EventChoice(stage.slot_id, tuple(RiderCount(stage.facts[name], count) for name, count in counts.items()))
    order = stage.order(code, stage.run(stage.platform.event_offer(choice, timeout_s=30)))
    stage.run(stage.platform.book(order, timeout_s=30))
    return order


def slot_number(stage: Any, name: str) -> int:
    return int(stage.facts[name].partition("@")[2])


def rebook(stage: Any, code: str, *parts: str, to: str = "small_slot_id") -> Any:
    return stage.run(stage.platform.rebook(code, parts, stage.facts.get(to, to), timeout_s=30))


def test_a_ticket_moves_with_its_extra_and_the_rest_stays(stage: Any) -> None:
    order = booked(stage, "MXVES", adult=2, guide=2)
    before = dict(stage.server.rows(SECRETS))
    first, extra = order.parts[0].part_id, order.parts[2].part_id
    found = rebook(stage, "MXVES", first)
    small = slot_number(stage, "small_slot_id")
    after = dict(stage.server.rows(SECRETS))
    assert sorted(after.values()) == sorted([small, small, *[slot_number(stage, "slot_id")] * 2])
    assert len(set(before) & set(after)) == 2
    moved = {part.part_id: part for part in found.parts if after[part.secret] == small}
    assert {part.sold_in for part in moved.values()} == {order.offers[0].id}
    assert set(moved) == {first, extra}
    there = next(offer for offer in found.offers if offer.id == moved[first].offer_id)
    assert there.occurrence.id == stage.facts["small_slot_id"]
    assert {offer.occurrence.id for offer in found.offers} == {stage.slot_id, stage.facts["small_slot_id"]}
    assert (found.paid, found.digest) == (order.paid, order.digest)
    old = next(part.secret for part in order.parts if part.part_id == first)
    assert stage.run(stage.platform.find(old, timeout_s=30)) is None
    assert rebook(stage, "MXVES", first) == found
    assert dict(stage.server.rows(SECRETS)) == after
    stage.run(stage.platform.cancel("MXVES", (first,), reason="changed their mind", timeout_s=30))
    assert len(stage.server.rows(SECRETS)) == 2


def test_nothing_moves_where_there_is_no_room_or_another_price(stage: Any, operator: Operator) -> None:
    order = booked(stage, "MANYX", adult=4)
    before = stage.server.rows(SECRETS)
    small = slot_number(stage, "small_slot_id")
    meta = stage.server.rows("SELECT api_meta FROM pretixbase_order")
    for slot, key in (("small_slot_id", "sold_out"), ("museum@99999", "not_found"), ("seated_slot_id", "bad_request")):
        with pytest.raises(Refused) as caught:
            rebook(stage, "MANYX", to=slot)
        assert caught.value.key == key
    operator.do(
        "PATCH", f"subevents/{small}/", item_price_overrides=[{"item": int(stage.facts["adult"]), "price": "9.00"}]
    )
    stage.clock.step(120)
    with pytest.raises(Refused) as caught:
        rebook(stage, "MANYX", order.parts[0].part_id)
    assert caught.value.key == "other_price"
    assert stage.server.rows(SECRETS) == before
    assert stage.server.rows("SELECT api_meta FROM pretixbase_order") == meta


def test_the_server_has_the_last_word_on_room_and_the_notes_are_as_before(stage: Any) -> None:
    """Somebody else takes the last places between our look and the change."""
    booked(stage, "LATEX", adult=1)
    meta = stage.server.rows("SELECT api_meta FROM pretixbase_order WHERE code = 'LATEX'")
    rooms = stage.platform._reader.rooms

    async def and_then_gone(*given: Any) -> Any:
        found = await rooms(*given)
        stage.server.change(
            "UPDATE pretixbase_quota SET size = 0 WHERE subevent_id = ? AND size = 3",
            slot_number(stage, "small_slot_id"),
        )
        return found

    stage.platform._reader.rooms = and_then_gone
    with pytest.raises(Refused) as caught:
        rebook(stage, "LATEX")
    assert caught.value.key == "sold_out"
    assert stage.server.rows("SELECT api_meta FROM pretixbase_order WHERE code = 'LATEX'") == meta


def test_a_change_whose_answer_was_lost_is_done_once(stage: Any) -> None:
    order = booked(stage, "LXSTX", adult=1, guide=1)
    sent = []

    plain = stage.platform._client.send

    async def losing(method: str, path: str, *given: Any, **more: Any) -> Any:
        answer = await plain(method, path, *given, **more)
        sent.append(path)
        if path.endswith("/change/") and len(sent) == 2:
            raise OutcomeUnknown("outcome_unknown", "lost")
        return answer

    stage.platform._client.send = losing
    with pytest.raises(OutcomeUnknown):
        rebook(stage, "LXSTX")
    once = stage.server.rows(SECRETS)
    found = rebook(stage, "LXSTX")
    assert stage.server.rows(SECRETS) == once
    assert {part.secret for part in found.parts} == {row[0] for row in once}
    assert {part.part_id for part in found.parts} == {part.part_id for part in order.parts}


def test_a_reissued_ticket_comes_out_anew_and_its_old_code_opens_no_door(till: Till) -> None:
    till.join()
    facts = till.server.facts
    sale = till.sell("--event", "museum", "--rider", f"{facts['adult']}=2")
    (code,) = sale["codes"]
    assert till.drained() == 0
    first, second = (each["part_id"] for each in json.loads(till.guichet("platform", "find", code).stdout)["parts"])
    told = json.loads(till.guichet("platform", "reissue", code, "--part", first).stdout)
    new = next(part["secret"] for part in told["parts"] if part["part_id"] == first)
    old = next(secret for secret in printed(sale) if secret not in {part["secret"] for part in told["parts"]})
    paper = till.sell("--pick-up", code)
    assert printed(paper) == [new]
    assert till.admit(facts["door"], old)[0] == 404
    assert till.admit(facts["door"], new) == (201, "")
    refused = till.guichet("platform", "reissue", code, "--part", first)
    assert refused.returncode != 0
    assert "let in already" in till.said[-1]
    assert till.drained() == 0
    moved = json.loads(till.guichet("platform", "rebook", code, facts["small_slot_id"], "--part", second).stdout)
    paper = till.sell("--pick-up", code)
    (secret,) = printed(paper)
    assert secret in {part["secret"] for part in moved["parts"]}
    assert till.admit(facts["door"], secret) == (201, "")
    books = till.guichet("reconcile", "--all")
    assert books.returncode == 0, books.stdout
