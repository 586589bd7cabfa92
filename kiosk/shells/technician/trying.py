"""What is done with one device at the bench, one thing at a time: begun, told in words and journalled."""

from collections.abc import Awaitable, Callable
from typing import Any

from hardware.health import Health
from kiosk.application.inputs import CardRead, CodeRead
from kiosk.application.service import Fact
from kiosk.application.terminal import Terminal
from kiosk.shells.technician import device_tests, serving
from kiosk.shells.technician.device_tests import Outcome
from kiosk.ui.bridge import Tasks
from kiosk.ui.controls.staff_words import StaffWords

Tell = Callable[[str, Outcome], None]


class Trying:
    """Try a device, take it out of service or put it back; a newer act replaces one that waits.

    `running` is what is said meanwhile, "" where nothing is under way; `tell` is called with a device's id and what
    came of it, or what is to be done now.
    """

    def __init__(self, terminal: Terminal, words: StaffWords, tasks: Tasks, tell: Tell) -> None:
        self.running = ""
        self.last_code = ""
        self._terminal = terminal
        self._words = words
        self._tasks = tasks
        self._tell = tell

    def begin(self, health: Health, name: str, actor: str) -> bool:
        """Begin what a row of the device is named after; False where that is none."""
        work = self._work(health, name, actor)
        if work is None:
            return False
        waits = name in {"card", "scan"}
        self.running = self._words.say("Waiting for a card or code …") if waits else self._words.say("Testing …")
        self._tasks.latest("test", self._done(health.device_id, name, actor, work))
        return True

    def _work(self, health: Health, name: str, actor: str) -> Callable[[], Awaitable[Outcome]] | None:
        words, terminal, device_id = self._words, self._terminal, health.device_id
        device: Any = terminal.devices.device(device_id)
        if name == "print":
            self.last_code = device_tests.test_code()
        tests: dict[str, Callable[[], Awaitable[Outcome]]] = {
            "print": lambda: self._print_and_read(device, self.last_code),
            "drawer": lambda: device_tests.open_drawer(words, device),
            "pay": lambda: device_tests.pay_one_cent(words, terminal, device),
            "card": lambda: device_tests.read_something(words, terminal, CardRead),
            "scan": lambda: device_tests.read_something(words, terminal, CodeRead),
            "counts": lambda: device_tests.cash_counts(words, terminal, device),
        }
        if name in serving.ACTS:
            return lambda: serving.serve(words, terminal, device_id, actor, name)
        return tests.get(name)

    async def _print_and_read(self, printer: Any, code: str) -> Outcome:
        printed = await device_tests.print_test(self._words, self._terminal, printer, code)
        if printed[0] != "ok" or not self._terminal.devices.scanners:
            return printed
        self.running = printed[1]
        self._tell(printer.device_id, printed)
        return await device_tests.read_something(self._words, self._terminal, CodeRead, code)

    async def _done(self, device_id: str, name: str, actor: str, work: Callable[[], Awaitable[Outcome]]) -> None:
        try:
            outcome = await work()
        except Exception:
            self.running = ""  # a bench with something under way is never closed
            raise
        self.running = ""
        self._tell(device_id, outcome)
        if name not in serving.ACTS:
            facts: dict[str, Fact] = {"device_id": device_id, "test": name, "outcome": outcome[0]}
            await self._terminal.acts.note(actor, "device_tested", facts)
        await self._terminal.supervision.look()
