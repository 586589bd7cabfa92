"""What changed in the catalogue is read again, and nothing else; everything once on each business day."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from kiosk.application.errors import Refused, Unreachable
from kiosk.application.interfaces import EventChoice
from kiosk.domain.catalogue import RiderCount, SeatState
from kiosk.domain.money import Money
from kiosk.platforms.pretix import Access, Client, PretixConfig, PretixPlatform
from tests.simulation.big_catalogue import big
from tests.simulation.model_link import ModelLink
from tests.simulation.pretix_model import PretixModel

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SIZES = {"products": 300, "slots": 600, "seats": 2_000}


class Shop:
    """A terminal on a programme that its operator changes."""

    def __init__(self) -> None:
        self.moment = NOW
        self.model = PretixModel(big(NOW, **SIZES), lambda: self.moment)
        self.link = CountingLink(self.model)
        client = Client(Access("http://model", "guichet", self.model.device.token), transport=self.link)
        config = PretixConfig("pretix", "Big", "EUR", "Europe/Berlin", "api.kiosk", b"0123456789abcdef")
        self.platform = PretixPlatform(config, client, self)
        self.runner = asyncio.Runner()

    @property
    def season(self) -> Any:
        return self.model.programme.events["season"]

    def now(self) -> datetime:
        return self.moment

    def run(self, call: Any) -> Any:
        async def whole() -> Any:
            return await call

        return self.runner.run(whole())

    def facts(self, slug: str = "season") -> Any:
        return self.run(self.platform.refresh()).events[slug]

    def later(self, **more: float) -> int:
        """Let time pass, read again, and return how many questions that took."""
        self.moment += timedelta(**more)
        asked = self.link.asked
        self.run(self.platform.refresh())
        return self.link.asked - asked

    def slot(self, number: int) -> dict[str, Any]:
        row: dict[str, Any] = next(each for each in self.season.subevents if each["id"] == number)
        return row

    def move(self, number: int, by: timedelta) -> None:
        row = self.slot(number)
        for name in ("date_from", "date_to"):
            row[name] = (datetime.fromisoformat(row[name]) + by).isoformat()
        row["last_modified"] = self.moment.isoformat()

    def touch(self, name: str) -> None:
        self.model.programme.changes[name] = self.moment.replace(microsecond=0)


class CountingLink(ModelLink):
    """Count questions."""

    asked = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        return await super().handle_async_request(request)


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    made.run(made.platform.close())
    made.runner.close()


def test_asks_only_for_changes_and_sees_each(shop: Shop) -> None:
    whole = shop.later()
    first = shop.facts()
    assert shop.later(minutes=2) < whole / 2
    asked = shop.later(minutes=2)
    shop.moment += timedelta(minutes=2)
    shop.move(5, timedelta(minutes=45))
    shop.move(9, timedelta(days=1))
    shop.season.subevents.append({**shop.slot(8), "id": 10_001, "last_modified": shop.moment.isoformat()})
    shop.season.quotas.append({**shop.season.quotas[7], "id": 10_001, "subevent": 10_001})
    shop.season.items[0]["default_price"] = "77.70"
    shop.touch("items")
    found = shop.facts()
    assert found.slots["season@5"].starts - first.slots["season@5"].starts == timedelta(minutes=45)
    moved = found.slots["season@9"]
    assert moved.id in {each.id for each in found.on(moved.starts.astimezone(UTC).date())}
    assert moved.id not in {each.id for each in found.on(first.slots["season@9"].starts.date())}
    assert found.products["1"].shown.price == Money(7770, "EUR")
    new = shop.run(shop.platform.event_offer(EventChoice("season@10001", (RiderCount("73", 1),)), timeout_s=5))
    assert new.occurrence.id == "season@10001"
    assert shop.later(minutes=2) == asked + 5  # the six pages of items once more: that second might have held more
    assert shop.later(minutes=2) == asked


def test_what_vanished_is_not_sold_any_more(shop: Shop) -> None:
    shop.facts()
    shop.moment += timedelta(minutes=2)
    shop.season.subevents.remove(shop.slot(7))
    shop.move(8, timedelta(days=-30))
    shop.slot(10)["active"] = False
    shop.slot(10)["last_modified"] = shop.moment.isoformat()
    found = shop.facts()
    assert {"season@7", "season@8", "season@10"}.isdisjoint(found.slots)
    assert len(found.slots) == len(shop.season.subevents) - 1 - sum(
        not each["active"] for each in shop.season.subevents
    )
    with pytest.raises(Refused):
        shop.run(shop.platform.event_offer(EventChoice("season@7", (RiderCount("64", 1),)), timeout_s=5))


def test_an_answer_that_cannot_be_read_is_none(shop: Shop) -> None:
    shop.facts()
    shop.moment += timedelta(minutes=2)
    shop.season.quotas[0]["size"], shop.season.quotas[0]["id"] = 5, "one"
    shop.model.programme.events["arena"].seats[3]["seat_guid"] = 7
    with pytest.raises(Unreachable, match="unreadable"):
        shop.run(shop.platform.event_offer(EventChoice("season@1", (RiderCount("1", 1),)), timeout_s=5))
    with pytest.raises(Unreachable, match="unreadable"):
        shop.run(shop.platform.seat_map("arena@0", timeout_s=5))


def test_a_second_change_in_the_same_second_is_seen(shop: Shop) -> None:
    """The server tells changes of lists by the second."""
    shop.facts()
    shop.moment = shop.moment.replace(microsecond=100_000) + timedelta(minutes=2)
    for price in ("5.00", "6.00"):
        shop.season.items[1]["default_price"] = price
        shop.touch("items")
        shop.moment += timedelta(milliseconds=200)
        assert shop.facts().products["2"].shown.price.minor == int(float(price) * 100)


def test_a_tax_rate_counts_from_its_rule(shop: Shop) -> None:
    """The list of items stays unmodified when a tax rule changes."""
    shop.facts()
    shop.moment += timedelta(minutes=2)
    shop.season.taxrules[0] = {**shop.season.taxrules[0], "rate": "19.00"}
    shop.touch("taxrules")
    assert shop.facts().products["1"].shown.tax_permyriad == 1900


def test_everything_is_read_once_on_each_business_day(shop: Shop) -> None:
    whole = shop.later()
    shop.later(minutes=2)
    shop.slot(5)["name"] = {"en": "changed and not noted"}
    shop.season.items[0]["default_price"] = "1.00"
    assert shop.later(minutes=2) < whole / 2
    assert shop.facts().products["1"].shown.price.minor != 100
    assert shop.later(hours=16) >= whole - 5
    assert shop.facts().products["1"].shown.price.minor == 100
    assert shop.later(minutes=2) < whole / 2


def test_every_figure_tells_its_age(shop: Shop) -> None:
    first = shop.facts().slots["season@5"]
    day = first.starts.astimezone(UTC).date()
    products = shop.run(shop.platform.event_products("season@5"))
    assert {each.as_of for each in products} == {NOW}
    shop.moment += timedelta(minutes=10)
    shop.model.sales.used[5] = 150
    products = shop.run(shop.platform.event_products("season@5"))
    assert {(each.left, each.as_of) for each in products} == {(50, shop.moment)}
    heard = shop.moment
    shop.link.is_cut = True
    shop.moment += timedelta(minutes=10)
    slot = next(each for each in shop.run(shop.platform.slots("season", on=day)) if each.id == "season@5")
    assert (slot.availability.left, slot.availability.as_of, slot.availability.is_stale) == (50, heard, True)
    other = next(each for each in shop.run(shop.platform.slots("season", on=day)) if each.id == "season@6")
    assert (other.availability.as_of, other.availability.is_stale) == (NOW, True)
    assert {each.as_of for each in shop.run(shop.platform.event_products("season@5"))} == {heard}
    assert shop.run(shop.platform.health(timeout_s=5)).catalogue_as_of == heard
    with pytest.raises(Unreachable):
        shop.run(shop.platform.event_offer(EventChoice("season@5", (RiderCount("46", 1),)), timeout_s=5))


def test_of_a_large_hall_only_what_was_taken_is_read_again(shop: Shop) -> None:
    shop.facts()
    asked = shop.link.asked
    free = [each for each in shop.run(shop.platform.seat_map("arena@0", timeout_s=5)).seats if each.state == "free"]
    whole = shop.link.asked - asked
    shop.model.sales.sold_seats[free[0].id] = 1
    with pytest.raises(Refused) as caught:
        shop.run(shop.platform.event_offer(EventChoice("arena@0", (), seat_ids=(free[0].id,)), timeout_s=5))
    assert caught.value.key == "seat_taken"
    best = shop.run(shop.platform.event_offer(EventChoice("arena@0", (), best_count=3), timeout_s=5))
    assert [part.seat_id for part in best.parts] == [each.id for each in free[1:4]]
    shop.model.sales.sold_seats[free[1].id] = 1
    shop.moment += timedelta(minutes=2)
    shop.facts()
    asked = shop.link.asked
    seats = {each.id: each for each in shop.run(shop.platform.seat_map("arena@0", timeout_s=5)).seats}
    assert shop.link.asked - asked < whole / 4
    assert [seats[each.id].state for each in free[:3]] == [SeatState.TAKEN, SeatState.TAKEN, SeatState.FREE]
    del shop.model.sales.sold_seats[free[1].id]
    shop.model.programme.events["arena"].seats.pop()
    shop.moment += timedelta(minutes=2)
    again = shop.run(shop.platform.seat_map("arena@0", timeout_s=5)).seats
    assert len(again) == SIZES["seats"] - 1
    assert next(each for each in again if each.id == free[1].id).state is SeatState.FREE


def test_a_list_that_changes_while_it_is_read_is_read_anew(shop: Shop) -> None:
    """A slot that goes moves the others a place forward: one of them would be missing in silence."""
    gone: list[dict[str, Any]] = []

    class Moving(CountingLink):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if "subevents" in request.url.path and request.url.params.get("page") == "4" and not gone:
                gone.append(shop.season.subevents.pop(0))
            return await super().handle_async_request(request)

    client = Client(Access("http://model", "guichet", "tok-0"), transport=Moving(shop.model))
    platform = PretixPlatform(shop.platform._config, client, shop)
    found = shop.run(platform.refresh()).events["season"]
    assert gone
    assert set(found.slots) == {f"season@{each['id']}" for each in shop.season.subevents if each["active"]}
    shop.run(platform.close())


def test_who_looks_does_not_wait_for_a_long_reading(shop: Shop) -> None:
    """What is known is shown, and the reading goes on behind it."""
    shop.facts()
    shop.moment += timedelta(minutes=2)
    shop.season.items[0]["default_price"] = "3.00"
    shop.touch("items")

    async def story() -> None:
        held = asyncio.Event()
        plain = shop.link.handle_async_request

        async def slow(request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/items/"):
                await held.wait()
            return await plain(request)

        shop.link.handle_async_request = slow  # type: ignore[method-assign]
        before = shop.platform._snapshot
        looked = await asyncio.gather(*(shop.platform.events(on=None, limit=5) for _ in range(3)))
        assert looked[0]
        assert shop.platform._snapshot is before
        held.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(10):
                while shop.platform._snapshot is before:
                    await asyncio.sleep(0.01)
        assert shop.platform._snapshot is not None
        assert shop.platform._snapshot.events["season"].products["1"].shown.price.minor == 300

    shop.run(story())


def test_days_and_next_starts_are_those_of_the_events_zone(shop: Shop) -> None:
    found = shop.facts()
    for slot in list(found.slots.values())[:50]:
        local = date.fromisoformat((slot.starts + timedelta(hours=1)).date().isoformat())
        assert slot in found.on(local)
    starts = min(slot.starts for slot in found.slots.values())
    assert found.next_starts(shop.moment, None) == starts
    after = starts + timedelta(hours=1)
    assert found.next_starts(after, None) == min(slot.starts for slot in found.slots.values() if slot.ends > after)
