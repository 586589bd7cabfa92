"""What the operator asks is answered before the sale, is on the server with the order, and lies nowhere in clear."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.pretix.museum import Operator
from tests.pretix.test_terminal import Till

HERE = Path(__file__).parent
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


def test_a_clerk_asks_by_keys_refuses_what_will_not_do_and_the_server_has_the_answers(till: Till) -> None:
    options = [{"answer": {"en": name}, "identifier": name.upper(), "position": 1} for name in ("Soup", "Bread")]
    ask(till, "Your meal", "C", position=2, options=options)
    ask(till, "Your country", "CC", position=3, required=False)
    ask(till, "Born", "D", position=4, valid_date_min="1900-01-01")
    ask(till, "I know the house rules", "B", position=5)
    till.join()
    words = [str(HERE / "counter_process.py"), str(till.settings), str(till.folder), till.server.facts["workshop"]]
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, timeout=240, check=False,
        env={**os.environ, "PYTHONPATH": str(HERE.parents[1]), "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    refused = [each for each in told["said"] if each]
    assert [each.split(".")[0] for each in refused] == [
        "This is too long", "The organizer needs an answer to this", "No country has this code",
        "This is a date: day, month and year, such as 24",
    ]  # fmt: skip
    assert till.server.rows(ANSWERS) == [
        ('{"en": "Your age"}', "34.5"), ('{"en": "Your meal"}', "Soup"), ('{"en": "Your country"}', "DE"),
        ('{"en": "Born"}', "2003-02-01"), ('{"en": "I know the house rules"}', "True"), ('{"en": "Your age"}', "9"),
        ('{"en": "Your meal"}', "Bread"), ('{"en": "Born"}', "1999-01-01"),
        ('{"en": "I know the house rules"}', "True"),
    ]  # fmt: skip


def test_bad_answers_are_refused_before_the_server_is_asked(till: Till) -> None:
    ask(till, "Your country", "CC", position=2)
    till.join()
    sell = ("sell", "--event", "museum", "--rider", f"{till.server.facts['workshop']}=1")
    good = {"Your age": "34", "Your country": "de"}
    bad = (("Your age", "9" * 51), ("Your age", "1e400"), ("Your country", "XX"), ("Your country", "D\u202e"))
    for question, value in bad:
        given = {**good, question: value}
        words = [word for name, each in given.items() for word in ("--answer", f"{name}={each}")]
        refused = till.guichet(*sell, *words)
        assert refused.returncode == 3, refused.stdout
        assert f"“{question}”" in refused.stderr
    assert till.server.rows("SELECT count(*) FROM pretixbase_order") == [(0,)]
    till.sell(*sell[1:], *[word for name, each in good.items() for word in ("--answer", f"{name}={each}")])
    assert till.server.rows(ANSWERS) == [('{"en": "Your age"}', "34"), ('{"en": "Your country"}', "DE")]


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
