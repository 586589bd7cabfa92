"""Tickets are exchanged by command on the embedded platform: dearer, cheaper, in other seats, with the line cut."""

import asyncio
import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.application.errors import OutcomeUnknown, Refused
from kiosk.application.exchange_questions import exchanged
from kiosk.application.settings import Settings
from kiosk.application.settings_file import LoadedSettings
from kiosk.bootstrap import Start, open_platform, open_terminal
from kiosk.platforms.embedded.adapter import EmbeddedPlatform

ROOT = Path(__file__).parents[2]
Done = "subprocess.CompletedProcess[str]"


def guichet(data: Path, *arguments: str) -> Done:
    return subprocess.run(
        [sys.executable, "-m", "kiosk", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "GUICHET_DATA_DIR": str(data)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def told(data: Path, *arguments: str) -> dict[str, Any]:
    done = guichet(data, *arguments)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def slots_of(data: Path, event_id: str) -> list[str]:
    async def read() -> list[str]:
        async with open_platform(Start(LoadedSettings(Settings(), ""), data)) as platform:
            event = next(each for each in await platform.events(on=None, limit=20) if each.id == event_id)
            days = [event.next_starts.date() + timedelta(days=after) for after in range(3)]
            found = [each for on in days for each in await platform.slots(event_id, on=on)]
            return [each.id for each in found if each.starts > event.next_starts]

    return asyncio.run(read())


def test_the_difference_is_paid_or_given_back_and_the_three_books_agree(tmp_path: Path) -> None:
    sale = told(tmp_path, "sell", "--event", "harbour-tour", "--rider", "adult=2")
    (code,) = sale["codes"]
    cheap = told(tmp_path, "platform", "rebook", code, slots_of(tmp_path, "museum-of-light")[0])
    assert (cheap["price"]["minor"], cheap["change"]["minor"]) == (2400, 1200)
    dear = told(tmp_path, "platform", "rebook", code, slots_of(tmp_path, "museum-day")[0])
    assert [each["kind"] for each in dear["tenders"]] == ["credit", "card"]
    anew = told(tmp_path, "platform", "reissue", code)
    found = told(tmp_path, "platform", "find", code)
    secrets = {part["secret"] for part in found["parts"]}
    assert secrets == {each["secret"] for each in anew["documents"]}
    for old in (sale, cheap, dear):
        for document in old["documents"]:
            assert guichet(tmp_path, "platform", "find", document["secret"]).returncode == 3
    books = told(tmp_path, "reconcile", "--all")
    assert books["differences"] == []
    assert books["journal_minor"] == {"card": 3600 + 600, "cash": -1200}
    assert books["platform_minor"] == 3000
    rows = told(tmp_path, "store", "verify")
    assert rows["findings"] == []


def test_seats_change_in_the_hall(tmp_path: Path) -> None:
    sale = told(tmp_path, "sell", "--event", "winters-tale", "--best", "2", "--seat-category", "front")
    (code,) = sale["codes"]
    later = slots_of(tmp_path, "winters-tale")[0]
    moved = told(tmp_path, "platform", "rebook", code, later, "--best", "2")
    assert moved["price"] == sale["price"]
    assert moved["what"][0]["starts"] != sale["what"][0]["starts"]


@pytest.mark.parametrize(("arguments", "words"), [
    (("rebook", "NEVERSXLD", "museum-day@20261129T1000"), "No such booking"),
    (("rebook", "{code}", "nowhere@1"), "No such booking, ticket or slot"),
    (("reissue", "{code}", "--part", "x"), "No such"),
])  # fmt: skip
def test_what_cannot_be_is_said_and_changes_nothing(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    (code,) = told(tmp_path, "sell", "--event", "harbour-tour", "--rider", "adult=1")["codes"]
    before = told(tmp_path, "platform", "find", code)
    refused = guichet(tmp_path, "platform", *(each.format(code=code) for each in arguments))
    assert (refused.returncode, words in refused.stderr) == (3, True), refused.stderr
    assert told(tmp_path, "platform", "find", code) == before


def test_with_the_line_cut_it_is_refused_and_done_when_it_is_back(tmp_path: Path) -> None:
    (code,) = told(tmp_path, "sell", "--event", "harbour-tour", "--rider", "adult=1")["codes"]
    slot = slots_of(tmp_path, "museum-day")[0]
    told(tmp_path, "platform", "link", "down")
    refused = guichet(tmp_path, "platform", "rebook", code, slot)
    assert "does not answer" in refused.stderr
    told(tmp_path, "platform", "link", "up")
    lost = told(tmp_path, "platform", "rebook", code, slot)
    assert lost["outcome"] == "delivered"


def test_a_platform_that_refuses_gives_the_money_back_and_leaves_the_old_ticket_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = told(tmp_path, "sell", "--event", "harbour-tour", "--rider", "adult=1")["codes"]
    slot = slots_of(tmp_path, "museum-day")[0]
    told(tmp_path, "platform", "rebook", code, slots_of(tmp_path, "museum-of-light")[0])
    before = told(tmp_path, "platform", "find", code)

    async def no(*_: Any, **__: Any) -> Any:
        raise Refused("seat_taken")

    async def refused() -> dict[str, Any]:
        monkeypatch.setattr(EmbeddedPlatform, "exchange", no)
        async with open_terminal(Start(LoadedSettings(Settings(), ""), tmp_path)) as terminal:
            report = await exchanged(terminal, {"code": code, "slot": slot})
            assert await terminal.conflicts.all() == ()
            return report

    report = asyncio.run(refused())
    assert (report["outcome"], report["is_at_rest"]) == ("paid_back", True)
    assert [each["state"] for each in report["tenders"]] == ["voided", "voided"]
    assert told(tmp_path, "platform", "find", code) == before
    assert told(tmp_path, "reconcile", "--all")["differences"] == []


def test_what_was_paid_is_on_a_slip_while_nobody_answers_and_the_tickets_come_when_somebody_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = told(tmp_path, "sell", "--event", "museum-of-light", "--rider", "adult=1")["codes"]
    slot = slots_of(tmp_path, "museum-day")[0]
    before = told(tmp_path, "platform", "find", code)
    plain = EmbeddedPlatform.exchange

    async def lost(*_: Any, **__: Any) -> Any:
        raise OutcomeUnknown("outcome_unknown", "lost")

    async def waiting() -> dict[str, Any]:
        monkeypatch.setattr(EmbeddedPlatform, "exchange", lost)
        async with open_terminal(Start(LoadedSettings(Settings(), ""), tmp_path)) as terminal:
            return await exchanged(terminal, {"code": code, "slot": slot})

    async def answered() -> list[Any]:
        monkeypatch.setattr(EmbeddedPlatform, "exchange", plain)
        async with open_terminal(Start(LoadedSettings(Settings(), ""), tmp_path)) as terminal:
            async with asyncio.timeout(60):
                while (claim := await terminal.claims.find(open_report["claim"])).doubtful.minor:
                    await asyncio.sleep(0.05)
                while terminal.till.open_sales():
                    await asyncio.sleep(0.05)
            return [claim]

    open_report = asyncio.run(waiting())
    assert (open_report["outcome"], open_report["stage"]) == ("claim", "confirming")
    assert told(tmp_path, "platform", "find", code) == before
    [claim] = asyncio.run(answered())
    assert (claim.due.minor, claim.doubtful.minor) == (0, 0)
    after = told(tmp_path, "platform", "find", code)
    assert after["parts"][0]["secret"] != before["parts"][0]["secret"]
    assert after["parts"][0]["prints"] == 1
    assert told(tmp_path, "reconcile", "--all")["differences"] == []


def test_where_nothing_is_given_back_a_cheaper_time_is_refused_and_a_dearer_one_is_not(tmp_path: Path) -> None:
    strict = tmp_path / "strict.toml"
    strict.write_text("[terminal]\nexchange_gives_back = false\n")
    (code,) = told(tmp_path, "sell", "--event", "museum-of-light", "--rider", "adult=1")["codes"]
    cheaper = (slots_of(tmp_path, "museum-of-light")[0], "--settings", str(strict))
    dear = told(tmp_path, "platform", "rebook", code, slots_of(tmp_path, "museum-day")[0], "--settings", str(strict))
    assert dear["outcome"] == "delivered"
    refused = guichet(tmp_path, "platform", "rebook", code, *cheaper)
    assert (refused.returncode, "gives nothing back" in refused.stderr) == (3, True), refused.stderr
    found = told(tmp_path, "platform", "find", code)
    assert {part["secret"] for part in found["parts"]} == {each["secret"] for each in dear["documents"]}


def test_it_is_in_the_journal_of_the_terminal(tmp_path: Path) -> None:
    (code,) = told(tmp_path, "sell", "--event", "harbour-tour", "--rider", "adult=1")["codes"]

    async def running() -> list[str]:
        async with open_terminal(Start(LoadedSettings(Settings(), ""), tmp_path)) as terminal:
            report = await exchanged(terminal, {"code": code})
            assert report["outcome"] == "delivered"
            return [entry.kind for entry in await terminal.till._gateway._store.read_journal(0, 1000)]

    kinds = asyncio.run(running())
    assert "sale.ExchangeBegun" in kinds
