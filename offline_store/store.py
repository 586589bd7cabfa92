"""The store: journal, outbox, personal data and snapshots behind one async face, all on one thread."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, TypeVar

from offline_store import backup, inspection, journal, outbox, personal, rebuilding, retention, snapshots
from offline_store.errors import StoreDamaged
from offline_store.journal import AppendedHead, JournalEntry, JournalRow
from offline_store.outbox import (
    MessageState,
    OutboxMessage,
    Outcome,
    ParkedMessage,
    QueuedMessage,
    ReadyBatch,
    StreamFigures,
    Waiting,
)
from offline_store.personal import PersonalField
from offline_store.snapshots import Snapshot
from offline_store.store_thread import StoreThread
from offline_store.vault import Vault
from offline_store.vault_options import Append, Clock, StoreOptions

T = TypeVar("T")


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the wall time in UTC."""
        return datetime.now(UTC)

    def mono_ns(self) -> int:
        """Return the monotonic time in nanoseconds."""
        return time.monotonic_ns()


class Store:
    """What was promised to customers and platforms, safe from the next power cut on.

    Every method may raise StoreClosed and StoreBusy (nothing happened); writes also NotWritten (nothing was written)
    and CommitUncertain (open again and read).
    """

    def __init__(self, thread: StoreThread, vault: Vault, repaired: tuple[str, ...]) -> None:
        self._thread = thread
        self._vault = vault
        self._listeners: list[Callable[[], object]] = []
        self.repaired = repaired
        """What was found damaged at this start and rebuilt from the second journal; empty when all was well."""

    @classmethod
    async def open(
        cls, folder: Path, *, clock: Clock | None = None, options: StoreOptions | None = None, may_rebuild: bool = False
    ) -> Self:
        """Open the store in a folder of its own, creating it where there is none, after checking all of it.

        With `may_rebuild` a damaged database is set aside and made anew from the second journal; `repaired` says so.

        Raises:
            StoreInUse: another process has it.
            StoreDamaged: what is on disk is not what was written.
            SettingRefused: SQLite did not take a setting, or the schema is of a newer program.
            NotWritten: the disk does not let us.
        """
        thread = StoreThread()
        vault = Vault(folder, clock or SystemClock(), options or StoreOptions())
        try:
            repaired = await thread.run(lambda: _open(vault, may_rebuild=may_rebuild))
        except BaseException:
            await thread.stop(lambda: None)
            raise
        return cls(thread, vault, repaired)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Finish what waits, close the files, end the thread; a second close does nothing."""
        await self._thread.stop(self._vault.close)

    async def append(
        self,
        rows: Sequence[JournalRow],
        messages: Sequence[OutboxMessage] = (),
        personal: Sequence[PersonalField] = (),
        *,
        finished: Sequence[str] = (),
        is_irreversible: bool = False,
        begins_payment: bool = False,
    ) -> AppendedHead:
        """Write rows, messages and personal data in ONE durable transaction; on return they survive a power cut.

        `finished` names sales that come to rest with these rows. With `is_irreversible` (before a charge, before paper)
        the second journal is on the medium too. With `begins_payment` nothing is written unless what is begun now can
        be finished on this disk. The write takes place even if the caller stops waiting.

        Raises:
            NotWritten, DuplicateKey: nothing was written.
            CommitUncertain: it may have been: open again and read.
        """
        wanted = Append(tuple(rows), tuple(messages), tuple(personal), tuple(finished), is_irreversible, begins_payment)
        head = await self._thread.run(lambda: self._vault.append(wanted))
        if messages:
            self._wake()
        return head

    async def read_sale(self, sale_id: str) -> tuple[JournalEntry, ...]:
        """Return all steps of a sale in order; none if it is not known."""
        return await self._read(lambda conn: journal.entries_of(conn, sale_id))

    async def read_journal(self, after_seq: int, limit: int) -> tuple[JournalEntry, ...]:
        """Return at most `limit` steps of all sales after a place, in order."""
        return await self._read(lambda conn: tuple(journal.entries_after(conn, after_seq, limit)))

    async def open_sale_ids(self) -> tuple[str, ...]:
        """Return the sales not marked finished, oldest first."""
        return await self._read(journal.open_sales)

    async def head(self) -> AppendedHead:
        """Return where the journal ends."""
        return await self._thread.run(lambda: self._vault.head)

    async def read_personal(self, sale_id: str) -> dict[str, bytes]:
        """Return the personal data of a sale in clear, by name.

        Raises:
            Forgotten: its key was destroyed.
        """
        return await self._read(lambda conn: personal.of_sale(conn, self._vault.ring, sale_id))

    async def forget(self, sale_id: str, actor: str = "system") -> None:
        """Make the personal data of a finished sale unreadable everywhere: here, in the second journal, in backups.

        Raises:
            SaleStillOwed: it is open, or a message of it is not yet proven.
        """
        await self._thread.run(lambda: retention.forget(self._vault, sale_id, actor))

    async def ready_streams(self) -> tuple[str, ...]:
        """Return the streams that have something to send."""
        return await self._read(outbox.streams)

    async def ready(self, stream: str, limit: int) -> ReadyBatch:
        """Return the first messages of a stream that may go now, in order."""
        return await self._thread.run(lambda: self._vault.ready(stream, limit))

    async def record(self, outcomes: Sequence[tuple[QueuedMessage, Outcome]]) -> None:
        """Write what became of messages, all in one transaction."""
        if outcomes:
            await self._thread.run(lambda: self._vault.record(outcomes))

    async def stream_figures(self) -> tuple[StreamFigures, ...]:
        """Return how every stream stands: ready, parked, blocked."""
        return await self._thread.run(self._vault.figures)

    async def waiting(self) -> Waiting:
        """Return how many sales wait for the platform, and since when."""
        return await self._read(outbox.waiting)

    async def parked(self, limit: int = 100) -> tuple[ParkedMessage, ...]:
        """Return the messages a platform refused, oldest first."""
        return await self._read(lambda conn: outbox.parked(conn, limit))

    async def requeue(self, key: str) -> bool:
        """Put a parked message back in its place; False if it is not parked."""
        is_back = await self._thread.run(lambda: self._vault.requeue(key))
        self._wake()
        return is_back

    async def unblock(self, stream: str) -> None:
        """Let a blocked stream flow again."""
        await self._thread.run(lambda: self._vault.unblock(stream))
        self._wake()

    async def message_state(self, key: str) -> MessageState:
        """Say where a message stands."""
        return await self._read(lambda conn: outbox.state(conn, key))

    async def proof(self, key: str) -> str | None:
        """Return what the platform said when it took a message; None while unproven."""
        return await self._read(lambda conn: outbox.proof(conn, key))

    async def put_snapshot(self, name: str, body: bytes) -> None:
        """Keep a last good copy of what a platform gave, in place of the former."""
        await self._thread.run(lambda: self._vault.put_snapshot(name, body))

    async def snapshot(self, name: str) -> Snapshot | None:
        """Return the last good copy; None if there is none or it is damaged."""
        return await self._read(lambda conn: snapshots.read(conn, name))

    async def verify(self) -> tuple[str, ...]:
        """Check both journals, the queue and the sealed rows whole; return what is wrong, nothing if all is well."""
        return await self._thread.run(lambda: tuple(self._vault.findings()))

    async def backup(self, target: Path, recovery_key: bytes) -> backup.BackupMade:
        """Write a backup into an empty folder; `recovery_key` is the operator's public X25519 key (32 bytes).

        Keys go along, sealed, only for sales that are open or still owe a message.
        """
        return await self._thread.run(lambda: backup.make(self._vault, target, recovery_key))

    async def export(self, target: Path) -> tuple[Path, ...]:
        """Write journal, queue figures and proofs as JSON lines into a folder; personal data stays out."""
        return await self._thread.run(lambda: inspection.export(self._vault, target))

    async def retain(self, policy: retention.RetentionPolicy) -> retention.Retained:
        """Forget the personal data of sales at rest for long enough, and trim what nobody needs."""
        return await self._thread.run(lambda: retention.apply(self._vault, policy))

    async def checkpoint(self) -> None:
        """Move the WAL into the main file; for idle times."""
        await self._thread.run(self._vault.database.checkpoint)

    def subscribe(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call `listener` (on the writer's loop) when there may be something new to send; return how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def _wake(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    async def _read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        return await self._thread.run(lambda: self._vault.database.read(query))


def _open(vault: Vault, *, may_rebuild: bool) -> tuple[str, ...]:
    try:
        vault.open()
    except StoreDamaged as problem:
        if not may_rebuild:
            raise
        rebuilding.rebuild(vault.folder, vault.options)
        vault.open()
        return problem.findings
    return ()
