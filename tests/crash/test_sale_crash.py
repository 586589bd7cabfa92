"""Kill the till at every point of whole sales, and again while it recovers: nothing is lost, nothing is charged twice.

A child process made by fork runs a workload with the real store, till, payment simulator, cash unit and courier; it
comes to an end at a chosen point, in one of three ways. A second child starts on what is left, is ended as well, and a
third recovers and holds the rules at rest and the devices' own books against ours. Points are every write (before,
after) and every effect (before, done but not heard).
"""

import asyncio
import os
import shutil
import signal
import sys
import traceback
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from tests.crash.world import ENDED, KINDS, WORKLOADS, Killer, Workload, terminal


def child(folder: Path, killer: Killer, load: Workload, *, buys: bool) -> bool:
    """Run one terminal in a process of its own; say whether the killer ended it, and fail if anything else did."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            signal.alarm(60)
            asyncio.run(terminal(folder, killer, load, buys=buys))
            status = 0
        except BaseException:  # noqa: BLE001 - the parent gets the status, the reader the trace
            if killer.at and killer.count >= killer.at:
                status = ENDED
            else:
                traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert status in {0, ENDED, -signal.SIGKILL}, f"point {killer.at}, {killer.kind}: {status}"
    return status != 0


@pytest.fixture
def ground() -> Any:
    """Return a folder in memory where there is one: the crash is of the process, not of the medium."""
    where = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - tmpfs by intent
    folder = Path(mkdtemp(prefix="guichet-crash-", dir=where))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def end_everywhere(ground: Path, load: Workload, kind: str) -> int:
    """End the terminal at every point and its recovery at another, recover, judge; return the points met."""
    at = 1
    while True:
        folder = ground / str(at)
        folder.mkdir()
        was_ended = child(folder, Killer(at, kind), load, buys=True)
        child(folder, Killer(1 + at % 9, KINDS[at % len(KINDS)]), load, buys=False)
        assert not child(folder, Killer(0), load, buys=False)
        shutil.rmtree(folder)
        if not was_ended:
            return at
        at += 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", WORKLOADS)
def test_an_end_at_any_point_loses_nothing(name: str, kind: str, ground: Path) -> None:
    assert end_everywhere(ground, WORKLOADS[name], kind) > 12
