"""A scanner on a pseudo terminal: what it is given goes out over the line as a scanner would send it."""

import os
import tty
from pathlib import Path


class ScannerEmulator:
    """A serial scanner behind a link at a path of its own; unplugging takes the link away and hangs up."""

    def __init__(self, link: Path) -> None:
        self._link = link
        self._fd: int | None = None

    @property
    def path(self) -> str:
        """Return the path a driver opens."""
        return str(self._link)

    def plug_in(self) -> None:
        """Make the line; idempotent."""
        if self._fd is not None:
            return
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        self._link.unlink(missing_ok=True)
        self._link.symlink_to(os.ttyname(slave))
        os.close(slave)
        self._fd = master

    def unplug(self) -> None:
        """Hang up and take the line away; idempotent."""
        if self._fd is not None:
            self._link.unlink(missing_ok=True)
            os.close(self._fd)
            self._fd = None

    def scan(self, code: bytes, end: bytes = b"\r\n") -> int:
        """Send one code; return how many bytes the line took.

        Raises:
            OSError: unplugged, or the line is full.
        """
        if self._fd is None:
            raise OSError("the scanner is not plugged in")
        return os.write(self._fd, code + end)
