"""What the operator asks is answered before the sale, is on the server with the order, and lies nowhere in clear."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.pretix.museum import Operator
from tests.pretix.test_terminal import Till

CANARY = "Nuts of the zebrawood"
ANSWERS = """SELECT q.question, a.answer FROM pretixbase_questionanswer a
JOIN pretixbase_question q ON q.id = a.question_id
JOIN pretixbase_orderposition p ON p.id = a.orderposition_id ORDER BY p.positionid, q.position"""


@pytest.fixture
def till(server: Any, tmp_path: Any) -> Iterator[Till]:
    server.reset()
    made = Till(server, tmp_path)
    made.practise()
    yield made
    made.http.close()


def ask(till: Till, text: str, kind: str, **more: Any) -> dict[str, Any]:
    body = {
        "question": {"en": text},
        "type": kind,
        "items": [int(till.server.facts["workshop"])],
        "required": True,
        "identifier": None,
        **more,
    }
    answer = till.http.post("/events/museum/questions/", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_workshop_is_sold_with_its_answers_and_not_without(till: Till) -> None:
    options = [{"answer": {"en": name}, "identifier": name.upper(), "position": 1} for name in ("Soup", "Bread")]
    meal = ask(till, "Your meal", "C", position=2, options=options)
    ask(till, "What must not be in it", "S", position=3, dependency_question=meal["id"], dependency_values=["SOUP"])
    ask(till, "I know the house rules", "B", position=4)
    ask(till, "Shown to the staff only", "S", position=5, hidden=True)
    till.join()
    two = ("sell", "--event", "museum", "--rider", f"{till.server.facts['workshop']}=2")
    asked = till.guichet(*two)
    assert asked.returncode != 0
    assert "Your age" in asked.stderr
    assert "missing" in asked.stderr
    answers = ("--answer", "Your age=34", "--answer", "Your age=9", "--answer", "I know the house rules=true",
               "--answer", "Your meal=Soup", "--answer", "Your meal=Bread",
               "--answer", f"What must not be in it={CANARY}")  # fmt: skip
    for wrong in (("Your age=34", "Your age=old"), ("Your meal=Soup", "Your meal=Steak"),
                  ("I know the house rules=true", "I know the house rules=false")):  # fmt: skip
        refused = till.guichet(*two, *(wrong[1] if each == wrong[0] else each for each in answers))
        assert refused.returncode != 0
        assert "will not do" in refused.stderr
    assert till.server.rows("SELECT count(*) FROM pretixbase_order") == [(0,)]
    sale = till.sell(*two[1:], *answers)
    assert till.server.rows(ANSWERS) == [
        ('{"en": "Your age"}', "34"), ('{"en": "Your meal"}', "Soup"), ('{"en": "What must not be in it"}', CANARY),
        ('{"en": "I know the house rules"}', "True"), ('{"en": "Your age"}', "9"), ('{"en": "Your meal"}', "Bread"),
        ('{"en": "I know the house rules"}', "True"),
    ]  # fmt: skip
    (meta,) = till.server.rows("SELECT api_meta FROM pretixbase_order WHERE code = ?", sale["codes"][0])
    assert CANARY not in json.dumps(meta)
    assert not [path for path in till.folder.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]


def test_sells_on_the_terms_of_a_code(till: Till) -> None:
    body = {
        "code": "MEMBER",
        "max_usages": 3,
        "price_mode": "set",
        "value": "0.50",
        "item": int(till.server.facts["hidden"]),
    }
    assert till.http.post("/events/museum/vouchers/", json=body).status_code == 201
    till.join()
    report = till.sell("--event", "museum", "--voucher", "member", "--rider", f"{till.server.facts['hidden']}=2")
    assert report["paid"] == {"minor": 100, "currency": "EUR"}
    assert till.server.rows("SELECT redeemed FROM pretixbase_voucher") == [(2,)]
    assert till.guichet("sell", "--event", "museum", "--voucher", "wrong").returncode == 3
    assert "voucher_unknown" in till.said[-1]


def test_what_cannot_be_asked_here_is_listed(till: Till) -> None:
    ask(till, "A picture of you", "F")
    till.join()
    unsold = json.loads(till.guichet("platform", "unsold").stdout)
    assert unsold == [{"id": f"museum/{till.server.facts['workshop']}", "reason": "asks for a file"}]


def test_questions_are_told_with_their_bounds_and_options(stage: Any) -> None:
    operator = Operator(stage)
    operator.do(
        "POST", "questions/", question={"en": "Born"}, type="D", required=False, position=9, identifier=None,
        items=[int(stage.facts["workshop"])], valid_date_min="1900-01-01", valid_date_max="2020-12-31",
    )  # fmt: skip
    operator.http.close()
    found = {each.id: each for each in stage.run(stage.platform.event_products(stage.slot_id))}
    age, born = found[stage.facts["workshop"]].questions
    assert (age.text.default, age.kind, age.is_required) == ("Your age", "number", True)
    assert (born.kind, born.is_required, born.least, born.most) == ("date", False, "1900-01-01", "2020-12-31")
    assert found[stage.facts["adult"]].questions == ()
