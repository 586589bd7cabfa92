"""The bench's own pages in the staff's languages: nothing missing, nothing cut, signs where they belong."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import structs
from PySide6.QtCore import Qt

from hardware.printer import EmulatedPrinter, FaultKind
from kiosk.application.alarms import JAMS, JAMS_MAX
from kiosk.application.remedies import REMEDY_CARDS
from kiosk.application.settings import DeviceSettings, ServiceSettings, Settings, TerminalSettings
from kiosk.application.settings_code import SettingsCode, make
from kiosk.shells import technician
from kiosk.ui.controls.staff_words import StaffWords

NET = "127.75.17.0/29"
TOML = '[terminal]\nname = "Hall 7"\n[face]\nlook = "dark"\n'


@pytest.mark.parametrize(
    ("tag", "size"), [("en", (1920, 1080)), ("de", (1366, 768)), ("ar", (1366, 768)), ("zh", (1920, 1080))]
)
def test_an_alarm_stands_until_a_technician_answers_for_it_by_a_key(sit: Any, tag: str, size: tuple[int, int]) -> None:
    async def story(desk: Any) -> None:
        bench, terminal = desk.face, desk.terminal
        device = terminal.devices.payment
        bench.choose(
            next(at for at, each in enumerate(terminal.supervision.healths) if each.device_id == "payment-device")
        )
        device.start_fault("tampered")
        await desk.press(Qt.Key.Key_R, "r")
        await desk.until(lambda: bench.alarmMood == "stop", "the alarm")
        desk.judge(f"bench-alarm-{tag}")
        await desk.press(Qt.Key.Key_O, "o")
        still = StaffWords(desk.shell.speech).say("It still says so itself. It stays out of service.")
        await desk.until(lambda: bench.happened_to(device.device_id)[0].word == still, "that it still says so")
        assert device.device_id in terminal.alarms
        device.stop_fault("tampered")
        await desk.press(Qt.Key.Key_O, "o")
        await desk.until(lambda: bench.alarmMood == "info", "the answer")
        await desk.until(lambda: terminal.supervision.capabilities.can_pay_card and not bench.running, "cards again")
        assert "Anna" in bench.alarmNote
        desk.judge(f"bench-alarm-answered-{tag}")

    settings = Settings(terminal=TerminalSettings(staff_language=tag))
    sit(lambda terminal, **more: technician.open_technician(terminal, technician="Anna", **more), story, size, settings)


@pytest.mark.parametrize(("tag", "size"), [("de", (1366, 768)), ("ar", (1366, 768)), ("zh", (1920, 1080))])
def test_a_printer_that_jams_again_and_again_has_a_remedy_of_its_own(sit: Any, tag: str, size: tuple[int, int]) -> None:
    async def story(desk: Any) -> None:
        bench, terminal = desk.face, desk.terminal
        printer = terminal.devices.printers[0]
        bench.choose([each.device_id for each in terminal.supervision.healths].index(printer.device_id))
        for _ in range(JAMS_MAX):
            printer.faults.start(FaultKind.JAM)
            await terminal.supervision.look()
            printer.faults.stop(FaultKind.JAM)
            await terminal.supervision.look()
        words = StaffWords(desk.shell.speech)
        await desk.until(lambda: bench.alarmMood == "stop", "the alarm")
        assert bench.remedy_now[1] == words.tell(REMEDY_CARDS[JAMS].todo)
        desk.judge(f"bench-jams-{tag}")
        await desk.press(Qt.Key.Key_O, "o")
        await desk.until(lambda: terminal.supervision.capabilities.can_print_tickets and not bench.running, "it prints")
        assert printer.device_id not in terminal.alarms

    settings = Settings(terminal=TerminalSettings(staff_language=tag))
    sit(lambda terminal, **more: technician.open_technician(terminal, technician="Anna", **more), story, size, settings)


@pytest.mark.parametrize(("tag", "size"), [("de", (1366, 768)), ("ar", (1366, 768)), ("zh", (1920, 1080))])
def test_every_page_of_the_bench_is_said_in_the_staffs_language(sit: Any, tag: str, size: tuple[int, int]) -> None:
    nearby, ours, mine = EmulatedPrinter(), EmulatedPrinter(), Ed25519PrivateKey.generate()
    nearby.serve_tcp("127.75.17.2", 9100)
    printer = DeviceSettings(kind="printer.escpos.tcp", device_id="printer", options={"port": ours.serve_tcp()})
    others = tuple(each for each in Settings().devices if not each.kind.startswith("printer"))
    settings = Settings(
        terminal=TerminalSettings(staff_language=tag),
        service=ServiceSettings(find_network=NET),
        devices=(*others, printer),
    )

    async def story(desk: Any) -> None:
        bench, terminal = desk.face, desk.terminal

        def show(family: str) -> None:
            bench.choose(next(at for at, each in enumerate(terminal.supervision.healths) if each.family == family))

        await desk.press(Qt.Key.Key_F, "f")
        await desk.until(lambda: bench.finder.isShown and not bench.finder.isLooking, "the finds")
        desk.judge(f"bench-found-{tag}")
        show("cash")
        await desk.press(Qt.Key.Key_C, "c")
        await desk.until(lambda: bench.supplies.isCounting, "the count")
        await desk.type("12")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: bench.supplies.isBooked, "the booking")
        is_marked = "\N{LEFT-TO-RIGHT MARK}-" in bench.supplies.pieces.rows[0].told
        assert is_marked == (tag == "ar"), "a minus stands before its figure"
        desk.judge(f"bench-counted-{tag}")
        await desk.press(Qt.Key.Key_Escape)
        show("printer")
        await desk.press(Qt.Key.Key_N, "n")
        await desk.until(lambda: bench.supplies.note, "the new roll")
        desk.judge(f"bench-wire-{tag}")
        terminal.intake.put_trust(mine.public_key().public_bytes_raw())
        terminal.devices.scanners[0].inject(make(mine, SettingsCode(TOML, "*", datetime.now(UTC))).encode())
        await desk.until(lambda: bench.code.isShown, "the settings code")
        desk.judge(f"bench-code-{tag}")
        await desk.press(Qt.Key.Key_Escape)
        ahead = SettingsCode(TOML, "*", datetime.now(UTC) + timedelta(days=9))
        terminal.devices.scanners[0].inject(make(mine, ahead).encode())
        await desk.until(lambda: " UTC > " in bench.code.note, "a code from the future")
        desk.judge(f"bench-code-ahead-{tag}")
        terminal.intake._put(structs.replace(terminal.intake.trust, newest=ahead.made))
        terminal.devices.scanners[0].inject(make(mine, SettingsCode(TOML, "*", datetime.now(UTC))).encode())
        await desk.until(lambda: "--anew" in bench.code.note, "the way out of a wrong clock")
        desk.judge(f"bench-code-blocked-{tag}")

    sit(technician.open_technician, story, size, settings)
    nearby.stop()
    ours.stop()
