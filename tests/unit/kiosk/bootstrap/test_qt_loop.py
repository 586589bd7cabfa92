"""asyncio on Qt's loop: calls in the order they were asked for, never early, and beside loops of Qt."""

import asyncio
import math
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication

from kiosk.bootstrap.qt_loop import QtLoop, Timers

Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def run(qapp: QGuiApplication) -> Run:
    def run(story: Coroutine[Any, Any, None]) -> None:
        with asyncio.Runner(loop_factory=lambda: QtLoop(qapp)) as runner:
            runner.run(story)

    return run


def test_what_a_call_asks_for_comes_after_what_was_asked_before(run: Run) -> None:
    async def story() -> None:
        loop, told, done = asyncio.get_running_loop(), list[str](), asyncio.Event()

        def first() -> None:
            told.append("first")
            loop.call_soon(lambda: (told.append("asked by first"), done.set()))

        loop.call_soon(first)
        loop.call_soon(lambda: told.append("second"))
        await done.wait()
        assert told == ["first", "second", "asked by first"]

    run(story())


def test_what_is_put_off_comes_in_time_and_never_early(run: Run) -> None:
    async def story() -> None:
        loop, told, done, began = asyncio.get_running_loop(), list[str](), asyncio.Event(), time.monotonic()
        late = list[float]()

        def note(name: str, after_s: float) -> None:
            told.append(name)
            late.append(time.monotonic() - began - after_s)

        for name, after_s in (("third", 0.06), ("first", 0.0004), ("second", 0.03)):
            loop.call_later(after_s, note, name, after_s)
        loop.call_later(0.06, done.set)
        await done.wait()
        assert told == ["first", "second", "third"]
        assert min(late) >= 0

    run(story())


def test_what_is_put_off_beyond_any_timer_of_qt_waits_too(run: Run) -> None:
    """Qt counts milliseconds in 31 bits: not quite 25 days."""

    async def story() -> None:
        loop, told = asyncio.get_running_loop(), list[str]()
        for delay_s in (30 * 86_400.0, math.inf):
            handle = loop.call_later(delay_s, told.append, "much later")
            await asyncio.sleep(0.001)
            handle.cancel()
        assert told == []

    run(story())


def test_what_is_taken_back_is_not_called(run: Run) -> None:
    async def story() -> None:
        loop, told = asyncio.get_running_loop(), list[str]()
        for handle in (loop.call_soon(told.append, "soon"), loop.call_later(0.001, told.append, "later")):
            handle.cancel()
        await asyncio.sleep(0.005)
        assert told == []

    run(story())


def test_a_loop_of_qt_inside_a_call_goes_on_with_the_other_calls(run: Run) -> None:
    async def story() -> None:
        loop, told, done = asyncio.get_running_loop(), list[str](), asyncio.Event()
        inner = QEventLoop()

        def holds() -> None:
            told.append("begins")
            inner.exec()
            told.append("ends")
            done.set()

        loop.call_soon(holds)
        loop.call_soon(told.append, "meanwhile")
        loop.call_later(0.001, inner.quit)
        await done.wait()
        assert told == ["begins", "meanwhile", "ends"]

    run(story())


def test_a_call_from_another_thread_and_an_error_reach_the_loop(run: Run) -> None:
    async def story() -> None:
        loop, faults = asyncio.get_running_loop(), list[object]()
        loop.set_exception_handler(lambda _, context: faults.append(context["exception"]))
        assert (
            await asyncio.to_thread(lambda: asyncio.run_coroutine_threadsafe(asyncio.sleep(0, 7), loop).result()) == 7
        )
        loop.call_soon(lambda: 1 // 0)
        await asyncio.sleep(0.001)
        assert [type(fault) for fault in faults] == [ZeroDivisionError]

    run(story())


def test_nothing_is_called_once_stopped(qapp: QGuiApplication) -> None:
    told: list[str] = []
    timers = Timers()
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        timers.add_callback(asyncio.Handle(told.append, ("soon",), loop))
        timers.add_callback(asyncio.Handle(told.append, ("later",), loop), 0.001)
    timers.stop()
    QTimer.singleShot(5, qapp.quit)
    qapp.exec()
    assert told == []


def test_the_widgets_of_qt_are_not_loaded_for_the_loop() -> None:
    code = "import sys, kiosk.bootstrap.qt_loop; sys.exit('PySide6.QtWidgets' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
