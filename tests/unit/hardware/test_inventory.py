"""Devices are opened from settings, and settings that do not fit are refused with their reason."""

import asyncio
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from hardware.card_reader.pcsc import PcscCardReader
from hardware.health import ComponentState
from hardware.inventory import OPENERS, DeviceConfig, DeviceConfigError, DevicesConfig, open_devices

FAMILIES = ("card_reader", "cash", "display", "payment_terminal", "scanner")


def test_every_device_opens_starts_and_closes(tmp_path: Path) -> None:
    async def story() -> None:
        config = DevicesConfig(
            (
                DeviceConfig("printer.simulator", "receipts", role="receipts"),
                DeviceConfig("printer.simulator", "spare"),
                DeviceConfig("printer.simulator", "tickets", {"width_dots": 512}, "tickets"),
                DeviceConfig("payment_terminal.simulator", "pay", {"think_s": 0.5}),
                DeviceConfig("cash.simulator", "cash"),
                DeviceConfig("scanner.simulator", "scan"),
                DeviceConfig("card_reader.simulator", "card"),
                DeviceConfig("display.simulator", "display"),
            )
        )
        devices = open_devices(config, training_dir=tmp_path)
        heard: list[tuple[str, object]] = []
        await devices.start(
            on_scan=lambda i, e: heard.append((i, e)),
            on_card=lambda i, e: heard.append((i, e)),
        )
        assert [p.device_id for p in devices.printers_for("tickets")] == ["tickets", "spare", "receipts"]
        assert [p.device_id for p in devices.printers_for("receipts")] == ["receipts", "spare", "tickets"]
        assert len(devices.all()) == 8
        assert all([(await d.health()).is_working for d in devices.all()])
        scanner = devices.device("scan")
        assert scanner is not None
        scanner.inject("A")  # type: ignore[union-attr]
        await asyncio.sleep(0)
        assert [i for i, _ in heard] == ["scan"]
        await devices.close()
        await devices.close()

    asyncio.run(story())


@pytest.mark.parametrize("kind", sorted(OPENERS))
def test_every_kind_opens_with_its_defaults_and_touches_nothing(kind: str, tmp_path: Path) -> None:
    devices = open_devices(DevicesConfig((DeviceConfig(kind, "one"),)), training_dir=tmp_path / "none")
    assert [d.device_id for d in devices.all()] == ["one"]


@pytest.mark.parametrize(
    ("devices", "key"),
    [
        ((DeviceConfig("printer.teapot", "p"),), "device.kind_unknown"),
        ((DeviceConfig("scanner.simulator", "a"), DeviceConfig("scanner.simulator", "a")), "device.id_doubled"),
        ((DeviceConfig("cash.simulator", "a"), DeviceConfig("cash.simulator", "b")), "device.only_one"),
        ((DeviceConfig("display.simulator", "a", {"columns": 4000}),), "device.option_range"),
        ((DeviceConfig("display.simulator", "a", {"columns": "x"}),), "device.option_range"),
        ((DeviceConfig("scanner.serial", "a", {"path": 5}),), "device.option_type"),
        ((DeviceConfig("scanner.simulator", "a", {"sped": 5}),), "device.option_unknown"),
        ((DeviceConfig("printer.simulator", "a", role="posters"),), "device.role_unknown"),
    ],
)
def test_settings_that_do_not_fit_are_refused(devices: tuple[DeviceConfig, ...], key: str, tmp_path: Path) -> None:
    with pytest.raises(DeviceConfigError) as caught:
        open_devices(DevicesConfig(devices), training_dir=tmp_path)
    assert caught.value.key == key


def test_importing_the_inventory_loads_no_driver() -> None:
    code = (
        "import sys, hardware.inventory; sys.stdout.write(','.join(m for m in sys.modules "
        "if m.startswith(('smartcard', 'serial', 'PIL', 'escpos', 'hardware.'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=Path(__file__).parents[3])
    assert set(done.stdout.decode().split(",")) == {"hardware.inventory", "hardware.trace"}, "a trace is no driver"


def test_card_reader_without_its_library_is_off_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        monkeypatch.setitem(sys.modules, "smartcard.scard", None)
        device = PcscCardReader("card")
        await device.start(lambda _: None)
        health = await device.health()
        assert (health.state, health.cause) == (ComponentState.OUT_OF_SERVICE, "card_reader.no_library")
        await device.close()

    asyncio.run(story())


@pytest.mark.parametrize("family", FAMILIES)
def test_faces_list_what_they_show(family: str) -> None:
    face = importlib.import_module(f"hardware.{family}")
    assert face.__doc__
    assert sorted(face.__all__) == sorted(set(face.__all__))
    public = {
        n for n, v in vars(face).items() if not n.startswith("_") and getattr(v, "__module__", "").startswith("h")
    }
    assert public <= set(face.__all__)
    assert all(hasattr(face, name) for name in face.__all__)
