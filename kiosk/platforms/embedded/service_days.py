"""Which services run on a day, and when a service day begins."""

import sqlite3
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

NOON = time(12)


@lru_cache(maxsize=4096)
def day_start(day: int, zone: str) -> int:
    """Return the Unix time of "noon minus 12 hours" of an ordinal day (GTFS reference, field type Time)."""
    noon = datetime.combine(date.fromordinal(day), NOON, ZoneInfo(zone))
    return int(noon.timestamp()) - 12 * 3600


def local_day(moment: datetime, zone: str) -> int:
    """Return the ordinal of the date a moment has in a zone."""
    return moment.astimezone(ZoneInfo(zone)).toordinal()


class ServiceDays:
    """Answer which services run on an ordinal day."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._regular = db.execute("SELECT service, days, start, until FROM service WHERE days > 0").fetchall()
        self._exceptions = "SELECT service, is_added FROM service_exception WHERE day = ?"
        self._db = db
        self._known: dict[int, frozenset[int]] = {}

    def running(self, day: int) -> frozenset[int]:
        """Return the service numbers that run on a day."""
        if day not in self._known:
            if len(self._known) > 512:  # noqa: PLR2004 - more than a year of days asked for
                self._known.clear()
            bit = 1 << ((day + 6) % 7)  # ordinal 1 was a Monday, bit 0
            services = {
                service for service, days, start, until in self._regular if days & bit and start <= day <= until
            }
            for service, is_added in self._db.execute(self._exceptions, (day,)):
                (services.add if is_added else services.discard)(service)
            self._known[day] = frozenset(services)
        return self._known[day]
