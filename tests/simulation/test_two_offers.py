"""Two offers in one basket: what becomes of a ticket of one leaves the tickets of the other alone."""

import asyncio
from datetime import UTC, datetime

from kiosk.application.interfaces import BookingOrder, EventChoice, PartOrder
from kiosk.domain.catalogue import RiderCount
from kiosk.domain.money import total
from kiosk.platforms.pretix import Access, Client, PretixConfig, PretixPlatform
from tests.simulation.model_link import ModelLink
from tests.simulation.pretix_model import PretixModel
from tests.simulation.programme import programme

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class Standing:
    @staticmethod
    def now() -> datetime:
        return NOW


def test_a_ticket_is_printed_and_one_of_the_other_offer_cancelled() -> None:
    async def story() -> None:
        model = PretixModel(programme(NOW), Standing.now)
        client = Client(Access("http://model", "guichet", model.device.token), transport=ModelLink(model))
        config = PretixConfig("pretix", "Museum", "EUR", "Europe/Berlin", "api.kiosk", b"0123456789abcdef")
        platform = PretixPlatform(config, client, Standing())
        adult = (RiderCount(model.programme.facts["adult"], 1),)
        slots = (model.programme.facts[name] for name in ("slot_id", "small_slot_id"))
        offers = tuple([await platform.event_offer(EventChoice(slot, adult), timeout_s=5) for slot in slots])
        parts = tuple(PartOrder(part.id, offer.id, f"S{offer.id}") for offer in offers for part in offer.parts)
        paid = total(tuple(offer.price for offer in offers), "EUR")
        order = BookingOrder("TWXFF", "sale-1", "", offers, parts, paid, NOW, "kiosk", "d")
        await platform.book(order, timeout_s=5)
        (kept,), (dead,) = (offer.parts for offer in offers)
        await platform.record_print("TWXFF", kept.id, copy=1, timeout_s=5)
        await platform.cancel("TWXFF", (dead.id,), reason="not printed", timeout_s=5)
        found = await platform.find("TWXFF", timeout_s=5)
        await platform.close()
        assert found is not None
        assert {part.offer_id: (part.state, part.print_count) for part in found.parts} == {
            offers[0].id: ("FULFILLED", 1),
            offers[1].id: ("CANCELLED", 0),
        }

    asyncio.run(story())
