"""A CD5220 display on a pseudo terminal: what it is sent stands on its two lines. Written from the manual alone."""

import contextlib
import os
import select
import threading
import tty
from pathlib import Path

ESC, CR, CLEAR = 0x1B, 0x0D, 0x0C
TEXT_MAX = 40


class DisplayEmulator:
    """A display behind a link at a path of its own; unplugging takes the link away and hangs up."""

    def __init__(self, link: Path, *, columns: int = 20) -> None:
        self._link = link
        self._columns = columns
        self._fd: int | None = None
        self._thread: threading.Thread | None = None
        self._ending = threading.Event()
        self._open = bytearray()
        self._lines = ["", ""]
        self._changed = threading.Condition()

    @property
    def path(self) -> str:
        """Return the path a driver opens."""
        return str(self._link)

    def wait_for(self, upper: str, lower: str, timeout_s: float) -> bool:
        """Wait until these two lines stand on it, blanks at their ends apart."""
        with self._changed:
            return self._changed.wait_for(lambda: [each.rstrip() for each in self._lines] == [upper, lower], timeout_s)

    def plug_in(self) -> None:
        """Switch it on, blank; idempotent."""
        if self._fd is None:
            master, slave = os.openpty()
            tty.setraw(slave)
            self._link.unlink(missing_ok=True)
            self._link.symlink_to(os.ttyname(slave))
            os.close(slave)
            self._fd = master
            self._ending.clear()
            self._thread = threading.Thread(target=self._serve, args=(master,), name="emulated-display", daemon=True)
            self._thread.start()

    def unplug(self) -> None:
        """Hang up and go dark; idempotent."""
        if self._fd is not None:
            self._ending.set()
            if self._thread is not None:
                self._thread.join(5)
            self._link.unlink(missing_ok=True)
            os.close(self._fd)
            self._fd = None
            self._open.clear()
            self._lines = ["", ""]

    def _serve(self, line: int) -> None:
        poll = select.poll()
        poll.register(line, select.POLLIN)
        while not self._ending.is_set():
            if poll.poll(20):
                with contextlib.suppress(OSError):  # nobody has the line open
                    self.feed(os.read(line, 256))
                    continue
                self._ending.wait(0.02)

    def feed(self, octets: bytes) -> None:
        """Take bytes as they come from the wire."""
        with self._changed:
            for octet in octets:
                self._take(octet)
            self._changed.notify_all()

    def _take(self, octet: int) -> None:
        if not self._open:
            if octet == ESC:
                self._open.append(octet)
            elif octet == CLEAR:
                self._lines = ["", ""]
            return
        self._open.append(octet)
        if bytes(self._open) == b"\x1b@":
            self._lines = ["", ""]
            self._open.clear()
        elif self._open[:2] != b"\x1bQ" or len(self._open) > TEXT_MAX:
            self._open.clear()  # a command we do not know is passed over
        elif octet == CR and self._open[2] in b"AB":
            text = bytes(self._open[3:-1]).decode("cp437")
            self._lines[self._open[2] - ord("A")] = text[: self._columns]
            self._open.clear()
