"""A kiosk on a real terminal: embedded platform, simulators, real till; driven on Qt's loop without a display."""

import asyncio
import gc
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import msgspec
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QPA_UPDATE_IDLE_TIME", "0")

from kiosk.shells.shell import Shell, prepare_qt

prepare_qt()

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QKeyEvent
from PySide6.QtQml import QQmlComponent, QQmlExpression

from kiosk.application.settings import Settings
from kiosk.application.settings_file import LoadedSettings
from kiosk.application.terminal import Terminal
from kiosk.bootstrap import Start, open_terminal
from kiosk.bootstrap.qt_loop import QtLoop
from kiosk.shells.self_service import open_window
from kiosk.ui.controls.collector import collecting
from kiosk.ui.i18n import speech
from offline_store import Store

SPEC = spec_from_file_location("staff_rules", Path(__file__).with_name("staff_rules.py"))
staff_rules = module_from_spec(SPEC)
SPEC.loader.exec_module(staff_rules)
NOW = datetime(2026, 11, 22, 14, 32, tzinfo=UTC)  # a Sunday afternoon, so that pages are the same on every day
WAIT_S = 60.0  # generous: two slow cores shared with everything else


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    return QGuiApplication


@pytest.fixture(autouse=True)
def collected_here(qapp: QGuiApplication) -> Iterator[None]:
    """Destroy what a test leaves of Qt on Qt's thread, as a face does, not on a store's or a device's."""
    del qapp
    with collecting():
        yield


@pytest.fixture(scope="session")
def screens_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures go."""
    wanted = os.environ.get("GUICHET_SCREENS_OUT")
    folder = Path(wanted) if wanted else tmp_path_factory.mktemp("screens")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


QT_TEXTS = {"Unknown error", "No such file or directory", "is not a type"}  # Qt's own


@pytest.fixture(autouse=True)
def missing_words(monkeypatch):
    """Collect texts that a language lacks; there must be none at the end."""
    missing = set()
    found_in = speech.find

    def watched(tag, text, n=-1):
        found = found_in(tag, text, n)
        if found is None and tag != "en" and text.strip() and not text.startswith("QT_"):
            missing.add((tag, text))
        return found

    monkeypatch.setattr(speech, "find", watched)
    yield missing
    assert not {text for _, text in missing} - QT_TEXTS


@pytest.fixture
def noted(monkeypatch):
    """Collect what is journalled as an act."""
    acts = []
    append = Store.append

    async def watched(self, rows, *more, **named):
        acts.extend(
            (row.kind, row.actor, msgspec.json.decode(row.payload)) for row in rows if row.kind.startswith("service:")
        )
        return await append(self, rows, *more, **named)

    monkeypatch.setattr(Store, "append", watched)
    return acts


class Kiosk:
    """A person at the kiosk who touches by accessible name or presses keys."""

    def __init__(self, terminal: Terminal, shell: Shell, out: Path) -> None:
        self.terminal = terminal
        self.shell = shell
        self.face = shell.face
        self.out = out
        component = QQmlComponent(shell.engine, str(Path(__file__).with_name("Probe.qml")))
        self.component = component
        self.probe = component.createWithInitialProperties({"window": shell.window})
        self.probe.setParent(shell.window)

    async def until(self, holds: Callable[[], object], what: str = "") -> None:
        """Wait until something holds."""
        try:
            async with asyncio.timeout(WAIT_S):
                while not holds():
                    await asyncio.sleep(0.01)
        except TimeoutError:
            self.picture("timeout")
            shown = f"page {self.face.page}, sale {self.face.desk.sale and self.face.desk.sale.stage}"
            raise AssertionError(f"waited in vain for {what}: {shown}") from None
        await asyncio.sleep(0)

    async def page(self, name: str) -> None:
        """Wait for a page, and until what it asked for is there."""
        await self.until(lambda: self.face.page == name, f"page {name}")
        await self.until(lambda: self.face.desk.tasks.is_idle, "answers")
        await asyncio.sleep(0.02)

    def look(self) -> list[dict[str, Any]]:
        """Return all visible texts and touchables, in order."""
        return json.loads(self.ask("report()"))

    def ask(self, expression: str) -> Any:
        """Evaluate an expression of the probe."""
        value = QQmlExpression(self.shell.engine.rootContext(), self.probe, expression).evaluate()
        return value[0] if isinstance(value, tuple) else value

    async def touch(self, name: str) -> None:
        """Touch what is called so."""
        there = self.ask(f"touch({json.dumps(name)})")
        if not there:
            self.picture("not-there")
        names = [each["name"] for each in self.look() if each["kind"] == "touch"] if not there else []
        assert there, f"nothing to touch is called {name!r} on {self.face.page}; there is {names}"
        await asyncio.sleep(0.02)

    async def press(self, key: Qt.Key, text: str = "") -> None:
        """Press a key."""
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.postEvent(self.shell.window, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))
        await asyncio.sleep(0.005)

    async def tab_to(self, name: str) -> None:
        """Press Tab until what is called so has the focus."""
        for _ in range(120):
            if self.ask("focused()").startswith(name):
                return
            await self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never reaches {name!r} on page {self.face.page}")

    async def enter_on(self, name: str) -> None:
        """Reach something by Tab and press Enter."""
        await self.tab_to(name)
        await self.press(Qt.Key.Key_Return)
        await asyncio.sleep(0.02)

    async def way_on(self) -> None:
        """Touch the way on, once it can be taken."""
        await self.until(lambda: self.face.frame.props.isWayOnOn and self.face.frame.props.wayOn, "the way on")
        self.face.frame.goOn()
        await asyncio.sleep(0.02)

    async def to_payment(self) -> None:
        """Buy the first journey of the home page as far as the ways to pay."""
        await self.touch("Touch to begin")
        await self.page("home")
        self.face.models["home"].choosePlace(0)
        for name in ("departures", "riders", "basket"):
            await self.page(name)
            await self.way_on()
        await self.page("payment")

    def picture(self, name: str) -> None:
        """Keep a picture."""
        self.shell.window.grabWindow().save(str(self.out / f"{name}.png"))


Story = Callable[[Kiosk], Awaitable[None]]


@asynccontextmanager
async def opened(data: Path, out: Path, width: int, height: int, settings: Settings) -> AsyncIterator[Kiosk]:
    async with open_terminal(Start(LoadedSettings(settings, ""), data, NOW)) as terminal:
        await terminal.supervision.look()
        shell = open_window(terminal, width=width, height=height)
        kiosk = Kiosk(terminal, shell, out)
        try:
            await kiosk.page("attract")
            await kiosk.until(lambda: kiosk.face.desk.visit.origin, "the place we stand at")
            yield kiosk
        finally:
            await shell.face.desk.tasks.close()
            shell.close()
            await asyncio.sleep(0.05)


@pytest.fixture
def visit(qapp: QGuiApplication, tmp_path: Path, screens_out: Path) -> Callable[..., None]:
    """Run a story at a kiosk."""
    QAccessible.setActive(True)
    qapp.setQuitOnLastWindowClosed(False)

    def run(story: Story, *, width: int = 1080, height: int = 1920, settings: Settings | None = None) -> None:
        async def main() -> None:
            async with opened(tmp_path, screens_out, width, height, settings or Settings()) as kiosk:
                await story(kiosk)

        with asyncio.Runner(loop_factory=lambda: QtLoop(qapp)) as runner:
            runner.run(main())

    return run


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
        """Hold the page to the rules of every page of the staff."""
        self.picture(name)
        found = staff_rules.broken_rules(self.probe(), self.shell.window.grabWindow())
        assert not found, "\n".join((name, *found))


@pytest.fixture
def sit(qapp: QGuiApplication, tmp_path: Path, screens_out: Path) -> Callable[..., None]:
    """Open a face on a fresh terminal and run a story at it."""
    qapp.setQuitOnLastWindowClosed(False)

    def run(
        open_face: Callable[..., Shell],
        story: Callable[[Desk], Awaitable[None]],
        size: tuple[int, int] = (1920, 1080),
        settings: Settings | None = None,
    ) -> None:
        async def main() -> None:
            start = Start(LoadedSettings(settings or Settings(), ""), tmp_path)
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

        with asyncio.Runner(loop_factory=lambda: QtLoop(qapp)) as runner:
            runner.run(main())
        gc.collect()  # here: the loop's timers must not end on a worker thread of the next terminal

    return run
