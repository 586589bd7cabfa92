"""A store in trouble, from the command line: looked at without being changed, and told in words without keys."""

import errno
import json
import re
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.application.store_words import SENTENCES, store_sentence
from kiosk.commands.start import CANNOT_START, ended_by, guarded
from offline_store import CommitUncertain, Store, StoreError

ROOT = Path(__file__).parents[2]
SALE = ("sell", "--from", "aldermoor-central", "--to", "bellmar", "--adult", "1")


def files(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file() and file.suffix != ".sqlite3-shm"}


def test_every_trouble_of_the_store_has_words() -> None:
    sources = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "offline_store").glob("*.py"))
    assert set(re.findall(r'"(store\.[a-z_]+)"', sources)) == set(SENTENCES)
    assert all(
        not re.search("store[.][a-z_]", sentence) and sentence.endswith((".", "verify"))
        for sentence in SENTENCES.values()
    )


def test_verify_tells_of_a_damaged_store_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = ("--data", str(tmp_path))
    assert main((*SALE, *named)) == 0
    database = tmp_path / "store" / "store.sqlite3"
    content = bytearray(database.read_bytes())
    for at in range(4096, len(content)):
        content[at] ^= 0xA5
    database.write_bytes(content)
    capsys.readouterr()
    before = files(tmp_path / "store")
    assert main(("store", "verify", *named)) == 1
    told = capsys.readouterr()
    assert json.loads(told.out)["findings"]
    assert "it rebuilds the store itself" in told.err
    assert main(("store", "queue", *named)) == 3
    assert "Nothing was changed" in capsys.readouterr().err
    assert files(tmp_path / "store") == before
    assert main((*SALE, *named)) == 0, "the terminal itself mends it"
    capsys.readouterr()
    assert main(("store", "verify", *named)) == 0


def test_a_disk_that_does_not_say_what_it_kept_ends_the_terminal_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def uncertain(*_: object, **__: object) -> None:
        raise CommitUncertain("store.commit_uncertain", "EIO")

    monkeypatch.setattr(Store, "append", uncertain)
    assert main((*SALE, "--data", str(tmp_path))) == CANNOT_START
    told = capsys.readouterr().err
    assert told == f"The terminal stopped. {SENTENCES['store.commit_uncertain']} What was written is kept.\n"


def test_a_fault_of_ours_keeps_its_whole_trace() -> None:
    trouble = BaseExceptionGroup("", [StoreError("store.full"), ValueError("a mistake")])
    assert ended_by(trouble) == []

    def work() -> int:
        raise trouble

    with pytest.raises(BaseExceptionGroup):
        guarded(work)


def test_a_file_that_vanishes_while_a_terminal_runs_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> int:
        raise BaseExceptionGroup("", [BaseExceptionGroup("", [OSError(errno.EIO, "Input/output error", "/data/x")])])

    assert guarded(work) == CANNOT_START
    assert "/data/x" in capsys.readouterr().err


def test_a_trouble_without_words_of_its_own_still_has_some() -> None:
    assert "store.new_one" not in store_sentence(StoreError("store.new_one"))
