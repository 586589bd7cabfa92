"""What the embedded platform needs to open, and how a broken file of it is refused."""

from datetime import datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct

DEMO_FEED = "demo"
HOLD_S = 600
OFFER_S = 900


class Clock(Protocol):
    """Tell the time; the till's own clock fits."""

    def now(self) -> datetime:
        """Return the time with an offset."""
        ...


class FileRefusedError(ValueError):
    """A feed, tariff or programme cannot be read; the sentence names file, line and what to do."""

    def __init__(self, file: str, trouble: str, remedy: str, line: int | None = None) -> None:
        place = f"{file}, line {line}" if line is not None else file
        super().__init__(f"{place}: {trouble}. {remedy}.")
        self.file = file
        self.line = line
        self.trouble = trouble
        self.remedy = remedy


class EmbeddedConfig(Struct, frozen=True):
    """Say where the platform keeps its files and what it sells.

    `feed` is "demo", or the path of a GTFS zip file or folder; `tariff` and `programme` are TOML files (None: those
    of the demo network, for the demo feed only). `catalogue_dir` holds the imported timetable and may be shared by
    several platforms (None: inside `data_dir`). `terminal_place_id` is the place the terminal stands at, `popular`
    the place ids shown before anything is typed ("" and empty: chosen from the timetable). `has_demo_programme`
    puts the demo's theatre and museum beside any tariff in euros where no programme is named.
    """

    data_dir: Path
    feed: str = DEMO_FEED
    tariff: Path | None = None
    programme: Path | None = None
    terminal_place_id: str = ""
    popular: tuple[str, ...] = ()
    catalogue_dir: Path | None = None
    has_demo_programme: bool = True
    hold_s: int = HOLD_S
    offer_s: int = OFFER_S
    platform_id: str = "embedded"
    name: str = ""

    @property
    def is_demo(self) -> bool:
        """Say whether it sells the generated network."""
        return self.feed in {"", DEMO_FEED}
