"""Scanners on a serial line (USB CDC or RS-232): one code a line, the line opened again whenever it is lost."""

import asyncio
import threading
from collections.abc import Callable

import serial

from hardware.health import ComponentState, Health
from hardware.scanner.filter import filter_scan
from hardware.scanner.framing import LineSplitter, split_identifier
from hardware.scanner.interface import ScanEvent, ScanRefused
from hardware.scanner.wire_words import describe_scan
from hardware.trace import Direction, WireTrace
from hardware.vitals import Vitals

READ_S = 0.25
REOPEN_S = 0.5
CHUNK_BYTES = 4096
Heard = ScanEvent | ScanRefused


class SerialScanner:
    """A `Scanner` on a serial device such as /dev/ttyACM0 or /dev/serial/by-id/….

    Args:
        device_id: the id given in the settings.
        path: the serial device.
        baud: its speed; USB CDC ignores it.
        trace: where what goes over the wire is written down, scrubbed.
    """

    def __init__(self, device_id: str, path: str, *, baud: int = 115_200, trace: WireTrace | None = None) -> None:
        self._trace = trace or WireTrace()
        self._device_id = device_id
        self._path = path
        self._baud = baud
        self._is_on = True
        self._is_open = False
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._on_scan: Callable[[Heard], None] | None = None
        self._vitals = Vitals(device_id, "scanner", model=path)

    @property
    def device_id(self) -> str:
        """Return the id given in the settings."""
        return self._device_id

    async def start(self, on_scan: Callable[[Heard], None]) -> None:
        """Listen; a device that is not there yet is waited for."""
        if self._thread is not None:
            return
        self._on_scan = on_scan
        self._loop = asyncio.get_running_loop()
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name=f"scanner-{self._device_id}", daemon=True)
        self._thread.start()

    async def close(self) -> None:
        """Stop; idempotent."""
        self._on_scan = None
        self._stopping.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.to_thread(thread.join, 5)

    async def health(self) -> Health:
        """Say whether the line is open."""
        if self._thread is None:
            return self._vitals.report(ComponentState.NOT_REACHABLE, "scanner.not_started")
        if not self._is_open:
            return self._vitals.report(ComponentState.NOT_REACHABLE, "scanner.not_reachable")
        return self._vitals.report(ComponentState.READY)

    async def enable(self, *, is_on: bool) -> None:
        """Switch reading on or off; codes read while off are dropped."""
        self._is_on = is_on

    def _run(self) -> None:
        splitter = LineSplitter()
        while not self._stopping.is_set():
            try:
                with serial.Serial(self._path, self._baud, timeout=READ_S, exclusive=True) as line:
                    self._is_open = True
                    self._trace.note(Direction.LINE, "opened")
                    self._listen(line, splitter)
            except (OSError, serial.SerialException):
                self._trace.note(Direction.LINE, "not there, or gone")
                splitter.reset()  # not there, or gone: health tells, and the next round tries again
            self._is_open = False
            self._stopping.wait(REOPEN_S)

    def _listen(self, line: serial.Serial, splitter: LineSplitter) -> None:
        while not self._stopping.is_set():
            data = line.read(min(max(1, line.in_waiting), CHUNK_BYTES))
            for code in splitter.feed(data):
                self._hand_over(filter_scan(*split_identifier(code)))

    def _hand_over(self, heard: Heard) -> None:
        self._trace.note(Direction.IN, describe_scan(heard))
        loop = self._loop
        if loop is not None and self._is_on and not loop.is_closed():
            loop.call_soon_threadsafe(self._tell, heard)

    def _tell(self, heard: Heard) -> None:
        self._vitals.count("codes_read" if isinstance(heard, ScanEvent) else "codes_refused")
        if self._on_scan is not None:
            self._on_scan(heard)
