"""A kiosk whose pages are touched while the server is far away; it says what each touch showed, and how soon.

`kiosk_process.py SETTINGS FOLDER`: it says `ready TOUCH` and goes on when it is given a line; then it says as JSON what
was to be seen first after the touch, and how much of the loop's time that took. `ready calm` asks for a good line.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.application.settings_file import load
from kiosk.application.terminal import Terminal
from kiosk.bootstrap import Start, run_face
from kiosk.demo.driver import Driver

GIVE_UP_S = 5.0
NOT_NOW = ".*cannot be shown right now.*"


class Visitor:
    """Touches, and looks at once whether anything happened."""

    def __init__(self, terminal: Terminal, shell: Any, folder: Path) -> None:
        self.face = shell.face
        self.terminal = terminal
        self.driver = Driver(shell.window, folder, terminal.watchdog)

    async def touch(self, name: str, touch: Callable[[], object], shows: str, wanted: str) -> None:
        """Touch when told to: `shows` must stand there at once; when all is calm again, go on to what is wanted."""
        await told(name)
        begun = time.thread_time(), time.perf_counter()
        touch()
        looked = [0.0, 0.0]
        while (seen := self._look(shows, looked)) is None and time.perf_counter() - begun[1] < GIVE_UP_S:
            await asyncio.sleep(0)
        cpu_s, wall_s = time.thread_time() - begun[0] - looked[0], time.perf_counter() - begun[1] - looked[1]
        await self.driver.until(lambda: self.driver.find(shows, touchable=False) is None, f"the end of {shows}")
        longest_ms = self.terminal.watchdog.longest_ms
        say(json.dumps({"touch": name, "shown": seen, "loop_ms": longest_ms, "cpu_ms": cpu_s * 1e3,
                        "wall_ms": wall_s * 1e3}))  # fmt: skip
        await told("calm")
        while self.driver.find(wanted, touchable=False) is None:
            self.face.models[self.face.page].enter()
            await self.driver.see(f"{wanted}|{NOT_NOW}")

    def _look(self, pattern: str, looked: list[float]) -> str | None:
        """Look once; what looking costs is not the terminal's."""
        cpu, wall = time.thread_time(), time.perf_counter()
        with self.terminal.watchdog.excused():
            seen = self.driver.find(pattern, touchable=False)
        looked[0] += time.thread_time() - cpu
        looked[1] += time.perf_counter() - wall
        return seen.name if seen else None


async def told(name: str) -> None:
    say("ready", name)
    await asyncio.to_thread(sys.stdin.readline)


def say(*words: str) -> None:
    print(*words, flush=True)  # noqa: T201 - what the test listens to


async def visit(terminal: Terminal, shell: Any) -> int:
    visitor = Visitor(terminal, shell, Path(sys.argv[2]))
    face, models = visitor.face, visitor.face.models
    face.go("home")
    await visitor.touch("events", lambda: face.go("events"), "Asking for events", "Museum of Light, .*")
    models["events"].choose(1)
    await visitor.driver.see("Continue")
    await visitor.touch("seats", face.go_on, "Asking for seats", "Take these seats")
    face.go("events")
    await visitor.touch("slots", lambda: models["events"].choose(0), "Asking for dates", "Continue")
    face.go_on()
    await visitor.driver.see("To basket")
    await visitor.touch("price", face.go_on, "Asking for your tickets", "To basket|Pay")
    if face.page == "visitors":
        face.go_on()
    await visitor.driver.see("Pay")
    await visitor.touch("hold", face.go_on, "Holding your tickets", "Pay|Pay by card")
    return 0


if __name__ == "__main__":
    settings, data = Path(sys.argv[1]), Path(sys.argv[2]) / "data"
    sys.exit(run_face(Start(load(settings, data), data), "kiosk", visit))
