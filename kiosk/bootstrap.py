"""The only place where parts are chosen and joined. It reads top to bottom: a start, a terminal, a face."""

import asyncio
import importlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import structs

from hardware.inventory import DeviceConfig, DeviceConfigError, Devices, DevicesConfig, open_devices
from kiosk.application.cash_desk import CashDesk
from kiosk.application.claims import SlipSigner, open_signer
from kiosk.application.clock import Clock, SystemClock, TrainingClock
from kiosk.application.control import ControlServer, NotDone, socket_path
from kiosk.application.delivery import Delivery
from kiosk.application.documents import Imprint, PaperMaker
from kiosk.application.identities import RandomIdentities
from kiosk.application.inputs import Inputs, take_card
from kiosk.application.interfaces import DocumentIssuer
from kiosk.application.network import HoppingPlatform, NetworkThread
from kiosk.application.payment_desk import PaymentDesk
from kiosk.application.performer import Desks, Performer
from kiosk.application.platform_desk import PlatformDesk
from kiosk.application.print_desk import PrintDesk
from kiosk.application.questions import handlers
from kiosk.application.settings import Settings
from kiosk.application.settings_file import LoadedSettings, SettingsProblem
from kiosk.application.store_gateway import StoreGateway
from kiosk.application.store_look import StoreLook
from kiosk.application.supervision import Supervision, Watched
from kiosk.application.terminal import Terminal
from kiosk.application.till import Till
from kiosk.application.watchdog import Watchdog
from kiosk.domain.sale.events import PlatformTerms, SaleTerms
from offline_store import Courier, CourierLimits, Store, StoreDamaged, StoreError, StoreInUse, StoreOptions

if TYPE_CHECKING:
    from kiosk.platforms.embedded import EmbeddedConfig, EmbeddedPlatform, Link

DEMO_PLACE = "aldermoor-central"  # where the terminal of the demo network stands
MIB = 1024 * 1024


class CannotStart(Exception):  # noqa: N818 - read as a state; `str()` is the sentence for whoever starts it
    """The terminal cannot start; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Start:
    """What a terminal is started with; `now` shifts its clock, in training only."""

    loaded: LoadedSettings
    data: Path
    now: datetime | None = None

    @property
    def settings(self) -> Settings:
        """Return the settings in force."""
        return self.loaded.settings


# ---- the terminal, without a screen


@asynccontextmanager
async def open_terminal(start: Start) -> AsyncIterator[Terminal]:
    """Open store, platform, devices and till, and serve until the block ends; nothing of Qt is loaded.

    Raises:
        CannotStart: another terminal owns the store, or a part cannot be opened; the sentence says what to do.
    """
    settings, data = _with_place(start.settings), start.data
    clock = clock_of(start)
    async with AsyncExitStack() as stack:
        _make_folder(data)
        store = await _open_store(settings, data, clock)
        stack.push_async_callback(store.close)
        network = NetworkThread()
        network.start()
        stack.push_async_callback(network.stop)
        embedded = await network.hop(lambda: _open_platform(settings, data, clock))
        stack.push_async_callback(network.hop, lambda: _close(embedded))
        platform = HoppingPlatform(embedded, network)
        devices = _open_devices(settings, data, platform.traits.currency)
        stack.push_async_callback(devices.close)
        signer = _open_signer(settings, data)
        times = settings.timeouts
        supervision = Supervision(
            _watched(settings, devices), platform, poll_s=times.health_poll_s, platform_s=times.platform_read_s
        )
        inputs = Inputs()
        till = _till(settings, store, platform, devices, signer=signer, clock=clock)
        courier = _courier(settings, store, platform, till, clock)
        supervision.subscribe(lambda: courier.nudge() if supervision.capabilities.is_platform_reachable else None)
        terminal = Terminal(
            till=till,
            platform=platform,
            supervision=supervision,
            settings=settings,
            clock=clock,
            devices=devices,
            store=StoreLook(store),
            inputs=inputs,
            watchdog=Watchdog(),
            signer=signer,
            data_dir=data,
            settings_problem=start.loaded.problem,
            store_repaired=store.repaired,
        )
        async with asyncio.TaskGroup() as group:
            await devices.start(
                on_scan=lambda _, scan: inputs.scanned(scan),
                on_card=lambda device_id, event: take_card(group, devices.readers, inputs, device_id, event),
            )
            serving = [group.create_task(run()) for run in (till.run, courier.run, supervision.run)]
            try:
                yield terminal
            finally:
                await till.stop()
                for task in serving:
                    task.cancel()


def _with_place(settings: Settings) -> Settings:
    """Return the settings with the demo network's own station where none is named."""
    if settings.terminal.place_id or settings.platform.feed:
        return settings
    return structs.replace(settings, terminal=structs.replace(settings.terminal, place_id=DEMO_PLACE))


def _make_folder(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as trouble:
        raise CannotStart(f"The data folder {data} cannot be made: {trouble.strerror}. Name another one.") from None


def _till(
    settings: Settings, store: Store, platform: HoppingPlatform, devices: Devices, *, signer: SlipSigner, clock: Clock
) -> Till:
    """Join the till: store, desks for every device, and the limits of a sale."""
    times, traits = settings.timeouts, platform.traits
    platforms = {traits.id: platform}
    imprint = Imprint(
        traits.name, settings.terminal.name, traits.zone, settings.terminal.languages[0],
        is_training=settings.terminal.is_training,
    )  # fmt: skip
    tickets, receipts = devices.printers_for("tickets"), devices.printers_for("receipts")
    desks = Desks(
        payment=PaymentDesk(devices.payment, clock, payment_s=times.card_payment_s, reversal_s=times.reversal_s),
        cash=CashDesk(devices.cash, clock, piece_s=times.cash_piece_s, change_s=times.change_s),
        platform=PlatformDesk(platforms, clock, read_s=times.platform_read_s, write_s=times.platform_write_s),
        printing=PrintDesk(tickets, receipts, PaperMaker(imprint), signer, clock, print_s=times.print_s),
    )
    terms = SaleTerms(
        platforms=(
            PlatformTerms(traits.id, traits.confirms_offline, traits.issues_documents is DocumentIssuer.PLATFORM),
        ),
        payment_timeout_s=times.card_payment_s,
        cash_timeout_s=times.cash_piece_s,
        hold_margin_s=times.hold_margin_s,
        confirm_wait_s=times.confirm_wait_s,
        paper_wait_s=times.paper_wait_s,
        printers=len(tickets),
    )
    gateway, identities = StoreGateway(store), RandomIdentities()
    return Till(gateway, Performer(desks, clock), identities, clock, terms, currency=traits.currency)


def _courier(settings: Settings, store: Store, platform: HoppingPlatform, till: Till, clock: Clock) -> Courier:
    """Join the courier, which brings what was sold to the platform."""
    write_s = settings.timeouts.platform_write_s
    delivery = Delivery({platform.traits.id: platform}, till.tell, clock, timeout_s=write_s)
    return Courier(store, delivery, limits=CourierLimits(deliver_timeout_s=4 * write_s))


def clock_of(start: Start) -> Clock:
    """Return the clock: the machine's, or a shifted one in training."""
    if start.now is None:
        return SystemClock()
    if not start.settings.terminal.is_training:
        raise CannotStart("Another time can be given with --now in training only.")
    system = SystemClock()
    return TrainingClock(start.now - system.now())


async def _open_store(settings: Settings, data: Path, clock: Clock) -> Store:
    folder = settings.store_dir(data)
    options = StoreOptions(free_bytes_min=settings.store.reserve_mib * MIB)
    try:
        return await Store.open(folder, clock=clock, options=options, may_rebuild=True)
    except StoreInUse:
        raise CannotStart(
            f"A terminal is already running with this store ({folder}). "
            "Use it, stop it, or start this one with another folder (GUICHET_DATA_DIR or store.dir)."
        ) from None
    except StoreDamaged as damage:
        findings = "; ".join(damage.findings[:3])
        raise CannotStart(
            f"The store in {folder} is damaged and could not be rebuilt ({findings}). Bring it back from a backup."
        ) from None
    except StoreError as trouble:
        raise CannotStart(
            f"The store in {folder} cannot be opened ({trouble}). Check the disk and the rights."
        ) from None


async def _open_platform(settings: Settings, data: Path, clock: Clock) -> "EmbeddedPlatform":
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
    platform = await _open_platform(start.settings, start.data, clock_of(start))
    try:
        yield platform
    finally:
        platform.close()


@asynccontextmanager
async def open_store(start: Start) -> AsyncIterator[Store]:
    """Open the store alone, while no terminal runs."""
    async with await _open_store(start.settings, start.data, clock_of(start)) as store:
        yield store


async def _close(platform: "EmbeddedPlatform") -> None:
    platform.close()


def _open_devices(settings: Settings, data: Path, currency: str) -> Devices:
    chosen = tuple(
        DeviceConfig(device.kind, device.device_id, dict(device.options), device.role) for device in settings.devices
    )
    try:
        return open_devices(DevicesConfig(chosen, currency), training_dir=data / "devices")
    except DeviceConfigError as refused:
        raise CannotStart(
            f"Device “{refused.device_id}”: {refused.detail}. Mend it in the settings, then run: guichet settings check"
        ) from None


def _open_signer(settings: Settings, data: Path) -> SlipSigner:
    try:
        return open_signer(settings.terminal.id, claim_key(settings, data))
    except (ValueError, OSError) as trouble:
        raise CannotStart(f"The key that signs claim slips cannot be used: {trouble}") from None


def claim_key(settings: Settings, data: Path) -> Path:
    """Return where the signing key lies."""
    return settings.store_dir(data) / "claim.key"


def _watched(settings: Settings, devices: Devices) -> tuple[Watched, ...]:
    roles = {device.device_id: device.role for device in settings.devices}
    return tuple(Watched(device, roles.get(device.device_id, "")) for device in devices.all())


# ---- the control socket of a running face


@asynccontextmanager
async def serving(terminal: Terminal, stop: asyncio.Event) -> AsyncIterator[None]:
    """Answer the commands of `guichet` at the control socket while the block runs."""
    network = NetworkThread()
    network.start()
    server = ControlServer(socket_path(terminal.data_dir), handlers(terminal, stop.set), asyncio.get_running_loop())
    await network.hop(server.start)
    try:
        yield
    finally:
        await network.hop(server.close)
        await network.stop()


# ---- a face on a screen

Visit = Callable[[Terminal, Any], Awaitable[int]]
FACES = {"kiosk": "self_service", "counter": "box_office", "technician": "technician"}


def run_face(start: Start, face: str, visit: Visit | None = None) -> int:
    """Open a face and serve until SIGTERM, SIGINT, `stop` or the closed window; a visit ends by itself.

    Qt's application object and loop are made once per process; `run_faces` visits several terminals in one.
    """
    return run_faces([(start, face, visit)])


def run_faces(visits: "list[tuple[Start, str, Visit | None]]") -> int:
    """Open one face after the other in one process, each with a terminal of its own; the highest status is returned."""
    from kiosk.shells.shell import prepare_qt  # noqa: PLC0415 - Qt is loaded for faces only

    prepare_qt()
    import qasync  # noqa: PLC0415
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415

    from kiosk.ui.controls.collector import collecting  # noqa: PLC0415

    app = QGuiApplication.instance() or QGuiApplication(["guichet"])
    app.setQuitOnLastWindowClosed(False)  # type: ignore[attr-defined]
    shown: list[Any] = []

    async def main() -> int:
        status = 0
        for start, face, visit in visits:
            status = max(status, await _show(start, face, visit, shown))
        return status

    def is_idle() -> bool:
        return bool(shown) and getattr(shown[-1].face, "page", "") == "attract"

    with collecting(is_idle), asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
        return runner.run(main())


async def _show(start: Start, face: str, visit: Visit | None, shown: list[Any]) -> int:
    shell_of: Any = importlib.import_module(f"kiosk.shells.{FACES[face]}")
    looks, stop = start.settings.face, asyncio.Event()
    async with open_terminal(start) as terminal, serving(terminal, stop):
        terminal.watchdog.attach()
        shell = shell_of.open_window(terminal, width=looks.width_px, height=looks.height_px)
        shown.append(shell)
        try:
            if visit is not None:
                return await visit(terminal, shell)
            _stop_on_signals(stop)
            shell.window.closing.connect(lambda _: stop.set())
            await stop.wait()
            return 0
        finally:
            shown.remove(shell)
            shell.close()
            terminal.watchdog.detach()


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)


def asked(start: Start) -> Path:
    """Return the socket at which a terminal with these settings answers."""
    return socket_path(start.data)


__all__ = [
    "CannotStart",
    "NotDone",
    "SettingsProblem",
    "Start",
    "asked",
    "claim_key",
    "open_link",
    "open_platform",
    "open_store",
    "open_terminal",
    "run_face",
    "run_faces",
    "serving",
]
