"""Somebody else's folder, or a file where a folder should be, is refused in words and nothing is touched."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import kiosk.commands.sell  # noqa: F401 - so that the child need not read what may not be its to read
from kiosk.__main__ import main

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


NOBODY = 65534
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can start a program as another user")


@pytest.fixture
def foreign() -> Iterator[Path]:
    """Return a folder that another user may enter and read but not write; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def as_nobody(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    home = {"HOME": "/nonexistent", "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        command, user=NOBODY, group=NOBODY, extra_groups=[], cwd=folder, env=home, check=False,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@needs_root
@pytest.mark.parametrize("command", ["run", "test", "check"])
def test_another_user_in_a_folder_not_set_up_is_told_what_to_do(foreign: Path, command: str) -> None:
    shutil.copy(ROOT / "do", foreign)
    shutil.copytree(ROOT / "requirements", foreign / "requirements")
    done = as_nobody(foreign, "sh", "./do", command)
    assert done.returncode != 0
    assert "belongs to another user" in done.stderr
    assert "folder of your own" in done.stderr
    assert not (foreign / ".venv").exists()


@needs_root
def test_another_user_in_a_folder_half_set_up_is_told_what_to_do(foreign: Path) -> None:
    shutil.copy(ROOT / "do", foreign)
    shutil.copytree(ROOT / "requirements", foreign / "requirements")
    python = foreign / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    python.chmod(0o755)
    done = as_nobody(foreign, "sh", "./do", "run")
    assert done.returncode != 0
    assert "belongs to another user" in done.stderr


@needs_root
def test_another_user_is_refused_the_store_of_a_terminal_in_words(foreign: Path) -> None:
    data = foreign / "data"
    first = guichet("sell", "--data", str(data), "--from", "aldermoor-central", "--to", "port-lisse")
    assert first.returncode == 0, first.stderr
    before = sorted((file, file.stat().st_mtime_ns) for file in data.rglob("*"))
    told = foreign / "told"
    told.touch()
    told.chmod(0o666)
    child = os.fork()  # not a new program: the interpreter of this machine may lie where another user cannot read
    if child == 0:
        status = 99
        try:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
            with told.open("w", encoding="utf-8") as paper, contextlib.redirect_stderr(paper):
                status = main(("sell", "--data", str(data), "--from", "aldermoor-central", "--to", "port-lisse"))
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(ended) == 6
    assert str(data) in told.read_text(encoding="utf-8")
    assert "Run this as the user it belongs to" in told.read_text(encoding="utf-8")
    assert sorted((file, file.stat().st_mtime_ns) for file in data.rglob("*")) == before
