"""5,000 products, 20,000 slots and a hall of 50,000 seats: nothing that can be bought there is missing here."""

from datetime import UTC, datetime
from typing import Any

from tests.simulation.big_catalogue import SEATS, big, sellable, unsold
from tests.simulation.served_model import Desk, served


def test_nothing_that_can_be_bought_is_missing(record_property: Any) -> None:
    """The server's sellable things, less ours, less those listed with a reason: nothing."""
    programme = big(datetime.now(UTC))

    async def story(desk: Desk) -> tuple[set[tuple[str, str]], dict[str, str], int]:
        snapshot = await desk.network.hop(lambda: desk.platform.refresh(is_full=True))
        ours = set()
        for slug, facts in snapshot.events.items():
            for day in facts.days.days:
                for slot in await desk.hopping.slots(slug, on=day) if slug == "arena" else facts.on(day):
                    ours |= {(slot.id, each.id) for each in await desk.platform.event_products(slot.id)}
        hall = await desk.hopping.seat_map("arena@0", timeout_s=60)
        return ours, {each.id: each.reason for each in snapshot.unsold}, len(hall.seats)

    with served() as url:
        ours, reasons, seats = Desk(url).use(story)
    theirs, listed = sellable(programme), unsold(programme)
    record_property("sellable", len(theirs))
    record_property("missing", sorted(theirs - ours)[:20])
    record_property("too much", sorted(ours - theirs)[:20])
    print(f"sellable {len(theirs)}, missing {len(theirs - ours)}, unlisted {len(listed.keys() - reasons.keys())}")  # noqa: T201
    assert ours == theirs
    assert reasons == listed
    assert seats == SEATS
