"""Files that hold keys and settings: for their owner alone, and whole, however little a disk takes at once."""

import errno
import os
from pathlib import Path

import pytest

from kiosk.application.private_file import write_private
from kiosk.application.settings_file import last_good_path, load


def test_a_disk_that_takes_little_at_once_gets_it_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, raw, file = os.write, os.urandom(1000), tmp_path / "cards.sealed"
    monkeypatch.setattr(os, "write", lambda descriptor, part: write(descriptor, bytes(part)[:7]))
    write_private(file, raw)
    assert file.read_bytes() == raw
    assert file.stat().st_mode & 0o077 == 0


def test_a_disk_that_is_full_in_the_middle_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, file, written = os.write, tmp_path / "settings.toml", []
    write_private(file, b"as it was")

    def fills_up(descriptor: int, part: bytes) -> int:
        if written:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(write(descriptor, bytes(part)[:3]))
        return written[0]

    monkeypatch.setattr(os, "write", fills_up)
    with pytest.raises(OSError, match="No space"):
        write_private(file, b"new settings")
    assert file.read_bytes() == b"as it was"


def test_the_last_good_copy_of_settings_is_for_its_owner_alone(tmp_path: Path) -> None:
    file, data = tmp_path / "guichet.toml", tmp_path / "data"
    file.write_text('[terminal]\nname = "Hall 7"\n', encoding="utf-8")
    data.mkdir(mode=0o755)  # as systemd makes it
    load(file, data)
    kept = last_good_path(file, data)
    assert kept.read_bytes() == file.read_bytes()
    assert kept.stat().st_mode & 0o077 == 0, "a device's password may stand in it"
    kept.write_bytes(b"\xff\xfe damaged")
    assert load(file, data).settings.terminal.name == "Hall 7", "a copy that is damaged stops no start"
    assert kept.read_bytes() == file.read_bytes()
