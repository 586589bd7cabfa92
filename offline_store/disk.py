"""Plain files: the few calls that durability hangs on, behind one face so that a fault can be put at any of them."""

import fcntl
import os
from pathlib import Path
from typing import Protocol

from offline_store.errors import NotWritten, OutOfSpace, StoreInUse

_MODE = 0o600
_FULL_ERRNOS = frozenset({28, 122})  # ENOSPC, EDQUOT


class Disk(Protocol):
    """What the store does with plain files; every method raises OSError."""

    def open(self, path: Path) -> int:
        """Open for reading and writing, creating it for this user alone, and return a descriptor."""
        ...

    def close(self, fd: int) -> None:
        """Close a descriptor."""
        ...

    def lock(self, fd: int) -> None:
        """Take the file for this process alone, without waiting; BlockingIOError when another has it."""
        ...

    def size(self, fd: int) -> int:
        """Return the size in bytes."""
        ...

    def read(self, fd: int, count: int, offset: int) -> bytes:
        """Read up to `count` bytes at `offset`."""
        ...

    def write(self, fd: int, data: bytes, offset: int) -> None:
        """Write all bytes at `offset`."""
        ...

    def truncate(self, fd: int, size: int) -> None:
        """Cut to `size` bytes."""
        ...

    def allocate(self, fd: int, size: int) -> None:
        """Give the file real blocks up to `size` bytes."""
        ...

    def sync(self, fd: int) -> None:
        """Return when all that was written is on the medium."""
        ...

    def sync_folder(self, folder: Path) -> None:
        """Return when names made or removed in the folder are on the medium."""
        ...

    def exists(self, path: Path) -> bool:
        """Say whether there is a file of this name."""
        ...

    def remove(self, path: Path) -> None:
        """Remove a file; no matter if there is none."""
        ...

    def replace(self, old: Path, new: Path) -> None:
        """Give a file another name, in place of what had it."""
        ...

    def free_bytes(self, folder: Path) -> int:
        """Return how much this user may still write."""
        ...


class SystemDisk:
    """The disk of this machine."""

    def open(self, path: Path) -> int:
        """Open for reading and writing, creating it for this user alone."""
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _MODE)

    def close(self, fd: int) -> None:
        """Close a descriptor."""
        os.close(fd)

    def lock(self, fd: int) -> None:
        """Take the file for this process alone, without waiting."""
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def size(self, fd: int) -> int:
        """Return the size in bytes."""
        return os.fstat(fd).st_size

    def read(self, fd: int, count: int, offset: int) -> bytes:
        """Read up to `count` bytes at `offset`."""
        return os.pread(fd, count, offset)

    def write(self, fd: int, data: bytes, offset: int) -> None:
        """Write all bytes at `offset`, however short the single writes are."""
        view = memoryview(data)
        while view:
            written = os.pwrite(fd, view, offset)
            view, offset = view[written:], offset + written

    def truncate(self, fd: int, size: int) -> None:
        """Cut to `size` bytes."""
        os.ftruncate(fd, size)

    def allocate(self, fd: int, size: int) -> None:
        """Give the file real blocks up to `size` bytes."""
        os.posix_fallocate(fd, 0, size)

    def sync(self, fd: int) -> None:
        """Return when all that was written is on the medium."""
        os.fdatasync(fd)

    def sync_folder(self, folder: Path) -> None:
        """Return when names made or removed in the folder are on the medium."""
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def exists(self, path: Path) -> bool:
        """Say whether there is a file of this name."""
        return path.exists()

    def remove(self, path: Path) -> None:
        """Remove a file; no matter if there is none."""
        path.unlink(missing_ok=True)

    def replace(self, old: Path, new: Path) -> None:
        """Give a file another name, in place of what had it."""
        old.replace(new)

    def free_bytes(self, folder: Path) -> int:
        """Return how much this user may still write."""
        figures = os.statvfs(folder)
        return figures.f_bavail * figures.f_frsize


def disk_error(cause: OSError, what: str) -> NotWritten:
    """Return our error for the system's: a full disk is told apart from any other trouble."""
    kind = OutOfSpace if cause.errno in _FULL_ERRNOS else NotWritten
    return kind("store.full" if kind is OutOfSpace else "store.disk", f"{what}: errno {cause.errno}")


def take_alone(disk: Disk, fd: int, path: Path) -> None:
    """Lock a file for this process.

    Raises:
        StoreInUse: another process has it.
    """
    try:
        disk.lock(fd)
    except BlockingIOError:
        raise StoreInUse("store.in_use", path.name) from None
