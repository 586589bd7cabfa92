"""What can go wrong with the store, by what the caller can do.

StoreError
├── NotWritten        nothing was written: refuse, or try again
│   ├── OutOfSpace    the disk is full or the reserve is gone: sell nothing more until there is room
│   ├── StoreBusy     too many calls wait
│   ├── StoreClosed   the store is closed or gave up; open it again
│   └── DuplicateKey  a message under this key is queued or was sent already
├── CommitUncertain   it may be on disk: open again and read before anything else, never repeat blindly
├── StoreDamaged      what is on disk is not what was written; `findings` say where; rebuild from the second journal
├── StoreInUse        another process owns the store
├── SettingRefused    SQLite did not take a setting that money depends on: do not sell
├── Forgotten         the key of this sale's personal data was destroyed, or never was here
└── SaleStillOwed     the sale is open or a message of it is not yet proven: it cannot be forgotten
"""


class StoreError(Exception):
    """Something with the store; `key` picks the technician's sentence, `detail` never holds personal data."""

    def __init__(self, key: str, detail: str = "") -> None:
        super().__init__(f"{key}: {detail}" if detail else key)
        self.key = key
        self.detail = detail


class NotWritten(StoreError):  # noqa: N818 - read as a state of the store
    """Nothing was written: refuse, or try again."""


class OutOfSpace(NotWritten):
    """The disk is full or the reserve is gone."""


class StoreBusy(NotWritten):
    """Too many calls wait for the store."""


class StoreClosed(NotWritten):
    """The store is closed or gave up."""


class DuplicateKey(NotWritten):
    """A message under this key is queued or was sent already."""


class CommitUncertain(StoreError):  # noqa: N818
    """It may be on disk: open again and read before anything else."""


class StoreDamaged(StoreError):  # noqa: N818
    """What is on disk is not what was written; `findings` say where."""

    def __init__(self, key: str, findings: tuple[str, ...]) -> None:
        super().__init__(key, "; ".join(findings[:3]))
        self.findings = findings


class StoreInUse(StoreError):  # noqa: N818
    """Another process owns the store."""


class SettingRefused(StoreError):  # noqa: N818
    """SQLite did not take a setting that money depends on."""


class Forgotten(StoreError):  # noqa: N818
    """The key of this sale's personal data is gone."""


class SaleStillOwed(StoreError):  # noqa: N818
    """The sale is open or a message of it is not yet proven."""
