"""Somebody else's folder, or a file where a folder should be, is refused in words and nothing is touched."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def guichet(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kiosk", *words]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, timeout=120)


def test_a_file_where_the_data_folder_should_be_is_named(tmp_path: Path) -> None:
    place = tmp_path / "data"
    place.write_text("not a folder", encoding="utf-8")
    done = guichet("sell", "--data", str(place), "--from", "aldermoor-central", "--to", "port-lisse")
    assert done.returncode == 6
    assert str(place) in done.stderr
    assert "Traceback" not in done.stderr
    assert place.read_text(encoding="utf-8") == "not a folder"


def test_a_demo_under_a_file_is_refused_in_words(tmp_path: Path) -> None:
    place = tmp_path / "out"
    place.write_text("", encoding="utf-8")
    done = guichet("demo", "--out", str(place / "here"), "--data", str(tmp_path / "data"))
    assert done.returncode == 6
    assert "Traceback" not in done.stderr
