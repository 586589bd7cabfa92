"""Departures beside plain text tables, search beside LIKE: ratios of medians, taken in turns in one run."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from time import process_time_ns

import pytest

from kiosk.domain.catalogue import Place, PlaceKind, Texts
from kiosk.platforms.embedded import EmbeddedConfig, EmbeddedPlatform, open_embedded
from kiosk.platforms.embedded.demo_network import write_demo_feed
from kiosk.platforms.embedded.feed_source import FeedSource
from kiosk.platforms.embedded.places import PlaceIndex
from kiosk.platforms.embedded.timetable import StoredPlace

SYLLABLES = ("ba", "ru", "lo", "mi", "ken", "stad", "berg", "vil", "sur", "an", "do", "che", "ta", "grad", "os", "ny")
ROUNDS = 5
PAIRS = 150
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PLAIN_RIDES = """
SELECT a.departure_time, b.arrival_time, t.trip_id FROM stop_times a JOIN stop_times b USING (trip_id)
JOIN trips t USING (trip_id) JOIN calendar c USING (service_id) JOIN stops sa ON sa.stop_id = a.stop_id
JOIN stops sb ON sb.stop_id = b.stop_id
WHERE sa.parent_station = ? AND sb.parent_station = ? AND b.stop_sequence > a.stop_sequence
AND a.departure_time >= '09:00:00' AND c.tuesday = '1' AND c.start_date <= '20261124' AND c.end_date >= '20261124'
ORDER BY a.departure_time LIMIT 10
"""
LIKE_NAMES = (
    "SELECT stop_id, stop_name FROM stops WHERE location_type = '1' AND (stop_name LIKE ? OR stop_name LIKE ?) LIMIT 10"
)


class FixedClock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPlatform]:
    opened = open_embedded(EmbeddedConfig(tmp_path_factory.mktemp("platform")), FixedClock())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """Load the same feed the way an importer of text tables with indexes does."""
    folder: Path = tmp_path_factory.mktemp("feed")
    write_demo_feed(folder)
    source = FeedSource(folder)
    db = sqlite3.connect(folder / "plain.sqlite")
    for name in ("stops", "trips", "stop_times", "calendar"):
        rows = [fields for _, fields in source.table(f"{name}.txt")]
        columns = ", ".join(f"{column} TEXT" for column in rows[0])
        db.execute(f"CREATE TABLE {name} ({columns})")
        insert = f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})"  # noqa: S608 - our own names
        db.executemany(insert, rows[1:])
    db.executescript(
        "CREATE INDEX st ON stop_times (stop_id, departure_time); CREATE INDEX tt ON stop_times (trip_id);"
        "CREATE INDEX t ON trips (trip_id); CREATE INDEX s ON stops (stop_id);"
        "CREATE INDEX p ON stops (parent_station);"
        "ANALYZE"
    )
    yield db
    db.close()


def ratio(ours: Callable[[], object], peer: Callable[[], object]) -> float:
    """Return the median over rounds of our CPU time over the peer's, in turns, after one round to warm up."""

    def took(work: Callable[[], object]) -> int:
        start = process_time_ns()
        work()
        return process_time_ns() - start

    took(ours), took(peer)
    return median(took(ours) / max(1, took(peer)) for _ in range(ROUNDS))


@pytest.mark.bench
def test_direct_departures_beat_plain_text_tables(platform: EmbeddedPlatform, plain: sqlite3.Connection) -> None:
    timetable = platform._catalogue.timetable
    chance = Random(7)
    ids = [each.place.id for each in timetable.places]
    pairs = [tuple(chance.sample(ids, 2)) for _ in range(PAIRS)]

    def ours() -> None:
        timetable._pairs.clear()  # every pair asked for the first time: no answer is ready
        for origin, destination in pairs:
            a, b = timetable.number(origin), timetable.number(destination)
            assert a is not None
            assert b is not None
            list(islice(timetable.direct(a, b, NOW), 10))

    def peer() -> None:
        for pair in pairs:
            plain.execute(PLAIN_RIDES, pair).fetchall()

    found = ratio(ours, peer)
    print(f"direct departures / plain text tables: {found:.2f}")  # noqa: T201 - the figure for docs/performance.md
    assert found < 1


@pytest.mark.bench
def test_search_in_a_country_beats_like_by_far() -> None:
    chance = Random(3)
    names = [
        " ".join("".join(chance.choices(SYLLABLES, k=3)).title() for _ in range(chance.randint(1, 2)))
        for _ in range(3300)
    ]
    index = PlaceIndex(
        StoredPlace(number, Place(str(number), Texts(name), PlaceKind.STATION, "UTC"), number % 97)
        for number, name in enumerate(names)
    )
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE stops (stop_id TEXT, stop_name TEXT, location_type TEXT)")
    db.executemany("INSERT INTO stops VALUES (?, ?, '1')", [(str(number), name) for number, name in enumerate(names)])
    typed = [name[:length] for name in chance.sample(names, 60) for length in range(1, 7)]

    def ours() -> None:
        for text in typed:
            index.search(text, "en", 10)

    def peer() -> None:
        for text in typed:
            db.execute(LIKE_NAMES.replace(" LIMIT 10", ""), (f"{text}%", f"% {text}%")).fetchall()

    found = ratio(ours, peer)
    db.close()
    print(f"place search / LIKE, at 3,300 places: {found:.2f}")  # noqa: T201 - the figure for docs/performance.md
    assert found < 1
