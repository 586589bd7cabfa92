"""The sales of a simulation: orders as the till writes them, and what has to become of each."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from random import Random

from msgspec.structs import replace

from kiosk.application.codec import BookMessage, CancelOrder, PrintRecord, encode
from kiosk.application.interfaces import BookingOrder, EventChoice, PartOrder
from kiosk.domain.catalogue import Offer, RiderCount
from kiosk.domain.money import total
from kiosk.platforms.pretix import Access, Client, PretixConfig, PretixPlatform
from offline_store import OutboxMessage
from tests.simulation.model_link import ModelLink
from tests.simulation.pretix_model import PretixModel
from tests.simulation.programme import programme

BEGUN = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
SMALL = -1


class _Standing:
    @staticmethod
    def now() -> datetime:
        return BEGUN


@dataclass
class SimSale:
    """One sale: its order, and what was asked of the platform after it."""

    stream: str
    order: BookingOrder
    is_scarce: bool
    is_code_taken: bool = False
    cancelled: tuple[str, ...] = ()
    prints: list[tuple[str, int]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Return the sale's id."""
        return self.order.sale_id

    def booking(self) -> OutboxMessage:
        """Return the message that books it."""
        body = encode(BookMessage(self.stream, self.order))
        return OutboxMessage(f"book:{self.order.code}", self.stream, body, sale_id=self.id)

    def printing(self, part_id: str, copy: int) -> OutboxMessage:
        """Return the message that tells of a print."""
        self.prints.append((part_id, copy))
        body = encode(PrintRecord(self.stream, self.id, self.order.code, part_id, copy))
        return OutboxMessage(f"print:{self.id}:{part_id}:{copy}", self.stream, body, sale_id=self.id)

    def cancelling(self, part_ids: tuple[str, ...]) -> OutboxMessage:
        """Return the message that cancels parts, all when none is named."""
        self.cancelled = part_ids or tuple(part.part_id for part in self.order.parts)
        body = encode(CancelOrder(self.stream, self.id, self.order.code, part_ids, "voided"))
        return OutboxMessage(f"cancel:{self.order.code}", self.stream, body, sale_id=self.id)


@cache
def offers() -> tuple[Offer, ...]:
    """Return offers as the real adapter makes them; the last one is of the scarce slot."""

    async def read() -> tuple[Offer, ...]:
        model = PretixModel(programme(BEGUN), _Standing.now)
        client = Client(Access("http://model", "guichet", model.device.token), transport=ModelLink(model))
        config = PretixConfig("pretix", "Museum", "EUR", "Europe/Berlin", "api.kiosk", b"0123456789abcdef")
        platform = PretixPlatform(config, client, _Standing())
        facts = model.programme.facts
        choices = (
            ("slot_id", {"adult": 1}), ("slot_id", {"adult": 2}), ("slot_id", {"adult": 1, "guide": 1}),
            ("slot_id", {"child": 2, "adult": 1}), ("small_slot_id", {"adult": 1}),
        )  # fmt: skip
        found = []
        for slot, counts in choices:
            wanted = tuple(RiderCount(facts[name], count) for name, count in counts.items())
            found.append(await platform.event_offer(EventChoice(facts[slot], wanted), timeout_s=5))
        await platform.close()
        return tuple(found)

    return asyncio.run(read())


def sale(
    number: int, stream: str, chance: Random, sold_at: datetime, *, seed: int, share_scarce: float = 1 / 6
) -> SimSale:
    """Return the sale of a number; one in six is of the scarce slot."""
    kinds = offers()
    kind = SMALL if chance.random() < share_scarce else chance.randrange(len(kinds) - 1)
    offer = replace(kinds[kind], id=f"o{number}", platform_id=stream)
    code = "".join(LETTERS[byte % len(LETTERS)] for byte in sha256(f"{seed}:{number}".encode()).digest()[:10])
    parts = tuple(
        PartOrder(part.id, offer.id, sha256(f"{code}{part.id}".encode()).hexdigest()[:26].upper())
        for part in offer.parts
    )
    paid = total((offer.price,), offer.currency)
    digest = sha256(f"{code}{parts}{paid}".encode()).hexdigest()
    order = BookingOrder(code, f"sale-{number}", "", (offer,), parts, paid, sold_at, "api.kiosk", digest)
    return SimSale(stream, order, is_scarce=kind == SMALL)
