"""The demo network: large enough, in three scripts, valid on every day, and the same every time."""

import asyncio
import filecmp
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from kiosk.application.errors import Refused
from kiosk.domain.catalogue import RiderCount
from kiosk.platforms.embedded import EmbeddedConfig, FileRefusedError, open_embedded
from kiosk.platforms.embedded.demo_network import write_demo_feed

ROOT = Path(__file__).parents[5]

DAYS = [
    date(2024, 2, 29),
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2026, 12, 25),
    date(2038, 1, 20),
    date(2999, 7, 4),
]


def departures(demo: Any, origin: Any, destination: Any, after: Any, limit: Any = 6) -> Any:
    return asyncio.run(demo.departures(origin, destination, after=after, limit=limit)).journeys


def test_has_places_in_three_scripts_and_trips_past_midnight(demo: Any) -> None:
    timetable = demo._catalogue.timetable
    names = [each.place.name for each in timetable.places]
    assert len(names) >= 60
    assert all({"zh", "ar"} <= dict(name.others).keys() for name in names)
    for first, last in (("\u4e00", "\u9fff"), ("\u0600", "\u06ff")):
        assert sum(any(first <= char <= last for char in name.default) for name in names) >= 8
    for day in DAYS:
        running = timetable.days.running(day.toordinal())
        runs = timetable._db.execute("SELECT service FROM run").fetchall()
        assert sum(service in running for (service,) in runs) >= 1500
    assert timetable._db.execute("SELECT count(*) FROM call WHERE arr > 86400").fetchone()[0] > 100


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_sells_a_journey_on_every_day_for_ever(day: Any, demo: Any, clock: Any) -> None:
    clock.moment = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    found = departures(demo, "aldermoor-central", "port-lisse", clock.now())
    assert len(found) == 6
    assert asyncio.run(demo.journey_offers(found[0].id, (RiderCount("adult", 2), RiderCount("child", 1))))


def test_the_board_runs_through_the_night(demo: Any, clock: Any) -> None:
    clock.moment = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    found = asyncio.run(demo.board("aldermoor-central", after=clock.now(), limit=4)).journeys
    assert len(found) == 4
    assert found[0].departs <= found[-1].departs
    assert found[0].legs[0].line == "N 4"


def test_the_afternoon_of_the_pictures(demo: Any, clock: Any) -> None:
    found = departures(demo, "aldermoor-central", "port-lisse", clock.now(), 6)
    lines = {
        (journey.legs[0].line, journey.changes, journey.price_from.minor, journey.legs[0].track) for journey in found
    }
    assert {("IR 35", 0, 1640, "4"), ("IC 8", 0, 2100, "1"), ("R 12", 1, 1420, "6")} <= lines
    change = next(journey for journey in found if journey.changes)
    assert change.legs[1].origin.id == "bellmar"


def test_a_journey_is_priced_for_those_who_travel_with_words_in_their_language(demo: Any, clock: Any) -> None:
    journey = next(
        each
        for each in departures(demo, "aldermoor-central", "port-lisse", clock.now())
        if each.legs[0].line == "IR 35"
    )
    offers = asyncio.run(demo.journey_offers(journey.id, (RiderCount("adult", 2), RiderCount("child", 1))))
    assert [offer.price.minor for offer in offers] == [3540, 3820, 4100, 7800]
    family, this_train, single, _ = offers
    assert "利斯港" in family.validity.text("zh")
    assert "IR 35" in this_train.validity.default
    assert "14:47" in this_train.validity.default
    assert (this_train.valid_from, this_train.valid_until) == (journey.departs, journey.arrives)
    assert f"{family.valid_until:%d %H:%M}" == "23 03:00"
    assert "until 23 November 2026, 03:00." in family.validity.text("en")
    assert "有效至2026年11月23日 03:00。" in family.validity.text("zh")
    assert "bis 23. November 2026, 03:00." in family.validity.text("de")
    assert "حتى 23 نوفمبر 2026، 03:00." in family.validity.text("ar")
    assert len(single.parts) == 3
    assert not any(offer.needs_capacity for offer in offers)
    assert len({part.id for offer in offers for part in offer.parts}) == sum(len(offer.parts) for offer in offers)
    assert single.occurrence.track == "4"


@pytest.mark.parametrize(
    "wrong", ["", "x", "x_1", "{v}", "{v}_0.0.0.0", "{v}_1.99999999999999999999.0.1", "{v}_1.2.3", "{v}_-1.740000.0.1"]
)
def test_refuses_a_journey_id_that_names_nothing(wrong: Any, demo: Any, clock: Any) -> None:
    version = departures(demo, "aldermoor-central", "bellmar", clock.now(), 1)[0].id.partition("_")[0]
    with pytest.raises(Refused):
        asyncio.run(demo.journey_offers(wrong.replace("{v}", version), (RiderCount("adult", 1),)))


def test_is_written_the_same_every_time(demo_folder: Any, tmp_path: Any) -> None:
    write_demo_feed(tmp_path)
    names = [path.name for path in demo_folder.iterdir()]
    assert filecmp.cmpfiles(demo_folder, tmp_path, names, shallow=False)[0] == names


def test_tells_the_technician_what_the_timetable_holds(demo: Any) -> None:
    facts = demo.catalogue_facts
    assert (facts.places, facts.left_out, facts.last_day) == (68, 0, date(9999, 12, 31))
    assert facts.trips >= 1500


def test_another_channels_booking_can_be_found(demo: Any, clock: Any) -> None:
    journey = departures(demo, "aldermoor-central", "bellmar", clock.now(), 1)[0]
    offers = asyncio.run(demo.journey_offers(journey.id, (RiderCount("adult", 1),)))[:1]
    order = demo.book_as_other_channel(offers, channel="web", purchaser="A. Traveller")
    found = asyncio.run(demo.find(order.code.lower(), timeout_s=5))
    assert (found.channel, found.offers, found.parts[0].print_count) == ("web", offers, 0)
    with pytest.raises(Refused):
        demo.book_as_other_channel(())


def test_a_feed_needs_a_tariff_and_another_currency_leaves_the_demo_programme_out(
    demo_folder: Any, tmp_path: Any, clock: Any
) -> None:
    with pytest.raises(FileRefusedError, match="no tariff"):
        open_embedded(EmbeddedConfig(tmp_path / "a", feed=str(demo_folder)), clock)
    text = (ROOT / "kiosk/platforms/embedded/demo/tariff.toml").read_text(encoding="utf-8")
    (tmp_path / "t.toml").write_text(text.replace('"EUR"', '"CHF"'), encoding="utf-8")
    platform = open_embedded(EmbeddedConfig(tmp_path / "b", feed=str(demo_folder), tariff=tmp_path / "t.toml"), clock)
    assert asyncio.run(platform.events(on=None, limit=9)) == ()
    platform.close()


def test_a_changed_feed_is_read_anew_and_an_unchanged_one_is_not(
    small_feed: Any, write_feed: Any, tmp_path: Any, clock: Any
) -> None:
    folder = write_feed(small_feed)
    config = EmbeddedConfig(tmp_path / "p", feed=str(folder), tariff=ROOT / "kiosk/demo/data/tariff-romania-rail.toml")
    open_embedded(config, clock).close()
    files = sorted((tmp_path / "p" / "catalogue").iterdir())
    open_embedded(config, clock).close()
    assert sorted((tmp_path / "p" / "catalogue").iterdir()) == files
    (folder / "stops.txt").write_text(small_feed["stops.txt"].replace("Alpha", "Alphaville"))
    platform = open_embedded(config, clock)
    assert asyncio.run(platform.place("A")).name.default == "Alphaville"
    platform.close()
    for name in ("One", "Two", "Three", "Four"):
        (folder / "stops.txt").write_text(small_feed["stops.txt"].replace("Alpha", f"Alpha {name}"))
        open_embedded(config, clock).close()
    assert len(list((tmp_path / "p" / "catalogue").iterdir())) == 4


def test_a_service_that_ended_yesterday_is_not_sold(small_feed: Any, timetable_of: Any) -> None:
    timetable = timetable_of(small_feed)
    after = datetime(2027, 1, 1, 6, tzinfo=UTC)
    assert not list(timetable.board(timetable.number("A"), after))
    assert timetable.facts.last_day == date(2026, 12, 31)
