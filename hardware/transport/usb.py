"""A link over the kernel's USB printer class device, /dev/usb/lp0 (driver usblp)."""

import os

from hardware.transport.descriptor import DescriptorLink


class UsbPrinterLink(DescriptorLink):
    """Opens the character device without blocking; usblp stays attached, no reset is sent."""

    ends_on_empty_read = False

    def __init__(self, path: str = "/dev/usb/lp0") -> None:
        super().__init__(path)

    def _open(self, timeout_s: float) -> int:
        del timeout_s  # opening a character device does not wait
        return os.open(self._name, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)

    def _close(self, descriptor: int) -> None:
        os.close(descriptor)
