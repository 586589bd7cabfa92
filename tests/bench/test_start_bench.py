"""From process start to the kiosk's first frame, beside the bare import of Qt Quick, in pairs within one run.

The aim is 2.5 times the import. It is NOT reached: 4.0 to 4.6 were measured. Of the half second, Qt's import takes a
quarter, reading our own modules another, QML and the first frame a fifth, opening store and platform a tenth; each part
alone is below the aim, together they are not. The bound keeps what stands from getting worse on a busy machine.
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
REACHED = 7.0
PEER = "import PySide6.QtQuick"
FIRST_FRAME = """
import os, sys
from pathlib import Path
from kiosk.application.settings_file import load
from kiosk.bootstrap import Start, run_face

async def visit(terminal, shell):
    os._exit(0 if shell.face.page == "attract" else 1)  # what ending costs is not measured

data = Path(sys.argv[1])
run_face(Start(load(None, data), data), "kiosk", visit)
"""


def seconds(code: str, data: Path) -> float:
    offscreen = {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, str(data)], env={**os.environ, **offscreen}, check=True, timeout=60)
    return time.perf_counter() - began


@pytest.mark.bench
def test_the_first_page_stands_within_a_bound_of_importing_qt(tmp_path: Path) -> None:
    seconds(FIRST_FRAME, tmp_path)  # the demo network is written once
    pairs = [(seconds(PEER, tmp_path), seconds(FIRST_FRAME, tmp_path)) for _ in range(PAIRS)]
    ratio = median(ours / peer for peer, ours in pairs)
    print(f"first page: {ratio:.1f} times the import of Qt Quick (the aim is 2.5)")  # noqa: T201
    assert ratio <= REACHED
