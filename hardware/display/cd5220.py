"""Customer displays that speak CD5220 over a serial line: two lines, one way; the display never answers.

Source: CD5220 user's manual (Partner Tech): ESC @ initialise, ESC Q A and ESC Q B a whole line each, ended by CR.
"""

from collections.abc import Callable

from hardware.display.line import COLUMNS_DEFAULT, fit_line
from hardware.errors import DeviceError
from hardware.health import ComponentState, Health
from hardware.transport import Link
from hardware.vitals import Vitals
from hardware.worker import DeviceWorker

INITIALISE = b"\x1b@"
UPPER, LOWER, END = b"\x1bQA", b"\x1bQB", b"\r"
ENCODING = "cp437"  # the display's own page; what it lacks is shown as "?"
OPEN_S, WRITE_S = 1.0, 1.0


class Cd5220Display:
    """A `CustomerDisplay`; that its line takes bytes is all that can be known of it."""

    def __init__(self, device_id: str, link: Link, *, columns: int = COLUMNS_DEFAULT) -> None:
        self._device_id = device_id
        self._link = link
        self._columns = columns
        self._worker = DeviceWorker(device_id)
        self._vitals = Vitals(device_id, "display", model="CD5220")

    @property
    def device_id(self) -> str:
        """Return the id given in the settings."""
        return self._device_id

    async def start(self) -> None:
        """Start the device's thread; a display that is not there yet is not an error."""
        self._worker.start()
        await self._try(self._open)

    async def close(self) -> None:
        """Let go of the line; idempotent."""
        if self._worker.stop():
            self._link.close()

    async def health(self) -> Health:
        """Say whether the line is open."""
        if await self._try(self._open):
            return self._vitals.report(ComponentState.READY)
        return self._vitals.report(ComponentState.NOT_REACHABLE, "display.not_reachable")

    async def show(self, upper: str, lower: str) -> bool:
        """Show two lines, cut to the width; False where the line did not take them."""
        said = UPPER + self._line(upper) + END + LOWER + self._line(lower) + END
        return await self._try(lambda: self._open() and self._send(said))

    def _line(self, text: str) -> bytes:
        return fit_line(text, self._columns).ljust(self._columns).encode(ENCODING, "replace")

    def _open(self) -> bool:
        if not self._link.is_open:
            self._link.open(OPEN_S)
            return self._send(INITIALISE)
        self._link.receive(0.0)  # a hang-up is heard here
        return True

    def _send(self, said: bytes) -> bool:
        return self._link.send(said, WRITE_S).accepted == len(said)

    async def _try(self, call: Callable[[], bool]) -> bool:
        try:
            return await self._worker.run(call)
        except DeviceError:
            return False
