"""The store as faces and questions see it: to look at, to copy and to forget a person in, never to write."""

from pathlib import Path

from kiosk.application.terminal import StoreFigures, StreamFigure
from offline_store import Store


class StoreLook:
    """The store as faces see it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def figures(self) -> StoreFigures:
        """Return how the store stands."""
        streams = await self._store.stream_figures()
        head, waiting = await self._store.head(), await self._store.waiting()
        told = tuple(StreamFigure(each.stream, each.ready, each.parked, each.blocked_cause) for each in streams)
        return StoreFigures(told, head.seq, head.hash.hex(), waiting.sales, waiting.since)

    async def forget(self, sale_id: str, actor: str) -> None:
        """Make the personal data of a sale unreadable everywhere.

        Raises:
            SaleStillOwed: it is open, or the platform does not have it yet.
        """
        await self._store.forget(sale_id, actor)

    async def findings(self) -> tuple[str, ...]:
        """Verify both journals."""
        return await self._store.verify()

    async def export(self, target: Path) -> tuple[Path, ...]:
        """Write what may be looked at into a folder."""
        return await self._store.export(target)

    async def backup(self, target: Path, recovery_key: bytes) -> tuple[Path, ...]:
        """Write a backup."""
        made = await self._store.backup(target, recovery_key)
        return tuple(sorted(made.folder.iterdir()))
