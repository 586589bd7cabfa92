"""Settings → devices: the only importer of drivers, each only when a device of its kind is configured.

Kinds are `family.driver`, the names of folder and file, with the transport where there are several.
Opening a device touches nothing: `Devices.start` does.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct, field, structs

from hardware.trace import WireTrace

if TYPE_CHECKING:
    from hardware.card_reader import CardEvent, CardReader
    from hardware.cash import CashUnit
    from hardware.display import CustomerDisplay
    from hardware.payment_terminal import PaymentTerminal
    from hardware.printer.interface import Printer
    from hardware.scanner import ScanEvent, Scanner, ScanRefused
    from hardware.transport import Link

Scalar: TypeAlias = str | int | float | bool
Device: TypeAlias = "Printer | PaymentTerminal | CashUnit | Scanner | CardReader | CustomerDisplay"
ROLES = {"tickets": "tickets", "ticket": "tickets", "receipts": "receipts", "receipt": "receipts", "": ""}


class DeviceConfig(Struct, frozen=True):
    """One device: `kind` is family.driver, `role` is tickets or receipts for a printer, empty for both."""

    kind: str
    device_id: str
    options: Mapping[str, Scalar] = field(default_factory=dict)
    role: str = ""


class DevicesConfig(Struct, frozen=True):
    """All devices of a terminal in order of preference: the first printer of a role prints, the next stand in."""

    devices: tuple[DeviceConfig, ...] = ()
    currency: str = "EUR"


class DeviceConfigError(ValueError):
    """A device cannot be made from its settings; `device_id` and `key` say which and why."""

    def __init__(self, device_id: str, key: str, detail: str) -> None:
        super().__init__(f"{device_id}: {key}: {detail}")
        self.device_id = device_id
        self.key = key
        self.detail = detail


class _Options:
    """The options of one device, typed when asked for; asking for all of them leaves none unknown."""

    def __init__(self, config: DeviceConfig, training_dir: Path, currency: str) -> None:
        self.device_id = config.device_id
        self.folder = training_dir
        self.currency = currency
        self.trace = WireTrace()
        self._left = dict(config.options)

    def text(self, name: str, default: str) -> str:
        value = self._left.pop(name, default)
        if not isinstance(value, str):
            raise DeviceConfigError(self.device_id, "device.option_type", f"{name} is a text")
        return value

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        value = self._left.pop(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise DeviceConfigError(self.device_id, "device.option_range", f"{name} is a number from {low} to {high}")
        return value

    def seconds(self, name: str, default: float, high: float) -> float:
        value = self._left.pop(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= high:
            raise DeviceConfigError(self.device_id, "device.option_range", f"{name} is 0 to {high} seconds")
        return float(value)

    def refuse_rest(self) -> None:
        if self._left:
            raise DeviceConfigError(self.device_id, "device.option_unknown", ", ".join(sorted(self._left)))


class Devices(Struct, frozen=True):
    """The devices of a terminal by what they are for; `printer_roles` are parallel to `printers`."""

    printers: "tuple[Printer, ...]" = ()
    printer_roles: tuple[str, ...] = ()
    payment: "PaymentTerminal | None" = None
    cash: "CashUnit | None" = None
    scanners: "tuple[Scanner, ...]" = ()
    readers: "tuple[CardReader, ...]" = ()
    display: "CustomerDisplay | None" = None
    traces: Mapping[str, WireTrace] = field(default_factory=dict)  # device id → its wire; simulators have none

    def printers_for(self, role: str) -> "tuple[Printer, ...]":
        """Return the printers to try for "tickets" or "receipts", first choice first, every other one last."""
        wanted = ROLES[role]
        pairs = tuple(zip(self.printers, self.printer_roles, strict=True))
        ranks = {wanted: 0, "": 1}
        return tuple(p for p, _ in sorted(pairs, key=lambda pair: ranks.get(pair[1], 2)))

    def all(self) -> "tuple[Device, ...]":
        """Return every device."""
        single = tuple(d for d in (self.payment, self.cash, self.display) if d is not None)
        return (*self.printers, *single, *self.scanners, *self.readers)

    def device(self, device_id: str) -> "Device | None":
        """Return the device of that id."""
        return next((d for d in self.all() if d.device_id == device_id), None)

    async def start(
        self,
        *,
        on_scan: "Callable[[str, ScanEvent | ScanRefused], None]",
        on_card: "Callable[[str, CardEvent], None]",
    ) -> None:
        """Open every device; what scanners and readers tell comes with the id of the device."""
        for device in (*self.printers, self.payment, self.cash, self.display):
            if device is not None:
                await device.start()
        for scanner in self.scanners:
            await scanner.start(_with_id(scanner.device_id, on_scan))
        for reader in self.readers:
            await reader.start(_with_id(reader.device_id, on_card))

    async def close(self) -> None:
        """Let go of every device; idempotent. The first complaint is raised after all were closed."""
        complaints: list[Exception] = []
        for device in reversed(self.all()):
            try:
                await device.close()
            except Exception as error:  # noqa: BLE001 - every other device must still be closed; raised below
                complaints.append(error)
        if complaints:
            raise ExceptionGroup("devices that did not close", complaints)


def _with_id(device_id: str, tell: Callable[[str, object], None] | Callable[..., None]) -> Callable[..., None]:
    def told(event: object) -> None:
        tell(device_id, event)

    return told


def open_devices(config: DevicesConfig, *, training_dir: Path) -> Devices:
    """Make the devices of the settings; books, notes and papers lie under `training_dir`.

    Raises:
        DeviceConfigError: an unknown kind, a doubled id or an option that does not fit.
    """
    _refuse_doubles(config)
    made: dict[str, list[tuple[Device, str]]] = {}
    traces: dict[str, WireTrace] = {}
    for device in config.devices:
        opener = OPENERS.get(device.kind)
        if opener is None:
            raise DeviceConfigError(device.device_id, "device.kind_unknown", f"{device.kind}: one of {sorted(OPENERS)}")
        if device.role not in ROLES:
            raise DeviceConfigError(device.device_id, "device.role_unknown", device.role)
        options = _Options(device, training_dir, config.currency)
        opened = opener(options)
        options.refuse_rest()
        if not device.kind.endswith(".simulator"):
            traces[device.device_id] = options.trace
        made.setdefault(device.kind.split(".")[0], []).append((opened, ROLES[device.role]))
    return structs.replace(_grouped(made), traces=traces)


def _grouped(made: "dict[str, list[tuple[Device, str]]]") -> Devices:
    def of(family: str) -> tuple[Any, ...]:
        return tuple(device for device, _ in made.get(family, ()))

    def only(family: str) -> Any:
        return next(iter(of(family)), None)

    return Devices(
        printers=of("printer"),
        printer_roles=tuple(role for _, role in made.get("printer", ())),
        payment=only("payment_terminal"),
        cash=only("cash"),
        scanners=of("scanner"),
        readers=of("card_reader"),
        display=only("display"),
    )


def _refuse_doubles(config: DevicesConfig) -> None:
    for device_id, count in Counter(d.device_id for d in config.devices).items():
        if count > 1:
            raise DeviceConfigError(device_id, "device.id_doubled", f"{count} devices have this id")
    for family in ("payment_terminal", "cash", "display"):
        same = [d.device_id for d in config.devices if d.kind.split(".")[0] == family]
        if len(same) > 1:
            raise DeviceConfigError(same[1], "device.only_one", f"a terminal has one {family}")


def _simulated_printer(options: _Options) -> "Device":
    from hardware.printer.simulator import SimulatedPrinter  # noqa: PLC0415 - drivers load only where configured

    width_dots = options.whole("width_dots", 576, 192, 1248)
    return SimulatedPrinter(options.device_id, options.folder / options.device_id, width_dots=width_dots)


def _escpos_tcp(options: _Options) -> "Device":
    from hardware.printer.escpos import EscposPrinter  # noqa: PLC0415
    from hardware.transport.tcp import TcpLink  # noqa: PLC0415

    host = options.text("host", "127.0.0.1")
    return EscposPrinter(
        options.device_id, _escpos_link(options, TcpLink(host, options.whole("port", 9100, 1, 65_535)))
    )


def _escpos_serial(options: _Options) -> "Device":
    from hardware.printer.escpos import EscposPrinter  # noqa: PLC0415
    from hardware.transport.serial_line import SerialLink  # noqa: PLC0415

    path = options.text("path", "/dev/ttyUSB0")
    link = SerialLink(path, baud=options.whole("baud", 115_200, 1200, 921_600))
    return EscposPrinter(options.device_id, _escpos_link(options, link))


def _escpos_usb(options: _Options) -> "Device":
    from hardware.printer.escpos import EscposPrinter  # noqa: PLC0415
    from hardware.transport.usb import UsbPrinterLink  # noqa: PLC0415

    return EscposPrinter(options.device_id, _escpos_link(options, UsbPrinterLink(options.text("path", "/dev/usb/lp0"))))


def _escpos_link(options: _Options, link: "Link") -> "Link":
    from hardware.printer.wire_words import EscposWords  # noqa: PLC0415
    from hardware.transport.traced import TracedLink  # noqa: PLC0415

    words = EscposWords()
    return TracedLink(link, options.trace, words.outgoing, words.incoming, words.reset)


def _simulated_payment(options: _Options) -> "Device":
    from hardware.payment_terminal.simulator import PaymentSimulator  # noqa: PLC0415

    return PaymentSimulator(
        options.device_id,
        options.folder / f"{options.device_id}.payments.jsonl",
        think_s=options.seconds("think_s", 0.0, 60),
        slow_s=options.seconds("slow_s", 5.0, 600),
    )


def _zvt(options: _Options) -> "Device":
    from hardware.payment_terminal.zvt import PORT, ZvtTerminal  # noqa: PLC0415

    return ZvtTerminal(
        options.device_id,
        options.text("host", "127.0.0.1"),
        options.folder / f"{options.device_id}.zvt.jsonl",
        port=options.whole("port", PORT, 1, 65_535),
        password=options.whole("password", 0, 0, 999_999),
        currency=options.text("currency", options.currency),
        trace=options.trace,
    )


def _simulated_cash(options: _Options) -> "Device":
    from hardware.cash.simulator import CashSimulator  # noqa: PLC0415

    path = options.folder / f"{options.device_id}.cash.jsonl"
    return CashSimulator(options.device_id, path, currency=options.text("currency", options.currency))


def _simulated_scanner(options: _Options) -> "Device":
    from hardware.scanner.simulator import ScannerSimulator  # noqa: PLC0415

    return ScannerSimulator(options.device_id)


def _serial_scanner(options: _Options) -> "Device":
    from hardware.scanner.serial import SerialScanner  # noqa: PLC0415

    path = options.text("path", "/dev/ttyACM0")
    return SerialScanner(
        options.device_id, path, baud=options.whole("baud", 115_200, 1200, 921_600), trace=options.trace
    )


def _hid_scanner(options: _Options) -> "Device":
    from hardware.scanner.hidraw import HidPosScanner  # noqa: PLC0415

    path = options.text("path", "/dev/hidraw0")
    return HidPosScanner(options.device_id, path, descriptor=options.text("descriptor", ""), trace=options.trace)


def _simulated_reader(options: _Options) -> "Device":
    from hardware.card_reader.simulator import CardReaderSimulator  # noqa: PLC0415

    return CardReaderSimulator(options.device_id)


def _simulated_display(options: _Options) -> "Device":
    from hardware.display.simulator import DisplaySimulator  # noqa: PLC0415

    return DisplaySimulator(options.device_id, columns=options.whole("columns", 20, 8, 80))


def _cd5220_display(options: _Options) -> "Device":
    from hardware.display.cd5220 import Cd5220Display  # noqa: PLC0415
    from hardware.display.wire_words import incoming, outgoing  # noqa: PLC0415
    from hardware.transport.serial_line import SerialLink  # noqa: PLC0415
    from hardware.transport.traced import TracedLink  # noqa: PLC0415

    link = SerialLink(options.text("path", "/dev/ttyUSB1"), baud=options.whole("baud", 9600, 1200, 921_600))
    traced = TracedLink(link, options.trace, outgoing, incoming)
    return Cd5220Display(options.device_id, traced, columns=options.whole("columns", 20, 8, 40))


def _pcsc_reader(options: _Options) -> "Device":
    from hardware.card_reader.pcsc import PcscCardReader  # noqa: PLC0415

    return PcscCardReader(options.device_id, name_prefix=options.text("name_prefix", ""), trace=options.trace)


OPENERS: "Mapping[str, Callable[[_Options], Device]]" = {
    "printer.simulator": _simulated_printer,
    "printer.escpos.tcp": _escpos_tcp,
    "printer.escpos.serial": _escpos_serial,
    "printer.escpos.usb": _escpos_usb,
    "payment_terminal.simulator": _simulated_payment,
    "payment_terminal.zvt": _zvt,
    "cash.simulator": _simulated_cash,
    "scanner.simulator": _simulated_scanner,
    "scanner.serial": _serial_scanner,
    "scanner.hid_pos": _hid_scanner,
    "card_reader.simulator": _simulated_reader,
    "card_reader.pcsc": _pcsc_reader,
    "display.simulator": _simulated_display,
    "display.cd5220": _cd5220_display,
}
