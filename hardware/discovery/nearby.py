"""A bounded look through a small network for the ports of printers and payment devices.

A port is opened and closed again, and nothing is sent: a page printer would print whatever it gets, and a payment
device takes money. Only a host that has announced that it speaks ESC/POS is asked for its real-time status (DLE EOT 1,
three bytes that no printer of that language prints). What is ours already is not disturbed.
"""

import asyncio
import contextlib
from collections.abc import Iterable
from ipaddress import IPv4Network

from msgspec import Struct

from hardware.discovery.finding import FindLimits
from hardware.payment_terminal.zvt import PORT as ZVT_PORT

RAW_PORT, PAYMENT_PORT = 9100, ZVT_PORT
ASK_STATUS = b"\x10\x04\x01"
ANSWER_BYTES_MAX = 16
Address = tuple[str, int]


class Answer(Struct, frozen=True):
    """A port that is open; `is_escpos` where it answered as an ESC/POS printer does."""

    host: str
    port: int
    is_escpos: bool = False


async def look_around(
    networks: Iterable[IPv4Network],
    limits: FindLimits,
    *,
    skip: frozenset[Address] = frozenset(),
    asked: frozenset[str] = frozenset(),
) -> tuple[tuple[Answer, ...], bool]:
    """Return the open ports, and whether the look came to its end in time.

    Addresses in `skip` are not touched; only hosts in `asked` are sent a question.
    """
    gate = asyncio.Semaphore(limits.at_once)
    found: list[Answer] = []

    async def look(host: str, port: int) -> None:
        async with gate:
            answer = await _look(host, port, limits, may_ask=host in asked)
        if answer is not None:
            found.append(answer)

    hosts = [str(host) for network in networks if network.prefixlen >= limits.prefix_min for host in network.hosts()]
    wanted = [(host, port) for port in (RAW_PORT, PAYMENT_PORT) for host in hosts if (host, port) not in skip]
    is_whole = True
    try:
        async with asyncio.timeout(limits.total_s), asyncio.TaskGroup() as group:
            for host, port in wanted:
                group.create_task(look(host, port))
    except TimeoutError:
        is_whole = False
    return tuple(sorted(found, key=lambda each: (each.port, _order(each.host)))), is_whole


async def _look(host: str, port: int, limits: FindLimits, *, may_ask: bool) -> Answer | None:
    try:
        async with asyncio.timeout(limits.connect_s):
            reader, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError):
        return None
    try:
        is_escpos = port == RAW_PORT and may_ask and await _is_escpos(reader, writer, limits.answer_s)
        return Answer(host, port, is_escpos)
    finally:
        writer.transport.abort()  # at once: a printer serves one host at a time


async def _is_escpos(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer_s: float) -> bool:
    """Say whether an answer has the fixed bits of DLE EOT, 0xx1xx10."""
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(answer_s):
            writer.write(ASK_STATUS)
            await writer.drain()
            return any(byte & 0x93 == 0x12 for byte in await reader.read(ANSWER_BYTES_MAX))  # noqa: PLR2004
    return False


def _order(host: str) -> tuple[int, ...]:
    return tuple(map(int, host.split(".")))
