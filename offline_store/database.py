"""The one connection: its settings asserted, its schema migrated, every write one transaction whose end is known."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from offline_store import migrations
from offline_store.disk import Disk
from offline_store.errors import (
    CommitUncertain,
    DuplicateKey,
    NotWritten,
    OutOfSpace,
    SettingRefused,
    StoreClosed,
    StoreDamaged,
    StoreError,
    StoreInUse,
)

T = TypeVar("T")
APPLICATION_ID = 0x47554943  # "GUIC"


class Durability(Struct, frozen=True):
    """How a commit reaches the medium; docs/decisions/0001 says why this and no other."""

    journal_mode: str
    synchronous: int
    locking_mode: str


CHOSEN = Durability("wal", 2, "exclusive")

# In this order: the locking mode before the first touch of the file, so that a WAL needs no shared memory.
_SET = (
    "PRAGMA locking_mode = {0.locking_mode}",
    "PRAGMA mmap_size = 0",
    "PRAGMA cell_size_check = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA secure_delete = ON",
    "PRAGMA journal_mode = {0.journal_mode}",
    "PRAGMA synchronous = {0.synchronous}",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
)
_EXPECTED: tuple[tuple[str, int | str], ...] = (
    ("cell_size_check", 1),
    ("trusted_schema", 0),
    ("secure_delete", 1),
    ("foreign_keys", 1),
    ("temp_store", 2),
)
# Primary result codes of SQLite (https://www.sqlite.org/rescode.html) → what the caller can do.
_KINDS: dict[int, tuple[type[NotWritten] | type[StoreInUse], str]] = {
    5: (StoreInUse, "store.in_use"),  # BUSY
    6: (StoreInUse, "store.in_use"),  # LOCKED
    13: (OutOfSpace, "store.full"),  # FULL
}
_DAMAGE_CODES = frozenset({11, 26})  # CORRUPT, NOTADB
_ERROR_CODE = 1  # a statement does not fit the schema that is there
_DUPLICATE_CODES = frozenset({1555, 2067})  # CONSTRAINT_PRIMARYKEY, CONSTRAINT_UNIQUE


# A flipped bit in a text comes as UnicodeDecodeError where SQLite quotes it in its own message.
SQLITE_PROBLEMS = (sqlite3.Error, UnicodeDecodeError)


def named_error(cause: sqlite3.Error | UnicodeDecodeError) -> StoreError:
    """Return our error for SQLite's, by what the caller can do."""
    code = getattr(cause, "sqlite_errorcode", 0)
    if (
        code & 0xFF in _DAMAGE_CODES
        or isinstance(cause, UnicodeDecodeError)
        or str(cause).startswith("Could not decode")
    ):  # a flipped bit in a text
        return StoreDamaged("store.damaged", (str(cause),))
    if code in _DUPLICATE_CODES or str(cause).startswith("UNIQUE"):
        return DuplicateKey("store.duplicate_key", str(cause))
    kind, key = _KINDS.get(code & 0xFF, (NotWritten, "store.disk"))
    return kind(key, f"sqlite {code}: {cause}")


class Database:
    """Own the connection; use it on one thread only."""

    def __init__(self, path: Path, disk: Disk, *, vfs: str = "", checkpoint_pages: int = 1000) -> None:
        self.path = path
        self._disk = disk
        self._vfs = vfs
        self._checkpoint_pages = checkpoint_pages
        self._conn: sqlite3.Connection | None = None

    @property
    def conn(self) -> sqlite3.Connection:
        """Return the connection for reading.

        Raises:
            StoreClosed: it is closed or was given up.
        """
        if self._conn is None:
            raise StoreClosed("store.closed")
        return self._conn

    def open(self) -> None:
        """Open, assert the settings, migrate.

        Raises:
            StoreInUse, StoreDamaged, SettingRefused, NotWritten: see offline_store.errors.
        """
        try:
            self._conn = self._connect()
            _migrate(self._conn)
            self._disk.sync_folder(self.path.parent)
        except SQLITE_PROBLEMS as problem:
            self.close()
            raise named_error(problem) from problem
        except StoreError:
            self.close()
            raise

    def close(self) -> None:
        """Close; what the WAL holds is moved into the main file."""
        conn, self._conn = self._conn, None
        if conn is not None:
            conn.close()

    def transact(self, work: Callable[[sqlite3.Connection], T], is_done: Callable[[sqlite3.Connection], bool]) -> T:
        """Run `work` in one transaction; `is_done` tells after a failed COMMIT whether it took place all the same.

        Raises:
            NotWritten, DuplicateKey, StoreDamaged: nothing was written.
            CommitUncertain: it could not be found out; the database is closed.
        """
        conn = self.conn
        try:
            conn.execute("BEGIN IMMEDIATE")
            result = work(conn)
        except BaseException as problem:
            self._roll_back(conn)
            if isinstance(problem, SQLITE_PROBLEMS):
                raise named_error(problem) from problem
            raise
        try:
            conn.execute("COMMIT")
        except SQLITE_PROBLEMS as problem:
            self._find_out(problem, is_done)
        return result

    def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Run a query.

        Raises:
            StoreDamaged: the file is not what was written.
            NotWritten: it could not be read.
        """
        try:
            return query(self.conn)
        except SQLITE_PROBLEMS as problem:
            raise named_error(problem) from problem

    def checkpoint(self) -> None:
        """Move the WAL into the main file and cut it; no matter if that has to wait."""
        self.read(lambda conn: conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())

    def integrity_findings(self) -> Iterator[str]:
        """Say what SQLite's own check finds."""
        try:
            for pragma in ("integrity_check", "foreign_key_check"):
                for row in self.conn.execute(f"PRAGMA {pragma}"):
                    if row[0] != "ok":
                        yield f"{pragma}: {row[0]}"
        except SQLITE_PROBLEMS as problem:
            yield f"integrity_check: {problem}"

    def _connect(self) -> sqlite3.Connection:
        query = f"?vfs={self._vfs}" if self._vfs else ""
        uri = f"file:{self.path.as_posix().replace('%', '%25').replace('?', '%3f').replace('#', '%23')}{query}"
        conn = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=0, cached_statements=128)
        try:
            for statement in _SET:
                conn.execute(statement.format(CHOSEN)).fetchall()
            conn.execute(f"PRAGMA wal_autocheckpoint = {self._checkpoint_pages}").fetchall()
            _assert_settings(conn)
        except BaseException:
            conn.close()
            raise
        return conn

    def _roll_back(self, conn: sqlite3.Connection) -> None:
        if conn.in_transaction:
            try:
                conn.execute("ROLLBACK")
            except sqlite3.Error:
                self._reopen()

    def _find_out(
        self, problem: sqlite3.Error | UnicodeDecodeError, is_done: Callable[[sqlite3.Connection], bool]
    ) -> None:
        """Settle a COMMIT that raised: open anew, so that what counts is the file and not the cache, and look."""
        try:
            self._reopen()
            self.checkpoint()
            is_there = is_done(self.conn)
        except (sqlite3.Error, UnicodeDecodeError, StoreError) as second:
            self.close()
            raise CommitUncertain("store.commit_uncertain", str(second)) from problem
        if not is_there:
            raise named_error(problem) from problem

    def _reopen(self) -> None:
        self.close()
        self.open()


def _assert_settings(conn: sqlite3.Connection) -> None:
    expected = (
        ("journal_mode", CHOSEN.journal_mode),
        ("synchronous", CHOSEN.synchronous),
        ("locking_mode", CHOSEN.locking_mode),
        *_EXPECTED,
    )
    for name, value in expected:
        found = conn.execute(f"PRAGMA {name}").fetchone()
        if found is None or found[0] != value:
            raise SettingRefused("store.setting_refused", f"{name} is {found and found[0]}, not {value}")
    mmap = conn.execute("PRAGMA mmap_size").fetchone()
    if mmap is not None and mmap[0] != 0:
        raise SettingRefused("store.setting_refused", f"mmap_size is {mmap[0]}, not 0")


def _migrate(conn: sqlite3.Connection) -> None:
    """Bring the schema to the newest version, each step one transaction."""
    version = conn.execute("PRAGMA user_version").fetchone()[0]
    scripts = migrations.scripts()
    if version > scripts[-1][0]:
        raise SettingRefused("store.newer_schema", f"schema {version}, this program knows {scripts[-1][0]}")
    for number, script in scripts:
        if number > version:
            marks = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {number};"
            try:
                conn.executescript(f"BEGIN IMMEDIATE;\n{script}\n{marks}\nCOMMIT;")
            except SQLITE_PROBLEMS as problem:
                if conn.in_transaction:
                    conn.execute("ROLLBACK")
                if getattr(problem, "sqlite_errorcode", 0) == _ERROR_CODE:
                    raise StoreDamaged("store.damaged", (f"schema is not version {version}: {problem}",)) from problem
                raise
