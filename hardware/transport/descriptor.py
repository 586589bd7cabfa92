"""A link over a non-blocking file descriptor: what TCP, serial and USB links share."""

import errno
import os
import select
import time

from hardware.errors import DeviceUnavailable
from hardware.transport.interface import LinkLost, Sent

READ_MAX = 4096
_LATER = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR})


class DescriptorLink:
    """Sends and receives with poll; a subclass opens and closes the descriptor."""

    ends_on_empty_read = True  # usblp returns nothing without meaning the end

    def __init__(self, name: str) -> None:
        self._name = name
        self._fd = -1

    @property
    def name(self) -> str:
        """Return the address for the technician."""
        return self._name

    @property
    def is_open(self) -> bool:
        """Say whether it is open as far as we know."""
        return self._fd >= 0

    def open(self, timeout_s: float) -> None:
        """Open it; a second call does nothing."""
        if self.is_open:
            return
        try:
            self._fd = self._open(timeout_s)
        except (OSError, ValueError) as error:
            raise DeviceUnavailable("device.not_there", f"{self._name}: {error}") from None

    def close(self) -> None:
        """Close it; idempotent."""
        if self.is_open:
            descriptor, self._fd = self._fd, -1
            self._close(descriptor)

    def discard(self) -> None:
        """Close: nothing better is known for this kind of link."""
        self.close()

    def send(self, data: bytes, timeout_s: float) -> Sent:
        """Hand over as much as the time allows."""
        if not self.is_open:
            return Sent(0, is_lost=True)
        view = memoryview(data)
        accepted = 0
        deadline = time.monotonic() + timeout_s
        while accepted < len(data):
            try:
                accepted += os.write(self._fd, view[accepted:])
            except OSError as error:
                if error.errno not in _LATER:
                    self.close()
                    return Sent(accepted, is_lost=True)
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                self._poll(select.POLLOUT, left)
        return Sent(accepted)

    def receive(self, timeout_s: float) -> bytes:
        """Return what has come; raises LinkLost."""
        if not self.is_open:
            raise LinkLost("device.link_lost", self._name)
        if not self._poll(select.POLLIN, timeout_s):
            return b""
        try:
            data = os.read(self._fd, READ_MAX)
        except OSError as error:
            if error.errno in _LATER:
                return b""
            self.close()
            raise LinkLost("device.link_lost", f"{self._name}: {error}") from None
        if not data and self.ends_on_empty_read:
            self.close()
            raise LinkLost("device.link_lost", self._name)
        return data

    def _poll(self, events: int, timeout_s: float) -> bool:
        poll = select.poll()
        poll.register(self._fd, events)
        return bool(poll.poll(max(0.0, timeout_s) * 1000))

    def _open(self, timeout_s: float) -> int:
        raise NotImplementedError

    def _close(self, descriptor: int) -> None:
        raise NotImplementedError
