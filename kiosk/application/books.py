"""Our own book, read from the journal: the sales of a time, and the card charges of the payment device's day."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from kiosk.application.codec import KIND_PREFIX, decode_event
from kiosk.application.service import SERVICE_ID
from kiosk.application.store_gateway import StoreGateway
from kiosk.domain.money import Money
from kiosk.domain.sale.events import PaymentApproved, ReversalDone
from kiosk.domain.sale.sale import Sale
from offline_store import JournalEntry, JournalRow, Store

DAY_CLOSED = "service:day_closed"  # the payment device's end of day; what was charged before it is settled
PAGE = 1000  # steps read at a time, so that a sale never waits long for the store's thread
CHARGES = frozenset(f"{KIND_PREFIX}{each.__name__}" for each in (PaymentApproved, ReversalDone))


class StoreBooks:
    """The journal as a book of money."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._gateway = StoreGateway(store)

    async def sales(self, since: datetime | None) -> tuple[Sale, ...]:
        """Return the sales with a step since then, all of them for None, in the order of their first step."""
        ids: dict[str, None] = {}
        async for entry in self._entries():
            if entry.kind.startswith(KIND_PREFIX) and (since is None or datetime.fromisoformat(entry.wall) >= since):
                ids.setdefault(entry.sale_id)
        found = [await self._gateway.read(sale_id) for sale_id in ids]
        return tuple(each.sale for each in found if each is not None)

    async def charges_of_day(self) -> Mapping[str, Money]:
        """Return what was charged by card and not given back since the last end of day, by reference."""
        charges: dict[str, Money] = {}
        async for entry in self._entries():
            if entry.kind == DAY_CLOSED:
                charges.clear()
            elif entry.kind in CHARGES:
                match decode_event(entry.kind, entry.payload):
                    case PaymentApproved(reference, amount, platform_id=""):
                        charges[reference] = amount
                    case ReversalDone(reference):
                        charges.pop(reference, None)
        return charges

    async def close_day(self, actor: str, note: bytes) -> None:
        """Note that the payment device has begun a new day."""
        await self._store.append((JournalRow(SERVICE_ID, actor, DAY_CLOSED, note),), finished=(SERVICE_ID,))

    async def _entries(self) -> AsyncIterator[JournalEntry]:
        after = 0
        while page := await self._store.read_journal(after, PAGE):
            for entry in page:
                yield entry
            after = page[-1].seq
