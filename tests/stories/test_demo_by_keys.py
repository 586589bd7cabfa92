"""The six stories once more by keys alone: Tab and Enter reach everything a finger reaches."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES = ["journey", "seats", "mixed", "pick-up", "paper", "link-down"]


@pytest.mark.timeout(300)
def test_every_story_ends_as_told_by_keys_alone(tmp_path: Path) -> None:
    wanted = {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "demo", "--keys", "--out", str(tmp_path), "--data", str(tmp_path / "none")],
        env={**os.environ, **wanted}, cwd=tmp_path, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert {story["story"]: story["findings"] for story in report["stories"]} == {name: [] for name in NAMES}
    assert done.returncode == 0, done.stderr
    steps = [step["what"] for story in report["stories"] for step in story["steps"]]
    assert not [step for step in steps if "again" in step], "every key was obeyed the first time"
