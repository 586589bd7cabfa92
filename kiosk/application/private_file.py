"""Files that hold keys: for their owner alone, and whole or not there, whatever happens while they are written."""

import os
from pathlib import Path


def write_private(path: Path, raw: bytes) -> None:
    """Put bytes at `path` (0600) in the place of what was there; they last when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        left = memoryview(raw)
        while left:  # a disk that fills up takes a part, and says so only to the next
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    fresh.replace(path)
    sync_folder(path.parent)


def remove_private(path: Path) -> None:
    """Remove a file for good; one that is not there is removed."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make names in a folder last."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
