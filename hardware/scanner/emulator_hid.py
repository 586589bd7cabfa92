"""A HID-POS scanner behind a pipe: its reports go out as hidraw hands them over, its descriptor lies beside it.

Written from the HID usage tables in the layout of Honeywell's scanners; the driver's reader is not used.
"""

import os
from pathlib import Path

DATA_BYTES = 56
REPORT_NUMBER = 2
REPORT_DESCRIPTOR = bytes.fromhex(
    "058C0902A10185020912A102150026FF007508950105 01093B8102"
    "9503058C09FB09FC09FD8102953809FE82020125017501950109FF810275078103C0C0".replace(" ", "")
)


class HidScannerEmulator:
    """A scanner at `folder`/hidraw0; unplugging hangs up and takes the device away."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._device = folder / "hidraw0"
        self._descriptor = folder / "report_descriptor"
        self._descriptor.write_bytes(REPORT_DESCRIPTOR)
        self._fd: int | None = None

    @property
    def path(self) -> str:
        """Return the path a driver opens."""
        return str(self._device)

    @property
    def descriptor(self) -> str:
        """Return the file of the report descriptor."""
        return str(self._descriptor)

    def plug_in(self) -> None:
        """Make the device; idempotent."""
        if self._fd is None:
            os.mkfifo(self._device)
            self._fd = os.open(self._device, os.O_RDWR | os.O_NONBLOCK)

    def unplug(self) -> None:
        """Hang up and take the device away; idempotent."""
        if self._fd is not None:
            self._device.unlink()
            os.close(self._fd)
            self._fd = None

    def scan(self, code: bytes, symbology: bytes = b"]Q1") -> int:
        """Send one code in as many reports as it needs; return how many.

        Raises:
            OSError: unplugged, or the pipe is full.
        """
        if self._fd is None:
            raise OSError("the scanner is not plugged in")
        parts = [code[at : at + DATA_BYTES] for at in range(0, len(code), DATA_BYTES)]
        for number, part in enumerate(parts, 1):
            head = bytes((REPORT_NUMBER, len(part))) + symbology
            os.write(self._fd, head + part.ljust(DATA_BYTES, b"\0") + bytes((number < len(parts),)))
        return len(parts)
