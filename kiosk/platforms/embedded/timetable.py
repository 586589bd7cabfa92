"""The local timetable: places, direct rides between two of them, and the departures of one.

All rides of a pair of places are read once and kept sorted by departure, so that a second question about the pair is
a search in memory. Times inside are seconds of a service day; absolute times are Unix seconds.
"""

import json
import sqlite3
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterator
from datetime import date, datetime
from heapq import merge
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from kiosk.domain.catalogue import Place, PlaceKind, Texts
from kiosk.platforms.embedded.service_days import ServiceDays, day_start, local_day

PAIRS_KEPT = 512
RUNS_KEPT = 8192
PLACES_KEPT = 64
DAYS_AHEAD = 2  # how far "the next departures" looks on: to the end of tomorrow
DAYS_BACK_MAX = 7
NO_BOARDING = 1
NO_ALIGHTING = 2

SELECT_DIRECT = """
SELECT a.dep, b.arr, a.run, a.seq, b.seq, r.service, r.zone
FROM call a JOIN call b ON b.place = :destination AND b.run = a.run AND b.seq > a.seq
JOIN run r ON r.run = a.run
WHERE a.place = :origin AND a.flags & 1 = 0 AND b.flags & 2 = 0 AND b.arr >= a.dep ORDER BY a.dep, b.arr
"""
SELECT_BOARD = "SELECT dep, run, seq, service FROM departure WHERE place = ? AND dep >= ? AND zone = ? ORDER BY dep"
SELECT_ARRIVALS = """
SELECT c.arr, c.run, c.seq, r.service, r.zone FROM call c JOIN run r USING (run) WHERE c.place = ? AND c.flags & 2 = 0
"""
SELECT_REACHABLE = """
SELECT DISTINCT b.place FROM call a JOIN call b ON b.run = a.run AND b.seq > a.seq WHERE a.place = ?
"""
SELECT_REACHING = """
SELECT DISTINCT a.place FROM call b JOIN call a ON a.run = b.run AND a.seq < b.seq WHERE b.place = ?
"""
SELECT_DAYS = """
SELECT min(day), max(day) FROM (
    SELECT start AS day FROM service WHERE days > 0 UNION ALL SELECT until FROM service WHERE days > 0
    UNION ALL SELECT day FROM service_exception WHERE is_added
)
"""
SELECT_CALLS = "SELECT seq, place, stop, arr, dep, flags FROM call WHERE run = ? ORDER BY seq"


class Ride(NamedTuple):
    """One run on one service day between two of its calls, in Unix seconds."""

    departs: int
    arrives: int
    run: int
    board_seq: int
    alight_seq: int
    day: int


class Call(NamedTuple):
    """One call of a run, in seconds of its service day."""

    seq: int
    place: int
    stop: int
    arr: int
    dep: int
    flags: int


class Run(Struct, frozen=True):
    """What the signs say of a run."""

    trip_id: str
    line: str
    headsign: str
    service: int
    zone: str
    route: str


class CatalogueFacts(Struct, frozen=True):
    """How much a timetable holds, the first and last day its calendar names, and how many rows led nowhere."""

    places: int
    trips: int
    first_day: date | None
    last_day: date | None
    left_out: int


class StoredPlace(Struct, frozen=True):
    """A place with its number and how many rides leave it."""

    number: int
    place: Place
    rank: int


class Timetable:
    """Read a timetable file made by feed_import."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self.days = ServiceDays(self._db)
        self.zones: dict[int, str] = dict(self._db.execute("SELECT zone, name FROM zone"))
        latest = self._db.execute("SELECT max(dep) FROM departure").fetchone()[0] or 0
        self.days_back = min(DAYS_BACK_MAX, latest // 86_400 + 1)
        self._pairs: OrderedDict[tuple[int, int], dict[int, list[tuple[int, ...]]]] = OrderedDict()
        self._reach: OrderedDict[tuple[str, int], frozenset[int]] = OrderedDict()
        self._arrivals: OrderedDict[int, list[tuple[int, int, int, int, int]]] = OrderedDict()
        self._runs: OrderedDict[int, tuple[Run, tuple[Call, ...]]] = OrderedDict()
        self.places = tuple(_read_place(row) for row in self._db.execute("SELECT * FROM place ORDER BY place"))
        self._numbers = {each.place.id: each.number for each in self.places}

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @property
    def facts(self) -> CatalogueFacts:
        """Return how much it holds and for which days."""
        trips = self._db.execute("SELECT count(*) FROM run WHERE run IN (SELECT run FROM departure)").fetchone()[0]
        left_out = self._db.execute("SELECT value FROM feed WHERE name = 'left_out'").fetchone()[0]
        days = self._db.execute(SELECT_DAYS).fetchone()
        first, last = (None if day is None else date.fromordinal(day) for day in days)
        return CatalogueFacts(len(self.places), trips, first, last, int(left_out))

    @property
    def zone(self) -> str:
        """Return the zone of the first agency."""
        return self.zones[0]

    def number(self, place_id: str) -> int | None:
        """Find a place by its own id or the id of one of its stops."""
        if place_id in self._numbers:
            return self._numbers[place_id]
        row = self._db.execute("SELECT place FROM stop WHERE id = ?", (place_id,)).fetchone()
        return None if row is None else int(row[0])

    def run(self, number: int) -> tuple[Run, tuple[Call, ...]]:
        """Return a run with its calls; KeyError for an unknown number."""
        if number not in self._runs:
            row = self._db.execute(
                "SELECT trip_id, line, headsign, service, zone, route FROM run WHERE run = ?", (number,)
            ).fetchone()
            if row is None:
                raise KeyError(number)
            calls = tuple(Call(*each) for each in self._db.execute(SELECT_CALLS, (number,)))
            self._runs[number] = (Run(row[0], row[1], row[2], row[3], self.zones[row[4]], row[5]), calls)
            if len(self._runs) > RUNS_KEPT:
                self._runs.popitem(last=False)
        return self._runs[number]

    def track(self, stop: int) -> str:
        """Return the platform code of a stop."""
        return str(self._db.execute("SELECT track FROM stop WHERE stop = ?", (stop,)).fetchone()[0])

    def position(self, stop: int) -> tuple[float, float] | None:
        """Return where a stop lies, None where the feed does not say."""
        lat, lon = self._db.execute("SELECT lat, lon FROM stop WHERE stop = ?", (stop,)).fetchone()
        return None if lat is None else (lat, lon)

    def direct(self, origin: int, destination: int, after: datetime) -> Iterator[Ride]:
        """Yield direct rides in order of departure, from `after` to the end of the day after tomorrow."""
        by_zone = self._pair(origin, destination)
        moment = int(after.timestamp())
        streams = [
            self._on_day(by_zone[zone], zone, day, moment)
            for zone in by_zone
            for day in self._days(after, self.zones[zone])
        ]
        return merge(*streams)

    def board(self, origin: int, after: datetime) -> Iterator[Ride]:
        """Yield all departures of a place in order, each ride to the end of its run."""
        moment = int(after.timestamp())
        streams = [
            self._board_on_day(origin, zone, day, moment)
            for zone, name in self.zones.items()
            for day in self._days(after, name)
        ]
        return merge(*streams)

    def arrivals(self, destination: int, after: datetime, until: int) -> Iterator[Ride]:
        """Yield rides that reach a place between `after` and the Unix time `until`, boarded anywhere; in no order."""
        moment = int(after.timestamp())
        calls = self._arrivals_at(destination)
        for zone, name in self.zones.items():
            for day in self._days(after, name):
                start, running = day_start(day, name), self.days.running(day)
                first = bisect_left(calls, moment - start, key=itemgetter(0))
                for index in range(first, len(calls)):
                    arr, run, seq, service, run_zone = calls[index]
                    if start + arr > until:
                        break
                    if service in running and run_zone == zone:
                        yield Ride(0, start + arr, run, 0, seq, day)

    def _arrivals_at(self, place: int) -> list[tuple[int, int, int, int, int]]:
        if place not in self._arrivals:
            self._arrivals[place] = sorted(self._db.execute(SELECT_ARRIVALS, (place,)))
            if len(self._arrivals) > PLACES_KEPT:
                self._arrivals.popitem(last=False)
        return self._arrivals[place]

    def reachable(self, origin: int) -> frozenset[int]:
        """Return the places any ride from here calls at, on whatever day."""
        return self._places_by(SELECT_REACHABLE, origin)

    def reaching(self, destination: int) -> frozenset[int]:
        """Return the places from which any ride comes here, on whatever day."""
        return self._places_by(SELECT_REACHING, destination)

    def _places_by(self, statement: str, place: int) -> frozenset[int]:
        key = (statement, place)
        if key not in self._reach:
            self._reach[key] = frozenset(row[0] for row in self._db.execute(statement, (place,)))
            if len(self._reach) > PAIRS_KEPT:
                self._reach.popitem(last=False)
        return self._reach[key]

    def least_change_s(self, place: int, standard_s: int) -> int | None:
        """Return how long a change inside a place takes, None where the feed says it cannot be done."""
        row = self._db.execute(
            "SELECT min_s FROM transfer WHERE origin = ? AND destination = ?", (place, place)
        ).fetchone()
        if row is None:
            return standard_s
        return None if row[0] < 0 else int(row[0])

    def areas(self, stop: int) -> frozenset[str]:
        """Return the fare areas of a stop."""
        return frozenset(row[0] for row in self._db.execute("SELECT area FROM stop_area WHERE stop = ?", (stop,)))

    def leg_fares(self) -> tuple[tuple[str, str, str, str, str, str, str], ...]:
        """Return (from, to, product, rider, name, amount, currency) of GTFS-Fares v2."""
        return tuple(
            self._db.execute("SELECT from_area, to_area, product, rider, name, amount, currency FROM fare_leg")
        )

    def _days(self, after: datetime, zone: str) -> range:
        today = local_day(after, zone)
        return range(today - self.days_back, today + DAYS_AHEAD)

    def _pair(self, origin: int, destination: int) -> dict[int, list[tuple[int, ...]]]:
        key = (origin, destination)
        if key not in self._pairs:
            by_zone: dict[int, list[tuple[int, ...]]] = {}
            seen: dict[int, tuple[int, ...]] = {}
            for row in self._db.execute(SELECT_DIRECT, {"origin": origin, "destination": destination}):
                # A loop calls twice: the shortest ride on the run is the one meant.
                known = seen.get(row[2])
                if known is None or row[1] - row[0] < known[1] - known[0]:
                    seen[row[2]] = row
            for row in sorted(seen.values()):
                by_zone.setdefault(row[6], []).append(row)
            self._pairs[key] = by_zone
            if len(self._pairs) > PAIRS_KEPT:
                self._pairs.popitem(last=False)
        return self._pairs[key]

    def _on_day(self, rides: list[tuple[int, ...]], zone: int, day: int, moment: int) -> Iterator[Ride]:
        start = day_start(day, self.zones[zone])
        running = self.days.running(day)
        for index in range(bisect_left(rides, (moment - start,)), len(rides)):
            dep, arr, run, board_seq, alight_seq, service, _ = rides[index]
            if service in running:
                yield Ride(start + dep, start + arr, run, board_seq, alight_seq, day)

    def _board_on_day(self, origin: int, zone: int, day: int, moment: int) -> Iterator[Ride]:
        start = day_start(day, self.zones[zone])
        running = self.days.running(day)
        for dep, run, seq, service in self._db.execute(SELECT_BOARD, (origin, moment - start, zone)):
            if service in running:
                last = self.run(run)[1][-1]
                yield Ride(start + dep, start + last.arr, run, seq, last.seq, day)


def _read_place(row: tuple[int, str, str, str, str, float | None, float | None, str, int]) -> StoredPlace:
    number, place_id, name, kind, zone, lat, lon, others, rank = row
    texts = Texts(name, tuple((language, text) for language, text in json.loads(others)))
    return StoredPlace(number, Place(place_id, texts, PlaceKind(kind), zone, lat, lon), rank)


def moment_at(seconds: int, zone: str) -> datetime:
    """Return a Unix time as shown in a zone."""
    return datetime.fromtimestamp(seconds, ZoneInfo(zone))
