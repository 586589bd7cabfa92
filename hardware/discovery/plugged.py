"""What is plugged in, read off /sys: USB printers, HID scanners, serial lines; and the readers of PC/SC."""

from pathlib import Path

from hardware.card_reader import reader_names
from hardware.discovery.finding import Candidate, Find, harmless
from hardware.scanner import is_hid_scanner

LINES_MAX = 16
PARENTS_MAX = 6
DESCRIPTOR_BYTES_MAX = 4096


def plugged_in(root: Path = Path("/")) -> tuple[Find, ...]:
    """Return what hangs on USB and on serial lines; nothing is opened, and nothing is sent anywhere."""
    return (*_usb_printers(root), *_hid_scanners(root), *_serial_lines(root))


def card_readers() -> tuple[Find, ...] | None:
    """Return the readers PC/SC knows; None where library or service is missing."""
    names = reader_names()
    if names is None:
        return None
    return tuple(
        Find("pcsc", harmless(name), harmless(name), (Candidate("card_reader.pcsc", {"name_prefix": _model(name)}),))
        for name in names
    )


def _model(name: str) -> str:
    """Return the part of a reader's name that stays when it is plugged in elsewhere (`Model [Interface] … 00 00`)."""
    words = name.partition(" [")[0].partition(" (")[0].split(" ")
    while len(words) > 1 and words[-1].isdigit() and len(words[-1]) == 2:  # noqa: PLR2004 - reader and slot, two digits
        words.pop()
    return harmless(" ".join(words))


def _usb_printers(root: Path) -> list[Find]:
    finds = []
    for device in _listed(root / "sys/class/usbmisc", "lp*"):
        candidate = Candidate("printer.escpos.usb", {"path": f"/dev/usb/{device.name}"})
        finds.append(Find("usb", f"/dev/usb/{device.name}", _usb_name(device), (candidate,)))
    return finds


def _hid_scanners(root: Path) -> list[Find]:
    finds = []
    for device in _listed(root / "sys/class/hidraw", "hidraw*"):
        try:
            descriptor = (device / "device/report_descriptor").read_bytes()[:DESCRIPTOR_BYTES_MAX]
        except OSError:
            continue
        if is_hid_scanner(descriptor):
            place = f"/dev/{device.name}"
            finds.append(Find("hid", place, _usb_name(device), (Candidate("scanner.hid_pos", {"path": place}),)))
    return finds


def _serial_lines(root: Path) -> list[Find]:
    names = {link.resolve().name: link.name for link in _listed(root / "dev/serial/by-id", "*")}
    finds = []
    for device in _listed(root / "sys/class/tty", "tty*"):
        if not _is_line(device):
            continue
        link = names.get(device.name)
        place = f"/dev/serial/by-id/{link}" if link else f"/dev/{device.name}"
        kinds = ("scanner.serial", "printer.escpos.serial", "display.cd5220")
        finds.append(
            Find("serial", place, _usb_name(device), tuple(Candidate(kind, {"path": place}) for kind in kinds))
        )
    return finds


def _is_line(device: Path) -> bool:
    """Say whether a line is there: a USB one always, one of the board only where its chip was found (type 0: none)."""
    if device.name.startswith(("ttyUSB", "ttyACM")):
        return True
    if not device.name.startswith("ttyS"):
        return False
    return _text(device / "type") not in {"", "0"}


def _usb_name(device: Path) -> str:
    """Return what the USB device above calls itself."""
    at = (device / "device").resolve()
    for _ in range(PARENTS_MAX):
        product = _text(at / "product")
        if product:
            return harmless(f"{_text(at / 'manufacturer')} {product}")
        at = at.parent
    return ""


def _listed(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern))[:LINES_MAX] if folder.is_dir() else []


def _text(file: Path) -> str:
    try:
        return file.read_bytes()[:256].decode("utf-8", "replace").strip()
    except OSError:
        return ""
