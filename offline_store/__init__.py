"""Sell offline and bring every sale to the platform exactly once: a small library that knows nothing about tickets."""

from offline_store.backup import BackupMade, restore
from offline_store.errors import (
    CommitUncertain,
    DuplicateKey,
    Forgotten,
    NotWritten,
    OutOfSpace,
    SaleStillOwed,
    SettingRefused,
    StoreBusy,
    StoreClosed,
    StoreDamaged,
    StoreError,
    StoreInUse,
)
from offline_store.journal import AppendedHead, JournalEntry, JournalRow
from offline_store.outbox import (
    Later,
    MessageState,
    OutboxMessage,
    Outcome,
    ParkedMessage,
    Proven,
    QueuedMessage,
    Refused,
    StreamBlocked,
    StreamFigures,
    Waiting,
)
from offline_store.personal import PersonalField
from offline_store.rebuilding import rebuild
from offline_store.retention import Retained, RetentionPolicy
from offline_store.snapshots import Snapshot
from offline_store.store import Store, SystemClock
from offline_store.sync import Courier, CourierLimits, Deliver
from offline_store.vault_options import Clock, StoreOptions

__all__ = [
    "AppendedHead",
    "BackupMade",
    "Clock",
    "CommitUncertain",
    "Courier",
    "CourierLimits",
    "Deliver",
    "DuplicateKey",
    "Forgotten",
    "JournalEntry",
    "JournalRow",
    "Later",
    "MessageState",
    "NotWritten",
    "OutOfSpace",
    "OutboxMessage",
    "Outcome",
    "ParkedMessage",
    "PersonalField",
    "Proven",
    "QueuedMessage",
    "Refused",
    "Retained",
    "RetentionPolicy",
    "SaleStillOwed",
    "SettingRefused",
    "Snapshot",
    "Store",
    "StoreBusy",
    "StoreClosed",
    "StoreDamaged",
    "StoreError",
    "StoreInUse",
    "StoreOptions",
    "StreamBlocked",
    "StreamFigures",
    "SystemClock",
    "Waiting",
    "rebuild",
    "restore",
]
