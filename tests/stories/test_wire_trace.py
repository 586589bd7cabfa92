"""Whole sales over real wires: the traces and the support bundle tell what happened and hold nothing of anybody's."""

import asyncio
import base64
import json
import zipfile
from pathlib import Path
from typing import Any

from hardware.display import DisplayEmulator
from hardware.payment_terminal import ZvtEmulator
from hardware.printer import EmulatedPrinter
from hardware.scanner import HidScannerEmulator, ScannerEmulator
from kiosk.application.questions import ANSWERS
from kiosk.application.selling import SaleOrder, sell
from kiosk.application.settings import DeviceSettings, Settings
from kiosk.application.settings_file import LoadedSettings
from kiosk.application.terminal import Terminal
from kiosk.bootstrap import Start, open_terminal

ORDER = SaleOrder(
    origin="aldermoor-central", destination="bellmar", riders={"adult": 1}, holder="Xanthippe Quokkasdottir",
    mail="canary.quokka@example.org",
)  # fmt: skip
SCANNED = "CANARY-TICKET-7F3A9C"
SHOWN = "Quokka pays 12.34"
PASSWORD = 987654


def spellings(secret: str) -> list[str]:
    """Return how a secret could stand in a file."""
    raw = secret.encode()
    return [secret, raw.hex(), raw.hex(" "), raw.hex().upper(), base64.b64encode(raw).decode().rstrip("=")]


async def story(terminal: Terminal, serial: ScannerEmulator, hid: HidScannerEmulator, bundle: Path) -> dict[str, Any]:
    sold = await sell(terminal, ORDER)
    assert terminal.devices.display is not None
    assert await terminal.devices.display.show(SHOWN, "thank you")
    read: asyncio.Queue[Any] = asyncio.Queue()
    terminal.inputs.subscribe(read.put_nowait)
    serial.scan(SCANNED.encode())
    assert (await read.get()).text == SCANNED
    hid.scan(SCANNED.encode())
    assert (await read.get()).text == SCANNED
    await ANSWERS["service.bundle"](terminal, {"file": str(bundle)})
    return sold


def test_no_canary_is_in_any_trace_or_in_the_bundle(tmp_path: Path) -> None:
    printer, payment = EmulatedPrinter(), ZvtEmulator(tmp_path / "device.jsonl")
    printer.serve_tcp()
    payment.start()
    serial, hid, display = (
        ScannerEmulator(tmp_path / "s"),
        HidScannerEmulator(tmp_path / "h"),
        DisplayEmulator(tmp_path / "d"),
    )
    for each in (serial, hid, display):
        each.plug_in()
    named = (
        ("printer.escpos.tcp", "printer", {"port": printer.port}),
        ("payment_terminal.zvt", "payment", {"port": payment.port, "password": PASSWORD}),
        ("scanner.serial", "serial", {"path": serial.path}),
        ("scanner.hid_pos", "hid", {"path": hid.path, "descriptor": hid.descriptor}),
        ("display.cd5220", "display", {"path": display.path}),
    )
    devices = tuple(DeviceSettings(kind=kind, device_id=name, options=options) for kind, name, options in named)
    bundle, data = tmp_path / "bundle.zip", tmp_path / "data"

    async def run() -> tuple[dict[str, Any], dict[str, list[str]]]:
        start = Start(LoadedSettings(Settings(devices=devices), ""), data)
        async with asyncio.timeout(120), open_terminal(start) as terminal:
            sold = await story(terminal, serial, hid, bundle)
            return sold, {
                name: [each.what for each in trace.exchanges()] for name, trace in terminal.devices.traces.items()
            }

    sold, traces = asyncio.run(run())
    for each in (serial, hid, display, payment, printer):
        each.unplug() if hasattr(each, "unplug") else each.stop()
    assert sold["outcome"] == "delivered"
    assert "GS v 0, picture" in traces["printer"]
    assert "printed, says the printer" in traces["printer"] or any(
        "buffer status" in each for each in traces["printer"]
    )
    assert "0601 authorise" in traces["payment"]
    assert any(each.startswith("040F status 27=00") for each in traces["payment"])
    assert f"code of {len(SCANNED)} characters" in traces["serial"]
    assert f"code of {len(SCANNED)} characters, ]Q1" in traces["hid"]
    assert "upper line" in traces["display"]
    with zipfile.ZipFile(bundle) as parts:
        told = {name: parts.read(name).decode() for name in parts.namelist()}
    assert json.loads(told["wire.json"])["payment"]
    secrets = [each["secret"] for each in sold["documents"] if each["secret"]] + list(sold["codes"])
    canaries = [ORDER.holder, "Quokkasdottir", ORDER.mail, SCANNED, SHOWN, *secrets]
    everything = "".join(told.values()) + json.dumps(traces)
    assert len(secrets) >= 2
    assert not [each for canary in canaries for each in spellings(canary) if each in everything]
    wires = json.dumps(traces)
    assert not [each for each in (str(PASSWORD), "EEEEEE", "eeeeee", "GIROCARD") if each in wires]
