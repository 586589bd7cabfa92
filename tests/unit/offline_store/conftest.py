"""A store in a folder of its own, with a clock and a disk the test holds in its hand."""

import asyncio
import errno
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from offline_store import OutboxMessage, PersonalField, Store, StoreOptions
from offline_store.disk import SystemDisk
from offline_store.vault import Append, Vault

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class HandClock:
    """A clock that goes when it is told."""

    def __init__(self) -> None:
        self.wall = START
        self.ns = 1

    def now(self) -> datetime:
        return self.wall

    def mono_ns(self) -> int:
        self.ns += 1
        return self.ns

    def go(self, **step: float) -> None:
        self.wall += timedelta(**step)


class FaultyDisk(SystemDisk):
    """A disk that raises at chosen calls: `fail[name]` is how often, and with which errno."""

    def __init__(self) -> None:
        self.fail: dict[str, tuple[int, int]] = {}
        self.free = 10**12
        self.calls: list[str] = []

    def break_next(self, name: str, times: int = 1, code: int = errno.ENOSPC) -> None:
        self.fail[name] = (times, code)

    def _maybe(self, name: str) -> None:
        self.calls.append(name)
        times, code = self.fail.get(name, (0, 0))
        if times:
            self.fail[name] = (times - 1, code)
            raise OSError(code, name)

    def open(self, path: Path) -> int:
        self._maybe("open")
        return super().open(path)

    def read(self, fd: int, count: int, offset: int) -> bytes:
        self._maybe("read")
        return super().read(fd, count, offset)

    def write(self, fd: int, data: bytes, offset: int) -> None:
        self._maybe("write")
        super().write(fd, data, offset)

    def sync(self, fd: int) -> None:
        self._maybe("sync")
        super().sync(fd)

    def allocate(self, fd: int, size: int) -> None:
        self._maybe("allocate")
        super().allocate(fd, size)

    def replace(self, old: Path, new: Path) -> None:
        self._maybe("replace")
        super().replace(old, new)

    def free_bytes(self, folder: Path) -> int:
        super().free_bytes(folder)
        return self.free


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def disk() -> FaultyDisk:
    return FaultyDisk()


@pytest.fixture
def options(disk: FaultyDisk) -> StoreOptions:
    return StoreOptions(reserve_bytes=65536, free_bytes_min=1, key_lot=4, disk=disk)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def run() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    return asyncio.run


@pytest.fixture
def opened(folder: Path, clock: HandClock, options: StoreOptions) -> Callable[..., Awaitable[Store]]:
    async def open_it(**more: Any) -> Store:
        return await Store.open(folder, clock=clock, options=options, **more)

    return open_it


@pytest.fixture
def vault(folder: Path, clock: HandClock, options: StoreOptions) -> Any:
    made = Vault(folder, clock, options)
    made.open()
    yield made
    made.close()


@pytest.fixture
def write() -> Callable[..., Append]:
    from offline_store import JournalRow

    def make(
        sale: str,
        *kinds: str,
        message: str = "",
        stream: str = "platform",
        name: str = "",
        final: bool = False,
        hard: bool = False,
    ) -> Append:
        rows = tuple(JournalRow(sale, "customer", kind, kind.encode()) for kind in kinds or ("Opened",))
        messages = (
            (OutboxMessage(message, stream, f"body of {message} for {name}".encode(), None, sale, bool(name)),)
            if message
            else ()
        )
        fields = (PersonalField(sale, "holder", name.encode()),) if name else ()
        return Append(rows, messages, fields, (sale,) if final else (), hard)

    return make
