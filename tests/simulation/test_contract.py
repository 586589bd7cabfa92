"""The model answers every request of the contract as the real server was recorded to answer it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from tests.simulation.contract_story import Answer, Wire, story
from tests.simulation.pretix_model import PretixModel
from tests.simulation.programme import programme

RECORDED = Path(__file__).parent / "contract.json"


def test_the_model_answers_as_the_real_server_was_recorded() -> None:
    started = datetime.now(UTC)
    model = PretixModel(programme(started), lambda: started)

    def ask(method: str, path: str, body: Any, key: str, token: str) -> Answer:
        headers = {"Authorization": f"Device {token}", **({"X-Idempotency-Key": key} if key else {})}
        answer = model.handle(httpx.Request(method, f"http://model{path}", json=body, headers=headers))
        return answer.status_code, answer.json() if answer.content else None

    told = story(Wire(ask, model.programme.facts, model.device.token))
    expected = json.loads(RECORDED.read_text(encoding="utf-8"))
    assert told.keys() == expected.keys()
    assert {name: (each, expected[name]) for name, each in told.items() if each != expected[name]} == {}
