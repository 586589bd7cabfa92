"""What the first page does not need is not read before it is drawn, and is ready soon after."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
STORY = """
import asyncio, json, sys
from pathlib import Path
from kiosk.application.settings_file import load
from kiosk.bootstrap import Start, faces

READ, ready, served = [], faces.read_ahead, faces.serving

def serving(*shown):
    READ.append(sorted(sys.modules))  # a face serves at its socket once its first frame is drawn
    return served(*shown)

async def read_ahead(face):
    await ready(face)
    READ.append(sorted(sys.modules))
    READ.append(sorted(face.models))

async def visit(terminal, shell):
    while len(READ) < 3:
        await asyncio.sleep(0.01)
    return 0

faces.read_ahead, faces.serving = read_ahead, serving
data = Path(sys.argv[1])
faces.run_face(Start(load(None, data), data), "kiosk", visit)
print(json.dumps(READ))
"""
LATE = {
    "PIL", "zxingcpp", "babel.numbers", "cryptography", "kiosk.ui.catalogue.home_view_model", "hardware.printer.raster"
}  # fmt: skip
NEVER = {"PySide6.QtWidgets", "sqlite_utils", "httpx", "escpos", "numpy"}
PAGES = 20


def test_the_first_page_waits_for_nothing_that_only_later_pages_need(tmp_path: Path) -> None:
    offscreen = {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
    told = subprocess.run(
        [sys.executable, "-c", STORY, str(tmp_path)],
        env={**os.environ, **offscreen}, check=True, timeout=60, stdout=subprocess.PIPE,
    ).stdout  # fmt: skip
    before, after, pages = json.loads(told)
    assert (LATE | NEVER) & set(before) == set()
    assert set(after) >= LATE
    assert NEVER & set(after) == set()
    assert len(pages) == PAGES
