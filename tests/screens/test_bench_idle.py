"""The bench left alone closes back to the kiosk and journals it; a touch or a test under way keeps it open."""

import asyncio

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent

from kiosk.application import alarms
from kiosk.application.settings import ServiceSettings, Settings
from kiosk.bootstrap.faces import _bench_opener, _close_all


def press(window, key, text=""):
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QCoreApplication.postEvent(window, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))


async def opened(kiosk):
    """Sign in as Anna; return the bench and the list it stands in."""
    benches = _bench_opener(kiosk.terminal, kiosk.shell)
    kiosk.face.serviceOpened.emit("Anna")
    await kiosk.until(lambda: benches, "the bench")
    return benches[0], benches


async def is_over(kiosk, bench, benches):
    timer = bench.face._timer
    return await kiosk.until(lambda: not benches and not shiboken6.isValid(timer), "the bench is closed")


def test_a_bench_left_alone_closes_back_to_the_kiosk_and_is_journalled(visit, noted):
    async def story(kiosk):
        bench, benches = await opened(kiosk)
        await is_over(kiosk, bench, benches)
        await kiosk.until(lambda: noted, "the journal")
        await kiosk.page("attract")
        again, benches = await opened(kiosk)
        await is_over(kiosk, again, benches)
        await kiosk.until(lambda: len(noted) > 1, "the journal once more")

    visit(story, settings=Settings(service=ServiceSettings(bench_idle_s=1.0)), width=1920, height=1080)
    assert set(map(str, noted)) == {str(("service:bench_closed", "technician:Anna", {"why": "idle"}))}


def test_it_is_told_before_and_a_touch_or_a_test_keeps_it_open(visit, noted, screens_out):
    clock = {"shift_s": 0}

    async def story(kiosk):
        bench, benches = await opened(kiosk)
        attendance, real = bench.face.attendance, bench.face.attendance._now_s
        attendance._now_s = lambda: real() + clock["shift_s"]
        clock["shift_s"] = 280
        ticks = []
        attendance.changed.connect(lambda: ticks.append(1))
        await kiosk.until(lambda: ticks and "closes in" in attendance.note, "the warning")
        await asyncio.sleep(0.05)
        bench.window.grabWindow().save(str(screens_out / "bench-idle.png"))
        press(bench.window, Qt.Key.Key_Down)
        await kiosk.until(lambda: not attendance.note, "a touch")
        bench.face.choose(next(at for at, each in enumerate(bench.face._healths()) if each.family == "scanner"))
        press(bench.window, Qt.Key.Key_P, "p")
        await kiosk.until(lambda: bench.face.running, "a test that waits")
        clock["shift_s"] = 2000
        ticks.clear()
        await kiosk.until(lambda: len(ticks) > 1, "two looks")
        assert benches, "a test under way is not cut off"
        kiosk.terminal.devices.scanners[0].inject(b"SERVICE 42")
        await kiosk.until(lambda: not bench.face.running, "the end of the test")
        press(bench.window, Qt.Key.Key_Q, "q")
        await is_over(kiosk, bench, benches)
        await kiosk.until(lambda: len(noted) == 2, "the journal")

    visit(story, width=1920, height=1080)
    assert noted[-1] == ("service:bench_closed", "technician:Anna", {"why": "asked"})


def test_an_act_the_disk_does_not_keep_is_told_and_does_not_hold_the_bench_open(visit, noted, monkeypatch):
    """A bench that believes a test is under way never closes by itself."""

    def full(*_):
        raise OSError("no space")

    async def story(kiosk):
        bench, benches = await opened(kiosk)
        device = kiosk.terminal.devices.payment
        device.start_fault("tampered")
        await kiosk.terminal.supervision.look()
        device.stop_fault("tampered")
        bench.face.choose([each.device_id for each in bench.face._healths()].index(device.device_id))
        with monkeypatch.context() as disk:
            disk.setattr(alarms, "write_private", full)
            press(bench.window, Qt.Key.Key_O, "o")
            await kiosk.until(lambda: "does not keep it" in bench.face.happened_to(device.device_id)[0].word, "why not")
        assert not bench.face.running
        assert device.device_id in kiosk.terminal.alarms
        press(bench.window, Qt.Key.Key_O, "o")
        await kiosk.until(lambda: device.device_id not in kiosk.terminal.alarms, "that somebody has looked")
        await kiosk.until(lambda: not bench.face.running, "the end of it")
        press(bench.window, Qt.Key.Key_Q, "q")
        await is_over(kiosk, bench, benches)

    visit(story, width=1920, height=1080)
    kinds = [kind for kind, _, _ in noted if "alarm" in kind or "service:into" in kind]
    assert kinds[-2:] == ["service:alarm_acknowledged", "service:into_service"]


def test_a_count_of_the_cash_outlives_the_bench_it_was_begun_at(visit, screens_out):
    async def begin(kiosk, benches, name):
        kiosk.face.serviceOpened.emit(name)
        await kiosk.until(lambda: benches, "the bench")
        bench = benches[0]
        place = next(at for at, each in enumerate(bench.face._healths()) if each.family == "cash")
        bench.face.choose(place)
        bench.face.supplies.count()
        await kiosk.until(lambda: bench.face.supplies.isCounting, "the count")
        return bench

    def counted(bench):
        return [row.counted for row in bench.face.supplies.pieces.rows if row.counted != "-"]

    async def closed(kiosk, bench, benches):
        shift_s, now_s = 2000, bench.face.attendance._now_s
        bench.face.attendance._now_s = lambda: now_s() + shift_s
        await is_over(kiosk, bench, benches)

    async def story(kiosk):
        benches = _bench_opener(kiosk.terminal, kiosk.shell)
        bench = await begin(kiosk, benches, "Anna")
        for digit in "12":
            bench.face.supplies.type(digit)
        await closed(kiosk, bench, benches)
        bench = await begin(kiosk, benches, "Anna")
        assert counted(bench) == ["12"]
        assert "still here" in bench.face.supplies.note
        bench.window.grabWindow().save(str(screens_out / "bench-count-again.png"))
        await closed(kiosk, bench, benches)
        await kiosk.terminal.devices.cash.dispense("CHANGE-1", 50, "EUR", timeout_s=5)
        bench = await begin(kiosk, benches, "Anna")
        assert counted(bench) == []
        assert "Money came or went" in bench.face.supplies.note, "what was typed is no count of what lies there now"
        bench.face.supplies.type("7")
        await closed(kiosk, bench, benches)
        bench = await begin(kiosk, benches, "Ben")
        assert (counted(bench), bench.face.supplies.note) == ([], ""), "each counts alone, and blind"
        bench.face.supplies.type("8")
        bench.face.supplies.leave()
        bench.face.supplies.count()
        await kiosk.until(lambda: bench.face.supplies.isCounting, "the count once more")
        assert counted(bench) == [], "what was left on purpose is forgotten"
        await closed(kiosk, bench, benches)

    visit(story, width=1920, height=1080)


def test_a_bench_that_is_open_when_the_terminal_is_stopped_is_closed_once(visit, monkeypatch):
    async def story(kiosk):
        bench, benches = await opened(kiosk)
        loop, later = asyncio.get_running_loop(), []
        call_soon = loop.call_soon
        with monkeypatch.context() as watched:
            watched.setattr(loop, "call_soon", lambda *call, **more: later.append(call[0]) or call_soon(*call, **more))
            _close_all(benches)
        assert not bench.window.isVisible()
        assert bench.close not in later, "its window is gone by then"

    visit(story, width=1920, height=1080)
