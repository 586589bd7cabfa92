"""What the first page does not need is not read before it is drawn and takes a touch, and is ready soon after."""

import json
import os
import subprocess
import sys
from pathlib import Path

from kiosk.shells.self_service.navigation import Page

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
    while face.page != "home":  # the first touch waits for nothing of this
        await asyncio.sleep(0.01)
    await ready(face)
    READ.append(sorted(sys.modules))
    READ.append(sorted(face.models))

async def visit(terminal, shell):
    from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    begin = QPointF(shell.window.width() / 2, shell.window.height() * 0.86)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for kind, held in ((QEvent.Type.MouseButtonPress, left), (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton)):
        QCoreApplication.postEvent(shell.window, QMouseEvent(kind, begin, begin, left, held, none))
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


def test_the_first_page_takes_a_touch_and_waits_for_nothing_that_only_later_pages_need(tmp_path: Path) -> None:
    offscreen = {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
    told = subprocess.run(
        [sys.executable, "-c", STORY, str(tmp_path)],
        env={**os.environ, **offscreen}, check=True, timeout=60, stdout=subprocess.PIPE,
    ).stdout  # fmt: skip
    before, after, pages = json.loads(told)
    assert (LATE | NEVER) & set(before) == set()
    assert set(after) >= LATE
    assert NEVER & set(after) == set()
    assert pages == sorted(Page)
