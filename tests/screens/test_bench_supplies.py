"""Supplies at the bench: a roll is booked, the cash counted blind by keys and by touch, and the difference told."""

from typing import Any

import pytest
from PySide6.QtCore import Qt

from kiosk.application.selling import SaleOrder, sell
from kiosk.application.service import Acts
from kiosk.shells import technician
from offline_store import OutOfSpace

SIZES = ((1920, 1080), (1366, 768))
ORDER = SaleOrder(origin="aldermoor-central", destination="bellmar", riders={"adult": 2})


def show(desk: Any, device_id: str) -> int:
    """Return the place of a device among those listed."""
    return next(at for at, each in enumerate(desk.terminal.supervision.healths) if each.device_id == device_id)


@pytest.mark.parametrize("size", SIZES)
def test_a_new_roll_is_booked_and_the_cash_counted(sit: Any, size: tuple[int, int], noted: list[Any]) -> None:
    async def story(desk: Any) -> None:
        bench, supplies = desk.face, desk.face.supplies
        await sell(desk.terminal, ORDER)
        await desk.terminal.supervision.look()
        await desk.until(lambda: "0.0 of" not in supplies.facts.rows[0].value, "used paper")
        desk.judge("bench-overview")
        bench.choose(show(desk, "ticket-printer"))
        await desk.press(Qt.Key.Key_N, "n")
        await desk.until(lambda: "New roll booked" in supplies.note, "the roll")
        assert supplies.facts.rows[0].value.startswith("0 of 80 m used · 0 cuts")
        desk.judge("bench-new-roll")
        bench.choose(show(desk, "cash-unit"))
        assert supplies.note == ""
        await desk.press(Qt.Key.Key_C, "c")
        await desk.until(lambda: supplies.isCounting, "the count")
        unit = await desk.terminal.devices.cash.counts()
        for at, (value, pieces) in enumerate(unit):
            assert all(row.told == "" for row in supplies.pieces.rows), "the count is blind"
            await desk.type(str(pieces - (value == 50)))
            if at == 0:
                await desk.press(Qt.Key.Key_7, "7")
                await desk.press(Qt.Key.Key_Backspace)
                desk.judge("bench-counting")
            await desk.press(Qt.Key.Key_Down)
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: supplies.isBooked, "the booking")
        assert "differs by -€0.50" in supplies.note
        assert [row.told for row in supplies.pieces.rows if row.mood == "warn"] == ["50 expected, -1"]
        desk.judge("bench-counted")
        await desk.press(Qt.Key.Key_Escape)
        await desk.until(lambda: not supplies.isCounting, "the device again")

    open_bench = technician.open_technician
    sit(lambda terminal, **more: open_bench(terminal, technician="Anna", **more), story, size)
    kinds = {kind: (actor, facts) for kind, actor, facts in noted}
    assert kinds["service:new_roll"][0] == "technician:Anna"
    assert kinds["service:new_roll"][1]["used_mm"] > 100
    assert kinds["service:cash_counted"][1]["difference_minor"] == -50


def test_a_test_at_the_bench_is_journalled_with_who_did_it(sit: Any, noted: list[Any]) -> None:
    async def story(desk: Any) -> None:
        desk.face.choose(show(desk, "cash-unit"))
        await desk.press(Qt.Key.Key_P, "p")
        await desk.until(lambda: noted, "the act")

    sit(technician.open_technician, story)
    assert noted == [
        ("service:device_tested", "technician:1", {"device_id": "cash-unit", "test": "counts", "outcome": "ok"})
    ]


def test_a_journal_that_takes_nothing_books_nothing_and_keeps_what_was_counted(
    sit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise OutOfSpace("store.full")

    async def story(desk: Any) -> None:
        bench, supplies = desk.face, desk.face.supplies
        bench.choose(show(desk, "cash-unit"))
        await desk.press(Qt.Key.Key_C, "c")
        await desk.until(lambda: supplies.isCounting, "the count")
        await desk.press(Qt.Key.Key_7, "7")
        with monkeypatch.context() as journal:
            journal.setattr(Acts, "note", full)
            await desk.press(Qt.Key.Key_Return)
            await desk.until(lambda: "does not keep it" in supplies.note, "why not")
            assert (supplies.isBooked, supplies.isCounting) == (False, True)
            supplies.bookRoll("ticket-printer")
            supplies.hush()
            await desk.until(lambda: "does not keep it" in supplies.note, "nor a roll")
        assert supplies.pieces.rows[0].counted == "7"
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: supplies.isBooked, "the booking")

    sit(technician.open_technician, story)
