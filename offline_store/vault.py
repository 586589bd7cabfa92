"""Everything the store does, on one thread: database, second journal, keys and space reserve as one thing."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from offline_store import checking, journal, outbox, personal, queue_outcomes, snapshots
from offline_store.database import Database
from offline_store.disk import disk_error
from offline_store.errors import NotWritten, OutOfSpace, StoreDamaged, StoreError
from offline_store.journal import AppendedHead, JournalEntry
from offline_store.journal_file import Frame, JournalFile, Scan
from offline_store.outbox import (
    OutboxMessage,
    OutboxTuple,
    Outcome,
    Proven,
    QueuedMessage,
    ReadyBatch,
    Refused,
    StoredMessage,
    StreamFigures,
)
from offline_store.personal import KeyRing
from offline_store.vault_options import (
    DATABASE_NAME,
    JOURNAL_NAME,
    KEYS_NAME,
    RESERVE_NAME,
    Append,
    Clock,
    StoreOptions,
    boot_id,
)

_CATCH_UP_ROWS = 500
_NO_DUE = ""


class Vault:
    """Own the files of one store; use it on one thread only."""

    def __init__(self, folder: Path, clock: Clock, options: StoreOptions) -> None:
        self.folder = folder
        self.clock = clock
        self.options = options
        self.disk = options.disk
        self.database = Database(
            folder / DATABASE_NAME, self.disk, vfs=options.vfs, checkpoint_pages=options.checkpoint_pages
        )
        self.ring: KeyRing
        self.file: JournalFile
        self._boot_id = options.boot_id or boot_id()
        self._head = AppendedHead(0, journal.GENESIS)
        self._counts: Counter[outbox.Place] = Counter()
        self._is_file_behind = False

    def open(self) -> None:
        """Open, check, and bring the second journal up to date.

        Raises:
            StoreInUse, StoreDamaged, SettingRefused, NotWritten: see offline_store.errors.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self.file = JournalFile(self.disk, self.folder / JOURNAL_NAME)
            self.ring = KeyRing(self.disk, self.folder / KEYS_NAME, self.options.key_lot)
        except OSError as problem:
            raise disk_error(problem, "open") from problem
        try:
            self._open_checked()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close everything."""
        self.database.close()
        self.ring.close()
        self.file.close()

    @property
    def head(self) -> AppendedHead:
        """Return where the journal ends."""
        return AppendedHead(self._head.seq, self._head.hash, not self._is_file_behind)

    def append(self, wanted: Append) -> AppendedHead:
        """Write in one transaction; when the disk is full, give up the reserve and try once more.

        Raises:
            NotWritten, DuplicateKey: nothing was written.
            CommitUncertain: it may have been.
        """
        if wanted.begins_payment:
            self.check_reserve()
        try:
            return self._append(wanted)
        except OutOfSpace:
            if not self._release_reserve():
                raise
            return self._append(wanted)

    def ready(self, stream: str, limit: int) -> ReadyBatch:
        """Return the first messages of a stream that may go now; one that cannot be read is parked and alarmed."""
        stored = self.database.read(lambda conn: outbox.ready(conn, stream, limit))
        now = self.clock.now()
        found: list[QueuedMessage] = []
        for message in stored:
            try:
                queued = self._queued(message)
                wait_s = message.wait_s(now)
                if wait_s > 0:
                    return ReadyBatch(tuple(found), None if found else wait_s)
                found.append(queued)
            except StoreError as problem:
                unread = QueuedMessage(message.id, message.key, stream, message.sale_id, b"", message.attempts)
                self.record(((unread, Refused(problem.key)),))
        return ReadyBatch(tuple(found))

    def record(self, outcomes: Sequence[tuple[QueuedMessage, Outcome]]) -> None:
        """Write what became of messages, all in one transaction.

        Raises:
            NotWritten: nothing was written; the messages are still queued and will be sent again under the same keys.
        """
        wall = self.clock.now().isoformat()
        proven = tuple(
            (message.key, message.id, message.sale_id, wall, outcome.proof)
            for message, outcome in outcomes
            if isinstance(outcome, Proven)
        )
        parked = tuple((message.key, outcome.problem) for message, outcome in outcomes if isinstance(outcome, Refused))
        changes = self.database.transact(
            lambda conn: queue_outcomes.write(conn, outcomes, proven, wall),
            lambda conn: (
                all(outbox.is_sent(conn, row[0]) for row in proven)
                and all(outbox.state(conn, key) is outbox.MessageState.PARKED for key, _ in parked)
            ),
        )
        self._counts.update(changes)
        if proven or parked:
            self._copy(Frame(proven=proven, parked=parked), is_durable=False)

    def requeue(self, key: str) -> bool:
        """Put a parked message back in its place; False if it is not parked."""
        stream = self.database.transact(
            lambda conn: outbox.requeue(conn, key),
            lambda conn: outbox.state(conn, key) is outbox.MessageState.QUEUED,
        )
        if stream is not None:
            self._counts.update({(stream, True): -1, (stream, False): 1})
        return stream is not None

    def unblock(self, stream: str) -> None:
        """Let a stream flow again."""
        self.database.transact(
            lambda conn: outbox.unblock(conn, stream), lambda conn: stream not in outbox.blocked(conn)
        )

    def figures(self) -> tuple[StreamFigures, ...]:
        """Return how every stream stands."""
        blocked = self.database.read(outbox.blocked)
        names = sorted({stream for (stream, _), count in self._counts.items() if count} | blocked.keys())
        return tuple(
            StreamFigures(name, self._counts[name, False], self._counts[name, True], blocked.get(name, ""))
            for name in names
        )

    def recount(self) -> None:
        """Count the queue anew: slow on a long one, for the start only."""
        self._counts = Counter(self.database.read(outbox.counts))

    def put_snapshot(self, name: str, body: bytes) -> None:
        """Keep a last good copy."""
        snapshot = snapshots.Snapshot(name, self.clock.now(), body)
        self.database.transact(
            lambda conn: snapshots.write(conn, snapshot), lambda conn: snapshots.read(conn, name) == snapshot
        )

    def check_reserve(self) -> None:
        """Make sure that a sale begun now can be finished on this disk: to be asked before any payment.

        Raises:
            NotWritten: the second journal cannot be brought up to date.
            OutOfSpace: there is too little room.
        """
        self.database.read(journal.head)
        if self._is_file_behind and not self._catch_up(is_durable=True):
            raise NotWritten("store.journal_file_behind")
        try:
            self._make_reserve()
            free = self.disk.free_bytes(self.folder)
        except OSError as problem:
            raise disk_error(problem, "reserve") from problem
        if free < self.options.free_bytes_min:
            raise OutOfSpace("store.full", f"{free} bytes free")

    def findings(self) -> Iterator[str]:
        """Say everything that is not as it was written: both journals, queue, snapshots, sealed rows."""
        expected_rows = 0 if self._is_file_behind else self._head.seq
        return checking.all_findings(self.database, self.file, self.ring, expected_rows)

    def rewrite_file(self) -> None:
        """Write the second journal anew from the database. Raises OSError."""
        self.file.restart()
        self._is_file_behind = True
        self._catch_up_all(is_durable=True)

    # -- opening

    def _open_checked(self) -> None:
        scan = self._open_file()
        self.database.open()
        if found := tuple(checking.database_findings(self.database)):
            raise StoreDamaged("store.damaged", found)
        self._head = self.database.read(journal.head)
        if scan.last_seq > self._head.seq:
            raise StoreDamaged(
                "store.rolled_back",
                (f"the database ends at row {self._head.seq}, the second journal at {scan.last_seq}",),
            )
        try:
            # before keys that nothing seems to use are destroyed
            if found := tuple(checking.sealed_findings(self.database, self.file, self.ring)):
                raise StoreDamaged("store.damaged", found)
            self._mend_file(scan)
            self.ring.keep_only(self.database.read(personal.used_keys))
            self.recount()
        except OSError as problem:
            raise disk_error(problem, "open") from problem

    def _open_file(self) -> Scan:
        self.file.take_alone()
        try:
            return self.file.scan()
        except OSError as problem:
            raise disk_error(problem, "scan") from problem

    def _mend_file(self, scan: Scan) -> None:
        """Bring the second journal to what the database says: mend a hole, cut a torn tail, add what is missing."""
        if scan.damaged_at or self._is_other_history(scan.last_seq):
            self.file.keep_copy(self.folder / f"{JOURNAL_NAME}.damaged")
            self.rewrite_file()
            return
        self.file.cut_tail()
        self.file.sync()
        self._is_file_behind = scan.last_seq < self._head.seq
        if self._is_file_behind:
            self._catch_up_all(is_durable=True)

    def _is_other_history(self, last_seq: int) -> bool:
        last = next(
            (frame.entries[-1] for frame in self.file.contents() if frame.entries and frame.entries[-1][0] == last_seq),
            None,
        )
        return last is not None and self.database.read(lambda conn: journal.hash_at(conn, last_seq)) != last[-1]

    # -- writing

    def _append(self, wanted: Append) -> AppendedHead:
        entries = journal.follow(self._head, wanted.rows, wanted.finals(), self._stamp())
        last = entries[-1]
        fresh: list[bytes] = []
        try:
            key_ids = self._keys_for(wanted, fresh)
            frame = self._frame(wanted, entries, key_ids)
            self.database.transact(
                lambda conn: _write(conn, frame, entries), lambda conn: journal.hash_at(conn, last.seq) == last.hash
            )
        except OSError as problem:
            self._discard(fresh)
            raise disk_error(problem, "keys") from problem
        except NotWritten:
            self._discard(fresh)
            raise
        self._head = AppendedHead(last.seq, last.hash)
        self._counts.update((message.stream, False) for message in wanted.messages)
        self._copy(frame, is_durable=wanted.is_irreversible)
        return self.head

    def _stamp(self) -> tuple[str, int, str]:
        return self._boot_id, self.clock.mono_ns(), self.clock.now().isoformat()

    def _keys_for(self, wanted: Append, fresh: list[bytes]) -> Mapping[str, bytes]:
        """Return a key for every sale that needs one; those taken new are added to `fresh`."""
        sales = {item.sale_id for item in wanted.personal} | {m.sale_id for m in wanted.messages if m.is_personal}
        found = {}
        for sale_id in sorted(sales):
            key_id = self.database.read(lambda conn, sale_id=sale_id: personal.key_of_sale(conn, sale_id))  # type: ignore[misc]
            if key_id is None or key_id not in self.ring:
                key_id = self.ring.take()
                fresh.append(key_id)
            found[sale_id] = key_id
        return found

    def _frame(self, wanted: Append, entries: Sequence[JournalEntry], key_ids: Mapping[str, bytes]) -> Frame:
        seq = entries[-1].seq
        return Frame(
            entries=tuple(journal.as_tuple(entry) for entry in entries),
            messages=tuple(self._message_row(message, seq, key_ids) for message in wanted.messages),
            personal=personal.sealed_rows(self.ring, wanted.personal, key_ids, seq),
        )

    def _message_row(self, message: OutboxMessage, seq: int, key_ids: Mapping[str, bytes]) -> OutboxTuple:
        key_id, body = b"", message.body
        if message.is_personal:
            key_id = key_ids[message.sale_id]
            body = personal.seal(self.ring.key(key_id), body, f"{message.sale_id}:outbox:{message.key}")
        due = message.due.isoformat() if message.due else _NO_DUE
        digest = outbox.message_digest(seq, message.key, message.stream, message.sale_id, body, key_id, due)
        return (seq, message.key, message.stream, message.sale_id, body, key_id, due, digest)

    def _queued(self, stored: StoredMessage) -> QueuedMessage:
        """Return a stored message in clear; StoreDamaged or Forgotten when that is not to be had."""
        if not stored.is_intact:
            raise StoreDamaged("store.message_damaged", (str(stored.id),))
        body = stored.body
        if stored.key_id:
            body = personal.unseal(self.ring.key(stored.key_id), body, f"{stored.sale_id}:outbox:{stored.key}")
        return QueuedMessage(stored.id, stored.key, stored.stream, stored.sale_id, body, stored.attempts)

    def _discard(self, fresh: Iterable[bytes]) -> None:
        """Destroy keys whose write did not come about; if that cannot be done now, the next start does it."""
        try:
            self.ring.destroy(fresh)
        except OSError:
            self._is_file_behind = True  # this disk is not one to begin a payment on: check_reserve looks again

    # -- the second journal

    def _copy(self, frame: Frame, *, is_durable: bool) -> None:
        """Write to the second journal; if it cannot be, note that it is behind: what is committed stays committed."""
        if self._is_file_behind:
            self._catch_up(is_durable=is_durable)
            return
        try:
            self.file.append(frame, is_durable=is_durable)
        except OSError:
            self._is_file_behind = True
            if self._release_reserve():
                self._catch_up(is_durable=is_durable)

    def _catch_up(self, *, is_durable: bool) -> bool:
        try:
            self._catch_up_all(is_durable=is_durable)
        except OSError:
            return False
        return True

    def _catch_up_all(self, *, is_durable: bool) -> None:
        """Add what the database has and the file has not."""
        while frame := self.database.read(lambda conn: _frame_after(conn, self.file.last_seq)):
            self.file.append(frame, is_durable=False)
        if is_durable:
            self.file.sync()
        self._is_file_behind = False

    # -- the reserve

    def _make_reserve(self) -> None:
        path = self.folder / RESERVE_NAME
        fd = self.disk.open(path)
        try:
            if self.disk.size(fd) < self.options.reserve_bytes:
                self.disk.allocate(fd, self.options.reserve_bytes)
        finally:
            self.disk.close(fd)

    def _release_reserve(self) -> bool:
        """Give the reserve back to the disk; False if there was none or the disk does not let go of it.

        A disk that fails here must not hide that the row is committed: the caller goes on with what it has.
        """
        path = self.folder / RESERVE_NAME
        try:
            if not self.disk.exists(path):
                return False
            self.disk.remove(path)
        except OSError:
            return False
        return True


def _write(conn: sqlite3.Connection, frame: Frame, entries: Sequence[JournalEntry]) -> None:
    journal.write(conn, entries)
    outbox.write(conn, frame.messages)
    personal.write(conn, frame.personal)


def _frame_after(conn: sqlite3.Connection, seq: int) -> Frame | None:
    """Return what was written after a journal row as one frame of bounded size, None if nothing was."""
    entries = tuple(journal.as_tuple(entry) for entry in journal.entries_after(conn, seq, _CATCH_UP_ROWS))
    if not entries:
        return None
    last = entries[-1][0]
    return Frame(entries, outbox.rows_between(conn, seq, last), personal.rows_between(conn, seq, last))
