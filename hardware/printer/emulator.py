"""An ESC/POS printer without paper: it speaks the wire over TCP or a pseudo terminal.

Written from the Epson ESC/POS reference and never importing the driver, so that a mistake in one shows in the other.
`run_emulator` serves for ever; its paper is read as PNG.
"""

import contextlib
import os
import select
import socket
import struct
import termios
import threading
import tty
from collections.abc import Callable
from pathlib import Path

from hardware.printer.emulator_commands import Interpreter, RealTime
from hardware.printer.emulator_machine import EmulatedPaper, EmulatorOptions, Machine

__all__ = ["EmulatedPaper", "EmulatedPrinter", "EmulatorOptions", "run_emulator"]

READ_MAX = 1024
WAIT_S = 0.02
RECEIVE_BUFFER_BYTES = 2048
_RESET = struct.pack("ii", 1, 0)


class EmulatedPrinter:
    """One device: `machine` is the mechanism that people and faults act on; `serve_*` connect it to a wire."""

    def __init__(self, options: EmulatorOptions | None = None) -> None:
        self.machine = Machine(options or EmulatorOptions())
        self.cut_link_at_byte = -1  # counted over all bytes the host sends from now on
        self.port = 0
        self._received = 0
        self._epoch = 0  # counts link losses wanted from outside
        self._listener: socket.socket | None = None
        self._threads = [threading.Thread(target=Interpreter(self.machine).run, name="emulated-printer", daemon=True)]
        self._threads[0].start()

    def serve_tcp(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen on a port, 0 for any; return it. One host at a time, the next one waits."""
        self._listener = socket.create_server((host, port))
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        self.port = int(self._listener.getsockname()[1])
        self._start(self._accept)
        return self.port

    def serve_pty(self) -> str:
        """Open a pseudo terminal; return the path a host opens as its serial line."""
        near, far = os.openpty()
        tty.setraw(far, termios.TCSANOW)
        self._start(lambda: self._serve_line(near, far))
        return os.ttyname(far)

    def power_cycle(self) -> None:
        """Lose the link, the buffers and the settings."""
        self._epoch += 1
        self.machine.power_cycle()

    def cut_link(self, after_bytes: int) -> None:
        """Break the link once, when so many more bytes have come."""
        self._received = 0
        self.cut_link_at_byte = after_bytes

    def stop(self) -> None:
        """End all threads and close the port."""
        self.machine.stop()
        if self._listener is not None:
            with contextlib.suppress(OSError):  # shutting a listener down wakes its accept; some systems refuse it
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name="emulated-wire", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        listener = self._listener
        while listener is not None and not self.machine.is_stopped:
            try:
                link, _ = listener.accept()
            except OSError:
                return  # closed by stop()
            with link:
                self._serve_host(link)

    def _serve_host(self, link: socket.socket) -> None:
        epoch = self._epoch
        real_time = RealTime(self.machine)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def reply(octets: bytes) -> None:
            with contextlib.suppress(OSError):  # the host has gone: nobody to tell
                link.sendall(octets)

        self.machine.reply = reply
        while not self.machine.is_stopped and epoch == self._epoch:
            if not _is_readable(link.fileno()):
                continue
            try:
                data = link.recv(READ_MAX)
            except OSError:
                break
            if not data:
                break
            data, is_cut = self._count(data)
            self._deliver(data, real_time, lambda: epoch != self._epoch or _is_hung_up(link))
            if is_cut:
                break
        else:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.machine.reply = None
        if epoch == self._epoch and self.cut_link_at_byte == 0:
            self.cut_link_at_byte = -1
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)

    def _count(self, data: bytes) -> tuple[bytes, bool]:
        """Count bytes towards the cut; return those before it and whether it is here."""
        if self.cut_link_at_byte < 0:
            return data, False
        left = self.cut_link_at_byte - self._received
        self._received += len(data)
        if len(data) < left:
            return data, False
        self.cut_link_at_byte = 0
        return data[:left], True

    def _deliver(self, data: bytes, real_time: RealTime, is_over: Callable[[], bool]) -> None:
        rest = real_time.feed(data)
        while rest and not self.machine.is_stopped:
            rest = self.machine.put(rest, WAIT_S)
            if rest and is_over():
                return

    def _serve_line(self, near: int, far: int) -> None:
        real_time = RealTime(self.machine)
        self.machine.reply = lambda octets: _write_line(near, octets)
        try:
            while not self.machine.is_stopped:
                if _is_readable(near):
                    self._deliver(os.read(near, READ_MAX), real_time, lambda: False)
        finally:
            os.close(near)
            os.close(far)


def _is_readable(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(WAIT_S * 1000))


def _is_hung_up(link: socket.socket) -> bool:
    poll = select.poll()
    poll.register(link, 0)
    return bool(poll.poll(0))


def _write_line(descriptor: int, octets: bytes) -> None:
    with contextlib.suppress(OSError):  # nobody has the line open
        os.write(descriptor, octets)


def run_emulator(
    directory: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 9100,
    is_pty: bool = False,
    options: EmulatorOptions | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Serve one printer until `stop` is set; every paper is written to `directory` as it is cut."""
    directory.mkdir(parents=True, exist_ok=True)
    printer = EmulatedPrinter(options)
    address = printer.serve_pty() if is_pty else f"{host}:{printer.serve_tcp(host, port)}"
    (directory / "address").write_text(address + "\n", encoding="utf-8")
    ending = stop or threading.Event()
    written = 0
    try:
        while not ending.wait(0.2):
            papers = printer.machine.papers()
            for number in range(written, len(papers)):
                (directory / f"{number + 1:06}.png").write_bytes(papers[number].to_png())
            written = len(papers)
    finally:
        printer.stop()
