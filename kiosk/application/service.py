"""What a technician does to a terminal: acts in the journal, and devices taken out of service until further notice."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec

from kiosk.application.private_file import write_private
from offline_store import JournalRow, Store

Fact = str | int | bool

SERVICE_ID = "service"  # stands in the journal where a sale's id stands
KIND_PREFIX = "service:"
OUT_CAUSE = "service.out_of_service"


class Acts:
    """The acts of people other than selling, in the store's journal: who, what, when; never a secret."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def note(self, actor: str, act: str, facts: Mapping[str, Fact] = MappingProxyType({})) -> None:
        """Write an act down durably."""
        row = JournalRow(SERVICE_ID, actor, f"{KIND_PREFIX}{act}", msgspec.json.encode(dict(facts)))
        await self._store.append((row,), finished=(SERVICE_ID,))


async def noted_first(acts: Acts, actor: str, act: str, facts: Mapping[str, Fact], write: Callable[[], object]) -> None:
    """Write an act down, then do it on a thread: nothing of this kind is ever done that the journal does not know of.

    Raises:
        StoreError: it was not done. What `write` raises: it was not done either, and the journal says so.
    """
    await acts.note(actor, act, facts)
    try:
        await asyncio.to_thread(write)
    except Exception:
        await acts.note(actor, f"{act}_not_written", facts)
        raise


class OutOfService:
    """The devices a technician took out of service, with the reason; it outlives a restart."""

    def __init__(self, file: Path) -> None:
        """Read what was written; a file that cannot be read takes nothing out: what is broken says so itself."""
        self._file = file
        try:
            self._reasons: dict[str, str] = msgspec.json.decode(file.read_bytes(), type=dict[str, str])
        except (OSError, msgspec.DecodeError):
            self._reasons = {}

    def __contains__(self, device_id: str) -> bool:
        return device_id in self._reasons

    @property
    def reasons(self) -> Mapping[str, str]:
        """Return device id → reason."""
        return MappingProxyType(self._reasons)

    def put(self, device_id: str, reason: str) -> None:
        """Take a device out of service, durably. Raises OSError."""
        self._write({**self._reasons, device_id: reason})

    def take_back(self, device_id: str) -> bool:
        """Put a device into service again, durably; False where it was in service. Raises OSError."""
        if device_id not in self._reasons:
            return False
        self._write({each: reason for each, reason in self._reasons.items() if each != device_id})
        return True

    def _write(self, reasons: dict[str, str]) -> None:
        write_private(self._file, msgspec.json.encode(reasons))
        self._reasons = reasons
