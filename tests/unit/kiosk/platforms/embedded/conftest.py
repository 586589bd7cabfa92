"""Small feeds written by hand, and the demo catalogue read once."""

import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.platforms.embedded import EmbeddedConfig, EmbeddedPlatform, open_embedded
from kiosk.platforms.embedded.demo_network import write_demo_feed
from kiosk.platforms.embedded.feed_import import import_feed
from kiosk.platforms.embedded.timetable import Timetable

NOW = datetime(2026, 11, 22, 13, 32, tzinfo=UTC)

# One line A - B - C - D at eight, one from C to E, every day of 2026.
SMALL_FEED = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\n1,Test,http://x.org,Europe/Berlin\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,Alpha,50.0,8.0\nB,Beta,50.1,8.0\nC,Gamma,50.2,8.0\n"
    "D,Delta,50.3,8.0\nE,Epsilon,50.2,8.3\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_type\nr1,1,R 1,,2\nr2,1,R 2,,2\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "s,1,1,1,1,1,1,1,20260101,20261231\n",
    "trips.txt": "route_id,service_id,trip_id,trip_headsign\nr1,s,t1,Delta\nr2,s,t2,\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "t1,08:00:00,08:00:00,A,1\nt1,08:10:00,08:11:00,B,2\nt1,08:20:00,08:21:00,C,3\nt1,08:30:00,08:30:00,D,4\n"
    "t2,08:30:00,08:30:00,C,1\nt2,08:45:00,08:45:00,E,2\n",
}


class FixedClock:
    """Tell a time that moves only when told to."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment

    def step(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def small_feed() -> dict[str, str]:
    return dict(SMALL_FEED)


@pytest.fixture
def write_feed(tmp_path: Path) -> Callable[[dict[str, str | bytes]], Path]:
    def write(feed: dict[str, str | bytes]) -> Path:
        folder = tmp_path / "feed"
        folder.mkdir(exist_ok=True)
        for name, text in feed.items():
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder

    return write


@pytest.fixture
def zip_feed(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    def write(feed: dict[str, str]) -> Path:
        path = tmp_path / "feed.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in feed.items():
                archive.writestr(f"inner/{name}", text)
        return path

    return write


@pytest.fixture
def timetable_of(
    write_feed: Callable[[dict[str, str | bytes]], Path], tmp_path: Path
) -> Iterator[Callable[..., Timetable]]:
    opened: list[Timetable] = []

    def read(feed: dict[str, str | bytes]) -> Timetable:
        import_feed(write_feed(feed), tmp_path / "t.sqlite")
        opened.append(Timetable(tmp_path / "t.sqlite"))
        return opened[-1]

    yield read
    for each in opened:
        each.close()


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo-feed")
    write_demo_feed(folder)
    return folder


@pytest.fixture(scope="session")
def demo_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("catalogue")


@pytest.fixture
def demo(tmp_path: Path, demo_catalogue: Path, clock: FixedClock) -> Iterator[EmbeddedPlatform]:
    platform = open_embedded(EmbeddedConfig(tmp_path / "platform", catalogue_dir=demo_catalogue), clock)
    yield platform
    platform.close()
