"""Turn a GTFS feed into the local timetable file, in one pass per file.

The order of the steps matters: names before trips, trips before their times, times before what is derived of them.
References that lead nowhere are left out and counted (real feeds have some); values that cannot be read refuse the
feed, because a timetable that is wrong in one place cannot be trusted in the others.
"""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from kiosk.platforms.embedded.config import FileRefusedError
from kiosk.platforms.embedded.feed_derived import derive
from kiosk.platforms.embedded.feed_places import PlaceTable, read_places
from kiosk.platforms.embedded.feed_source import ASK_AGAIN, FeedSource
from kiosk.platforms.embedded.feed_values import is_zone, line_name, parse_count, parse_day, parse_time
from kiosk.platforms.embedded.text_cleaning import clean_text

IMPORT_VERSION = "7"  # raise it whenever the timetable file changes shape or meaning
CALLS_MAX = 20_000_000
DAY_COLUMNS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NO_BOARDING = 1
NO_ALIGHTING = 2

INSERT_CALL = "INSERT OR REPLACE INTO call VALUES (?, ?, ?, ?, ?, ?, ?)"
INSERT_RUN = "INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?)"


class FeedImport:
    """Hold what one import has to remember between the files."""

    def __init__(self, source: FeedSource, db: sqlite3.Connection) -> None:
        self.source = source
        self.db = db
        self.zones: dict[str, int] = {}
        self.agency_zones: dict[str, int] = {}
        self.places = PlaceTable()
        self.services: dict[str, int] = {}
        self.routes: dict[str, dict[str, str]] = {}
        self.runs: dict[str, int] = {}
        self.left_out = 0

    def run(self) -> None:
        """Read every file into the database."""
        self._read_agencies()
        self.places = read_places(self.source, self.db, next(iter(self.zones)))
        self._read_calendar()
        self._read_calendar_dates()
        self._read_routes()
        self._read_trips()
        self._read_stop_times()
        derive(self.source, self.db, self.places, self.runs)
        self.db.execute("INSERT INTO feed VALUES ('left_out', ?)", (str(self.left_out),))

    def _read_agencies(self) -> None:
        self.source.require("agency.txt")
        for line, row in self.source.rows("agency.txt", ("agency_timezone",)):
            zone = row["agency_timezone"].strip()
            if not is_zone(zone):
                raise FileRefusedError("agency.txt", f"the time zone {zone[:40]!r} is unknown", ASK_AGAIN, line)
            self.agency_zones[row.get("agency_id", "")] = self.zones.setdefault(zone, len(self.zones))
        if not self.zones:
            raise FileRefusedError("agency.txt", "no agency is listed", ASK_AGAIN)
        self.db.executemany("INSERT INTO zone VALUES (?, ?)", [(index, name) for name, index in self.zones.items()])

    def _service(self, text: str) -> int:
        return self.services.setdefault(text, len(self.services))

    def _day(self, name: str, line: int, text: str) -> int:
        try:
            return parse_day(text)
        except ValueError:
            raise FileRefusedError(name, f"{text[:20]!r} is not a date (YYYYMMDD)", ASK_AGAIN, line) from None

    def _read_calendar(self) -> None:
        name = "calendar.txt"
        services = []
        for line, row in self.source.rows(name, ("service_id", *DAY_COLUMNS, "start_date", "end_date")):
            days = sum(1 << index for index, each in enumerate(DAY_COLUMNS) if row[each].strip() == "1")
            start, until = self._day(name, line, row["start_date"]), self._day(name, line, row["end_date"])
            services.append((self._service(row["service_id"]), row["service_id"], days, start, until))
        self.db.executemany("INSERT OR REPLACE INTO service VALUES (?, ?, ?, ?, ?)", services)

    def _read_calendar_dates(self) -> None:
        name = "calendar_dates.txt"
        if not (self.source.has(name) or self.source.has("calendar.txt")):
            raise FileRefusedError("calendar.txt", "neither this file nor calendar_dates.txt is there", ASK_AGAIN)
        exceptions = []
        for line, row in self.source.rows(name, ("service_id", "date", "exception_type")):
            is_added = int(row["exception_type"].strip() == "1")
            exceptions.append((self._day(name, line, row["date"]), self._service(row["service_id"]), is_added))
        self.db.executemany("INSERT OR REPLACE INTO service_exception VALUES (?, ?, ?)", exceptions)
        self.db.executemany(
            "INSERT OR IGNORE INTO service VALUES (?, ?, 0, 0, 0)",
            [(index, text) for text, index in self.services.items()],
        )

    def _read_routes(self) -> None:
        self.source.require("routes.txt")
        for line, row in self.source.rows("routes.txt", ("route_id", "route_type")):
            try:
                parse_count(row["route_type"])
            except ValueError:
                raise FileRefusedError("routes.txt", "the route type is not a number", ASK_AGAIN, line) from None
            self.routes[row["route_id"]] = row

    def _read_trips(self) -> None:
        self.source.require("trips.txt")
        first_zone = next(iter(self.agency_zones.values()))
        runs = []
        for _, row in self.source.rows("trips.txt", ("route_id", "service_id", "trip_id")):
            route = self.routes.get(row["route_id"])
            service = self.services.get(row["service_id"])
            if route is None or service is None or row["trip_id"] in self.runs:
                self.left_out += 1
                continue
            run = self.runs[row["trip_id"]] = len(self.runs)
            zone = self.agency_zones.get(route.get("agency_id", ""), first_zone)
            line, headsign = clean_text(line_name(route, row), 24), clean_text(row.get("trip_headsign", ""))
            runs.append((run, row["trip_id"], line, headsign, service, zone, row["route_id"]))
        self.db.executemany(INSERT_RUN, runs)
        self.db.execute("CREATE TABLE route_type (route TEXT PRIMARY KEY, type INTEGER NOT NULL) STRICT")
        types = [(key, parse_count(row["route_type"])) for key, row in self.routes.items()]
        self.db.executemany("INSERT INTO route_type VALUES (?, ?)", types)

    def _read_stop_times(self) -> None:
        self.source.require("stop_times.txt")
        self.db.executemany(INSERT_CALL, self._calls())

    def _calls(self) -> Iterator[tuple[int, int, int, int, int | None, int | None, int]]:
        name = "stop_times.txt"
        table = self.source.table(name, ("trip_id", "stop_id", "stop_sequence", "arrival_time", "departure_time"))
        _, columns = next(table, (1, []))
        at = {each: index for index, each in enumerate(columns)}
        if not at:
            return
        trip, stop, seq = at["trip_id"], at["stop_id"], at["stop_sequence"]
        arr, dep = at["arrival_time"], at["departure_time"]
        pickup, drop = at.get("pickup_type"), at.get("drop_off_type")
        runs, stops = self.runs, self.places.stops
        for count, (line, row) in enumerate(table):
            if count > CALLS_MAX:
                raise FileRefusedError(name, f"more than {CALLS_MAX} rows", "Cut the feed to your region", line)
            run, found = runs.get(row[trip]), stops.get(row[stop])
            if run is None or found is None:
                self.left_out += 1
                continue
            flags = (NO_BOARDING if pickup is not None and row[pickup] == "1" else 0) | (
                NO_ALIGHTING if drop is not None and row[drop] == "1" else 0
            )
            try:
                yield run, int(row[seq]), found[0], found[1], parse_time(row[arr]), parse_time(row[dep]), flags
            except ValueError as problem:
                trouble = f"{str(problem)[:60]} is neither a time (HH:MM:SS) nor a sequence number"
                raise FileRefusedError(name, trouble, ASK_AGAIN, line) from None


def import_feed(feed: Path, target: Path) -> None:
    """Read a feed into a new timetable file, put in place in one move.

    Raises:
        FileRefusedError: the feed cannot be used; `target` is then as it was.
    """
    source = FeedSource(feed)
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    db = sqlite3.connect(part, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode=OFF")  # a broken import is thrown away whole
        db.execute("PRAGMA synchronous=OFF")
        db.executescript(Path(__file__).with_name("timetable.sql").read_text(encoding="utf-8"))
        db.execute("BEGIN")
        FeedImport(source, db).run()
        db.execute("COMMIT")
        db.execute("PRAGMA optimize")
        db.close()
        part.replace(target)
    except OverflowError as problem:
        raise FileRefusedError(feed.name, f"a number is beyond all bounds ({problem})", ASK_AGAIN) from None
    finally:
        db.close()
        source.close()
        part.unlink(missing_ok=True)
