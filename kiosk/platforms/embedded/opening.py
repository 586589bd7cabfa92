"""Open the embedded platform: import the feed where it changed, read tariff and programme, open the book."""

import sqlite3
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from kiosk.platforms.embedded.adapter import Catalogue, EmbeddedPlatform
from kiosk.platforms.embedded.config import Clock, EmbeddedConfig, FileRefusedError
from kiosk.platforms.embedded.demo_network import demo_digest, demo_file, write_demo_feed
from kiosk.platforms.embedded.demo_traffic import Traffic
from kiosk.platforms.embedded.feed_import import IMPORT_VERSION, import_feed
from kiosk.platforms.embedded.journeys import Journeys
from kiosk.platforms.embedded.ledger import Ledger
from kiosk.platforms.embedded.link import Link
from kiosk.platforms.embedded.places import PlaceIndex
from kiosk.platforms.embedded.programme import Programme
from kiosk.platforms.embedded.programme_file import ProgrammeFile, read_programme_file
from kiosk.platforms.embedded.tariff import Tariff
from kiosk.platforms.embedded.tariff_file import read_tariff_file
from kiosk.platforms.embedded.timetable import Timetable

DEMO_TERMINAL = "aldermoor-central"
VERSION_CHARS = 10
TIMETABLES_KEPT = 4


def open_embedded(config: EmbeddedConfig, clock: Clock) -> EmbeddedPlatform:
    """Open the platform; blocks for the import of a new feed (about a second for a national one).

    Raises:
        FileRefusedError: feed, tariff or programme cannot be used.
    """
    config.data_dir.mkdir(parents=True, exist_ok=True)
    version, timetable_file = _timetable_file(config)
    timetable = Timetable(timetable_file)
    tariff = Tariff(read_tariff_file(_tariff_file(config)))
    programme = Programme(_programme(config, tariff.currency))
    terminal = config.terminal_place_id or (DEMO_TERMINAL if config.is_demo else "")
    popular = config.popular or tariff.file.popular
    catalogue = Catalogue(
        timetable=timetable, tariff=tariff, programme=programme,
        journeys=Journeys(timetable, tariff, version, Traffic() if config.is_demo else None),
        places=PlaceIndex(timetable.places, hidden=terminal, popular=popular),
        as_of=datetime.fromtimestamp(timetable_file.stat().st_mtime, UTC) if not config.is_demo else clock.now(),
    )  # fmt: skip
    ledger = Ledger(config.data_dir / "ledger.sqlite")
    return EmbeddedPlatform(config, catalogue, ledger, open_link(config.data_dir), clock)


def open_link(data_dir: Path) -> Link:
    """Return the link of a platform's folder, also from another process than the one that sells."""
    return Link(data_dir / "link.json")


def _timetable_file(config: EmbeddedConfig) -> tuple[str, Path]:
    """Return the version and file of the imported timetable, imported now where it is not there yet."""
    folder = config.catalogue_dir or config.data_dir / "catalogue"
    folder.mkdir(parents=True, exist_ok=True)
    digest = demo_digest() if config.is_demo else _feed_digest(Path(config.feed))
    version = sha256(f"{IMPORT_VERSION}:{digest}".encode()).hexdigest()[:VERSION_CHARS]
    target = folder / f"timetable-{version}.sqlite"
    if not target.exists():
        if config.is_demo:
            with TemporaryDirectory(prefix="guichet-demo-feed-") as made:
                write_demo_feed(Path(made))
                _import(Path(made), target)
        else:
            _import(Path(config.feed), target)
        _drop_old(folder, target)
    return version, target


def _drop_old(folder: Path, current: Path) -> None:
    """Keep the newest few timetables: the current one, and those another terminal of this folder may still read."""
    files = sorted(folder.glob("timetable-*.sqlite"), key=lambda each: each.stat().st_mtime, reverse=True)
    for old in files[TIMETABLES_KEPT:]:
        if old != current:
            old.unlink(missing_ok=True)


def _import(feed: Path, target: Path) -> None:
    try:
        import_feed(feed, target)
    except sqlite3.Error as problem:
        raise FileRefusedError(
            feed.name, f"could not be stored ({problem})", "Check the free space of the disk"
        ) from None


def _feed_digest(feed: Path) -> str:
    """Return what changes whenever the feed does: its files' names, sizes and times."""
    if not feed.exists():
        raise FileRefusedError(str(feed), "there is no such file or folder", "Check the feed path in the settings")
    paths = sorted(feed.iterdir()) if feed.is_dir() else [feed]
    facts = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in paths]
    return sha256(repr((str(feed.resolve()), facts)).encode()).hexdigest()


def _tariff_file(config: EmbeddedConfig) -> Path:
    if config.tariff is not None:
        return config.tariff
    if config.is_demo:
        return demo_file("tariff.toml")
    raise FileRefusedError(config.feed, "there is no tariff for this feed", "Name a tariff file in the settings")


def _programme(config: EmbeddedConfig, currency: str) -> ProgrammeFile:
    """Return the programme: a file of the operator, the demo's where asked for, else nothing."""
    if config.programme is not None:
        file = read_programme_file(config.programme)
        if file.currency != currency:
            trouble = f"is in {file.currency} and the tariff in {currency}"
            raise FileRefusedError(config.programme.name, trouble, "Use one currency for both")
        return file
    demo = read_programme_file(demo_file("programme.toml"))
    # The demo's prices are euros; beside a tariff in another currency they would lie.
    return demo if config.has_demo_programme and currency == demo.currency else ProgrammeFile(currency)
