"""A scanner in process: text is injected as if a code had been held before it."""

import asyncio
from collections.abc import Callable

from hardware.faults import FaultSwitch
from hardware.health import ComponentState, Health
from hardware.scanner.filter import filter_scan
from hardware.scanner.interface import ScanEvent, ScanRefused
from hardware.vitals import Vitals

FAULTS = {
    "not_reachable": "The scanner is unplugged; nothing is read.",
    "blind": "The window is dirty: the scanner answers but reads nothing.",
    "nonsense": "The scanner answers what fits no manual; nothing is read.",
    "garbled": "What is read arrives with control characters in it.",
}


class ScannerSimulator(FaultSwitch):
    """A code reader that reads what `inject` is given."""

    def __init__(self, device_id: str) -> None:
        super().__init__(FAULTS)
        self._device_id = device_id
        self._on_scan: Callable[[ScanEvent | ScanRefused], None] | None = None
        self._is_on = True
        self._vitals = Vitals(device_id, "scanner", is_simulated=True, model="Simulated scanner")

    @property
    def device_id(self) -> str:
        """Return the id given in the settings."""
        return self._device_id

    async def start(self, on_scan: Callable[[ScanEvent | ScanRefused], None]) -> None:
        """Listen."""
        self._on_scan = on_scan

    async def close(self) -> None:
        """Stop; idempotent."""
        self._on_scan = None

    async def health(self) -> Health:
        """Say how the scanner is."""
        if self._on_scan is None:
            return self._vitals.report(ComponentState.NOT_REACHABLE, "scanner.not_started")
        if self._has("not_reachable"):
            return self._vitals.report(ComponentState.NOT_REACHABLE, "scanner.not_reachable")
        if self._has("nonsense"):
            return self._vitals.report(ComponentState.SOFTWARE_ERROR, "scanner.nonsense")
        if self._has("blind"):
            return self._vitals.report(ComponentState.USER_ACTION, "scanner.blind")
        return self._vitals.report(ComponentState.READY)

    async def enable(self, *, is_on: bool) -> None:
        """Switch reading on or off."""
        self._is_on = is_on

    def inject(self, raw: bytes | str, symbology: str = "qr") -> bool:
        """Hold a code before the scanner; False where it reads nothing. Call it on the loop."""
        is_deaf = any(map(self._has, ("not_reachable", "nonsense")))
        if self._on_scan is None or not self._is_on or is_deaf or self._strikes("blind"):
            return False
        if self._strikes("garbled"):
            raw = raw + "\x00" if isinstance(raw, str) else raw + b"\x00"
        read = filter_scan(raw, symbology)
        self._vitals.count("codes_read" if isinstance(read, ScanEvent) else "codes_refused")
        asyncio.get_running_loop().call_soon(self._on_scan, read)
        return True
