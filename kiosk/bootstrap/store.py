"""The opening of the store, with its refusals in words."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from kiosk.application.clock import Clock
from kiosk.application.settings import Settings
from kiosk.application.store_words import store_sentence
from kiosk.bootstrap.starting import CannotStart, Start, clock_of
from offline_store import Store, StoreDamaged, StoreError, StoreInUse, StoreOptions

MIB = 1024 * 1024


async def opened_store(settings: Settings, data: Path, clock: Clock, *, may_rebuild: bool = True) -> Store:
    """Return the store, open.

    Raises:
        CannotStart: it is in use, damaged beyond rebuilding, or cannot be read.
        StoreDamaged: it is damaged and only to be looked at.
    """
    folder = settings.store_dir(data)
    options = StoreOptions(free_bytes_min=settings.store.reserve_mib * MIB)
    try:
        return await Store.open(folder, clock=clock, options=options, may_rebuild=may_rebuild)
    except StoreInUse:
        raise CannotStart(
            f"A terminal is already running with this store ({folder}). "
            "Use it, stop it, or start this one with another folder (GUICHET_DATA_DIR or store.dir)."
        ) from None
    except StoreDamaged as damage:
        if not may_rebuild:
            raise
        findings = "; ".join(damage.findings[:3])
        raise CannotStart(
            f"The store in {folder} is damaged and could not be rebuilt ({findings}). Bring it back from a backup."
        ) from None
    except StoreError as trouble:
        raise CannotStart(f"The store in {folder} cannot be opened. {store_sentence(trouble)}") from None


@asynccontextmanager
async def open_store(start: Start) -> AsyncIterator[Store]:
    """Open the store alone to look at it, while no terminal runs; nothing is rebuilt.

    Raises:
        CannotStart: it is in use or cannot be read.
        StoreDamaged: what is there is not what was written.
    """
    async with await opened_store(start.settings, start.data, clock_of(start), may_rebuild=False) as store:
        yield store
