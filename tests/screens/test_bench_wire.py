"""What went over a device's wire stands on its page at the bench: by names and lengths."""

from typing import Any

import pytest
from PySide6.QtCore import Qt

from hardware.printer import EmulatedPrinter
from kiosk.application.settings import DeviceSettings, Settings
from kiosk.shells import technician

SIZES = ((1920, 1080), (1366, 768))


@pytest.mark.parametrize("size", SIZES)
def test_the_last_exchanges_with_a_printer_are_shown(sit: Any, size: tuple[int, int]) -> None:
    emulator = EmulatedPrinter()
    printer = DeviceSettings(kind="printer.escpos.tcp", device_id="printer", options={"port": emulator.serve_tcp()})

    async def story(desk: Any) -> None:
        await desk.press(Qt.Key.Key_1, "1")
        await desk.until(lambda: desk.face.wire.rows, "the trace")
        await desk.press(Qt.Key.Key_P, "p")
        await desk.until(lambda: any("picture" in row.what for row in desk.face.wire.rows), "a picture")
        await desk.until(lambda: not desk.face.running, "the end of the test")
        ways = {row.way for row in desk.face.wire.rows}
        assert {"sent", "heard"} <= ways
        assert desk.face.last_code not in str(desk.face.wire.rows)
        desk.judge("bench-wire")

    sit(technician.open_technician, story, size, Settings(devices=(printer,)))
    assert len(emulator.machine.papers()) == 1
    emulator.stop()


def test_a_simulator_has_no_wire(sit: Any) -> None:
    async def story(desk: Any) -> None:
        await desk.press(Qt.Key.Key_1, "1")
        await desk.until(lambda: desk.face.shown_id, "a simulator")
        assert desk.face.wire.rows == ()
        assert "On the wire" not in str(desk.probe())

    sit(technician.open_technician, story)
