"""A link that writes down what goes over it, in the words of whoever knows the protocol."""

from collections.abc import Callable

from hardware.errors import DeviceUnavailable
from hardware.trace import Direction, WireTrace
from hardware.transport.interface import Link, LinkLost, Sent

Words = Callable[[bytes], list[tuple[str, int]]]  # bytes as they went → (what it was, how many bytes)


class TracedLink:
    """A `Link` around another; `outgoing` and `incoming` turn bytes into words and are used by one thread.

    `reset` is called where the line was opened: what broke off before is not gone on with.
    """

    def __init__(
        self, link: Link, trace: WireTrace, outgoing: Words, incoming: Words, reset: Callable[[], None] = lambda: None
    ) -> None:
        self._link = link
        self._trace = trace
        self._outgoing = outgoing
        self._incoming = incoming
        self._reset = reset

    @property
    def name(self) -> str:
        """Return the address for the technician."""
        return self._link.name

    @property
    def is_open(self) -> bool:
        """Say whether it is open as far as we know."""
        return self._link.is_open

    def open(self, timeout_s: float) -> None:
        """Open it; raises DeviceUnavailable."""
        if self._link.is_open:
            return
        try:
            self._link.open(timeout_s)
        except DeviceUnavailable:
            self._trace.note(Direction.LINE, "cannot be opened")
            raise
        self._reset()
        self._trace.note(Direction.LINE, "opened")

    def close(self) -> None:
        """Close it; idempotent."""
        if self._link.is_open:
            self._trace.note(Direction.LINE, "closed")
        self._link.close()

    def discard(self) -> None:
        """Throw away what was accepted and is not delivered yet."""
        self._trace.note(Direction.LINE, "thrown away what was not delivered")
        self._link.discard()

    def send(self, data: bytes, timeout_s: float) -> Sent:
        """Hand over as much as the time allows; never raises."""
        sent = self._link.send(data, timeout_s)
        for what, octets in self._outgoing(data[: sent.accepted]):
            self._trace.note(Direction.OUT, what, octets)
        if sent.is_lost:
            self._trace.note(Direction.LINE, "lost while sending")
        return sent

    def receive(self, timeout_s: float) -> bytes:
        """Return what has come; raises LinkLost."""
        try:
            data = self._link.receive(timeout_s)
        except LinkLost:
            self._trace.note(Direction.LINE, "lost")
            raise
        for what, octets in self._incoming(data):
            self._trace.note(Direction.IN, what, octets)
        return data
