"""Stops of a feed become the places a traveller knows: a station with its platforms, or the poles of one name."""

import json
import sqlite3
from collections import defaultdict
from math import asin, cos, radians, sin, sqrt

from msgspec import Struct, field

from kiosk.platforms.embedded.feed_source import FeedSource
from kiosk.platforms.embedded.feed_values import is_zone, parse_position
from kiosk.platforms.embedded.text_cleaning import clean_text

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
SAME_PLACE_M = 500.0  # two poles of one name within this are one place to a traveller
STATION = "1"
BOARDABLE = frozenset({"", "0"})

INSERT_PLACE = "INSERT INTO place (place, id, name, kind, zone, lat, lon, others) VALUES (?, ?, ?, 'stop', ?, ?, ?, ?)"
INSERT_STOP = "INSERT INTO stop VALUES (?, ?, ?, ?, ?, ?)"

Names = dict[str, dict[str, str]]


class PlaceTable(Struct):
    """Map stop ids to (place, stop) numbers."""

    stops: dict[str, tuple[int, int]] = field(default_factory=dict)


def distance_m(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Return the great-circle distance in metres (haversine)."""
    up, across = radians(lat_b - lat_a) / 2, radians(lon_b - lon_a) / 2
    chord = sin(up) ** 2 + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(across) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def read_places(source: FeedSource, db: sqlite3.Connection, feed_zone: str) -> PlaceTable:
    """Read stops.txt and translations.txt."""
    source.require("stops.txt")
    rows = {row["stop_id"]: row for _, row in source.rows("stops.txt", ("stop_id",)) if row["stop_id"]}
    owners = _owners(rows)
    translated = _translations(source, rows)
    numbers: dict[str, int] = {}
    table = PlaceTable()
    places: list[tuple[object, ...]] = []
    stops: list[tuple[object, ...]] = []
    for stop_id, owner_id in owners.items():
        owner, row = rows[owner_id], rows[stop_id]
        if owner_id not in numbers:
            numbers[owner_id] = len(numbers)
            zone = owner.get("stop_timezone", "").strip()
            name = clean_text(owner.get("stop_name", "")) or clean_text(owner.get("stop_code", "")) or owner_id
            others = json.dumps(sorted(translated.get(owner_id, {}).items()), ensure_ascii=False)
            position = parse_position(owner.get("stop_lat", ""), owner.get("stop_lon", ""))
            place_zone = zone if zone and is_zone(zone) else feed_zone
            places.append((numbers[owner_id], owner_id, name, place_zone, *position, others))
        table.stops[stop_id] = (numbers[owner_id], len(stops))
        track = clean_text(row.get("platform_code", ""), 12)
        position = parse_position(row.get("stop_lat", ""), row.get("stop_lon", ""))
        stops.append((len(stops), stop_id, numbers[owner_id], track, *position))
    db.executemany(INSERT_PLACE, places)
    db.executemany(INSERT_STOP, stops)
    return table


def _owners(rows: dict[str, dict[str, str]]) -> dict[str, str]:
    """Give each station, platform and pole the id of the place it belongs to."""
    owners: dict[str, str] = {}
    by_name: dict[str, list[str]] = defaultdict(list)
    for stop_id, row in rows.items():
        kind, parent = row.get("location_type", "").strip(), row.get("parent_station", "").strip()
        if kind == STATION:
            owners[stop_id] = stop_id
        elif kind in BOARDABLE and parent in rows:
            owners[stop_id] = parent
        elif kind in BOARDABLE:
            owners[stop_id] = next(
                (each for each in by_name[row.get("stop_name", "")] if _near(rows[each], row)), stop_id
            )
            if owners[stop_id] == stop_id:
                by_name[row.get("stop_name", "")].append(stop_id)
    # A parent that is no station of its own, or a child of a child: the first step up is the place.
    return {**{owner: owner for owner in owners.values()}, **owners}


def _near(one: dict[str, str], other: dict[str, str]) -> bool:
    here = parse_position(one.get("stop_lat", ""), one.get("stop_lon", ""))
    there = parse_position(other.get("stop_lat", ""), other.get("stop_lon", ""))
    if here[0] is None or there[0] is None:
        return False
    return distance_m(*here, *there) <= SAME_PLACE_M


def _translations(source: FeedSource, rows: dict[str, dict[str, str]]) -> Names:
    """Read names in other languages, in today's and in the older form of translations.txt."""
    by_id: Names = defaultdict(dict)
    by_name: Names = defaultdict(dict)
    for _, row in source.rows("translations.txt"):
        language = (row.get("language") or row.get("lang") or "").strip()[:20]
        text = clean_text(row.get("translation", ""))
        is_stop_name = row.get("table_name", "stops") == "stops" and row.get("field_name", "stop_name") == "stop_name"
        if not (language and text and is_stop_name):
            continue
        if row.get("record_id"):
            by_id[row["record_id"]][language] = text
        else:
            by_name[row.get("field_value") or row.get("trans_id") or ""][language] = text
    found: Names = {}
    for stop_id, row in rows.items():
        names = {**by_name.get(row.get("stop_name", ""), {}), **by_id.get(stop_id, {})}
        if names:
            found[stop_id] = names
    return found
