"""Links to devices: TCP, serial line, USB printer class, loopback; the public face is listed in `__all__`."""

from hardware.transport.interface import Link, LinkLost, Sent
from hardware.transport.loopback import LoopbackLink
from hardware.transport.serial_line import SerialLink
from hardware.transport.tcp import TcpLink
from hardware.transport.traced import TracedLink
from hardware.transport.usb import UsbPrinterLink

__all__ = ["Link", "LinkLost", "LoopbackLink", "Sent", "SerialLink", "TcpLink", "TracedLink", "UsbPrinterLink"]
