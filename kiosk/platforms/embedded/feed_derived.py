"""What follows from the times of a feed: gaps filled, frequencies written out, departures, ranks, kinds, fares."""

import sqlite3
from collections import defaultdict
from itertools import groupby
from operator import itemgetter

from kiosk.platforms.embedded.config import FileRefusedError
from kiosk.platforms.embedded.feed_places import PlaceTable
from kiosk.platforms.embedded.feed_source import ASK_AGAIN, FeedSource
from kiosk.platforms.embedded.feed_values import parse_count, parse_time, place_kind
from kiosk.platforms.embedded.text_cleaning import clean_text

RUNS_MAX = 500_000
NOT_POSSIBLE = "3"


SELECT_UNTIMED = (
    "SELECT * FROM call WHERE run IN (SELECT run FROM call WHERE arr IS NULL OR dep IS NULL) ORDER BY run, seq"
)
FILL_DEPARTURES = """
INSERT INTO departure SELECT c.place, c.dep, c.run, c.seq, r.service, r.zone FROM call c JOIN run r USING (run)
WHERE c.flags & 1 = 0 AND c.seq < (SELECT max(seq) FROM call l WHERE l.run = c.run)
ORDER BY c.place, c.dep, c.run, c.seq
"""
NAME_HEADSIGNS = """
UPDATE run SET headsign = (
    SELECT p.name FROM call c JOIN place p USING (place) WHERE c.run = run.run ORDER BY c.seq DESC LIMIT 1
)
WHERE headsign = '' AND EXISTS (SELECT 1 FROM call c WHERE c.run = run.run)
"""
FIND_KINDS = "SELECT DISTINCT c.place, t.type FROM call c JOIN run r USING (run) JOIN route_type t USING (route)"
COPY_RUN = "INSERT INTO run SELECT :run, trip_id, line, headsign, service, zone, route FROM run WHERE run = :template"
COPY_CALLS = (
    "INSERT INTO call SELECT :run, seq, place, stop, arr + :shift, dep + :shift, flags FROM call WHERE run = :template"
)


def derive(source: FeedSource, db: sqlite3.Connection, places: PlaceTable, runs: dict[str, int]) -> None:
    """Complete the timetable after its plain files have been read."""
    _fill_times(db)
    _write_out_frequencies(source, db, runs)
    db.execute("CREATE INDEX call_place ON call (place, run, seq)")
    db.execute(FILL_DEPARTURES)
    db.execute(NAME_HEADSIGNS)
    kinds: dict[int, set[int]] = defaultdict(set)
    for place, route_type in db.execute(FIND_KINDS):
        kinds[place].add(route_type)
    db.executemany(
        "UPDATE place SET kind = ? WHERE place = ?", [(place_kind(types), place) for place, types in kinds.items()]
    )
    db.execute("UPDATE place SET rank = (SELECT count(*) FROM departure d WHERE d.place = place.place)")
    _read_transfers(source, db, places)
    _read_fares(source, db, places)


def _fill_times(db: sqlite3.Connection) -> None:
    """Give times to calls that have none: a lone time counts for both, gaps are filled evenly."""
    fixed: list[tuple[int, int, int, int]] = []
    dropped: list[tuple[int]] = []
    for run, group in groupby(db.execute(SELECT_UNTIMED).fetchall(), key=itemgetter(0)):
        times = _evened([(call[1], call[4], call[5]) for call in group])
        if times is None:
            dropped.append((run,))
        else:
            fixed += [(arr, dep, run, seq) for seq, arr, dep in times]
    db.executemany("UPDATE call SET arr = ?, dep = ? WHERE run = ? AND seq = ?", fixed)
    db.executemany("DELETE FROM call WHERE run = ?", dropped)


def _evened(calls: list[tuple[int, int | None, int | None]]) -> list[tuple[int, int, int]] | None:
    """Return (seq, arrival, departure) for all calls, None when first or last have no time at all."""
    known = [
        (index, arr if arr is not None else dep, dep if dep is not None else arr)
        for index, (_, arr, dep) in enumerate(calls)
        if arr is not None or dep is not None
    ]
    if not known or known[0][0] != 0 or known[-1][0] != len(calls) - 1:
        return None
    times: list[tuple[int, int, int]] = []
    for (index, arr, dep), (following, next_arr, _) in zip(known, [*known[1:], known[-1]], strict=True):
        if arr is None or dep is None or next_arr is None:
            return None
        times.append((calls[index][0], arr, dep))
        gaps = following - index
        for step in range(1, gaps):
            moment = dep + (next_arr - dep) * step // gaps
            times.append((calls[index + step][0], moment, moment))
    return times


def _write_out_frequencies(source: FeedSource, db: sqlite3.Connection, runs: dict[str, int]) -> None:
    """Write each ride of frequencies.txt out as a run of its own; the trip's own times are only their pattern."""
    name = "frequencies.txt"
    next_run = (max(runs.values()) if runs else 0) + 1
    templates = set()
    for line, row in source.rows(name, ("trip_id", "start_time", "end_time", "headway_secs")):
        template = runs.get(row["trip_id"])
        first = (
            None
            if template is None
            else db.execute("SELECT min(dep) FROM call WHERE run = ?", (template,)).fetchone()[0]
        )
        if template is None or first is None:
            continue
        try:
            start, end = parse_time(row["start_time"]), parse_time(row["end_time"])
            headway = parse_count(row["headway_secs"])
        except ValueError:
            raise FileRefusedError(name, "a time or headway cannot be read", ASK_AGAIN, line) from None
        if start is None or end is None or headway <= 0 or (end - start) // headway + next_run > RUNS_MAX:
            raise FileRefusedError(name, "the headway gives no sensible number of rides", ASK_AGAIN, line)
        for departs in range(start, end, headway):
            db.execute(COPY_RUN, {"run": next_run, "template": template})
            db.execute(COPY_CALLS, {"run": next_run, "template": template, "shift": departs - first})
            next_run += 1
        templates.add((template,))
    db.executemany("DELETE FROM call WHERE run = ?", templates)


def _read_transfers(source: FeedSource, db: sqlite3.Connection, places: PlaceTable) -> None:
    """Keep the least time to change inside a place; -1 where the feed says one cannot."""
    name = "transfers.txt"
    least: dict[tuple[int, int], int] = {}
    for line, row in source.rows(name, ("from_stop_id", "to_stop_id")):
        origin, destination = places.stops.get(row["from_stop_id"]), places.stops.get(row["to_stop_id"])
        if origin is None or destination is None:
            continue
        try:
            seconds = parse_count(row.get("min_transfer_time", ""))
        except ValueError:
            raise FileRefusedError(name, "min_transfer_time is not a number of seconds", ASK_AGAIN, line) from None
        key = (origin[0], destination[0])
        wanted = -1 if row.get("transfer_type", "").strip() == NOT_POSSIBLE else seconds
        least[key] = max(least.get(key, wanted), wanted)
    db.executemany("INSERT INTO transfer VALUES (?, ?, ?)", [(*key, seconds) for key, seconds in least.items()])


def _read_fares(source: FeedSource, db: sqlite3.Connection, places: PlaceTable) -> None:
    """Keep areas and leg fares of GTFS-Fares v2 for tariffs that ask for them."""
    areas = [
        (places.stops[row["stop_id"]][1], row["area_id"])
        for _, row in source.rows("stop_areas.txt", ("area_id", "stop_id"))
        if row["stop_id"] in places.stops
    ]
    db.executemany("INSERT OR IGNORE INTO stop_area VALUES (?, ?)", areas)
    products = defaultdict(list)
    for _, row in source.rows("fare_products.txt", ("fare_product_id", "amount", "currency")):
        name = clean_text(row.get("fare_product_name", "")) or row["fare_product_id"]
        rider = row.get("rider_category_id", "")
        products[row["fare_product_id"]].append((rider, name, row["amount"].strip(), row["currency"].strip()))
    legs = [
        (row.get("from_area_id", ""), row.get("to_area_id", ""), row["fare_product_id"], *product)
        for _, row in source.rows("fare_leg_rules.txt", ("fare_product_id",))
        for product in products[row["fare_product_id"]]
    ]
    db.executemany("INSERT INTO fare_leg VALUES (?, ?, ?, ?, ?, ?, ?)", legs)
