"""A clerk at the counter of a terminal on a pretix: two workshops sold for cash by keys, their questions answered.

`counter_process.py SETTINGS FOLDER`: it says as JSON what stood beside the questions that were answered badly first.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from kiosk.application.settings_file import load
from kiosk.application.terminal import Terminal
from kiosk.bootstrap import Start, run_face
from kiosk.domain.sale.sale import Stage

WAIT_S = 60.0
ENTER = Qt.Key.Key_Return


async def until(holds: Callable[[], object], what: str) -> None:
    try:
        async with asyncio.timeout(WAIT_S):
            while not holds():
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"waited in vain for {what}") from None


class Clerk:
    """Presses keys and types into the field that has them."""

    def __init__(self, terminal: Terminal, face: Any) -> None:
        self.terminal, self.face, self.asking = terminal, face, face.when.asking

    def press(self, key: Qt.Key, text: str = "") -> None:
        assert self.face.pressed(key.value, 0, text), key

    async def choose(self, product: str, count: int) -> None:
        (event,) = [each for each in await self.terminal.platform.events(on=None, limit=20) if each.id == "museum"]
        self.face._take_event(event)
        await until(lambda: self.face.when.list_counts() and not self.face.when.is_asking, "the products")
        ids = self.face.when._counted_ids()
        for at in range(len(ids)):
            self.face.when.setCount(at, count if ids[at] == product else 0)
        await until(lambda: not self.face.when.is_asking, "the price")
        self.press(ENTER)
        await until(lambda: self.asking.is_open, "the questions")

    def answer(self, *values: str) -> list[str]:
        """Answer from the current question on, a key or a text each; return what was said of each."""
        said = []
        for value in values:
            at = self.asking.property("at")
            if self.asking.is_typing:
                self.asking.setText(value)
            else:
                for sign in value:
                    self.press(Qt.Key(ord(sign)), sign)
            self.press(ENTER)
            rows = self.asking.list_rows()
            said.append(rows[at].note if rows else "")
        return said


async def visit(terminal: Terminal, shell: Any) -> int:
    clerk, pay = Clerk(terminal, shell.face), shell.face.pay
    await clerk.choose(sys.argv[3], 2)
    said = clerk.answer("9" * 51, "34,5", "X", "1", "XX", "de", "31.2.2000", "1.2.2003", "1")
    clerk.answer("9", "2", "", "1.1.1999", "1")
    await until(lambda: pay.props.enter == "pay", "something to pay")
    clerk.press(ENTER)
    await until(lambda: pay.sale.stage is Stage.DONE and pay.sale.is_at_rest, "a finished sale")
    print(json.dumps({"said": said, "code": pay.sale.bookings[0].code}), flush=True)  # noqa: T201 - the test listens
    return 0


if __name__ == "__main__":
    settings, data = Path(sys.argv[1]), Path(sys.argv[2]) / "data"
    sys.exit(run_face(Start(load(settings, data), data), "counter", visit))
