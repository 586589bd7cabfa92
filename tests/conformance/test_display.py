"""What every customer display must keep: the simulator, and the CD5220 driver on a pseudo terminal."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from hardware.display import CustomerDisplay, DisplayEmulator, DisplaySimulator
from hardware.display.cd5220 import Cd5220Display
from hardware.transport import SerialLink

WAIT_S = 20.0


class Bench:
    """One display, what stands on it, and its plug."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.device: CustomerDisplay
        self.stands: Callable[[str, str], bool]
        if kind == "simulator":
            simulated = DisplaySimulator("display")
            self.device = simulated
            self.stands = lambda upper, lower: simulated.lines == (upper, lower)
            self.unplug: Callable[[], None] = lambda: simulated.start_fault("not_reachable")
            self.plug_in: Callable[[], None] = lambda: simulated.stop_fault("not_reachable")
        else:
            emulator = DisplayEmulator(folder / "tty")
            emulator.plug_in()
            self.device = Cd5220Display("display", SerialLink(emulator.path, baud=9600))
            self.stands = lambda upper, lower: emulator.wait_for(upper, lower, WAIT_S)
            self.unplug, self.plug_in = emulator.unplug, emulator.plug_in


@pytest.mark.parametrize("kind", ["simulator", "cd5220"])
def test_two_lines_stand_on_it_cut_and_clean(kind: str, tmp_path: Path) -> None:
    bench = Bench(kind, tmp_path)

    async def story() -> None:
        await bench.device.start()
        assert (await bench.device.health()).is_working
        assert await bench.device.show("Lanshan", "12.50 EUR")
        assert bench.stands("Lanshan", "12.50 EUR")
        assert await bench.device.show("x" * 30, "a\x1b@b")
        assert bench.stands("x" * 20, "a @b")
        await bench.device.close()
        await bench.device.close()

    asyncio.run(story())
    bench.unplug()


@pytest.mark.parametrize("kind", ["simulator", "cd5220"])
def test_one_that_is_unplugged_says_so_and_works_again(kind: str, tmp_path: Path) -> None:
    bench = Bench(kind, tmp_path)

    async def story() -> None:
        await bench.device.start()
        await asyncio.to_thread(bench.unplug)
        assert not await bench.device.show("a", "b")
        assert (await bench.device.health()).cause == "display.not_reachable"
        await asyncio.to_thread(bench.plug_in)
        assert (await bench.device.health()).is_working
        assert await bench.device.show("a", "b")
        assert bench.stands("a", "b")
        await bench.device.close()

    asyncio.run(story())
    bench.unplug()


def test_a_sign_the_display_lacks_is_a_question_mark(tmp_path: Path) -> None:
    bench = Bench("cd5220", tmp_path)

    async def story() -> None:
        await bench.device.start()
        assert await bench.device.show("Zürich 蓝山", "5 €")
        assert bench.stands("Zürich ??", "5 ?")
        await bench.device.close()

    asyncio.run(story())
    bench.unplug()
