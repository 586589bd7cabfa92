"""The opening of the store, with its refusals in words."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from kiosk.application.clock import Clock
from kiosk.application.settings import Settings
from kiosk.bootstrap.starting import CannotStart, Start, clock_of
from offline_store import Store, StoreDamaged, StoreError, StoreInUse, StoreOptions

MIB = 1024 * 1024


async def opened_store(settings: Settings, data: Path, clock: Clock) -> Store:
    """Return the store, open.

    Raises:
        CannotStart: it is in use, damaged beyond rebuilding, or cannot be read.
    """
    folder = settings.store_dir(data)
    options = StoreOptions(free_bytes_min=settings.store.reserve_mib * MIB)
    try:
        return await Store.open(folder, clock=clock, options=options, may_rebuild=True)
    except StoreInUse:
        raise CannotStart(
            f"A terminal is already running with this store ({folder}). "
            "Use it, stop it, or start this one with another folder (GUICHET_DATA_DIR or store.dir)."
        ) from None
    except StoreDamaged as damage:
        findings = "; ".join(damage.findings[:3])
        raise CannotStart(
            f"The store in {folder} is damaged and could not be rebuilt ({findings}). Bring it back from a backup."
        ) from None
    except StoreError as trouble:
        raise CannotStart(
            f"The store in {folder} cannot be opened ({trouble}). Check the disk and the rights."
        ) from None


@asynccontextmanager
async def open_store(start: Start) -> AsyncIterator[Store]:
    """Open the store alone, while no terminal runs."""
    async with await opened_store(start.settings, start.data, clock_of(start)) as store:
        yield store
