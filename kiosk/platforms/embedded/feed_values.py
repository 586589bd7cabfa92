"""Single values of GTFS files: times, dates, positions, route kinds."""

from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk.domain.catalogue import PlaceKind

HOURS_MAX = 168  # a trip of seven days; the longest train rides eight nights in no feed seen
# Extended route types that stop at stations: railway 100-117, urban rail and metro 400-405, funicular 1400 (GTFS
# reference, "Extended GTFS Route Types"); of the basic ones 1 metro and 2 rail.
STATION_TYPES = frozenset({1, 2, *range(100, 118), *range(400, 406), 1400})
EVENLY_SECONDS = 60


@lru_cache(maxsize=65_536)
def parse_time(text: str) -> int | None:
    """Return seconds after the start of the service day, None for an empty time; above 24:00:00 is the next day.

    Raises:
        ValueError: not H:MM:SS or HH:MM.
    """
    text = text.strip()
    if not text:
        return None
    parts = text.split(":")
    if len(parts) not in {2, 3} or not all(each.isascii() and each.isdigit() and len(each) <= 3 for each in parts):  # noqa: PLR2004 - hours, minutes and perhaps seconds
        raise ValueError(text)
    hours, minutes, seconds = (*map(int, parts), 0)[:3]
    if hours > HOURS_MAX or minutes >= EVENLY_SECONDS or seconds >= EVENLY_SECONDS:
        raise ValueError(text)
    return hours * 3600 + minutes * 60 + seconds


@lru_cache(maxsize=4096)
def parse_day(text: str) -> int:
    """Return the ordinal of a YYYYMMDD date.

    Raises:
        ValueError: not such a date.
    """
    text = text.strip()
    if len(text) != 8 or not text.isascii() or not text.isdigit():  # noqa: PLR2004 - YYYYMMDD
        raise ValueError(text)
    return date(int(text[:4]), int(text[4:6]), int(text[6:])).toordinal()


def parse_position(latitude: str, longitude: str) -> tuple[float, float] | tuple[None, None]:
    """Return degrees, or nothing where the feed has none or nonsense; 0, 0 is the publishers' "unknown"."""
    try:
        position = (float(latitude), float(longitude))
    except ValueError:
        return None, None
    is_on_earth = abs(position[0]) <= 90 and abs(position[1]) <= 180 and position != (0.0, 0.0)  # noqa: PLR2004 - degrees
    return position if is_on_earth else (None, None)


def parse_count(text: str) -> int:
    """Return a whole number, 0 for an empty field.

    Raises:
        ValueError: not a whole number.
    """
    return int(text) if text.strip() else 0


def place_kind(route_types: set[int]) -> PlaceKind:
    """Say what a place is by the kinds of routes that call there."""
    return PlaceKind.STATION if route_types & STATION_TYPES else PlaceKind.STOP


def is_zone(name: str) -> bool:
    """Say whether this machine knows the IANA zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def line_name(route: dict[str, str], trip: dict[str, str]) -> str:
    """Name a run as its signs do: the route's short name, else the train's kind and number, else the long name."""
    short = route.get("route_short_name", "")
    train = trip.get("trip_short_name", "")
    number = trip.get("trip_id", "")
    if short:
        return short
    if train and not any(each.isdigit() for each in train) and number.isdigit():
        return f"{train} {number}"
    return train or route.get("route_long_name", "")
