"""Write the demo network as a GTFS feed: the same every time, valid on every day for ever.

The feed is read like any other operator's, so the demo proves the reader. Its calendar reaches to the year 9999.
"""

import csv
from collections.abc import Iterable, Sequence
from hashlib import sha256
from math import cos, radians
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct, toml

ZONE = "Europe/Berlin"
ORIGIN = (54.2, 6.4)  # open sea, so that no real place is meant
KM_PER_DEGREE = 111.195
STOP_MIN = 1  # a train stands one minute
FOREVER = ("20000101", "99991231")

TABLE_STOPS = ("stop_id", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station", "platform_code")
TABLE_TRIPS = ("route_id", "service_id", "trip_id", "trip_headsign", "direction_id")
TABLE_TIMES = ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence")

PlaceRow = tuple[str, str, str, str, str, float, float]
Minutes = Annotated[int, Meta(ge=0)]


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the network, run in both directions."""

    name: str
    type: int
    platform: str
    first: str
    last: str
    every: Annotated[int, Meta(ge=1)]
    stops: tuple[tuple[str, Minutes], ...]


class Network(Struct, frozen=True, forbid_unknown_fields=True):
    """The file demo/network.toml."""

    places: tuple[PlaceRow, ...]
    line: tuple[Line, ...]


def demo_file(name: Literal["network.toml", "tariff.toml", "programme.toml"]) -> Path:
    """Return the path of a file of the demo."""
    return Path(__file__).parent / "demo" / name


def demo_digest() -> str:
    """Return what changes whenever the generated feed may change."""
    return sha256(demo_file("network.toml").read_bytes() + Path(__file__).read_bytes()).hexdigest()


def write_demo_feed(folder: Path) -> None:
    """Write the feed's files into an existing folder."""
    network = toml.decode(demo_file("network.toml").read_bytes(), type=Network)
    trips = [
        (line, direction, start) for line in network.line for direction in (0, 1) for start in _starts(line, direction)
    ]
    _write(folder, "agency.txt", ("agency_id", "agency_name", "agency_url", "agency_timezone"),
           [("demo", "Demo Network", "https://example.org", ZONE)])  # fmt: skip
    _write(folder, "calendar.txt", ("service_id", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
           "sunday", "start_date", "end_date"), [("daily", *"1111111", *FOREVER)])  # fmt: skip
    _write(folder, "stops.txt", TABLE_STOPS, _stops(network))
    _write(
        folder,
        "translations.txt",
        ("table_name", "field_name", "language", "translation", "record_id"),
        _names(network),
    )
    _write(folder, "routes.txt", ("route_id", "agency_id", "route_short_name", "route_long_name", "route_type"),
           [(line.name, "demo", line.name, "", line.type) for line in network.line])  # fmt: skip
    _write(folder, "trips.txt", TABLE_TRIPS, [_trip(network, *each) for each in trips])
    _write(folder, "stop_times.txt", TABLE_TIMES, [row for each in trips for row in _times(*each)])


def _write(folder: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with (folder / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}:00"


def _starts(line: Line, direction: int) -> range:
    """Return the minutes at which rides begin; the way back is timed to meet the way out at half its headway."""
    shift = 0 if direction == 0 else line.every // 2
    return range(_minutes(line.first) + shift, _minutes(line.last) + 1, line.every)


def _stops(network: Network) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for place_id, name, _, _, _, east, north in network.places:
        lat = ORIGIN[0] + north / KM_PER_DEGREE
        lon = ORIGIN[1] + east / (KM_PER_DEGREE * cos(radians(ORIGIN[0])))
        position = (f"{lat:.6f}", f"{lon:.6f}")
        rows.append((place_id, name, *position, 1, "", ""))
        platforms = dict.fromkeys(
            (_stop_id(line, place_id, way), _platform(line, way))
            for line in network.line
            for way in (0, 1)
            if place_id in dict(line.stops)
        )
        rows += [(stop_id, name, *position, 0, place_id, platform) for stop_id, platform in platforms]
    return rows


def _platform(line: Line, direction: int) -> str:
    """Return where a line stops: its platform outward, the next one back; letters are the same kerb."""
    return str(int(line.platform) + direction) if line.platform.isdigit() else line.platform


def _stop_id(line: Line, place_id: str, direction: int) -> str:
    return f"{place_id}:{_platform(line, direction) or '-'}"


def _names(network: Network) -> list[tuple[object, ...]]:
    """Give every place its Chinese and Arabic name, and pinyin (zh-Latn) to be found by."""
    return [
        ("stops", "stop_name", language, text, place_id)
        for place_id, _, chinese, arabic, pinyin, _, _ in network.places
        for language, text in (("zh", chinese), ("ar", arabic), ("zh-Latn", pinyin))
        if text
    ]


def _trip(network: Network, line: Line, direction: int, start: int) -> tuple[object, ...]:
    end = line.stops[-1] if direction == 0 else line.stops[0]
    headsign = next(row[1] for row in network.places if row[0] == end[0])
    return (line.name, "daily", _trip_id(line, direction, start), headsign, direction)


def _trip_id(line: Line, direction: int, start: int) -> str:
    return f"{line.name.replace(' ', '')}-{direction}-{start:04}"


def _times(line: Line, direction: int, start: int) -> list[tuple[object, ...]]:
    total = line.stops[-1][1]
    stops = line.stops if direction == 0 else tuple((place, total - minute) for place, minute in reversed(line.stops))
    trip_id = _trip_id(line, direction, start)
    last = len(stops) - 1
    rows: list[tuple[object, ...]] = []
    for index, (place_id, minute) in enumerate(stops):
        departs = start + minute
        stands = STOP_MIN if 0 < index < last and minute - stops[index - 1][1] > 2 * STOP_MIN else 0
        rows.append((trip_id, _clock(departs - stands), _clock(departs), _stop_id(line, place_id, direction), index))
    return rows
