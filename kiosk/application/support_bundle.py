"""What support needs to know of a terminal, in one file, with nothing in it that is somebody's or opens anything."""

import io
import json
import platform
import sys
import zipfile
from collections.abc import Mapping
from importlib import metadata
from typing import Any

import msgspec

from kiosk import __version__
from kiosk.application.settings import OPTIONS_SHOWN
from kiosk.application.settings_intake import without_credentials
from kiosk.application.terminal import Terminal

PACKAGES = ("PySide6-Essentials", "qasync", "httpx", "msgspec", "pillow", "python-escpos", "pyserial", "pyscard")
README = (
    "Made by: guichet service bundle. It holds states, counts, versions and settings of one terminal, and the last "
    "exchanges with its devices by the names of commands and by lengths; and no name, "
    "no mail address, no booking code, no ticket secret, no key, no token and no card data.\n"
)


def bundle(terminal: Terminal, doctor: Mapping[str, Any], findings: tuple[str, ...]) -> bytes:
    """Return a ZIP file: `doctor` as the doctor says it, `findings` of the store's verification."""
    parts = {
        "README.txt": README,
        "doctor.json": _json({**doctor, "settings_problem": bool(doctor.get("settings_problem"))}),
        "settings.json": _json(scrubbed_settings(terminal)),
        "versions.json": _json(versions()),
        "store.json": _json({"findings": list(findings), "repaired": list(terminal.store_repaired)}),
        "wire.json": _json(wires(terminal)),
        "loop.json": _json({"overruns": [msgspec.to_builtins(each) for each in terminal.watchdog.overruns]}),
        "sales.json": _json([_sale(sale) for sale in terminal.till.open_sales()]),
    }
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return raw.getvalue()


def scrubbed_settings(terminal: Terminal) -> dict[str, Any]:
    """Return the settings without what a device's options may hold beside addresses and sizes, and no password."""
    told: dict[str, Any] = msgspec.to_builtins(terminal.settings)
    told["platform"]["url"] = without_credentials(told["platform"]["url"])
    for device in told["devices"]:
        device["options"] = {
            name: value if name in OPTIONS_SHOWN else "left out" for name, value in device["options"].items()
        }
    return told


def wires(terminal: Terminal) -> dict[str, Any]:
    """Return the last exchanges with each device, as its trace words them: by names and lengths."""
    return {
        device_id: [msgspec.to_builtins(each) for each in trace.exchanges()]
        for device_id, trace in terminal.devices.traces.items()
    }


def versions() -> dict[str, str]:
    """Return what runs here, by name."""
    found = {"guichet": __version__, "python": platform.python_version(), "system": platform.platform()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    return {**found, "byteorder": sys.byteorder}


def _sale(sale: Any) -> dict[str, Any]:
    """Return where an open sale stands, without its codes, secrets or basket."""
    return {
        "id": sale.id,
        "stage": sale.stage,
        "problem": sale.problem,
        "tenders": [{"kind": each.kind, "state": each.state, "cause": each.cause} for each in sale.tenders],
        "bookings": [{"stock": each.stock, "sync": each.sync} for each in sale.bookings],
        "documents": [{"kind": each.kind, "state": each.state, "cause": each.cause} for each in sale.documents],
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)
