"""Looking for devices at the bench: a printer that answers on the wire is shown with the settings that would use it."""

import asyncio
import tomllib
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt

from hardware.printer import EmulatedPrinter
from kiosk.application.finding import addresses
from kiosk.application.settings import DeviceSettings, ServiceSettings, Settings
from kiosk.commands.doctor import find_lines
from kiosk.shells import technician
from kiosk.shells.technician import finder_view_model

SIZES = ((1920, 1080), (1366, 768))
NET = "127.74.17.0/29"


@pytest.mark.parametrize("size", SIZES)
def test_a_printer_nearby_is_found_and_its_lines_make_it_one_of_ours(sit: Any, size: tuple[int, int]) -> None:
    nearby, ours = EmulatedPrinter(), EmulatedPrinter()
    nearby.serve_tcp("127.74.17.2", 9100)
    ours.serve_tcp("127.74.17.3", 9100)
    known = DeviceSettings(kind="printer.escpos.tcp", device_id="printer", options={"host": "127.74.17.3"})
    settings = Settings(service=ServiceSettings(find_network=NET), devices=(known,))

    async def story(desk: Any) -> None:
        finder = desk.face.finder
        await desk.press(Qt.Key.Key_F, "f")
        await desk.until(lambda: finder.isShown and finder.isLooking, "looking")
        desk.judge("bench-finding")
        await desk.until(lambda: not finder.isLooking, "the finds")
        rows = {row.place: row for row in finder.rows.rows}
        assert "127.74.17.3:9100" not in rows, "ours is not disturbed"
        wanted = tomllib.loads(rows["127.74.17.2:9100"].lines)
        assert wanted == {
            "devices": [{"kind": "printer.escpos.tcp", "device_id": "printer-2", "options": {"host": "127.74.17.2"}}]
        }
        msgspec.convert(wanted["devices"][0], DeviceSettings)
        assert NET in finder.lead
        desk.judge("bench-found")
        await desk.press(Qt.Key.Key_Escape)
        await desk.until(lambda: not finder.isShown, "the overview")

    sit(technician.open_technician, story, size, settings)
    assert nearby.machine.papers() == ()
    nearby.stop()
    ours.stop()


def test_a_device_of_the_settings_is_left_alone_where_it_is_known_by_a_name_too() -> None:
    named = DeviceSettings(kind="printer.escpos.tcp", device_id="printer", options={"host": "localhost", "port": 9101})
    strange = DeviceSettings(kind="payment_terminal.zvt", device_id="pay", options={"host": "nobody.invalid"})
    assert addresses(Settings(devices=(named, strange))) == {
        ("localhost", 9101), ("127.0.0.1", 9101), ("nobody.invalid", 20007),
    }  # fmt: skip


def test_a_search_is_given_up_with_the_bench_it_was_begun_at(visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(kiosk: Any) -> None:
        begun, ended = asyncio.Event(), asyncio.Event()

        async def endless(*_: Any) -> Any:
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        monkeypatch.setattr(finder_view_model, "find", endless)
        bench = technician.open_technician(kiosk.terminal, width=1920, height=1080)
        bench.face.finder.look()
        await begun.wait()
        bench.close()
        await kiosk.until(ended.is_set, "the end: its rows are gone with the bench")

    visit(story)


def test_a_search_that_breaks_off_is_not_said_to_go_on(sit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any) -> Any:
        raise OSError("no socket left")

    async def story(desk: Any) -> None:
        told = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context["exception"]))
        monkeypatch.setattr(finder_view_model, "find", broken)
        finder = desk.face.finder
        await desk.press(Qt.Key.Key_F, "f")
        await desk.until(lambda: told, "the trouble")
        assert not finder.isLooking
        assert "Looking" not in finder.lead

    sit(technician.open_technician, story)


def test_a_person_reads_what_was_found() -> None:
    told = find_lines(
        {
            "networks": [NET],
            "missed": ["pcsc"],
            "finds": [
                {"place": "/dev/usb/lp0", "name": "EPSON", "note": "", "device_id": "p", "uses": []},
                {"place": "10.0.0.2:20007", "name": "", "note": "silent", "device_id": "", "uses": [{"lines": "a\nb"}]},
            ],
        }
    )
    assert told[0] == f"Looked through: {NET}"
    assert any("pcscd.socket" in line for line in told)
    assert any("“p” in the settings" in line for line in told)
    assert told[-2:] == ["      a", "      b"]
    assert "Nothing was found" in find_lines({"networks": [], "missed": [], "finds": []})[-1]
