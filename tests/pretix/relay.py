"""A line between terminal and server that breaks by chance: before the server hears, after it acted, amid an answer."""

import asyncio
import ssl
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any, Self

PIECE = 65_536


class Relay:
    """Carry TCP to a port of this machine; `lost` is the chance that a piece of either way breaks the line."""

    def __init__(self, port: int, *, seed: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self._target = port
        self._tls = tls
        self._chance = Random(seed)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="relay", daemon=True)
        self._lines: set[asyncio.Task[None]] = set()
        self._files: list[asyncio.Server] = []
        self.lost = 0.0
        self.breaks: Counter[str] = Counter()
        self.carried = 0
        self.url = ""

    def __enter__(self) -> Self:
        self._thread.start()
        server = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(10)
        self.url = f"http{'s' if self._tls else ''}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._server = server
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def open_file(self, file: Path) -> None:
        """Carry from a socket file as well: every network namespace reaches one."""
        opening = asyncio.start_unix_server(self._accept, file)
        self._files.append(asyncio.run_coroutine_threadsafe(opening, self._loop).result(10))

    def expire(self, tls: ssl.SSLContext) -> None:
        """Answer at the same port with another certificate from now on."""
        self._tls = tls
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._server = asyncio.run_coroutine_threadsafe(self._open(int(self.url.rsplit(":", 1)[1])), self._loop).result(
            10
        )

    async def _open(self, port: int = 0) -> asyncio.Server:
        return await asyncio.start_server(self._accept, "127.0.0.1", port, ssl=self._tls)

    async def _close(self) -> None:
        for server in (self._server, *self._files):
            server.close()
        for line in self._lines:
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.ensure_future(self._carry(reader, writer))
        self._lines.add(line)
        line.add_done_callback(self._lines.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward: Any = None
        try:
            back, onward = await asyncio.open_connection("127.0.0.1", self._target)
            ways = [
                asyncio.ensure_future(self._pass(reader, onward, "request")),
                asyncio.ensure_future(self._pass(back, writer, "answer")),
            ]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        except OSError:
            self.breaks["server away"] += 1
        finally:
            for end in (writer, onward):
                if end is not None:
                    end.transport.abort()

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, what: str) -> None:
        with suppress(ConnectionError):
            while piece := await source.read(PIECE):
                if self._chance.random() < self.lost:
                    is_torn = what == "answer" and self._chance.random() < 0.3
                    self.breaks[f"{what} torn" if is_torn else f"{what} lost"] += 1
                    if is_torn:
                        target.write(piece[: len(piece) // 2])
                        await target.drain()
                    return
                self.carried += len(piece)
                target.write(piece)
                await target.drain()
