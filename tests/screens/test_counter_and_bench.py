"""The counter and the technician's bench on a real terminal: by keys alone, every page judged."""

import asyncio
import gc
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import qasync
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtQml import QQmlComponent, QQmlExpression

from hardware.card_reader import CardReaderSimulator, SimulatedCard
from hardware.health import ComponentState
from hardware.printer import SimulatedPrinter
from hardware.scanner import ScannerSimulator
from kiosk.application.settings import Settings
from kiosk.application.settings_file import LoadedSettings
from kiosk.application.terminal import Terminal
from kiosk.bootstrap import Start, open_terminal
from kiosk.domain.sale.document import DocumentState
from kiosk.domain.sale.sale import Stage
from kiosk.shells import box_office, technician
from kiosk.shells.shell import Shell

WAIT_S = 60.0  # generous: two slow cores shared with everything else
TARGET_PX = 32.4  # 9 mm at 3.6 px per mm
SIZES = ((1920, 1080), (1366, 768))


class Desk:
    """A clerk or technician who has only a keyboard."""

    def __init__(self, terminal: Terminal, shell: Shell, probe: Any, out: Path) -> None:
        self.terminal = terminal
        self.shell = shell
        self.face = shell.face
        self.probe = probe
        self.out = out

    async def until(self, holds: Callable[[], object], what: str) -> None:
        try:
            async with asyncio.timeout(WAIT_S):
                while not holds():
                    await asyncio.sleep(0.01)
        except TimeoutError:
            self.picture("timeout")
            raise AssertionError(f"waited in vain for {what}") from None
        await asyncio.sleep(0.02)

    async def press(self, key: Qt.Key, text: str = "") -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.postEvent(self.shell.window, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))
        await asyncio.sleep(0.02)

    async def type(self, text: str) -> None:
        for char in text:
            await self.press(Qt.Key(ord(char.upper())), char)

    def picture(self, name: str) -> None:
        size = self.shell.window.width()
        self.shell.window.grabWindow().save(str(self.out / f"{name}-{size}.png"))

    def judge(self, name: str) -> None:
        """Hold the page to the rules of every page: named, large enough, inside, uncut."""
        self.picture(name)
        width = self.shell.window.width()
        found = []
        for each in self.probe():
            x, _, wide, high = each["box"]
            if each["kind"] == "touch":
                if not each["name"].strip(" ,"):
                    found.append(f"no name {each['box']}")
                if wide < TARGET_PX or high < TARGET_PX:
                    found.append(f"small: {each['name']!r} {wide:.0f} by {high:.0f}")
            elif each["isCut"]:
                found.append(f"cut: {each['name']!r} {each['need']} in {each['box']}")
            if each["box"][1] + high > self.shell.window.height() + 2:
                found.append(f"below: {each['name']!r} {each['box']}")
            if x < -2 or x + wide > width + 2:
                found.append(f"outside: {each['name']!r} {each['box']}")
        assert not found, (name, found)


Story = Callable[[Desk], Awaitable[None]]
Sit = Callable[..., None]


@pytest.fixture
def sit(qapp: QGuiApplication, tmp_path: Path, screens_out: Path) -> Callable[..., None]:
    """Open a face on a fresh terminal and run a story at it."""
    qapp.setQuitOnLastWindowClosed(False)

    def run(open_face: Callable[..., Shell], story: Story, size: tuple[int, int] = SIZES[0]) -> None:
        async def main() -> None:
            start = Start(LoadedSettings(Settings(), ""), tmp_path)
            async with open_terminal(start) as terminal:
                await terminal.supervision.look()
                shell = open_face(terminal, width=size[0], height=size[1])
                component = QQmlComponent(shell.engine, str(Path(__file__).with_name("Probe.qml")))
                item = component.createWithInitialProperties({"window": shell.window})
                item.setParent(shell.window)

                def report() -> list[dict[str, Any]]:
                    value = QQmlExpression(shell.engine.rootContext(), item, "report()").evaluate()
                    return json.loads(value[0] if isinstance(value, tuple) else value)

                desk = Desk(terminal, shell, report, screens_out)
                try:
                    await desk.until(lambda: report() and all(each["box"][0] >= 0 for each in report()), "the page")
                    await desk.until(lambda: shell.window.activeFocusItem() is not None, "the focus")
                    await story(desk)
                finally:
                    shell.close()
                    await asyncio.sleep(0.05)

        with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(qapp)) as runner:
            runner.run(main())
        gc.collect()  # here: the loop's timers must not end on a worker thread of the next terminal

    return run


async def to_times(desk: Desk, text: str) -> None:
    what, when = desk.face.what, desk.face.when
    await desk.until(lambda: what.origin_place is not None and what.list_hits(), "the place we stand at")
    await desk.type(text)
    await desk.until(lambda: what.list_hits() and text.lower() in what.list_hits()[0].name.lower(), f"hits for {text}")
    await desk.press(Qt.Key.Key_Return)
    await desk.until(when.list_times, "times")


async def finish(desk: Desk) -> Any:
    await desk.until(lambda: desk.face.pay.sale and desk.face.pay.sale.stage is Stage.DONE, "a finished sale")
    sale = desk.face.pay.sale
    assert sale.tickets
    assert all(each.state is DocumentState.PRINTED for each in sale.tickets)
    return sale


@pytest.mark.parametrize("size", SIZES)
def test_journey_is_sold_for_cash_in_three_steps_by_keys(sit: Sit, size: tuple[int, int]) -> None:
    async def story(desk: Desk) -> None:
        await to_times(desk, "lanshan")
        await desk.until(desk.face.when.list_offers, "tickets")
        await desk.press(Qt.Key.Key_Plus, "+")
        await desk.until(lambda: not desk.face.when.is_asking, "prices for two")
        desk.judge("counter-when")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.face.pay.props.enter == "pay", "something to pay")
        desk.judge("counter-pay")
        await desk.press(Qt.Key.Key_8, "8")
        sale = await finish(desk)
        assert sale.change.minor > 0
        desk.judge("counter-done")
        printer = desk.terminal.devices.printers[0]
        assert isinstance(printer, SimulatedPrinter)
        assert len(printer.papers()) == len(sale.tickets)
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.face.pay.sale is None, "the next customer")

    sit(box_office.open_window, story, size)


def test_painted_seats_are_sold_by_card_and_reprinted_as_a_copy(sit: Sit) -> None:
    async def story(desk: Desk) -> None:
        await to_times(desk, "winter")
        await desk.until(desk.face.when.list_counts, "products")
        await desk.press(Qt.Key.Key_F10)
        await desk.until(lambda: desk.face.when.seat_plan.cursor, "the plan")
        await desk.press(Qt.Key.Key_Right)
        await desk.press(Qt.Key.Key_Left)
        desk.judge("counter-seats")
        chosen = {(seat.row, seat.number) for seat in desk.face.when.seat_plan.chosen}
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.face.pay.props.canCard, "something to pay")
        await desk.press(Qt.Key.Key_Asterisk, "*")
        sale = await finish(desk)
        parts = [part for ticket in sale.tickets for part in sale.parts_of(ticket)]
        assert {(part.seat_row, part.seat_number) for part in parts} == chosen
        await desk.press(Qt.Key.Key_F9)
        await desk.type(sale.tickets[0].code)
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.face.pay.sale and desk.face.pay.sale.id != sale.id, "the booking")
        again = await finish(desk)
        assert [each.secret for each in again.tickets] == [each.secret for each in sale.tickets]
        assert all(each.copy for each in again.tickets)

    sit(box_office.open_window, story)


def test_unknown_code_is_told_kindly(sit: Sit) -> None:
    async def story(desk: Desk) -> None:
        await desk.press(Qt.Key.Key_F9)
        await desk.type("QXQXQX")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.face.what.shown_problem, "an answer")
        assert "Nothing found" in desk.face.what.shown_problem
        desk.judge("counter-find")

    sit(box_office.open_window, story)


@pytest.mark.parametrize("size", SIZES)
def test_every_simulated_device_is_shown_and_tested_by_keys(sit: Sit, size: tuple[int, int]) -> None:
    async def story(desk: Desk) -> None:
        bench, devices = desk.face, desk.terminal.devices
        desk.judge("technician-overview")
        await desk.press(Qt.Key.Key_V, "V")
        for at, health in enumerate(desk.terminal.supervision.healths):
            await desk.press(Qt.Key(ord(str(at + 1))), str(at + 1))
            await desk.until(lambda wanted=health.device_id: bench.shown_id == wanted, health.device_id)
            before = len(bench.happened_to(health.device_id))
            await desk.press(Qt.Key.Key_P, "P")
            if health.family == "printer":
                await desk.until(lambda before=before: len(bench.happened_to(bench.shown_id)) > before, "paper")
                scanner = devices.scanners[0]
                assert isinstance(scanner, ScannerSimulator)
                scanner.inject(bench.last_code)
                before += 1
            elif health.family == "scanner":
                devices.scanners[0].inject("SERVICE 42")
            elif health.family == "card_reader":
                reader = devices.readers[0]
                assert isinstance(reader, CardReaderSimulator)
                reader.insert(SimulatedCard("04A1B2C3"))
            wanted = before + 1
            await desk.until(lambda wanted=wanted: len(bench.happened_to(bench.shown_id)) >= wanted, health.family)
            moods = {each.mood for each in bench.happened_to(health.device_id)}
            assert moods == {"ok"}, bench.happened_to(health.device_id)
            desk.judge(f"technician-{health.device_id}")

    sit(technician.open_technician, story, size)


def test_a_fault_started_by_name_is_seen_and_mended(sit: Sit) -> None:
    async def story(desk: Desk) -> None:
        await desk.press(Qt.Key.Key_1, "1")
        await desk.until(lambda: desk.face.shown_id, "the printer")
        desk.face.setFault("paper_out", True)
        await desk.until(
            lambda: desk.terminal.supervision.healths[0].state is ComponentState.MEDIA_EMPTY, "an empty roll"
        )
        desk.judge("technician-paper-out")
        assert "roll" in desk.face.remedy_now[1]
        desk.face.setFault("paper_out", False)
        await desk.until(lambda: desk.terminal.supervision.healths[0].state is ComponentState.READY, "a full roll")
        desk.face.setFault("no such fault", True)
        assert desk.terminal.supervision.healths[0].state is ComponentState.READY

    sit(technician.open_window, story)
