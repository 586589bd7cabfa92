"""The terminal without a screen: store, platform, devices and till, joined; nothing of Qt is loaded."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from msgspec import Struct, structs

from hardware.inventory import DeviceConfig, DeviceConfigError, Devices, DevicesConfig, open_devices
from kiosk.application.alarms import Alarms
from kiosk.application.books import StoreBooks
from kiosk.application.cash_desk import CashDesk
from kiosk.application.claim_book import ClaimBook
from kiosk.application.claims import SlipSigner, open_signer
from kiosk.application.clock import Clock
from kiosk.application.conflict_book import ConflictBook
from kiosk.application.delivery import Delivery
from kiosk.application.documents import Imprint, PaperMaker
from kiosk.application.gift_card_desk import GiftCardDesk
from kiosk.application.identities import RandomIdentities
from kiosk.application.inputs import Inputs, take_card
from kiosk.application.interfaces import DocumentIssuer
from kiosk.application.network import HoppingPlatform, NetworkThread
from kiosk.application.payment_desk import PaymentDesk
from kiosk.application.performer import Desks, Performer
from kiosk.application.platform_desk import PlatformDesk
from kiosk.application.print_desk import PrintDesk
from kiosk.application.retention import Retention
from kiosk.application.service import Acts, OutOfService
from kiosk.application.service_access import ServiceAccess
from kiosk.application.settings import Settings
from kiosk.application.settings_intake import SettingsIntake
from kiosk.application.staff_cards import StaffCards
from kiosk.application.store_gateway import StoreGateway
from kiosk.application.store_look import StoreLook
from kiosk.application.supervision import Supervision, Watched
from kiosk.application.supplies import Supplies, Supplying
from kiosk.application.terminal import Terminal
from kiosk.application.till import Till
from kiosk.application.watchdog import Watchdog
from kiosk.bootstrap.platforms import Opened, opened_platform
from kiosk.bootstrap.starting import CannotStart, Start, clock_of, make_folder
from kiosk.bootstrap.store import opened_store
from kiosk.domain.sale.events import PlatformTerms, SaleTerms
from offline_store import Courier, CourierLimits, RetentionPolicy, Store

DEMO_PLACE = "aldermoor-central"  # where the terminal of the demo network stands


class _Parts(Struct, frozen=True):
    """What is open under a terminal, in the order it was opened."""

    clock: Clock
    store: Store
    platform: HoppingPlatform
    devices: Devices
    signer: SlipSigner
    play_link: Callable[[bool], None] | None
    out_of_service: OutOfService
    alarms: Alarms

    def is_out(self, device_id: str) -> bool:
        """Say whether a device is not to be used, whatever it says: a technician, or an alarm, took it out."""
        return device_id in self.out_of_service or device_id in self.alarms


@asynccontextmanager
async def open_terminal(start: Start) -> AsyncIterator[Terminal]:
    """Open store, platform, devices and till, and serve until the block ends; nothing of Qt is loaded.

    Raises:
        CannotStart: another terminal owns the store, or a part cannot be opened; the sentence says what to do.
    """
    settings = _with_place(start.settings)
    async with AsyncExitStack() as stack:
        parts = await _open_parts(stack, settings, start)
        till = _till(settings, parts)
        terminal = _terminal(settings, start, parts, till)
        courier = _courier(settings, parts.store, parts.platform, till, parts.clock)
        supervision, inputs, devices = terminal.supervision, terminal.inputs, parts.devices
        supervision.subscribe(lambda: courier.nudge() if supervision.capabilities.is_platform_reachable else None)
        async with asyncio.TaskGroup() as group:
            await devices.start(
                on_scan=lambda _, scan: inputs.scanned(scan),
                on_card=lambda device_id, event: take_card(group, devices.readers, inputs, device_id, event),
            )
            supplying = Supplying(terminal.supplies)
            supervision.subscribe(supplying.nudge)
            retention = Retention(parts.store, RetentionPolicy(settings.store.personal_days, settings.store.proof_days))
            runs = (till.run, courier.run, supervision.run, retention.run, supplying.run)
            serving = [group.create_task(run()) for run in runs]
            try:
                yield terminal
            finally:
                await till.stop()
                await supplying.settle()
                for task in serving:
                    task.cancel()


async def _open_parts(stack: AsyncExitStack, settings: Settings, start: Start) -> _Parts:
    """Open the parts; the stack closes them in the reverse order."""
    data, clock = start.data, clock_of(start)
    make_folder(data)
    network = NetworkThread()
    network.start()
    stack.push_async_callback(network.stop)
    store, opened = await asyncio.gather(  # each on its own thread
        opened_store(settings, data, clock),
        network.hop(lambda: opened_platform(settings, data, clock)),
        return_exceptions=True,
    )
    if isinstance(store, Store):
        stack.push_async_callback(store.close)
    if isinstance(opened, Opened):
        stack.push_async_callback(network.hop, lambda: _closed(opened))
    if isinstance(store, BaseException):
        raise store
    if isinstance(opened, BaseException):
        raise opened
    platform = HoppingPlatform(opened.platform, network)
    devices = _open_devices(settings, data, platform.traits.currency)
    stack.push_async_callback(devices.close)
    return _Parts(
        clock,
        store,
        platform,
        devices,
        _open_signer(settings, data),
        opened.play_link,
        OutOfService(data / "service" / "out.json"),
        Alarms(data / "service" / "alarms.json", clock, Acts(store)),
    )


def _terminal(settings: Settings, start: Start, parts: _Parts, till: Till) -> Terminal:
    times = settings.timeouts
    return Terminal(
        till=till,
        platform=parts.platform,
        supervision=Supervision(
            _watched(settings, parts.devices),
            parts.platform,
            poll_s=times.health_poll_s,
            platform_s=times.platform_read_s,
            is_out=parts.out_of_service.__contains__,
            alarms=parts.alarms,
        ),
        settings=settings,
        clock=parts.clock,
        devices=parts.devices,
        store=StoreLook(parts.store),
        books=StoreBooks(parts.store),
        claims=ClaimBook(parts.store),
        conflicts=ConflictBook(parts.store, till.tell, parts.clock),
        acts=Acts(parts.store),
        out_of_service=parts.out_of_service,
        alarms=parts.alarms,
        access=ServiceAccess(start.data / "service" / "access.json", parts.clock),
        staff_cards=StaffCards(start.data / "service"),
        supplies=Supplies(start.data / "service" / "supplies.json", parts.clock, parts.devices.all()),
        intake=SettingsIntake(start.data, start.loaded.file, start.settings),
        inputs=Inputs(),
        watchdog=Watchdog(),
        signer=parts.signer,
        data_dir=start.data,
        settings_problem=start.loaded.problem,
        play_link=parts.play_link,
        store_repaired=parts.store.repaired,
    )


async def _closed(opened: Opened) -> None:
    """Close a platform on the loop it lives on."""
    await opened.close()


def _with_place(settings: Settings) -> Settings:
    """Return the settings with the demo network's own station where none is named."""
    if settings.terminal.place_id or settings.platform.feed or settings.platform.kind != "embedded":
        return settings
    return structs.replace(settings, terminal=structs.replace(settings.terminal, place_id=DEMO_PLACE))


def _till(settings: Settings, parts: _Parts) -> Till:
    """Join the till: store, desks for every device, and the limits of a sale."""
    store, platform, devices, clock = parts.store, parts.platform, parts.devices, parts.clock
    times, traits = settings.timeouts, platform.traits
    platforms = {traits.id: platform}
    imprint = Imprint(
        traits.name, settings.terminal.name, traits.zone, settings.terminal.languages[0],
        is_training=settings.terminal.is_training,
    )  # fmt: skip
    gateway = StoreGateway(store)
    tickets, receipts = devices.printers_for("tickets"), devices.printers_for("receipts")
    desks = Desks(
        payment=PaymentDesk(
            devices.payment, clock, payment_s=times.card_payment_s, reversal_s=times.reversal_s, is_out=parts.is_out
        ),
        gift_cards=GiftCardDesk(platforms, clock, write_s=times.platform_write_s),
        cash=CashDesk(devices.cash, clock, piece_s=times.cash_piece_s, change_s=times.change_s, is_out=parts.is_out),
        platform=PlatformDesk(platforms, clock, read_s=times.platform_read_s, write_s=times.platform_write_s),
        printing=PrintDesk(
            tickets,
            receipts,
            PaperMaker(imprint),
            parts.signer,
            clock,
            purchaser=gateway.purchaser,
            print_s=times.print_s,
            is_out=parts.is_out,
        ),
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
        exchange_gives_back=settings.terminal.exchange_gives_back,
    )
    return Till(gateway, Performer(desks, clock), RandomIdentities(), clock, terms, currency=traits.currency)


def _courier(settings: Settings, store: Store, platform: HoppingPlatform, till: Till, clock: Clock) -> Courier:
    """Join the courier, which brings what was sold to the platform."""
    write_s = settings.timeouts.platform_write_s
    delivery = Delivery({platform.traits.id: platform}, till.tell, clock, timeout_s=write_s)
    return Courier(store, delivery, limits=CourierLimits(deliver_timeout_s=4 * write_s))


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
    chosen = {device.device_id: device for device in settings.devices}
    told = ((each, chosen[each.device_id]) for each in devices.all())
    return tuple(Watched(each, device.role, _family(device.kind)) for each, device in told)


def _family(kind: str) -> str:
    """Return the family a device's health names, by the kind the settings name."""
    family = kind.partition(".")[0]
    return {"payment_terminal": "payment_device"}.get(family, family)
