"""What a store is opened with, and what one write holds."""

from datetime import datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct, field

from offline_store.disk import Disk, SystemDisk
from offline_store.journal import JournalRow
from offline_store.outbox import OutboxMessage
from offline_store.personal import PersonalField

DATABASE_NAME = "store.sqlite3"
JOURNAL_NAME = "journal.gj"
KEYS_NAME = "keys"
RESERVE_NAME = "reserve"


class Clock(Protocol):
    """Wall time for people, monotonic time for order within a boot."""

    def now(self) -> datetime:
        """Return the wall time, aware."""
        ...

    def mono_ns(self) -> int:
        """Return the monotonic time in nanoseconds."""
        ...


class StoreOptions(Struct, frozen=True):
    """What may be set; sizes in bytes."""

    reserve_bytes: int = 8 * 1024 * 1024
    """Kept on disk, to be given up so that a sale already paid can be finished on a full disk."""
    free_bytes_min: int = 16 * 1024 * 1024
    """Less than this free, and no payment is begun."""
    key_lot: int = 64
    """How many keys are made ahead at a time."""
    checkpoint_pages: int = 1000
    """The WAL is moved into the main file when it holds this many pages."""
    boot_id: str = ""
    """Which start of the machine this is; empty: the kernel is asked."""
    vfs: str = ""
    """The SQLite VFS; empty: the system's own."""
    disk: Disk = field(default_factory=SystemDisk)


class Append(Struct, frozen=True):
    """One write: rows, messages and personal data that stand or fall together."""

    rows: tuple[JournalRow, ...]
    messages: tuple[OutboxMessage, ...] = ()
    personal: tuple[PersonalField, ...] = ()
    finished: tuple[str, ...] = ()
    is_irreversible: bool = False
    begins_payment: bool = False

    def finals(self) -> frozenset[int]:
        """Return the places of the last rows of finished sales."""
        if not self.rows:
            raise ValueError("a write needs a journal row")
        places = {row.sale_id: place for place, row in enumerate(self.rows)}
        if strangers := [sale_id for sale_id in self.finished if sale_id not in places]:
            raise ValueError(f"a sale finishes with a row of its own: {strangers}")
        return frozenset(places[sale_id] for sale_id in self.finished)


def boot_id() -> str:
    """Return which start of the machine this is, as the kernel says."""
    return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
