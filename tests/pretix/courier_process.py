"""One run of a terminal's store and courier, to be killed: sells what is not yet sold, until the queue is empty.

`courier_process.py FOLDER [SECONDS]`: `orders.json` there holds the bookings, `link/` the link; an answer is waited for
so long. It says `sold CODE` when a sale is durable, `asks CODE` before the server is asked and `told CODE` when it has
proven a booking.
"""

import asyncio
import sys
from pathlib import Path

import msgspec

from kiosk.application.clock import SystemClock
from kiosk.application.codec import BookMessage, encode
from kiosk.application.delivery import Delivery
from kiosk.application.interfaces import BookingOrder
from kiosk.domain.sale.events import BookingProven, Event
from kiosk.platforms.pretix import Access, Client, PretixConfig, PretixPlatform, SealedLink
from offline_store import Courier, CourierLimits, JournalRow, MessageState, OutboxMessage, Outcome, QueuedMessage, Store

QUEUED_MAX = 4
TIMEOUT_S = 20.0
LIMITS = CourierLimits(deliver_timeout_s=30.0, backoff_first_s=0.05, backoff_s_max=0.5, blocked_retry_s=0.5)


def say(*words: str) -> None:
    print(*words, flush=True)  # noqa: T201 - what the test listens to


async def sell(store: Store, orders: list[BookingOrder]) -> None:
    """Write each sale with its message, a few ahead of the courier; return when the server has proven all."""
    for order in orders:
        key = f"book:{order.code}"
        if await store.message_state(key) is MessageState.ABSENT:
            body = encode(BookMessage("pretix", order))
            row = JournalRow(order.sale_id, "customer", "sold", order.code.encode())
            await store.append((row,), (OutboxMessage(key, "pretix", body, sale_id=order.sale_id),))
        say("sold", order.code)
        await depth_below(store, QUEUED_MAX)
    await depth_below(store, 1)


async def depth_below(store: Store, count: int) -> None:
    while sum(each.ready for each in await store.stream_figures()) >= count:
        await asyncio.sleep(0.02)


async def main(folder: Path, timeout_s: float) -> None:
    orders = msgspec.json.decode((folder / "orders.json").read_bytes(), type=list[BookingOrder])
    sealed, clock = SealedLink(folder / "link"), SystemClock()
    link = sealed.read()
    assert link is not None

    def token() -> str:
        now = sealed.read()
        return now.token if now is not None else ""

    async with await Store.open(folder / "store", clock=clock, may_rebuild=True) as store:
        client = Client(Access(link.url, link.organizer, link.token), renewed=token)
        config = PretixConfig("pretix", "Museum", "EUR", "Europe/Berlin", "api.kiosk", link.hold_key)
        platform = PretixPlatform(config, client, clock)

        async def tell(sale_id: str, event: Event) -> None:
            await store.append((JournalRow(sale_id, "system", f"told.{type(event).__name__}", b""),))
            if isinstance(event, BookingProven):
                say("told", event.code)

        delivery = Delivery({"pretix": platform}, tell, clock, timeout_s=timeout_s)

        async def deliver(message: QueuedMessage) -> Outcome:
            say("asks", message.key)
            return await delivery(message)

        courier = asyncio.ensure_future(Courier(store, deliver, limits=LIMITS).run())
        await sell(store, orders)
        courier.cancel()
        await asyncio.gather(courier, return_exceptions=True)
        await platform.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), float((*sys.argv, TIMEOUT_S)[2])))
