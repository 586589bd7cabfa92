"""Garbage that holds Qt objects is collected on Qt's thread, while another thread allocates."""

import gc
import threading
import weakref

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.ui.controls.collector import FULL_S, IDLE_FULL_S, Collector, collecting

THRESHOLDS = (700, 10, 10)


class Ring:
    """Garbage only the cyclic collector finds."""

    def __init__(self) -> None:
        self.me = self


def allocate() -> None:
    kept = [[[]] for _ in range(50_000)]  # far beyond every threshold of the interpreter
    assert kept


def test_a_thread_that_allocates_never_collects_and_qt_s_thread_does(qapp: QGuiApplication) -> None:
    ended_on: list[int] = []
    kept: list[list[list[object]]] = []
    with collecting():
        ring = Ring()
        weakref.finalize(ring, lambda: ended_on.append(threading.get_ident()))
        del ring
        worker = threading.Thread(target=allocate)
        worker.start()
        worker.join()
        assert ended_on == []
        while not ended_on:  # allocating, as a running face does: a young collection falls due
            kept[:] = [*kept[-200:], [[] for _ in range(1000)]]
            qapp.processEvents()
    assert ended_on == [threading.get_ident()]


def test_automatic_collection_is_on_again_at_the_end(qapp: QGuiApplication) -> None:
    del qapp
    gc.enable()
    with collecting():
        assert not gc.isenabled()
    assert gc.isenabled()


@pytest.mark.parametrize(
    ("counts", "seconds", "is_idle", "due"),
    [
        ((700, 10, 99), 0.0, True, None),
        ((701, 10, 0), 0.0, False, 0),
        ((701, 11, 0), 0.0, False, 1),
        ((0, 0, 0), IDLE_FULL_S, True, 2),
        ((0, 0, 0), IDLE_FULL_S, False, None),
        ((0, 0, 0), FULL_S, False, 2),
    ],
)
def test_what_is_due(counts: tuple[int, int, int], seconds: float, is_idle: bool, due: int | None) -> None:
    now = [0.0]
    collector = Collector(lambda: is_idle, lambda: now[0])
    now[0] = seconds
    assert collector.due(counts, THRESHOLDS) == due


def test_after_a_full_collection_the_next_waits_again() -> None:
    now = [0.0]
    collector = Collector(lambda: False, lambda: now[0])
    now[0] = FULL_S
    collector.look()
    assert collector.due((0, 0, 0), THRESHOLDS) is None
