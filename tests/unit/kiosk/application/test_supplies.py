"""What is used up is added up across restarts, booked by whoever acts, and told to people and programs."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hardware.card_reader import CardReaderSimulator, SimulatedCard
from hardware.cash import CashSimulator
from hardware.errors import DeviceUnavailable
from hardware.printer import EmulatedPrinter
from kiosk.__main__ import main
from kiosk.application.control import NotDone
from kiosk.application.questions import ANSWERS
from kiosk.application.selling import SaleOrder, sell
from kiosk.application.settings import DeviceSettings, ServiceSettings, Settings
from kiosk.application.settings_file import LoadedSettings
from kiosk.application.supplies import Count, CountLine, Supplies, compared
from kiosk.application.supplies_acts import roll_of
from kiosk.application.terminal import Terminal
from kiosk.bootstrap import Start, open_store, open_terminal
from kiosk.commands.doctor import supply_lines

ORDER = SaleOrder(origin="aldermoor-central", destination="bellmar", riders={"adult": 1})
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


class Hands:
    def now(self) -> datetime:
        return NOW

    def mono_ns(self) -> int:
        return 0


class Counted:
    """A device that counts what it is told to."""

    def __init__(self, device_id: str) -> None:
        self.device_id = device_id
        self.counts: dict[str, int] = {}

    @property
    def used(self) -> dict[str, int]:
        return dict(self.counts)


def at_terminal(data: Path, story: Callable[[Terminal], Awaitable[Any]], settings: Settings | None = None) -> Any:
    async def opened() -> Any:
        start = Start(LoadedSettings(settings or Settings(), ""), data)
        async with open_terminal(start) as terminal, asyncio.timeout(60):
            return await story(terminal)

    return asyncio.run(opened())


def acts_of(data: Path, kind: str) -> list[tuple[str, dict[str, Any]]]:
    async def read() -> list[tuple[str, dict[str, Any]]]:
        async with open_store(Start(LoadedSettings(Settings(), ""), data)) as store:
            rows = await store.read_journal(0, 1000)
            return [(each.actor, json.loads(each.payload)) for each in rows if each.kind == kind]

    return asyncio.run(read())


def test_counts_are_added_up_across_restarts_and_begin_anew_when_booked(tmp_path: Path) -> None:
    file, printer = tmp_path / "supplies.json", Counted("printer")
    book = Supplies(file, Hands(), (printer, object()))
    printer.counts = {"paper_mm": 100, "cuts": 1}
    assert book.of("printer").counts == {"cuts": 1, "paper_mm": 100}, "what is not yet taken counts"
    book.take()
    book.take()
    printer.counts = {"paper_mm": 250, "cuts": 2}
    assert book.of("printer").counts["paper_mm"] == 250
    book.take()
    again = Supplies(file, Hands(), (Counted("printer"),))
    assert again.of("printer").counts == {"cuts": 2, "paper_mm": 250}
    printer.counts = {"paper_mm": 300, "cuts": 3}
    assert book.begin_anew("printer").counts == {"cuts": 3, "paper_mm": 300}
    assert book.of("printer").counts == {}
    printer.counts = {"paper_mm": 310, "cuts": 3}
    assert book.of("printer").counts == {"paper_mm": 10}
    assert file.stat().st_mode & 0o077 == 0


def test_a_book_that_cannot_be_read_begins_anew_and_one_that_cannot_be_written_loses_nothing(tmp_path: Path) -> None:
    file, printer = tmp_path / "supplies.json", Counted("printer")
    file.write_bytes(b"\xff{")
    book = Supplies(file, Hands(), (printer,))
    assert book.of("printer").counts == {}
    file.unlink()
    file.mkdir()
    (file / "in the way").touch()
    printer.counts = {"cuts": 1}
    with pytest.raises(OSError, match="directory"):
        book.take()
    assert book.of("printer").counts == {"cuts": 1}
    (file / "in the way").unlink()
    file.rmdir()
    book.take()
    assert Supplies(file, Hands(), ()).of("printer").counts == {"cuts": 1}


def test_what_should_lie_there_is_what_was_counted_and_what_moved_since(tmp_path: Path) -> None:
    book = Supplies(tmp_path / "s.json", Hands(), ())
    assert book.expected("cash", {50: 3, 100: 2}) == {50: 3, 100: 2}, "at first the unit is believed"
    book.begin_anew("cash", Count(NOW, {50: 2, 100: 2}, {50: 3, 100: 2}))
    assert book.expected("cash", {50: 5, 100: 1, 200: 1}) == {50: 4, 100: 1, 200: 1}
    assert compared({50: 4, 100: 1}, {50: 4, 200: 1}) == (
        CountLine(50, 4, 4),
        CountLine(100, 1, 0),
        CountLine(200, 0, 1),
    )
    book.begin_anew("cash")
    assert book.of("cash").count is not None, "only a count takes the place of a count"


def test_paper_of_a_real_printer_is_measured_and_a_new_roll_booked(tmp_path: Path) -> None:
    emulator = EmulatedPrinter()
    device = DeviceSettings(kind="printer.escpos.tcp", device_id="p", options={"port": emulator.serve_tcp()})
    others = tuple(each for each in Settings().devices if not each.kind.startswith("printer"))
    settings = Settings(devices=(device, *others), service=ServiceSettings(roll_m=1.0))

    async def first(terminal: Terminal) -> int:
        assert (await sell(terminal, ORDER))["outcome"] == "delivered"
        return roll_of(terminal, "p").used_mm

    async def second(terminal: Terminal) -> None:
        assert roll_of(terminal, "p").used_mm == used
        told = (await ANSWERS["doctor"](terminal, {}))["supplies"]
        assert told["p"]["paper_used_mm"] == used
        with pytest.raises(NotDone, match="No printer"):
            await ANSWERS["service.roll"](terminal, {"device_id": "scanner"})
        assert await ANSWERS["service.roll"](terminal, {"device_id": "p"}) == {
            "device_id": "p", "used_mm": used, "cuts": len(papers),
        }  # fmt: skip
        assert roll_of(terminal, "p").used_mm == 0
        assert not roll_of(terminal, "p").is_low

    used = at_terminal(tmp_path, first, settings)
    papers = emulator.machine.papers()
    rows = sum(len(paper.rows) for paper in papers)
    assert rows / 8 - 1 <= used <= rows / 8 + 16 * len(papers), "the paper that came out, and the way to the cutter"
    assert used > 0.1 * 1000
    at_terminal(tmp_path, second, settings)
    emulator.stop()
    assert acts_of(tmp_path, "service:new_roll") == [
        ("technician:command-line", {"device_id": "p", "used_mm": used, "roll_mm": 1000, "cuts": len(papers)})
    ]


def test_a_roll_that_is_nearly_used_is_low(tmp_path: Path) -> None:
    async def story(terminal: Terminal) -> None:
        assert not roll_of(terminal, "ticket-printer").is_low
        for _ in range(3):
            await sell(terminal, ORDER)
        figure = roll_of(terminal, "ticket-printer")
        assert figure.is_low
        assert any(line.startswith("  ! ticket-printer") for line in supply_lines(
            (await ANSWERS["doctor"](terminal, {}))["supplies"]
        ))  # fmt: skip

    at_terminal(tmp_path, story, Settings(service=ServiceSettings(roll_m=1.0, roll_low_percent=50)))


async def put_in(cash: CashSimulator, *values: int) -> None:
    """Let pieces in and have them stacked, as a sale does."""
    offered: asyncio.Queue[Any] = asyncio.Queue()
    await cash.enable(offered.put_nowait)
    cash.queue_pieces(*values)
    for _ in values:
        piece = await offered.get()
        await cash.accept(piece.piece_id, timeout_s=5)
    await cash.disable()


def test_cash_is_counted_by_value_and_the_difference_is_journalled(tmp_path: Path) -> None:
    async def story(terminal: Terminal) -> None:
        cash = terminal.devices.cash
        assert isinstance(cash, CashSimulator)
        await put_in(cash, 200, 200, 50)
        await cash.dispense("r1", 150, "EUR", timeout_s=5)
        told = (await ANSWERS["doctor"](terminal, {}))["supplies"]["cash-unit"]
        assert told["in"] == {"50": 1, "200": 2}
        assert sum(int(value) * n for value, n in told["out"].items()) == 150
        unit = dict(await cash.counts())
        for bad in ({7: 1}, {50: -1}, {"x": 1}):
            with pytest.raises(NotDone, match="Count by value"):
                await ANSWERS["service.cash"](terminal, {"counted": bad})
        one_missing = {str(value): n - (value == 200) for value, n in unit.items()}
        found = await ANSWERS["service.cash"](terminal, {"counted": one_missing})
        assert found["difference_minor"] == -200
        assert [each for each in found["lines"] if each["difference"]] == [
            {"value": 200, "expected": unit[200], "counted": unit[200] - 1, "difference": -1}
        ]
        await put_in(cash, 200)
        counted = {**one_missing, "200": one_missing["200"] + 1}
        assert (await ANSWERS["service.cash"](terminal, {"counted": counted}))["difference_minor"] == 0
        cash.start_fault("not_reachable")

    at_terminal(tmp_path, story)
    [(actor, first), (_, second)] = acts_of(tmp_path, "service:cash_counted")
    assert actor == "technician:command-line"
    assert first["difference"] == "200:-1"
    assert second["difference"] == ""


def test_without_a_cash_unit_or_with_a_dead_one_nothing_is_booked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dead(terminal: Terminal) -> None:
        async def counts() -> tuple[tuple[int, int], ...]:
            raise DeviceUnavailable("cash.not_reachable")

        monkeypatch.setattr(terminal.devices.cash, "counts", counts)
        with pytest.raises(NotDone, match="Nothing was booked"):
            await ANSWERS["service.cash"](terminal, {"counted": {}})

    async def none(terminal: Terminal) -> None:
        with pytest.raises(NotDone, match="no cash unit"):
            await ANSWERS["service.cash"](terminal, {"counted": {}})

    at_terminal(tmp_path / "a", dead)
    at_terminal(tmp_path / "b", none, Settings(devices=()))


def test_cards_put_on_are_counted_and_survive_a_restart(tmp_path: Path) -> None:
    async def story(terminal: Terminal) -> None:
        reader = terminal.devices.readers[0]
        assert isinstance(reader, CardReaderSimulator)
        for _ in range(3):
            reader.insert(SimulatedCard("04A1B2C3"))

    async def later(terminal: Terminal) -> None:
        assert terminal.supplies.of("card-reader").counts == {"cards": 3}

    at_terminal(tmp_path, story)
    at_terminal(tmp_path, later)


def test_the_command_line_books_roll_and_cash(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = ("--data", str(tmp_path))
    assert main(("service", "roll", "ticket-printer", *named)) == 0
    assert json.loads(capsys.readouterr().out)["used_mm"] == 0
    assert main(("service", "roll", "nobody", *named)) == 3
    assert main(("service", "cash", "50:12,100:3", *named)) == 0
    told = json.loads(capsys.readouterr().out)
    assert {each["value"]: each["counted"] for each in told["lines"]}[50] == 12
    assert main(("service", "cash", "many", *named)) == 3
    assert main(("service", "cash", "50:12,100:3, 50:4", *named)) == 3, "twelve would be lost"
    assert "such as 50:12" in capsys.readouterr().err
