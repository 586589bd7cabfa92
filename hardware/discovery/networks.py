"""The local networks this machine stands in, by the kernel's word; never one that is not private."""

import fcntl
import socket
import struct
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

_SIOCGIFADDR, _SIOCGIFNETMASK = 0x8915, 0x891B  # linux/sockios.h
_NAME_BYTES_MAX = 15


def own_networks(prefix_min: int = 24, most: int = 2) -> tuple[tuple[IPv4Network, IPv4Address], ...]:
    """Return (network, our address in it); of a larger network only the part around our address."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            own, mask = (_ask(asking, question, name) for question in (_SIOCGIFADDR, _SIOCGIFNETMASK))
            if own and mask:
                found.append(around(IPv4Interface(f"{own}/{mask}"), prefix_min))
    return tuple((each, own) for each, own in found if own.is_private and not own.is_loopback)[:most]


def around(own: IPv4Interface, prefix_min: int) -> tuple[IPv4Network, IPv4Address]:
    """Return the network of an address, cut to the size allowed."""
    prefix = max(own.network.prefixlen, prefix_min)
    return IPv4Network(f"{own.ip}/{prefix}", strict=False), own.ip


def _ask(asking: socket.socket, question: int, name: str) -> str:
    """Return an address of an interface, "" where it has none."""
    request = struct.pack("256s", name.encode()[:_NAME_BYTES_MAX])
    try:
        return socket.inet_ntoa(fcntl.ioctl(asking.fileno(), question, request)[20:24])
    except OSError:
        return ""
