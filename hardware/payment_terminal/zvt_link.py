"""One conversation with a ZVT device over TCP: connect, register, ask, acknowledge what it says, hear how it ends.

Blocking; runs on the device's thread. Each conversation has a connection of its own, so that nothing said to an
earlier one is taken for an answer to this one.
"""

import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from msgspec import Struct, field

from hardware.errors import DeviceUnavailable
from hardware.payment_terminal import wire_words
from hardware.payment_terminal.zvt_codec import (
    Frame,
    Status,
    ZvtError,
    bcd,
    parse_abort,
    parse_print,
    parse_status,
    take_frame,
)
from hardware.trace import Direction, WireTrace

REGISTER, AUTHORISE, REVERSE, REPEAT, TOTALS, END_OF_DAY = 0x0600, 0x0601, 0x0630, 0x0620, 0x0610, 0x0650
DIAGNOSE, ENQUIRE, STOP = 0x0670, 0x0501, 0x06B0
COMPLETION, ABORTED, STATUS, INTERMEDIATE, PRINT_LINE, PRINT_BLOCK = 0x060F, 0x061E, 0x040F, 0x04FF, 0x06D1, 0x06D3
ACK = Frame(0x8000)
_NACK_CLASS = 0x84
BUSY_CODE = 0x9C
# The till prints receipts (02, 04), wants intermediate states (08), enters amounts (10), keeps the functions (20),
# and takes print lines (80).
CONFIG = 0xBE
SLICE_S = 0.1
RECEIPT_LINES_MAX = 400
MESSAGES_MAX = 2000
_BUFFER_MAX = 70_000


class LineLostError(Exception):
    """The device fell silent or hung up; `is_asked` says whether it had been asked by then."""

    def __init__(self, *, is_asked: bool) -> None:
        super().__init__("asked" if is_asked else "not asked")
        self.is_asked = is_asked


class RefusedError(Exception):
    """The device did not take the request: nothing happened. `code` is its reason."""

    def __init__(self, code: int) -> None:
        super().__init__(f"{code:02X}")
        self.code = code


class Heard(Struct):
    """What a conversation brought: the status, how it ended and what was to be printed."""

    status: Status | None = None
    abort_code: int | None = None
    completion: bytes = b""
    lines: list[str] = field(default_factory=list)


class ZvtConversation:
    """A registered connection; use as a context.

    Raises:
        DeviceUnavailable: nothing listens there.
    """

    def __init__(
        self,
        address: tuple[str, int],
        password: int,
        currency_code: int,
        timeout_s: float,
        trace: WireTrace | None = None,
    ) -> None:
        self._password = bcd(password, 3)
        self._deadline = time.monotonic() + timeout_s
        self._buffer = b""
        self._trace = trace or WireTrace()
        try:
            self._socket = socket.create_connection(address, timeout_s)
        except OSError as error:
            self._trace.note(Direction.LINE, "cannot be opened")
            raise DeviceUnavailable("payment.not_reachable", type(error).__name__) from None
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # short messages, each waited for
        self._currency = bcd(currency_code, 2)
        self._trace.note(Direction.LINE, "opened")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()
        self._trace.note(Direction.LINE, "closed")

    def register(self) -> Heard:
        """Register the till with the device."""
        return self.ask(REGISTER, self._password + bytes((CONFIG,)) + self._currency + b"\x03\x00")

    def ask(
        self,
        control: int,
        data: bytes,
        *,
        timeout_s: float | None = None,
        wants_stop: Callable[[], bool] = lambda: False,  # asked between messages
        is_stale: Callable[[Status], bool] = lambda _: False,
    ) -> Heard:
        """Ask and listen to the end.

        Raises:
            RefusedError: not taken; nothing happened.
            LineLostError: silent or gone.
            ZvtError: it speaks nonsense.
        """
        if timeout_s is not None:
            self._deadline = time.monotonic() + timeout_s
        heard = Heard()
        self._send(Frame(control, data))
        for _ in range(MESSAGES_MAX):
            frame = self._receive(wants_stop)
            if frame is None:
                wants_stop = _never  # once is enough
                self._send(Frame(STOP))
            elif self._take(frame, heard, is_stale):
                return heard
        raise LineLostError(is_asked=True)

    def with_password(self, control: int, data: bytes = b"") -> Heard:
        """Ask for something that wants the password first."""
        return self.ask(control, self._password + data)

    def reverse(self, receipt: int, timeout_s: float) -> Heard:
        """Ask to reverse a receipt."""
        return self.ask(REVERSE, self._password + b"\x87" + bcd(receipt, 2), timeout_s=timeout_s)

    def _take(self, frame: Frame, heard: Heard, is_stale: Callable[[Status], bool]) -> bool:
        """Take one message; True when it was the last."""
        if frame.control >> 8 == _NACK_CLASS:
            raise RefusedError(frame.control & 0xFF)
        if frame.control == ACK.control:
            return False
        if frame.control == STATUS:
            status = parse_status(frame.data)
            heard.status = heard.status if is_stale(status) else status
        elif frame.control == COMPLETION:
            heard.completion = frame.data
        elif frame.control == ABORTED:
            heard.abort_code = parse_abort(frame.data)
        elif frame.control in (PRINT_LINE, PRINT_BLOCK):
            heard.lines += parse_print(frame)[: RECEIPT_LINES_MAX - len(heard.lines)]
        elif frame.control != INTERMEDIATE:
            raise ZvtError(f"message {frame.control:04X} is unknown")
        self._send(ACK)
        return frame.control in (COMPLETION, ABORTED)

    def _receive(self, wants_stop: Callable[[], bool]) -> Frame | None:
        """Return the next message; None when the till wants to stop."""
        while True:
            taken = take_frame(self._buffer)
            if taken is not None:
                frame, size = taken
                self._buffer = self._buffer[size:]
                self._trace.note(Direction.IN, wire_words.told(frame), size)
                return frame
            if wants_stop():
                return None
            left_s = self._deadline - time.monotonic()
            if left_s <= 0 or len(self._buffer) > _BUFFER_MAX:
                raise LineLostError(is_asked=True)
            self._socket.settimeout(min(SLICE_S, left_s))
            try:
                part = self._socket.recv(4096)
            except TimeoutError:
                continue
            except OSError:
                raise LineLostError(is_asked=True) from None
            if not part:
                raise LineLostError(is_asked=True)
            self._buffer += part

    def _send(self, frame: Frame) -> None:
        raw = frame.encode()
        self._trace.note(Direction.OUT, wire_words.asked(frame), len(raw))
        self._socket.settimeout(max(SLICE_S, self._deadline - time.monotonic()))
        try:
            self._socket.sendall(raw)
        except OSError:
            raise LineLostError(is_asked=True) from None


def _never() -> bool:
    return False
