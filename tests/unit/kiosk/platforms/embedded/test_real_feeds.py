"""Feeds nobody here wrote load and sell; they are given by --real-feeds DIR."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.catalogue import RiderCount
from kiosk.platforms.embedded import EmbeddedConfig, open_embedded

ROOT = Path(__file__).parents[5]

FAMILY = (RiderCount("adult", 2), RiderCount("child", 1))


@pytest.fixture
def open_feed(real_feeds: Any, tmp_path: Any, clock: Any) -> Any:
    opened = []

    def open_it(name: Any) -> Any:
        feed = real_feeds / f"{name}.zip"
        if not feed.exists():
            pytest.skip(f"real feeds: {feed.name} is not in the folder")
        config = EmbeddedConfig(tmp_path, feed=str(feed), tariff=ROOT / f"kiosk/demo/data/tariff-{name}.toml")
        opened.append(open_embedded(config, clock))
        return opened[-1]

    yield open_it
    for each in opened:
        each.close()


def test_sells_bucharest_to_constanta_for_two_adults_and_a_child(open_feed: Any, clock: Any) -> None:
    clock.moment = datetime(2026, 7, 1, 8, 0, tzinfo=ZoneInfo("Europe/Bucharest"))
    platform = open_feed("romania-rail")
    origin = asyncio.run(platform.places("bucuresti nord", language="en", limit=1))[0].place
    destination = asyncio.run(platform.places("constanta", language="en", limit=1))[0].place
    assert (origin.id, destination.id) == ("10017", "80892")
    found = asyncio.run(platform.departures(origin.id, destination.id, after=clock.now(), limit=6)).journeys
    assert [f"{journey.departs:%H:%M}" for journey in found[:4]] == ["08:03", "08:17", "08:43", "09:19"]
    offers = asyncio.run(platform.journey_offers(found[1].id, FAMILY))
    assert offers[0].currency == "RON"
    assert offers[0].price.minor > 0
    assert offers[0].parts[2].price.minor * 2 == offers[0].parts[0].price.minor
    order = platform.book_as_other_channel(offers[:1])
    assert asyncio.run(platform.find(order.code, timeout_s=5)).offers == offers[:1]


def test_a_free_bus_ride_is_a_sale(open_feed: Any, clock: Any) -> None:
    clock.moment = datetime(2026, 3, 4, 6, 0, tzinfo=ZoneInfo("Europe/Warsaw"))
    platform = open_feed("zakroczym-bus")
    rides = asyncio.run(platform.departures("100", "102", after=clock.now(), limit=3)).journeys
    offers = asyncio.run(platform.journey_offers(rides[0].id, FAMILY))
    assert [offer.price.minor for offer in offers] == [0]
    assert len(offers[0].parts) == 3
    order = platform.book_as_other_channel(offers)
    assert asyncio.run(platform.find(order.parts[0].secret, timeout_s=5)).paid.minor == 0
    far = asyncio.run(platform.board("100", after=clock.now(), limit=1)).journeys[0]
    assert far.price_from.minor == 500
