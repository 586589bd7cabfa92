"""A link inside this process: the other end is a socket that an emulator or a test holds."""

import socket

from hardware.transport.descriptor import DescriptorLink


class LoopbackLink(DescriptorLink):
    """Each `open` makes a new pair; `peer` is the far end of the current one."""

    def __init__(self) -> None:
        super().__init__("loopback")
        self._near: socket.socket | None = None
        self.peer: socket.socket | None = None

    def _open(self, timeout_s: float) -> int:
        del timeout_s  # there is nobody to wait for
        self._near, self.peer = socket.socketpair()
        self._near.setblocking(False)
        return self._near.fileno()

    def _close(self, descriptor: int) -> None:
        del descriptor  # it belongs to the object below, which closes it
        if self._near is not None:
            self._near.close()
            self._near = None
