"""A server that takes any order or hold at once: `answering_server.py DELAY_S` says its port and answers so much later.

It does no work of its own, so what is measured against it is the client's share alone.
"""

import asyncio
import json
import sys

WHEN = {"datetime": "2026-11-28T10:00:00+00:00"}
HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay_s: float) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            sizes = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
            order = json.loads(await reader.readexactly(int(sizes[0])))
            made = {"results": [{"success": True}] * len(order)} if isinstance(order, list) else {**order, **WHEN}
            answer = json.dumps(made).encode()
            if delay_s:
                await asyncio.sleep(delay_s)
            writer.write(HEAD % len(answer) + answer)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main(delay_s: float) -> None:
    server = await asyncio.start_server(lambda reader, writer: serve(reader, writer, delay_s), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - what the bench waits for
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
