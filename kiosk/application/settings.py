"""What an operator decides about one terminal: typed values, each with its unit and range.

The schema below is the only list of settings: `settings_file` reads TOML against it and words what is refused,
`settings_page` draws docs/settings.md from it. A value that is not named in a file has the default given here;
with no file at all the terminal sells the demo network in training.
"""

from ipaddress import IPv4Network
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta, Struct, field

Scalar = str | int | float | bool
Language = Annotated[str, Meta(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$", description="a BCP 47 tag")]
Id = Annotated[str, Meta(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
Name = Annotated[str, Meta(min_length=1, max_length=60)]
FilePath = Annotated[str, Meta(max_length=1000)]
Address = Annotated[str, Meta(pattern="^(https?://[^ /]{1,253}(/[^ ]*)?)?$")]


class TerminalSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Which terminal this is and where it stands."""

    id: Annotated[Id, Meta(description="the terminal's own id, unique in the fleet")] = "demo-1"
    name: Annotated[Name, Meta(description="what people call it, shown on pages and paper")] = "Demo terminal"
    place_id: Annotated[
        str, Meta(max_length=120, description="the place it stands at, a platform id; empty: the platform's first")
    ] = ""
    languages: Annotated[
        tuple[Language, ...],
        Meta(min_length=1, max_length=12, description="languages offered, BCP 47 tags, the first greets"),
    ] = ("en", "zh", "de", "ar")
    staff_language: Annotated[
        str,
        Meta(
            pattern="^([a-z]{2,3}(-[A-Za-z0-9]{2,8})?)?$",
            description="language of counter, technician and remedies, one of `languages`; empty: the first of them",
        ),
    ] = ""
    exchange_gives_back: Annotated[
        bool, Meta(description="tickets may be exchanged for cheaper ones; the clerk gives the rest back in cash")
    ] = True
    is_training: Annotated[
        bool, Meta(description="DEMO on screen and paper; simulators and `--now` are allowed only here")
    ] = True


class FaceSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What the face looks like on its panel."""

    default: Annotated[
        Literal["kiosk", "counter", "technician"], Meta(description="the face opened by the service")
    ] = "kiosk"
    width_px: Annotated[int, Meta(ge=640, le=7680, description="window width in px")] = 1080
    height_px: Annotated[int, Meta(ge=480, le=7680, description="window height in px")] = 1920
    density_px_per_mm: Annotated[float, Meta(ge=2.0, le=12.0, description="declared density of the panel")] = 4.0
    look: Annotated[Literal["light", "dark", "contrast"], Meta(description="colours a customer starts with")] = "light"
    is_fullscreen: Annotated[bool, Meta(description="cover the whole panel")] = False


class PlatformSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The central ticketing system this terminal sells for."""

    kind: Annotated[
        Literal["embedded", "pretix"], Meta(description="which adapter; `embedded` sells with no server")
    ] = "embedded"
    dir: Annotated[
        FilePath, Meta(description="folder of the embedded platform; empty: `platform` in the data folder")
    ] = ""
    feed: Annotated[FilePath, Meta(description="GTFS feed (zip or folder); empty: the generated demo network")] = ""
    tariff: Annotated[FilePath, Meta(description="tariff file for the feed; empty: the demo tariff")] = ""
    has_programme: Annotated[bool, Meta(description="sell the demo theatre and museum as well")] = True
    url: Annotated[
        Address, Meta(description="pretix: the server's address; empty: the one this terminal was linked to")
    ] = ""
    organizer: Annotated[
        str,
        Meta(
            pattern="^[A-Za-z0-9._-]{0,50}$",
            description="pretix: the organizer's short name; empty: the one this terminal was linked to",
        ),
    ] = ""
    ca_file: Annotated[
        FilePath,
        Meta(description="pretix: file (PEM) with the only authorities trusted; empty: the system's own"),
    ] = ""
    channel: Annotated[Id, Meta(description="pretix: the sales channel the server sells this terminal's goods on")] = (
        "api.kiosk"
    )
    currency: Annotated[
        str, Meta(pattern="^[A-Z]{3}$", description="pretix: the one currency that is sold in, ISO 4217")
    ] = "EUR"
    zone: Annotated[str, Meta(max_length=60, description="pretix: time zone of paper and business day, IANA name")] = (
        "Europe/Berlin"
    )


class DeviceSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """One device: what it is, what it is for, and how it is reached."""

    kind: Annotated[str, Meta(pattern="^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*){1,2}$", description="family.driver")]
    device_id: Annotated[Id, Meta(description="a name for logs and pages, unique on this terminal")]
    role: Annotated[
        str,
        Meta(pattern="^[a-z_]{0,20}$", description="what it does: `tickets`, `receipts`; empty where one is enough"),
    ] = ""
    options: Annotated[dict[str, Scalar], Meta(max_length=20, description="options of the driver")] = field(
        default_factory=dict
    )


class TimeoutSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How long things may take."""

    card_payment_s: Annotated[float, Meta(ge=10, le=300, description="a card payment, s")] = 90.0
    reversal_s: Annotated[float, Meta(ge=5, le=300, description="a reversal or a question about a payment, s")] = 30.0
    cash_piece_s: Annotated[float, Meta(ge=1, le=60, description="taking one note or coin, s")] = 10.0
    change_s: Annotated[float, Meta(ge=5, le=300, description="paying out change, s")] = 60.0
    print_s: Annotated[float, Meta(ge=5, le=120, description="one piece of paper, s")] = 20.0
    platform_read_s: Annotated[float, Meta(ge=0.5, le=60, description="a question to the platform, s")] = 4.0
    platform_write_s: Annotated[float, Meta(ge=1, le=120, description="a hold, booking or cancellation, s")] = 10.0
    confirm_wait_s: Annotated[
        float, Meta(ge=0, le=60, description="how long printing waits for the platform's proof, s")
    ] = 6.0
    hold_margin_s: Annotated[
        float, Meta(ge=0, le=600, description="how much longer than a payment a hold must last, s")
    ] = 30.0
    paper_wait_s: Annotated[
        float, Meta(ge=0, le=3600, description="how long a paid sale waits for paper before it is paid back, s")
    ] = 120.0
    idle_warning_s: Annotated[float, Meta(ge=10, le=900, description="untouched before the question, s")] = 60.0
    idle_wipe_s: Annotated[float, Meta(ge=10, le=900, description="from the question to a clean start, s")] = 60.0
    health_poll_s: Annotated[float, Meta(ge=0.5, le=300, description="between two looks at every device, s")] = 1.5


class StoreSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Where this terminal keeps what it must not lose."""

    dir: Annotated[FilePath, Meta(description="folder of the store; empty: `store` in the data folder")] = ""
    reserve_mib: Annotated[
        int, Meta(ge=8, le=4096, description="free space without which no payment is begun, MiB")
    ] = 64
    personal_days: Annotated[
        int,
        Meta(ge=0, le=3650, description="after so long at rest the person behind a sale is forgotten, days"),
    ] = 30
    proof_days: Annotated[
        int, Meta(ge=30, le=3650, description="how long the platform's proofs of delivery are kept, days")
    ] = 400


class ServiceSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What helps the people who keep this terminal alive."""

    bench_idle_s: Annotated[
        float, Meta(ge=30, le=3600, description="untouched before the technician's bench closes to its face, s")
    ] = 300.0
    roll_m: Annotated[float, Meta(ge=1, le=1000, description="paper on a new roll, m")] = 80.0
    roll_low_percent: Annotated[
        int, Meta(ge=1, le=50, description="paper left at which a roll counts as low, by what was printed, %")
    ] = 10
    find_network: Annotated[
        str,
        Meta(
            pattern="^([0-9.]{7,15}/[0-9]{1,2})?$",
            description="network looked through for devices, at most /24; empty: those this machine stands in",
        ),
    ] = ""


def _simulators() -> tuple[DeviceSettings, ...]:
    return (
        DeviceSettings(kind="printer.simulator", device_id="ticket-printer", role="tickets"),
        DeviceSettings(kind="printer.simulator", device_id="receipt-printer", role="receipts"),
        DeviceSettings(kind="payment_terminal.simulator", device_id="payment-device"),
        DeviceSettings(kind="cash.simulator", device_id="cash-unit"),
        DeviceSettings(kind="scanner.simulator", device_id="scanner"),
        DeviceSettings(kind="card_reader.simulator", device_id="card-reader"),
    )


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything an operator decides about one terminal."""

    terminal: TerminalSettings = field(default_factory=TerminalSettings)
    face: FaceSettings = field(default_factory=FaceSettings)
    platform: PlatformSettings = field(default_factory=PlatformSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    timeouts: TimeoutSettings = field(default_factory=TimeoutSettings)
    service: ServiceSettings = field(default_factory=ServiceSettings)
    devices: Annotated[tuple[DeviceSettings, ...], Meta(max_length=16)] = field(default_factory=_simulators)

    def store_dir(self, data_dir: Path) -> Path:
        """Return the folder of the store."""
        return Path(self.store.dir).expanduser() if self.store.dir else data_dir / "store"

    def platform_dir(self, data_dir: Path) -> Path:
        """Return the folder of the embedded platform."""
        return Path(self.platform.dir).expanduser() if self.platform.dir else data_dir / "platform"

    @property
    def staff_language(self) -> str:
        """Return the language in which this terminal speaks to its staff."""
        return self.terminal.staff_language or self.terminal.languages[0]

    @property
    def ca_file(self) -> str:
        """Return the file with the authorities to trust, "" for the system's own."""
        return str(Path(self.platform.ca_file).expanduser()) if self.platform.ca_file else ""


FIND_PREFIX_MIN = 24
# Options of devices that are addresses and sizes; anything else of a device may be a secret and is never shown.
OPTIONS_SHOWN = frozenset(
    {"host", "port", "path", "baud", "columns", "dpi", "profile", "width_dots", "timeout_s", "slow_s", "name_prefix"}
)


def conflict(settings: Settings) -> tuple[str, str] | None:
    """Return (key, sentence) of the first rule between values that is broken, None when all hold.

    One rule guards money: out of training a simulated device beside a real platform would hand out real tickets
    for no money; beside the embedded platform it would look like a sale and be none.
    """
    if not _is_zone(settings.platform.zone):
        return "platform.zone", f"“{settings.platform.zone}” is no time zone. Use an IANA name such as Europe/Berlin."
    if settings.service.find_network and not _is_small(settings.service.find_network):
        return "service.find_network", (
            f"“{settings.service.find_network}” is no private network of at most /24. Use one such as 192.168.7.0/24."
        )
    staff, offered = settings.terminal.staff_language, settings.terminal.languages
    if staff and staff not in offered:
        names = ", ".join(offered)
        return "terminal.staff_language", f"“{staff}” is not offered here. Use one of {names}, or leave it empty."
    seen: set[str] = set()
    for index, device in enumerate(settings.devices):
        key = f"devices[{index}]"
        if device.device_id in seen:
            return f"{key}.device_id", f"“{device.device_id}” is named twice. Give each device an id of its own."
        seen.add(device.device_id)
        if device.kind.endswith(".simulator") and not settings.terminal.is_training:
            platform = settings.platform.kind
            return f"{key}.kind", (
                f"“{device.kind}” is a simulator and terminal.is_training is false (platform “{platform}”). "
                "Name a real device here, or set terminal.is_training = true."
            )
    return None


def _is_small(network: str) -> bool:
    try:
        named = IPv4Network(network)
    except ValueError:
        return False
    return named.prefixlen >= FIND_PREFIX_MIN and named.is_private


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def fingerprint(settings: Settings) -> bytes:
    """Return the settings as canonical bytes, to tell two apart."""
    return msgspec.json.encode(settings, order="deterministic")
