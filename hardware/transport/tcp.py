"""A link over TCP, such as a printer on port 9100."""

import socket
import struct

from hardware.transport.descriptor import DescriptorLink

SEND_BUFFER_BYTES = 16_384  # small, so that what we call accepted is near the device
SILENCE_MAX_MS = 10_000  # unacknowledged bytes for this long: the peer is gone


class TcpLink(DescriptorLink):
    """Connects on `open`; `discard` resets the connection, so that nothing unsent is delivered later."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host}:{port}")
        self._address = (host, port)
        self._socket: socket.socket | None = None

    def discard(self) -> None:
        """Reset the connection."""
        if self._socket is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def _open(self, timeout_s: float) -> int:
        link = socket.create_connection(self._address, timeout=timeout_s)
        link.setblocking(False)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENCE_MAX_MS)
        self._socket = link
        return link.fileno()

    def _close(self, descriptor: int) -> None:
        del descriptor  # it belongs to the object below, which closes it
        if self._socket is not None:
            self._socket.close()
            self._socket = None
