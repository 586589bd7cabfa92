"""The choice of the platform, and its opening."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.application.clock import Clock
from kiosk.application.settings import Settings
from kiosk.bootstrap.starting import CannotStart, Start, clock_of

if TYPE_CHECKING:
    from kiosk.platforms.embedded import EmbeddedConfig, EmbeddedPlatform, Link


async def opened_platform(settings: Settings, data: Path, clock: Clock) -> "EmbeddedPlatform":
    """Return the platform of the settings, open.

    Raises:
        CannotStart: a file of it is refused; the sentence names the file and what to mend.
    """
    from kiosk.platforms.embedded import FileRefusedError, open_embedded  # noqa: PLC0415 - only the platform chosen

    try:
        return open_embedded(embedded_config(settings, data), clock)
    except FileRefusedError as refused:
        raise CannotStart(str(refused)) from None


def embedded_config(settings: Settings, data: Path) -> "EmbeddedConfig":
    """Return what the embedded platform opens with."""
    from kiosk.platforms.embedded import EmbeddedConfig  # noqa: PLC0415

    chosen = settings.platform
    return EmbeddedConfig(
        data_dir=settings.platform_dir(data),
        feed=chosen.feed,
        tariff=Path(chosen.tariff).expanduser() if chosen.tariff else None,
        terminal_place_id=settings.terminal.place_id,
        catalogue_dir=data / "catalogue",
        has_demo_programme=chosen.has_programme,
    )


def open_link(settings: Settings, data: Path) -> "Link":
    """Return the scriptable link of the embedded platform, also beside a running terminal."""
    from kiosk.platforms.embedded import open_link as embedded_link  # noqa: PLC0415

    return embedded_link(settings.platform_dir(data))


@asynccontextmanager
async def open_platform(start: Start) -> "AsyncIterator[EmbeddedPlatform]":
    """Open the platform alone, as another channel would; a terminal may run beside it."""
    platform = await opened_platform(start.settings, start.data, clock_of(start))
    try:
        yield platform
    finally:
        platform.close()


async def close_platform(platform: "EmbeddedPlatform") -> None:
    """Close it where it lives."""
    platform.close()
