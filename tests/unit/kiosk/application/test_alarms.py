"""What a person must look at outlasts the device's own word and the program, until somebody answers for it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hardware.health import ComponentState, Health
from kiosk.application import alarms as alarms_module
from kiosk.application.alarms import ALARMING, JAMS, Alarms
from kiosk.application.remedies import REMEDY_CARDS
from offline_store import OutOfSpace

AT = datetime(2026, 11, 28, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.at = AT

    def now(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    def mono_ns(self) -> int:
        return 0


class Journal:
    """Acts as they were noted; full while `is_full`."""

    def __init__(self) -> None:
        self.noted: list[tuple[str, str, Any]] = []
        self.is_full = False

    async def note(self, actor: str, act: str, facts: Any) -> None:
        if self.is_full:
            raise OutOfSpace("store.no_room")
        self.noted.append((actor, act, facts))


def said(cause: str = "payment.tampered") -> Health:
    state = ComponentState.HARDWARE_ERROR if cause else ComponentState.READY
    return Health("pay", "payment_device", state, AT, AT, cause)


def told(folder: Path, story: Callable[[Alarms, Journal], Awaitable[None]]) -> Journal:
    journal = Journal()
    asyncio.run(story(Alarms(folder / "alarms.json", Clock(), journal), journal))
    return journal


def test_an_alarm_outlasts_the_devices_word_and_the_program_until_it_is_acknowledged(tmp_path: Path) -> None:
    async def opened(alarms: Alarms, _: Journal) -> None:
        assert (await alarms.heed(said("payment.no_host"), None)).cause == "payment.no_host"
        for cause in ("payment.tampered", "", "payment.not_reachable"):
            counted = await alarms.heed(said(cause), alarms.of("pay"))
            assert (counted.state, counted.cause) == (ComponentState.OUT_OF_SERVICE, "payment.tampered")

    raised = told(tmp_path, opened)
    assert raised.noted == [("system", "alarm_raised", {"device_id": "pay", "cause": "payment.tampered"})]

    async def after_a_restart(alarms: Alarms, _: Journal) -> None:
        assert "pay" in alarms
        alarm = alarms.of("pay")
        assert alarm is not None
        assert await alarms.acknowledge("printer", "technician:Anna") is None
        answered = await alarms.acknowledge("pay", "technician:Anna")
        assert answered is not None
        assert (answered.since, answered.by) == (alarm.since, "technician:Anna")
        assert await alarms.acknowledge("pay", "technician:Ben") is None, "it is answered for once"
        assert (await alarms.heed(said(""), alarms.of("pay"))).state is ComponentState.READY

    [(actor, act, facts)] = told(tmp_path, after_a_restart).noted
    assert (actor, act) == ("technician:Anna", "alarm_acknowledged")
    assert {facts["device_id"], facts["cause"]} == {"pay", "payment.tampered"}
    assert AT < datetime.fromisoformat(facts["raised"]) < AT + timedelta(minutes=9)

    async def later(alarms: Alarms, _: Journal) -> None:
        answered = alarms.of("pay")
        assert answered is not None
        assert (answered.by, "pay" in alarms) == ("technician:Anna", False), "who answered is still known"

    told(tmp_path, later)


def test_only_an_answer_to_a_question_after_the_acknowledgment_raises_it_again(tmp_path: Path) -> None:
    async def story(alarms: Alarms, journal: Journal) -> None:
        await alarms.heed(said(), None)
        before = alarms.of("pay")
        await alarms.acknowledge("pay", "technician:Anna")
        assert (await alarms.heed(said(), before)).state is ComponentState.HARDWARE_ERROR
        assert "pay" not in alarms
        await alarms.heed(said(), alarms.of("pay"))
        assert "pay" in alarms
        assert [act for _, act, _ in journal.noted] == ["alarm_raised", "alarm_acknowledged", "alarm_raised"]

    told(tmp_path, story)


def test_a_jam_that_comes_back_again_and_again_is_an_alarm_and_one_that_was_cleared_is_none(tmp_path: Path) -> None:
    async def jam(alarms: Alarms, times: int) -> list[bool]:
        stood = []
        for _ in range(times):
            for cause in ("printer.jam", "printer.jam", ""):  # it is asked more than once while it lasts
                await alarms.heed(said(cause), alarms.of("pay"))
            stood.append("pay" in alarms)
        return stood

    async def story(alarms: Alarms, journal: Journal) -> None:
        assert await jam(alarms, 2) == [False, False]
        alarms._clock.at += timedelta(hours=1)
        assert await jam(alarms, 3) == [False, False, True], "those of the hour before do not count"
        assert journal.noted[-1][2]["cause"] == JAMS
        assert alarms.overruled(said("")).cause == JAMS, "no paper is stuck any more: something else is to be done"
        await alarms.acknowledge("pay", "technician:Anna")
        assert await jam(alarms, 3) == [False, False, True], "and it is counted anew"

    told(tmp_path, story)


def test_a_disk_that_is_full_lets_it_stand_and_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space")

    async def story(alarms: Alarms, journal: Journal) -> None:
        with monkeypatch.context() as disk:
            disk.setattr(alarms_module, "write_private", full)
            await alarms.heed(said(), None)
            assert "pay" in alarms
            with pytest.raises(OSError, match="no space"):
                await alarms.acknowledge("pay", "technician:Anna")
            assert "pay" in alarms, "nobody has answered for it durably"
        journal.is_full = True
        await alarms.heed(said(""), alarms.of("pay"))
        with pytest.raises(OutOfSpace):
            await alarms.acknowledge("pay", "technician:Anna")
        assert "pay" in alarms, "nobody answers for it without the journal knowing"
        journal.is_full = False
        before = alarms.of("pay")
        await asyncio.gather(alarms.heed(said(""), before), alarms.heed(said(""), before))

    noted = [act for _, act, _ in told(tmp_path, story).noted]
    assert noted == ["alarm_acknowledged", "alarm_acknowledged_not_written", "alarm_raised"], "raised once"
    assert "pay" in Alarms(tmp_path / "alarms.json", Clock(), Journal())


def test_a_file_that_cannot_be_read_holds_no_alarm(tmp_path: Path) -> None:
    (tmp_path / "alarms.json").write_bytes(b"\xff{")
    assert "pay" not in Alarms(tmp_path / "alarms.json", Clock(), Journal())


def test_every_alarm_says_what_to_do_before_it_goes_into_service() -> None:
    assert all("into service" in REMEDY_CARDS[cause].todo for cause in (*ALARMING, JAMS))
