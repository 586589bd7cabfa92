"""The watchdog names who used the loop's thread too long, by CPU time."""

import asyncio
import time

from kiosk.application.watchdog import Watchdog


def burn(cpu_ms: float) -> None:
    until = time.thread_time_ns() + int(cpu_ms * 1e6)
    while time.thread_time_ns() < until:
        pass


async def heavy() -> None:
    await asyncio.sleep(0)
    burn(40)


async def waiting() -> None:
    await asyncio.sleep(0.05)


def test_a_heavy_callback_is_recorded_with_its_cause() -> None:
    async def story(watchdog: Watchdog) -> None:
        watchdog.attach()
        watchdog.attach()
        await asyncio.create_task(heavy())
        watchdog.detach()
        await asyncio.create_task(heavy())

    watchdog, plain = Watchdog(), asyncio.Handle._run
    asyncio.run(story(watchdog))
    causes = [overrun.cause for overrun in watchdog.overruns]
    assert len([cause for cause in causes if cause.startswith("heavy")]) == 1
    assert watchdog.longest_ms >= 40
    assert asyncio.Handle._run is plain


def test_waiting_is_not_working() -> None:
    async def story(watchdog: Watchdog) -> None:
        watchdog.attach()
        await asyncio.create_task(waiting())
        watchdog.detach()

    watchdog = Watchdog(limit_ms=45)
    asyncio.run(story(watchdog))
    assert not [overrun for overrun in watchdog.overruns if overrun.cause.startswith("waiting")]


def test_work_called_by_qt_is_timed_by_name() -> None:
    watchdog = Watchdog(limit_ms=5)
    with watchdog.timed("SaleViewModel.addOffer"):
        burn(10)
    with watchdog.timed("quick"):
        pass
    assert [overrun.cause for overrun in watchdog.overruns] == ["SaleViewModel.addOffer"]
    assert watchdog.overrun_count == 1


def test_work_that_is_not_the_terminals_is_left_out() -> None:
    async def story(watchdog: Watchdog) -> None:
        watchdog.attach()
        await asyncio.create_task(looking(watchdog))
        watchdog.detach()

    async def looking(watchdog: Watchdog) -> None:
        with watchdog.excused():
            burn(30)
            with watchdog.timed("touch"):
                burn(30)

    watchdog = Watchdog(limit_ms=20)
    asyncio.run(story(watchdog))
    assert [overrun.cause for overrun in watchdog.overruns] == ["touch"]
