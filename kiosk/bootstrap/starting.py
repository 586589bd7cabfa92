"""What a terminal is started with, and how a start is refused."""

from datetime import datetime
from pathlib import Path

from msgspec import Struct

from kiosk.application.clock import Clock, SystemClock, TrainingClock
from kiosk.application.settings import Settings
from kiosk.application.settings_file import LoadedSettings


class CannotStart(Exception):  # noqa: N818 - read as a state; `str()` is the sentence for whoever starts it
    """The terminal cannot start; nothing was changed."""


class Start(Struct, frozen=True):
    """What a terminal is started with; `now` shifts its clock, in training only."""

    loaded: LoadedSettings
    data: Path
    now: datetime | None = None

    @property
    def settings(self) -> Settings:
        """Return the settings in force."""
        return self.loaded.settings


def clock_of(start: Start) -> Clock:
    """Return the clock: the machine's, or a shifted one in training."""
    if start.now is None:
        return SystemClock()
    if not start.settings.terminal.is_training:
        raise CannotStart("Another time can be given with --now in training only.")
    system = SystemClock()
    return TrainingClock(start.now - system.now())


def make_folder(data: Path) -> None:
    """Make the data folder where it is missing, for its owner alone.

    Raises:
        CannotStart: it cannot be made.
    """
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as trouble:
        raise CannotStart(f"The data folder {data} cannot be made: {trouble.strerror}. Name another one.") from None
