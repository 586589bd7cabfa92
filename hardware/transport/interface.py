"""A link to a device: bytes out, bytes in, every wait bounded, and honesty about what was sent."""

from typing import Protocol

from msgspec import Struct

from hardware.errors import DeviceError


class LinkLost(DeviceError):  # noqa: N818 - read as a state of the link
    """The link broke; what was sent before may or may not have arrived."""


class Sent(Struct, frozen=True):
    """What became of a send.

    `accepted` bytes left our hands: into the kernel, no proof that the device has them. The rest never did.
    `is_lost` says that the link broke, so that of the accepted bytes nothing is known.
    """

    accepted: int
    is_lost: bool = False


class Link(Protocol):
    """One link, used by one thread."""

    @property
    def name(self) -> str:
        """Return the address for the technician."""
        ...

    @property
    def is_open(self) -> bool:
        """Say whether it is open as far as we know."""
        ...

    def open(self, timeout_s: float) -> None:
        """Open it; raises DeviceUnavailable when it cannot be: nothing happened."""
        ...

    def close(self) -> None:
        """Close it; what was accepted may still be delivered. Idempotent."""
        ...

    def discard(self) -> None:
        """Throw away what was accepted and is not delivered yet, as far as the link can; it may be closed after."""
        ...

    def send(self, data: bytes, timeout_s: float) -> Sent:
        """Hand over as much as the time allows; never raises."""
        ...

    def receive(self, timeout_s: float) -> bytes:
        """Return what has come, b"" when nothing did in time; raises LinkLost."""
        ...
