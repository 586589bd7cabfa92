"""A simulated device's own durable book: one JSON object a line, appended and synced, read back after a kill."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

Record = Mapping[str, str | int]


class LedgerFile:
    """An append-only file of records; a torn last line (power cut while writing) is cut off at opening."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._fd: int | None = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._cut_torn_line()
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @property
    def path(self) -> Path:
        """Return where the book lies."""
        return self._path

    def append(self, record: Record) -> None:
        """Write one record and sync it to the disk before returning.

        Raises:
            ValueError: the book is closed.
        """
        if self._fd is None:
            raise ValueError(f"{self._path.name} is closed")
        line = json.dumps(dict(record), ensure_ascii=True, separators=(",", ":")) + "\n"
        os.write(self._fd, line.encode())
        os.fsync(self._fd)

    def close(self) -> None:
        """Let go of the file; idempotent."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _cut_torn_line(self) -> None:
        if self._fd is None:
            return
        whole = self._path.read_bytes()
        keep = whole.rfind(b"\n") + 1
        if keep != len(whole):
            os.ftruncate(self._fd, keep)
            os.fsync(self._fd)


def read_ledger(path: Path) -> tuple[dict[str, str | int], ...]:
    """Return the whole records of a book, oldest first; none where there is no book. May be asked from outside."""
    if not path.exists():
        return ()
    lines = path.read_bytes().split(b"\n")[:-1]
    return tuple(json.loads(line) for line in lines)
