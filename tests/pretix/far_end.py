"""The far end of a line inside a network namespace: to the server by a socket file, and a portal that answers for it.

`far_end.py PORT FILE` carries 127.0.0.1:PORT to the socket FILE and says `open PORTAL`, the port of the portal.
"""

import asyncio
import socket
import sys
from itertools import cycle

PIECE = 65_536
# As a server in front of the real one does: a client that was cut off must not hold one of its few threads for ever.
ALIVE = (
    ((socket.SOL_SOCKET, socket.SO_KEEPALIVE), 1), ((socket.IPPROTO_TCP, socket.TCP_KEEPIDLE), 1),
    ((socket.IPPROTO_TCP, socket.TCP_KEEPINTVL), 1), ((socket.IPPROTO_TCP, socket.TCP_KEEPCNT), 3),
)  # fmt: skip
LOGIN = b"<!DOCTYPE html><title>Free Wi-Fi</title><form action=/login>Accept our terms</form>"
ANSWERS = (
    b"302 Found\r\nLocation: http://portal.example/login",
    b"200 OK\r\nContent-Type: text/html",
    b"511 Network Authentication Required\r\nContent-Type: text/html",
    b"403 Forbidden\r\nContent-Type: text/html",
)


async def passed(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while piece := await source.read(PIECE):
        target.write(piece)
        await target.drain()


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> None:
    """Carry both ways until either end is done, or the line breaks."""
    connection = writer.get_extra_info("socket")
    for option, value in ALIVE:
        connection.setsockopt(*option, value)
    back, onward = await asyncio.open_unix_connection(path)
    ways = [asyncio.ensure_future(passed(reader, onward)), asyncio.ensure_future(passed(back, writer))]
    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    for way in ways:
        way.cancel()
    await asyncio.gather(*ways, return_exceptions=True)
    for end in (writer, onward):
        end.transport.abort()


async def main(port: int, path: str) -> None:
    answers = cycle(ANSWERS)

    async def portal(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = await reader.readuntil(b"\r\n\r\n")
            sizes = [line.split(b":")[1] for line in asked.lower().split(b"\r\n") if line.startswith(b"content-length")]
            await reader.readexactly(int(sizes[0]) if sizes else 0)
            ends = b"\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(LOGIN)
            writer.write(b"HTTP/1.1 " + next(answers) + ends + LOGIN)
            await writer.drain()
        except (OSError, EOFError):
            return
        finally:
            writer.close()

    line = await asyncio.start_server(lambda reader, writer: carry(reader, writer, path), "127.0.0.1", port)
    hotspot = await asyncio.start_server(portal, "127.0.0.1", 0)
    print("open", hotspot.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - what the test waits for
    async with line, hotspot:
        await line.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
