"""The real server answers as the model that carries the mass simulations was told it does.

`GUICHET_RECORD_CONTRACT=1` writes the answers down anew, for a newer pretix.
"""

import json
import os
from pathlib import Path
from typing import Any

import httpx

from tests.simulation.contract_story import Answer, Wire, story

RECORDED = Path(__file__).parents[1] / "simulation" / "contract.json"


def test_the_real_server_answers_as_recorded(server: Any) -> None:
    server.reset()
    with httpx.Client(base_url=server.url, timeout=60) as http:

        def ask(method: str, path: str, body: Any, key: str, token: str) -> Answer:
            headers = {"Authorization": f"Device {token}", **({"X-Idempotency-Key": key} if key else {})}
            answer = http.request(method, path, json=body, headers=headers)
            return answer.status_code, answer.json() if answer.content else None

        told = story(Wire(ask, server.facts, server.facts["token"]))
    if os.environ.get("GUICHET_RECORD_CONTRACT"):
        RECORDED.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    expected = json.loads(RECORDED.read_text(encoding="utf-8"))
    assert told.keys() == expected.keys()
    assert {name: each for name, each in told.items() if each != expected[name]} == {}
