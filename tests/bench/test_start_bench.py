"""From process start to the kiosk's first frame, beside the bare import of Qt Quick, in pairs within one run.

The aim is 2.5 times the import. It is NOT reached: 3.2 was measured on an idle machine, up to 3.7 on a busy one. Our
own modules with what they need of the standard library are 1.55 of it, Qt behind them 0.6, the store and beside it the
engine 0.35, the window with its page 0.7. The bound keeps what stands from getting worse on a busy machine.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
PAIRS = 5
REACHED = 5.5
PEER = "import PySide6.QtQuick"
FIRST_FRAME = """
import os, sys
from pathlib import Path
from kiosk.application.settings_file import load
from kiosk.bootstrap import Start, faces

def first_page(*_):
    os._exit(0)  # what comes behind the first page, and what ending costs, is not measured

faces.serving = first_page  # a face serves at its socket once its first frame is drawn
data = Path(sys.argv[1])
faces.run_face(Start(load(None, data), data), "kiosk")
os._exit(1)
"""


def seconds(code: str, data: Path) -> float:
    """Run it as it is installed: with the modules' compiled form, which the environment may forbid to write."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    offscreen = {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
    compiled = {"PYTHONPYCACHEPREFIX": str(data / "compiled")}
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", code, str(data)], env={**inherited, **offscreen, **compiled}, check=True, timeout=60
    )
    return time.perf_counter() - began


@pytest.mark.bench
def test_the_first_page_stands_within_a_bound_of_importing_qt(tmp_path: Path) -> None:
    for code in (PEER, FIRST_FRAME):
        seconds(code, tmp_path)  # compiled once, and the demo network written once
    pairs = [(seconds(PEER, tmp_path), seconds(FIRST_FRAME, tmp_path)) for _ in range(PAIRS)]
    ratio = median(ours / peer for peer, ours in pairs)
    print(f"first page: {ratio:.1f} times the import of Qt Quick (the aim is 2.5)")  # noqa: T201
    assert ratio <= REACHED
