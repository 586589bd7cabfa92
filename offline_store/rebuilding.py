"""Make a lost database anew from the second journal, and from whatever of the old one still reads right."""

import sqlite3
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct, field

from offline_store import journal, outbox, personal
from offline_store.database import Database
from offline_store.disk import disk_error
from offline_store.errors import StoreDamaged
from offline_store.journal import AppendedHead, EntryTuple
from offline_store.journal_file import Frame, JournalFile
from offline_store.vault_options import DATABASE_NAME, JOURNAL_NAME, KEYS_NAME, StoreOptions

_NEW_NAME = "rebuilt.sqlite3"
_SALVAGE = (
    "SELECT seq, boot_id, mono_ns, wall, sale_id, actor, kind, payload, is_final, prev_hash, hash "
    "FROM journal NOT INDEXED WHERE seq > ? ORDER BY seq"
)
_SALVAGE_MESSAGES = (
    "SELECT seq, key, stream, sale_id, body, key_id, due, digest FROM outbox NOT INDEXED WHERE seq > ? ORDER BY id"
)
_SALVAGE_PERSONAL = "SELECT sale_id, name, seq, key_id, sealed FROM personal WHERE seq > ?"


class _Found(Struct):
    """What both sources together know."""

    entries: dict[int, EntryTuple] = field(default_factory=dict)
    messages: dict[str, outbox.OutboxTuple] = field(default_factory=dict)
    sealed: dict[tuple[str, str], personal.PersonalTuple] = field(default_factory=dict)
    proven: dict[str, outbox.SentTuple] = field(default_factory=dict)
    parked: dict[str, str] = field(default_factory=dict)

    def add(self, frame: Frame) -> None:
        """Take in a frame; what is there already stays."""
        for entry in frame.entries:
            self.entries.setdefault(entry[0], entry)
        for message in frame.messages:
            self.messages.setdefault(message[1], message)
        for row in frame.personal:
            known = self.sealed.get((row[0], row[1]))
            # the same sealed bytes at another place are one row whose place was changed: the first source has it right
            if known is None or (row[2] > known[2] and row[3:] != known[3:]):
                self.sealed[row[0], row[1]] = row
        self.proven.update({row[0]: row for row in frame.proven})
        self.parked.update(dict(frame.parked))


def rebuild(folder: Path, options: StoreOptions) -> AppendedHead:
    """Set the database aside and make it anew; return where it ends.

    Proven messages whose proof was lost are queued again: their keys make that harmless.

    Raises:
        StoreInUse: another process has the store.
        StoreDamaged: both journals lack the same row; nothing was changed.
        NotWritten: the disk does not let us.
    """
    try:
        file = JournalFile(options.disk, folder / JOURNAL_NAME)
        try:
            file.take_alone()
            ring = personal.KeyRing(options.disk, folder / KEYS_NAME, options.key_lot)
            try:
                found = _gather(folder, file, ring)
            finally:
                ring.close()
            return _rebuild(folder, options, found)
        finally:
            file.close()
    except OSError as problem:
        raise disk_error(problem, "rebuild") from problem


def _gather(folder: Path, file: JournalFile, ring: personal.KeyRing) -> _Found:
    found = _Found()
    for frame in file.contents():
        found.add(frame)
    known = max(found.entries, default=0)
    for frame in _salvage(folder / DATABASE_NAME, ring, 0 if len(found.entries) < known else known):
        found.add(frame)
    return found


def _salvage(path: Path, ring: personal.KeyRing, after: int) -> Iterator[Frame]:
    """Read what an old database still gives and what proves itself right, each table up to its first bad page."""
    if not path.exists():
        return
    conn = sqlite3.connect(path, isolation_level=None)
    try:
        yield from _salvage_rows(conn, ring, after)
    finally:
        conn.close()


def _salvage_rows(conn: sqlite3.Connection, ring: personal.KeyRing, after: int) -> Iterator[Frame]:
    for entry in _rows(conn, _SALVAGE, after):
        if _proves_itself(lambda entry=entry: entry[-1] == journal.entry_hash(journal.from_tuple(entry))):  # type: ignore[misc]
            yield Frame(entries=(entry,))
    for message in _rows(conn, _SALVAGE_MESSAGES, after):
        if _proves_itself(lambda row=message: row[-1] == outbox.message_digest(*row[:-1])):  # type: ignore[misc]
            yield Frame(messages=(message,))
    for row in _rows(conn, _SALVAGE_PERSONAL, after):
        if _proves_itself(lambda row=row: personal.opens(ring, row)):  # type: ignore[misc]
            yield Frame(personal=(row,))


def _proves_itself(check: Callable[[], bool]) -> bool:
    """Say whether a row is what was written; a flipped bit may have changed the type of a column."""
    try:
        return check()
    except (TypeError, AttributeError, ValueError, struct.error):
        return False


def _rows(conn: sqlite3.Connection, query: str, after: int) -> Iterator[tuple]:  # type: ignore[type-arg]
    try:
        yield from conn.execute(query, (after,))
    except (sqlite3.Error, UnicodeDecodeError):
        return


def _rebuild(folder: Path, options: StoreOptions, found: _Found) -> AppendedHead:
    entries = [journal.from_tuple(found.entries[seq]) for seq in sorted(found.entries)]
    if findings := tuple(journal.chain_findings(entries)):
        raise StoreDamaged("store.both_damaged", findings)
    options.disk.remove(folder / _NEW_NAME)
    database = Database(folder / _NEW_NAME, options.disk, vfs=options.vfs)
    database.open()
    try:
        database.transact(lambda conn: _fill(conn, entries, found), lambda _: False)
        head = database.read(journal.head)
    finally:
        database.close()
    _take_place(folder, options)
    return head


def _fill(conn: sqlite3.Connection, entries: list[journal.JournalEntry], found: _Found) -> None:
    last = entries[-1].seq if entries else 0
    journal.write(conn, entries)
    owed = [row for key, row in found.messages.items() if row[0] <= last and key not in found.proven]
    outbox.write(conn, sorted(owed, key=lambda row: row[0]))  # in the order written, from whichever source they came
    for row in found.proven.values():
        conn.execute("INSERT INTO sent (key, id, sale_id, proven_at, proof) VALUES (?, ?, ?, ?, ?)", row)
    for key, problem in found.parked.items():
        outbox.park(conn, key, problem)
    personal.write(conn, (row for row in found.sealed.values() if row[2] <= last))


def _take_place(folder: Path, options: StoreOptions) -> None:
    """Set the old files aside under a free number, then give the new one its name; a cut repeats it."""
    disk, number = options.disk, 1
    while disk.exists(folder / f"damaged-{number}.sqlite3"):
        number += 1
    for suffix in ("-wal", "-journal", ""):
        if disk.exists(folder / f"{DATABASE_NAME}{suffix}"):
            disk.replace(folder / f"{DATABASE_NAME}{suffix}", folder / f"damaged-{number}.sqlite3{suffix}")
    disk.replace(folder / _NEW_NAME, folder / DATABASE_NAME)
    disk.sync_folder(folder)
