"""A disk in memory under the unmodified store: it records every write, sync and unlink, and can fail at any of them.

The recorder is a VFS put into the very libsqlite3 that Python's sqlite3 uses, through ctypes; a plain-file disk beside
it writes to the same log. From the log come the images a power cut could leave: what was not synced is dropped, kept in
part, in any order, torn at 512 bytes; names made or removed are not there for sure before the folder was synced.
"""

import ctypes
import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_double, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from offline_store.disk import SystemDisk

SECTOR = 512
OK, IOERR_READ_SHORT, CANTOPEN, NOTFOUND = 0, 522, 14, 12
CREATE, DELETE_ON_CLOSE = 0x4, 0x8
POWERSAFE_OVERWRITE = 0x1000  # what SQLite's own unix VFS claims


class _File(ctypes.Structure):
    _fields_ = [("methods", c_void_p), ("number", c_int64)]


_F = POINTER(_File)
_IO = (
    ("xClose", CFUNCTYPE(c_int, _F)),
    ("xRead", CFUNCTYPE(c_int, _F, c_void_p, c_int, c_int64)),
    ("xWrite", CFUNCTYPE(c_int, _F, c_void_p, c_int, c_int64)),
    ("xTruncate", CFUNCTYPE(c_int, _F, c_int64)),
    ("xSync", CFUNCTYPE(c_int, _F, c_int)),
    ("xFileSize", CFUNCTYPE(c_int, _F, POINTER(c_int64))),
    ("xLock", CFUNCTYPE(c_int, _F, c_int)),
    ("xUnlock", CFUNCTYPE(c_int, _F, c_int)),
    ("xCheckReservedLock", CFUNCTYPE(c_int, _F, POINTER(c_int))),
    ("xFileControl", CFUNCTYPE(c_int, _F, c_int, c_void_p)),
    ("xSectorSize", CFUNCTYPE(c_int, _F)),
    ("xDeviceCharacteristics", CFUNCTYPE(c_int, _F)),
)
_VFS = (
    ("xOpen", CFUNCTYPE(c_int, c_void_p, c_char_p, _F, c_int, POINTER(c_int))),
    ("xDelete", CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)),
    ("xAccess", CFUNCTYPE(c_int, c_void_p, c_char_p, c_int, POINTER(c_int))),
    ("xFullPathname", CFUNCTYPE(c_int, c_void_p, c_char_p, c_int, c_void_p)),
    ("xDlOpen", c_void_p),
    ("xDlError", c_void_p),
    ("xDlSym", c_void_p),
    ("xDlClose", c_void_p),
    ("xRandomness", CFUNCTYPE(c_int, c_void_p, c_int, c_void_p)),
    ("xSleep", CFUNCTYPE(c_int, c_void_p, c_int)),
    ("xCurrentTime", CFUNCTYPE(c_int, c_void_p, POINTER(c_double))),
    ("xGetLastError", CFUNCTYPE(c_int, c_void_p, c_int, c_void_p)),
)


class _Io(ctypes.Structure):
    _fields_ = [("iVersion", c_int), *_IO]


class _Vfs(ctypes.Structure):
    _fields_ = [
        ("iVersion", c_int),
        ("szOsFile", c_int),
        ("mxPathname", c_int),
        ("pNext", c_void_p),
        ("zName", c_char_p),
        ("pAppData", c_void_p),
        *_VFS,
    ]


@dataclass
class Recorder:
    """The files in memory, the log, and the fault to be put."""

    files: dict[str, bytearray] = field(default_factory=dict)
    log: list[tuple] = field(default_factory=list)
    handles: dict[int, tuple[str, bytearray, list[bool]]] = field(default_factory=dict)
    number: int = 0
    fail_at: int = 0  # the n-th write, truncate or sync from now fails …
    fail_code: int = 13
    fails_for_ever: bool = False  # … and all after it
    fired: int = 0

    def is_failing(self) -> bool:
        if self.fail_at == 0:
            return False
        if self.fail_at > 1:
            self.fail_at -= 1
            return False
        self.fired += 1
        if not self.fails_for_ever:
            self.fail_at = 0
        return True

    def open(self, _vfs, name, file, flags, out_flags):
        path = Path(os.fsdecode(name)).name if name else f"temp-{self.number}"
        is_new = path not in self.files
        if is_new:
            if not flags & CREATE:
                file.contents.methods = None
                return CANTOPEN
            self.files[path] = bytearray()
            self.log.append(("create", path))
        self.number += 1
        self.handles[self.number] = (path, self.files[path], [is_new])
        file.contents.number = self.number
        file.contents.methods = self.io_address
        if out_flags:
            out_flags[0] = flags
        return OK

    def delete(self, _vfs, name, is_dir_synced):
        path = Path(os.fsdecode(name)).name
        if self.is_failing():
            return self.fail_code
        if self.files.pop(path, None) is not None:
            self.log.append(("unlink", path))
            if is_dir_synced:
                self.log.append(("folder",))
        return OK

    def access(self, _vfs, name, _flags, out):
        out[0] = Path(os.fsdecode(name)).name in self.files
        return OK

    def full_path(self, _vfs, name, size, out):
        ctypes.memmove(out, name + b"\0", min(len(name) + 1, size))
        return OK

    def randomness(self, _vfs, count, out):
        ctypes.memmove(out, os.urandom(count), count)
        return count

    def current_time(self, _vfs, out):
        out[0] = time.time() / 86400.0 + 2440587.5
        return OK

    def close(self, file):
        self.handles.pop(file.contents.number, None)
        return OK

    def read(self, file, out, count, offset):
        data = bytes(self.handles[file.contents.number][1][offset : offset + count])
        ctypes.memmove(out, data.ljust(count, b"\0"), count)
        return OK if len(data) == count else IOERR_READ_SHORT

    def write(self, file, source, count, offset):
        if self.is_failing():
            return self.fail_code
        path, data, _ = self.handles[file.contents.number]
        put(data, offset, piece := ctypes.string_at(source, count))
        self.log.append(("write", path, offset, piece))
        return OK

    def truncate(self, file, size):
        if self.is_failing():
            return self.fail_code
        path, data, _ = self.handles[file.contents.number]
        del data[size:]
        self.log.append(("truncate", path, size))
        return OK

    def sync(self, file, _flags):
        if self.is_failing():
            return self.fail_code
        path, _, is_new = self.handles[file.contents.number]
        self.log.append(("sync", path))
        if is_new[0] and path.endswith(("-wal", "-journal")):  # as SQLite's unix VFS does for a new journal
            is_new[0] = False
            self.log.append(("folder",))
        return OK

    def file_size(self, file, out):
        out[0] = len(self.handles[file.contents.number][1])
        return OK

    def register(self, name: str) -> ctypes.CDLL:
        """Put this VFS into the library; keep all callbacks alive with it."""
        io_calls = {
            "xClose": self.close,
            "xRead": self.read,
            "xWrite": self.write,
            "xTruncate": self.truncate,
            "xSync": self.sync,
            "xFileSize": self.file_size,
            "xLock": lambda _f, _n: OK,
            "xUnlock": lambda _f, _n: OK,
            "xCheckReservedLock": lambda _f, out: out.__setitem__(0, 0) or OK,
            "xFileControl": lambda _f, _op, _arg: NOTFOUND,
            "xSectorSize": lambda _f: 4096,
            "xDeviceCharacteristics": lambda _f: POWERSAFE_OVERWRITE,
        }
        vfs_calls = {
            "xOpen": self.open,
            "xDelete": self.delete,
            "xAccess": self.access,
            "xFullPathname": self.full_path,
            "xRandomness": self.randomness,
            "xSleep": lambda _v, micros: micros,
            "xCurrentTime": self.current_time,
            "xGetLastError": lambda _v, _n, _p: OK,
        }
        self.io = _Io(1, *(kind(io_calls[key]) for key, kind in _IO))
        self.io_address = ctypes.addressof(self.io)
        calls = (kind(vfs_calls[key]) if key in vfs_calls else None for key, kind in _VFS)
        self.name = name.encode()
        self.vfs = _Vfs(1, ctypes.sizeof(_File), 512, None, self.name, None, *calls)
        library = ctypes.CDLL("libsqlite3.so.0")
        assert library.sqlite3_vfs_register(ctypes.byref(self.vfs), 0) == OK
        return library


def put(data: bytearray, offset: int, piece: bytes) -> None:
    if len(data) < offset:
        data.extend(bytes(offset - len(data)))
    data[offset : offset + len(piece)] = piece


class RecordingDisk(SystemDisk):
    """Plain files as they are, each call written to the recorder's log and failing with it."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.names: dict[int, str] = {}

    def _fail(self) -> None:
        if self.recorder.is_failing():
            raise OSError(28 if self.recorder.fail_code == 13 else 5, "put")

    def open(self, path: Path) -> int:
        if not path.exists():
            self.recorder.log.append(("create", path.name))
        fd = super().open(path)
        self.names[fd] = path.name
        return fd

    def write(self, fd: int, data: bytes, offset: int) -> None:
        self._fail()
        super().write(fd, data, offset)
        self.recorder.log.append(("write", self.names[fd], offset, data))

    def truncate(self, fd: int, size: int) -> None:
        self._fail()
        super().truncate(fd, size)
        self.recorder.log.append(("truncate", self.names[fd], size))

    def sync(self, fd: int) -> None:
        self._fail()
        self.recorder.log.append(("sync", self.names[fd]))

    def sync_folder(self, folder: Path) -> None:  # noqa: ARG002 - one folder is all there is
        self.recorder.log.append(("folder",))

    def exists(self, path: Path) -> bool:
        return path.exists() or path.name in self.recorder.files


class PowerCut:
    """What the medium may hold at each place of a log."""

    def __init__(self) -> None:
        self.durable: dict[int, bytes] = {}  # by inode
        self.pending: dict[int, list[tuple]] = {}
        self.names: dict[str, int] = {}  # what the folder on the medium says
        self.name_steps: list[tuple[str, int | None]] = []
        self.live: dict[str, int] = {}
        self.inode = 0

    def step(self, op: tuple) -> None:
        match op:
            case ("create", name):
                self.inode += 1
                self.live[name] = self.inode
                self.durable[self.inode], self.pending[self.inode] = b"", []
                self.name_steps.append((name, self.inode))
            case ("unlink", name):
                del self.live[name]
                self.name_steps.append((name, None))
            case ("write" | "truncate", name, *_):
                self.pending[self.live[name]].append(op)
            case ("sync", name):
                inode = self.live[name]
                self.durable[inode] = applied(self.durable[inode], self.pending[inode], None)
                self.pending[inode] = []
            case ("folder",):
                self.names, self.name_steps = dict(self.live), []

    def image(self, chance: random.Random) -> dict[str, bytes]:
        """Return the files as one power cut here may leave them."""
        names = dict(self.names)
        for name, inode in self.name_steps[: chance.randint(0, len(self.name_steps))]:
            if inode is None:
                names.pop(name, None)
            else:
                names[name] = inode
        how = chance.choice((None, None, 0.0, 0.5, 0.9))
        return {name: applied(self.durable[inode], self.pending[inode], chance, how) for name, inode in names.items()}


def applied(start: bytes, ops: list[tuple], chance: random.Random | None, kept: float | None = None) -> bytes:
    """Apply steps: all of them, or each sector of each with a chance of `kept`."""
    if not ops or (chance is not None and kept == 0.0):
        return start
    data = bytearray(start)
    for op in ops:
        if op[0] == "truncate":
            if chance is None or kept is None or chance.random() < kept:
                del data[op[2] :]
                data.extend(bytes(op[2] - len(data)))
        elif chance is None or kept is None:
            put(data, op[2], op[3])
        else:
            offset, piece = op[2], op[3]
            end = offset + len(piece)
            while offset < end:
                stop = min(end, (offset // SECTOR + 1) * SECTOR)
                if chance.random() < kept:
                    put(data, offset, piece[offset - op[2] : stop - op[2]])
                offset = stop
    return bytes(data)


class HandClock:
    def __init__(self) -> None:
        self.ns = 0

    def now(self) -> datetime:
        return datetime(2026, 3, 1, 12, tzinfo=UTC)

    def mono_ns(self) -> int:
        self.ns += 1
        return self.ns


@pytest.fixture
def recorders() -> Iterator[type]:
    """Make recorders, each registered under a name of its own and taken out again."""
    made = []

    def make() -> tuple[Recorder, str, RecordingDisk]:
        recorder = Recorder()
        name = f"recorder{id(recorder)}"
        made.append((recorder, recorder.register(name)))
        return recorder, name, RecordingDisk(recorder)

    yield make
    for recorder, library in made:
        library.sqlite3_vfs_unregister(ctypes.byref(recorder.vfs))


@pytest.fixture
def power_cut() -> type[PowerCut]:
    return PowerCut


@pytest.fixture
def hand_clock() -> type[HandClock]:
    return HandClock


@pytest.fixture
def room() -> Iterator[Path]:
    """A folder in memory where there is one."""
    shared = Path("/dev/shm")  # noqa: S108 - only for speed
    path = Path(tempfile.mkdtemp(prefix="guichet-", dir=shared if os.access(shared, os.W_OK) else None))
    yield path
    shutil.rmtree(path)
