"""A face on a screen: Qt's loop, the window, and the control socket beside it."""

import asyncio
import gc
import importlib
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from kiosk.application.control import ControlServer, socket_path
from kiosk.application.network import NetworkThread
from kiosk.application.service_access import shown as grouped
from kiosk.application.terminal import Terminal
from kiosk.bootstrap.read_ahead import read_ahead
from kiosk.bootstrap.starting import Start
from kiosk.bootstrap.terminal import open_terminal

# ---- the control socket of a running face


@asynccontextmanager
async def serving(terminal: Terminal, stop: asyncio.Event) -> AsyncIterator[None]:
    """Answer the commands of `guichet` at the control socket while the block runs."""
    from kiosk.application.questions import handlers  # noqa: PLC0415 - the first page need not wait for it

    network = NetworkThread()
    network.start()
    server = ControlServer(socket_path(terminal.data_dir), handlers(terminal, stop.set), asyncio.get_running_loop())
    await network.hop(server.start)
    try:
        yield
    finally:
        await network.hop(server.close)
        await network.stop()


# ---- a face on a screen

Visit = Callable[[Terminal, Any], Awaitable[int]]
BESIDE_PX = (1920, 1080)  # what counters and benches stand on
FACES = {"kiosk": "self_service", "counter": "box_office", "technician": "technician"}


def run_face(start: Start, face: str, visit: Visit | None = None) -> int:
    """Open a face and serve until SIGTERM, SIGINT, `stop` or the closed window; a visit ends by itself.

    Qt's application object and loop are made once per process; `run_faces` visits several terminals in one.
    """
    return run_faces([(start, face, visit)])


def run_faces(visits: "list[tuple[Start, str, Visit | None]]") -> int:
    """Open one face after the other in one process, each with a terminal of its own; the highest status is returned."""
    was_on = gc.isenabled()
    gc.disable()  # from here on, not only while Qt runs: to look for garbage among modules just read takes longest
    try:
        return _run(visits)
    finally:
        if was_on:
            gc.enable()


def _run(visits: "list[tuple[Start, str, Visit | None]]") -> int:
    from kiosk.ui.binding import leave_imports_alone  # noqa: PLC0415 - Qt is loaded for faces only

    leave_imports_alone()
    from kiosk.shells.shell import prepare_qt  # noqa: PLC0415

    prepare_qt()
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415

    from kiosk.bootstrap.qt_loop import QtLoop  # noqa: PLC0415
    from kiosk.ui.controls.collector import collecting  # noqa: PLC0415

    app = QGuiApplication.instance() or QGuiApplication(["guichet"])
    app.setQuitOnLastWindowClosed(False)  # type: ignore[attr-defined]
    shown: list[Any] = []

    async def main() -> int:
        status = 0
        for start, face, visit in visits:
            status = max(status, await _show(start, face, visit, shown))
        return status

    def is_idle() -> bool:
        return bool(shown) and getattr(shown[-1].face, "page", "") == "attract"

    with collecting(is_idle), asyncio.Runner(loop_factory=lambda: QtLoop(app)) as runner:
        return runner.run(main())


async def _show(start: Start, face: str, visit: Visit | None, shown: list[Any]) -> int:
    from kiosk.shells.shell import warm_engine  # noqa: PLC0415 - Qt is loaded for faces only

    shell_of: Any = importlib.import_module(f"kiosk.shells.{FACES[face]}")
    looks, stop, loop = start.settings.face, asyncio.Event(), asyncio.get_running_loop()
    pages = getattr(shell_of, "FIRST_PAGES", ())
    loop.call_soon(loop.call_soon, warm_engine, pages)  # in the turn after the threads of store and platform have begun
    async with open_terminal(start) as terminal:
        terminal.watchdog.attach()
        shell = shell_of.open_window(terminal, width=looks.width_px, height=looks.height_px)
        shown.append(shell)
        first = "" if visit else terminal.access.first()
        if first:
            sys.stderr.write(f"The service code of this terminal, shown only now: {grouped(first)}\n")
        benches = _bench_opener(terminal, shell)
        try:
            await shell.drawn()
            async with serving(terminal, stop):
                warming = asyncio.create_task(read_ahead(shell.face))
                try:
                    return await _serve(terminal, shell, visit, stop)
                finally:
                    await warming
        finally:
            shown.remove(shell)
            _close_all(benches)
            shell.close()
            terminal.watchdog.detach()


def open_beside(terminal: Terminal, face: str) -> Any:
    """Open another face of a running terminal in a window of its own; whoever opens it closes it."""
    shell_of: Any = importlib.import_module(f"kiosk.shells.{FACES[face]}")
    return shell_of.open_window(terminal, width=BESIDE_PX[0], height=BESIDE_PX[1])


def _close_all(benches: list[Any]) -> None:
    """Close the benches that are open; each is taken out first, for a closing window closes what still stands there."""
    while benches:
        benches.pop().close()


def _bench_opener(terminal: Terminal, shell: Any) -> list[Any]:
    """Open the technician's bench over a face when somebody signs in there; return the benches that are open."""
    benches: list[Any] = []

    def closed() -> None:
        for bench in benches:  # its clock must not tick on behind a window that is gone
            asyncio.get_running_loop().call_soon(bench.close)
        benches.clear()

    def opened(technician_name: str) -> None:
        if benches:
            benches[0].face.act_as(technician_name)
            benches[0].window.requestActivate()
            return
        technician = importlib.import_module("kiosk.shells.technician")
        size = {"width": shell.window.width(), "height": shell.window.height()}
        bench = technician.open_technician(terminal, **size, technician=technician_name)
        benches.append(bench)
        bench.window.closing.connect(closed)

    if hasattr(shell.face, "serviceOpened"):
        shell.face.serviceOpened.connect(opened)
    return benches


async def _serve(terminal: Terminal, shell: Any, visit: Visit | None, stop: asyncio.Event) -> int:
    if visit is not None:
        return await visit(terminal, shell)
    _stop_on_signals(stop)
    shell.window.closing.connect(stop.set)
    await stop.wait()
    return 0


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)


def asked(start: Start) -> Path:
    """Return the socket at which a terminal with these settings answers."""
    return socket_path(start.data)
