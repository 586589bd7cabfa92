"""The running till: event → step → one durable transaction → publish → effects.

It runs on whatever asyncio loop `run` is awaited on, one event at a time. `post` and `open_sale` return at once and
must be called on that loop. What cannot be made durable has not happened.
"""

from collections.abc import Callable

from kiosk.domain.sale.events import Actor, Channel, Event, SaleKind
from kiosk.domain.sale.sale import Sale

Listener = Callable[[Sale], None]


class Till:
    """Move all open sales of this terminal."""

    def open_sale(self, kind: SaleKind, channel: Channel, actor: Actor, language: str, *, of_sale: str = "") -> str:
        """Begin a sale and return its id at once; it is published when it is durable."""
        raise NotImplementedError

    def post(self, sale_id: str, event: Event) -> None:
        """Take an event; one that no longer fits changes nothing."""
        raise NotImplementedError

    async def tell(self, sale_id: str, event: Event) -> None:
        """Take an event and return when it is durable (or changed nothing)."""
        raise NotImplementedError

    def sale(self, sale_id: str) -> Sale | None:
        """Return a sale as last published; finished ones are kept for a while."""
        raise NotImplementedError

    def open_sales(self) -> tuple[Sale, ...]:
        """Return the sales that are not finished, oldest first."""
        raise NotImplementedError

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener with each sale that changed, on the loop; return how to end it."""
        raise NotImplementedError

    async def run(self) -> None:
        """Serve until `stop`; the place is a TaskGroup of bootstrap."""
        raise NotImplementedError

    async def stop(self) -> None:
        """Take no more events, let effects in progress end within their time-outs, and return."""
        raise NotImplementedError
