"""The choice of the platform, and its opening."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_never

from msgspec import Struct

from kiosk import __version__
from kiosk.application.clock import Clock
from kiosk.application.interfaces import Platform
from kiosk.application.settings import Settings
from kiosk.bootstrap.starting import CannotStart, Start, clock_of

if TYPE_CHECKING:
    from kiosk.platforms.embedded import EmbeddedConfig, Link
    from kiosk.platforms.pretix import Ask, SealedLink

NOT_LINKED = (
    "This terminal is not linked to a pretix yet. Create a device there, then run: guichet platform link URL CODE"
)
SEAL_BROKEN = "The link to the platform cannot be opened ({file}). Unlink, make a new device in pretix and link again."
ROLL_S = 5.0


class Opened(Struct, frozen=True):
    """An open platform, how it is closed where it lives, and how its link is played where it is a simulated one."""

    platform: Platform
    close: Callable[[], Awaitable[None]]
    play_link: Callable[[bool], None] | None = None


async def opened_platform(settings: Settings, data: Path, clock: Clock) -> Opened:
    """Return the platform of the settings, open.

    Raises:
        CannotStart: a file of it is refused, or it is not linked; the sentence says what to do.
    """
    match settings.platform.kind:
        case "embedded":
            return _open_embedded(settings, data, clock)
        case "pretix":
            return await _open_pretix(settings, data, clock)
        case _:
            assert_never(settings.platform.kind)


def _open_embedded(settings: Settings, data: Path, clock: Clock) -> Opened:
    from kiosk.platforms.embedded import FileRefusedError, LinkMode, open_embedded  # noqa: PLC0415 - only the platform chosen

    try:
        platform = open_embedded(embedded_config(settings, data), clock)
    except FileRefusedError as refused:
        raise CannotStart(str(refused)) from None

    async def close() -> None:
        platform.close()

    def play_link(is_down: bool) -> None:
        open_link(settings, data).set(LinkMode.DOWN if is_down else LinkMode.UP)

    return Opened(platform, close, play_link)


async def _open_pretix(settings: Settings, data: Path, clock: Clock) -> Opened:
    from kiosk.platforms import pretix  # noqa: PLC0415 - only the platform chosen

    sealed = sealed_link(data)
    try:
        link = sealed.read()
        if link is not None and link.token and link.asking_key:  # a new token was asked for and not heard of
            link = await _renewed(sealed, settings, link)
    except pretix.SealBrokenError as broken:
        raise CannotStart(SEAL_BROKEN.format(file=broken)) from None
    if link is None or not link.token:
        raise CannotStart(NOT_LINKED)
    _check_pinned(settings, link)
    chosen = settings.platform
    config = pretix.PretixConfig(
        "pretix", link.organizer_name or link.organizer, chosen.currency, chosen.zone, chosen.channel, link.hold_key,
        is_training=settings.terminal.is_training,
    )  # fmt: skip
    access = pretix.Access(link.url, link.organizer, link.token, settings.ca_file)

    def token() -> str:
        now = sealed.read()
        return now.token if now is not None else ""

    try:
        platform = pretix.PretixPlatform(config, pretix.Client(access, renewed=token), clock)
    except OSError as trouble:
        raise CannotStart(
            f"The certificates in {settings.ca_file} cannot be used ({trouble}). Name a PEM file in platform.ca_file."
        ) from None
    return Opened(platform, platform.close)


async def _renewed(sealed: "SealedLink", settings: Settings, link: Any) -> Any:
    from kiosk.platforms import pretix  # noqa: PLC0415

    try:
        return await pretix.renew(sealed, pretix_ask(settings, timeout_s=ROLL_S))
    except pretix.NotLinkedError:
        return link  # asked again when it matters: the terminal starts without its server


def _check_pinned(settings: Settings, link: Any) -> None:
    """Refuse to give a token to another server, or sell for another organizer, than the settings name."""
    for name, found in (("url", link.url), ("organizer", link.organizer)):
        wanted = getattr(settings.platform, name).rstrip("/")
        if wanted and wanted != found:
            raise CannotStart(
                f"platform.{name} is “{wanted}”, and this terminal is linked to “{found}”. "
                "Mend the settings, or unlink and link again: guichet platform unlink"
            )


def sealed_link(data: Path) -> "SealedLink":
    """Return where the link to the server is kept."""
    from kiosk.platforms.pretix import SealedLink  # noqa: PLC0415

    return SealedLink(data / "link")


def pretix_ask(settings: Settings, *, timeout_s: float = 20.0) -> "Ask":
    """Return whom the settings let us ask, and as whom."""
    from kiosk.platforms.pretix import Ask, Terminal  # noqa: PLC0415

    terminal = Terminal("Guichet", settings.terminal.id, __version__)
    chosen = settings.platform
    return Ask(terminal, chosen.url, chosen.organizer, settings.ca_file, timeout_s)


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
async def open_platform(start: Start) -> "AsyncIterator[Any]":
    """Open the platform alone, as another channel would; a terminal may run beside it."""
    opened = await opened_platform(start.settings, start.data, clock_of(start))
    try:
        yield opened.platform
    finally:
        await opened.close()
