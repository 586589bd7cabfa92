"""A ZVT device on a TCP port, written from the manual, with a book of its own and faults to start by name.

It keeps its last transaction for a repeat receipt, refuses while busy (84 9C), and goes on when the till hangs up.
"""

import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from hardware.faults import FaultSwitch
from hardware.payment_terminal.ledger import Charge, ChargeState, PaymentLedger

FAULTS = {
    "declined": "The issuer says no.",
    "slow": "The device takes `slow_s` and can be stopped meanwhile.",
    "mute": "The device charges and never answers.",
    "answer_lost_before_charge": "The line drops after the request; no money moves.",
    "answer_lost_after_charge": "The line drops after the money moved.",
    "completion_lost": "The line drops between the status information and the completion.",
    "late_approval_after_timeout": "The line drops; the money moves later.",
    "late_decline_after_timeout": "The line drops; later the issuer says no.",
    "power_cycled": "The device restarts in the middle of an authorisation; no money moves.",
    "duplicated": "Every status information is sent twice.",
    "stale": "The status of the transaction before is sent once more before the new one.",
    "query_lost": "A repeat receipt is not answered.",
    "reversal_lost_before": "The line drops before a reversal is done.",
    "reversal_lost_after": "The line drops after a reversal was done.",
    "reversal_refused": "A reversal is refused.",
    "not_reachable": "The device hangs up at once.",
    "nonsense": "The device answers bytes that ZVT does not know.",
}
_DROPS = {
    "answer_lost_before_charge": ChargeState.DECLINED,
    "answer_lost_after_charge": ChargeState.CHARGED,
    "power_cycled": None,
    "late_approval_after_timeout": ChargeState.CHARGED,
    "late_decline_after_timeout": ChargeState.DECLINED,
}
_LATE = frozenset({"late_approval_after_timeout", "late_decline_after_timeout"})
_ACK = b"\x80\x00\x00"
_STOP = b"\x06\xb0"
_BUSY = b"\x84\x9c\x00"
_NO_RECEIPT = b"\x84\x83\x00"
_COMPLETION = b"\x06\x0f\x00"
BUSY_ANSWERS_UNTIL_SETTLED = 2


class _Last(Struct, frozen=True):
    """The transaction a repeat receipt tells of."""

    charge: Charge | None
    status: bytes


class ZvtEmulator(FaultSwitch):
    """A card terminal of its own; `port` is known after `start`."""

    def __init__(self, ledger_path: Path, *, port: int = 0, host: str = "127.0.0.1", slow_s: float = 30.0) -> None:
        super().__init__(FAULTS)
        self.ledger = PaymentLedger(ledger_path)
        self._address = (host, port)
        self._slow_s = slow_s
        self._server: socket.socket | None = None
        self._threads: list[threading.Thread] = []
        self._links: list[socket.socket] = []
        self._lock = threading.RLock()
        self._pending: Charge | None = None
        self._is_working = False
        self._busy_answers = 0
        self._last = _Last(None, b"")
        self._reversals = 0
        self._hang_ups = 0
        self._stopping = threading.Event()

    @property
    def port(self) -> int:
        """Return the TCP port it listens on."""
        return int(self._server.getsockname()[1]) if self._server else self._address[1]

    @property
    def kept_minor(self) -> int:
        """Return what customers paid and did not get back, by the device's own book."""
        return sum(c.kept_minor for c in self.ledger.charges)

    def start(self) -> None:
        """Listen."""
        self._server = socket.create_server(self._address)
        self._spawn(self._accept, self._server)

    def stop(self) -> None:
        """Hang up and end; idempotent."""
        self._stopping.set()
        if self._server is not None:
            _shut(self._server)
            self._server.close()
        for link in tuple(self._links):
            _shut(link)
        for thread in self._threads:
            thread.join(5)
        self.ledger.close()

    def settle_late(self) -> None:
        """Let a pending transaction end as it was going to."""
        with self._lock:
            charge, self._pending = self._pending, None
            self._busy_answers = 0
            if charge is not None:
                self._settle(charge, charge.will)

    def _spawn(self, target: Callable[[socket.socket], None], link: socket.socket) -> None:
        thread = threading.Thread(target=target, args=(link,), name="zvt-emulator", daemon=True)
        self._threads = [t for t in self._threads if t.is_alive()] + [thread]
        thread.start()

    def _accept(self, server: socket.socket) -> None:
        while not self._stopping.is_set():
            try:
                link, _ = server.accept()
            except OSError:
                return
            self._links.append(link)
            self._spawn(self._serve, link)

    def _serve(self, link: socket.socket) -> None:
        with link:
            if self._has("not_reachable"):
                self._links.remove(link)
                return
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            wire = _Wire(link)
            try:
                while (message := wire.read()) is not None:
                    if not self._obey(wire, message[:2], message[2:]):
                        break
            except OSError:
                pass  # the till hung up
            self._links.remove(link)

    def _obey(self, wire: "_Wire", control: bytes, data: bytes) -> bool:
        """Do one command; False to hang up."""
        if control[0] in (0x80, 0x84) or control == _STOP:
            return True
        if self._strikes("nonsense"):
            wire.write(b"\x04\x0f\x03\xee\x01\x02")
            return False
        table: dict[bytes, Callable[[_Wire, bytes], bool]] = {
            b"\x06\x00": self._register,
            b"\x06\x01": self._authorise,
            b"\x06\x20": self._repeat,
            b"\x06\x30": self._reverse,
            b"\x06\x10": self._totals,
            b"\x06\x50": self._end_of_day,
            b"\x06\x70": self._diagnose,
            b"\x05\x01": self._enquire,
        }
        command = table.get(control)
        if command is None:
            wire.write(b"\x84\x83\x00")
            return True
        return command(wire, data)

    def _register(self, wire: "_Wire", data: bytes) -> bool:
        wire.write(_ACK)
        return wire.say(b"\x06\x0f\x05\x19\x00\x49" + data[4:6]) if len(data) >= 6 else wire.say(_COMPLETION)  # noqa: PLR2004

    def _enquire(self, wire: "_Wire", data: bytes) -> bool:
        del data
        wire.write(_ACK)
        return wire.say(b"\x06\x0f\x08\xf0\xf0\xf4EMU1\x00")

    def _diagnose(self, wire: "_Wire", data: bytes) -> bool:
        del data
        wire.write(_ACK)
        wire.say(_frame(b"\x06\xd1", b"\x00LINE TO HOST GOOD"))
        return wire.say(_COMPLETION)

    def _authorise(self, wire: "_Wire", data: bytes) -> bool:
        with self._lock:
            if self._is_busy():
                wire.write(_BUSY)
                return True
            self._is_working = True
        try:
            return self._transact(wire, _amount(data), data)
        finally:
            self._is_working = False

    def _transact(self, wire: "_Wire", amount: int, data: bytes) -> bool:
        fault = next((name for name in _DROPS if self._strikes(name)), "")
        if fault:
            self._drop(fault, amount, data)
            return False
        is_mute = self._strikes("mute")
        if not is_mute:
            wire.write(_ACK)
            wire.say(b"\x04\xff\x01\x0a")
        if self._strikes("slow") and wire.waits_for_stop(self._slow_s, self._stopping):
            self._begin(amount, data, ChargeState.DECLINED)
            self._settle(self.ledger.charges[-1], ChargeState.DECLINED)
            return wire.say(b"\x06\x1e\x01\x6c")
        stale = self._last.status if self._strikes("stale") else b""
        will = ChargeState.DECLINED if self._strikes("declined") else ChargeState.CHARGED
        self._settle(self._begin(amount, data, will), will)
        if is_mute:
            return True
        return self._tell(wire, stale, will)

    def _tell(self, wire: "_Wire", stale: bytes, will: ChargeState) -> bool:
        for status in (stale, self._last.status, self._last.status if self._strikes("duplicated") else b""):
            if status:
                wire.say(status)
        if self._strikes("completion_lost"):
            return False
        wire.say(_frame(b"\x06\xd1", b"\x00CARD 4111111111111111"))
        return wire.say(_COMPLETION if will is ChargeState.CHARGED else b"\x06\x1e\x01\x05")

    def _drop(self, fault: str, amount: int, data: bytes) -> None:
        will = _DROPS[fault]
        if will is None:
            return
        with self._lock:
            charge = self._begin(amount, data, will)
            if fault in _LATE:
                self._pending = charge
            else:
                self._settle(charge, will)

    def _repeat(self, wire: "_Wire", data: bytes) -> bool:
        del data
        with self._lock:
            if self._is_busy():
                self._busy_answers += 1
                wire.write(_BUSY)
                if self._busy_answers >= BUSY_ANSWERS_UNTIL_SETTLED:
                    self.settle_late()
                return True
            if self._strikes("query_lost"):
                return False
            status = self._last.status
        if not status:
            wire.write(_NO_RECEIPT)
            return True
        wire.write(_ACK)
        wire.say(status)
        return wire.say(_COMPLETION)

    def _reverse(self, wire: "_Wire", data: bytes) -> bool:
        if self._strikes("reversal_lost_before"):
            return False
        with self._lock:
            number = int(data[4:6].hex())
            charge = next((c for c in self.ledger.charges if c.number == number), None)
            is_reversible = charge is not None and charge.state is ChargeState.CHARGED
            if charge is None or not is_reversible or self._strikes("reversal_refused") or self._is_busy():
                wire.write(b"\x84\x83\x00")
                return True
            self._reversals += 1
            reversed_charge = self.ledger.settle(charge.reference, ChargeState.REVERSED)
            trace = 500_000 + self._reversals
            extra = b"\x37" + _bcd(charge.number, 3)
            self._last = _Last(reversed_charge, _status(charge, 0, trace, trace % 10_000, extra))
        if self._strikes("reversal_lost_after"):
            return False
        wire.write(_ACK)
        wire.say(self._last.status)
        return wire.say(_COMPLETION)

    def _totals(self, wire: "_Wire", data: bytes) -> bool:
        del data
        day = self.ledger.day()
        total = sum(c.amount_minor for c in day)
        groups = bytes((len(day),)) + _bcd(total, 6) + bytes(7) * 6
        single = b"\x00\x01\x99\x99" + groups
        length = "".join(f"f{d}" for d in f"{len(single):03d}")
        wire.write(_ACK)
        wire.say(_frame(b"\x04\x0f", b"\x27\x00\x04" + _bcd(total, 6) + b"\x60" + bytes.fromhex(length) + single))
        return wire.say(_COMPLETION)

    def _end_of_day(self, wire: "_Wire", data: bytes) -> bool:
        is_open = self._totals(wire, data)
        self.ledger.close_day()
        return is_open

    def _is_busy(self) -> bool:
        return self._pending is not None or self._is_working

    def _begin(self, amount: int, data: bytes, will: ChargeState) -> Charge:
        reference = str(len(self.ledger.charges) + 1)
        return self.ledger.begin(reference, amount, data[8:10].hex() or "0978", will, "")

    def _settle(self, charge: Charge, state: ChargeState) -> None:
        settled = self.ledger.settle(charge.reference, state)
        code = 0 if state is ChargeState.CHARGED else 0x05
        self._last = _Last(settled, _status(settled, code, settled.number, settled.number, b""))


class _Wire:
    """Frames on a connection."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link
        self._buffer = b""
        self.is_stopped = False

    def write(self, raw: bytes) -> None:
        self._link.sendall(raw)

    def say(self, raw: bytes) -> bool:
        """Send a message and wait for its acknowledgement; False when the till is gone."""
        self._link.sendall(raw)
        while (message := self.read()) is not None:
            if message[0] in (_ACK[0], _BUSY[0]):
                return True
            self.is_stopped = self.is_stopped or message[:2] == _STOP
        return False

    def read(self) -> bytes | None:
        """Return class, instruction and data of the next message; None at a hang-up."""
        while True:
            if len(self._buffer) >= 3:  # noqa: PLR2004 - head
                start, size = 3, self._buffer[2]
                if size == 0xFF and len(self._buffer) >= 5:  # noqa: PLR2004 - long head
                    start, size = 5, self._buffer[3] + 256 * self._buffer[4]
                if len(self._buffer) >= start + size:
                    message = self._buffer[:2] + self._buffer[start : start + size]
                    self._buffer = self._buffer[start + size :]
                    return message
            part = self._link.recv(4096)
            if not part:
                return None
            self._buffer += part

    def waits_for_stop(self, wait_s: float, stopping: threading.Event) -> bool:
        """Wait; True when the till asked to stop or hung up."""
        if self.is_stopped:
            return True
        end = time.monotonic() + wait_s
        self._link.settimeout(0.05)
        try:
            while time.monotonic() < end and not stopping.is_set():
                try:
                    message = self.read()
                except TimeoutError:
                    continue
                if message is None or message[:2] == _STOP:
                    return True
            return False
        finally:
            self._link.settimeout(None)


def _status(charge: Charge, code: int, trace: int, receipt: int, extra: bytes) -> bytes:
    at = time.localtime()
    moment = bytes.fromhex(time.strftime("0c%H%M%S0d%m%d", at))
    name = b"GIROCARD\x00"
    body = (
        (b"\x27" + bytes((code,)) + b"\x04" + _bcd(charge.amount_minor, 6) + b"\x49" + bytes.fromhex(charge.currency))
        + moment
        + (b"\x22\xf0\xf8\xee\xee\xee\xee\xee\xee\x11\x11\x0b" + _bcd(trace, 3) + b"\x87" + _bcd(receipt, 2))
        + (b"\x8b\xf0\xf9" + name + extra)
    )
    return _frame(b"\x04\x0f", body)


def _frame(control: bytes, body: bytes) -> bytes:
    return control + bytes((len(body),)) + body


def _bcd(number: int, size: int) -> bytes:
    return bytes.fromhex(f"{number:0{size * 2}d}")


def _amount(data: bytes) -> int:
    return int(data[1:7].hex())


def _shut(link: socket.socket) -> None:
    try:
        link.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # not connected any more
