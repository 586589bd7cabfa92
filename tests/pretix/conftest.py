"""A real pretix of the pinned version on loopback: installed, seeded over REST, and set back between tests."""

import asyncio
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.application.interfaces import BookingOrder, EventChoice, PartOrder
from kiosk.domain.catalogue import RiderCount
from kiosk.domain.money import total
from kiosk.platforms.pretix import Access, Client, PretixConfig, PretixPlatform, Terminal, initialize

HERE = Path(__file__).parent
VENV = HERE.parents[1] / ".cache" / "pretix-venv"
LOCK = HERE.parents[1] / "requirements" / "pretix.txt"
START_S = 120
TERMINAL = Terminal("Test", "Kiosk", "1")


def python_with_pretix() -> Path:
    """Return the server's own Python with what the lock names, made when it is missing; skip by name without it."""
    python, mark = VENV / "bin" / "python", VENV / "installed"
    if mark.exists() and mark.read_bytes() == LOCK.read_bytes():
        return python
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
    for step in ([sys.executable, "-m", "venv", "--clear", str(VENV)], [*pip, "-r", str(LOCK)]):
        done = subprocess.run(step, check=False, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"the pretix of {LOCK.name} cannot be installed here: {done.stderr.strip()[-200:]}")
    mark.write_bytes(LOCK.read_bytes())
    return python


@dataclass
class Server:
    """The running server: where it is, what was seeded, and how to set it back or kill it."""

    python: Path
    folder: Path
    url: str
    facts: dict[str, Any]
    process: subprocess.Popen[bytes]

    @property
    def database(self) -> Path:
        return self.folder / "db.sqlite3"

    def keep(self) -> None:
        copy(self.database, self.folder / "kept.sqlite3")

    def reset(self) -> None:
        copy(self.folder / "kept.sqlite3", self.database)

    def rows(self, query: str, *values: Any) -> list[Any]:
        with closing(sqlite3.connect(self.database, timeout=20)) as connection:
            return connection.execute(query, values).fetchall()

    def change(self, statement: str, *values: Any) -> None:
        with closing(sqlite3.connect(self.database, timeout=20)) as connection:
            connection.execute(statement, values)
            connection.commit()

    def forget_keys(self) -> None:
        self.change(f"DELETE FROM {self.keys_table}")  # noqa: S608 - a name read from the schema

    @property
    def keys_table(self) -> str:
        found = self.rows("SELECT name FROM sqlite_master WHERE type='table' AND name LIKE '%apicall%'")
        return str(found[0][0])

    def kill_worker(self) -> None:
        """Kill the one worker, as a crash does; the master starts another."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in listed:
            os.kill(int(pid), 9)


def copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source, timeout=20)) as old, closing(sqlite3.connect(target, timeout=20)) as new:
        old.backup(new)


def environment(folder: Path, url: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(HERE), "LANG": "C.UTF-8",
        "DJANGO_SETTINGS_MODULE": "pretix_fast_settings", "PRETIX_PRETIX_DATADIR": str(folder),
        "PRETIX_DATABASE_BACKEND": "sqlite3", "PRETIX_PRETIX_URL": url, "PRETIX_DJANGO_SECRET": "of the tests alone",
    }  # fmt: skip


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    python = python_with_pretix()
    folder = tmp_path_factory.mktemp("pretix")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    env = environment(folder, url)
    for step in (["migrate", "--run-syncdb", "-v", "0"], ["loaddata", "-v", "0", str(HERE / "seed.json")]):
        subprocess.run([str(python), "-m", "pretix", *step], env=env, check=True, capture_output=True, cwd=folder)
    log = (folder / "server.log").open("wb")
    process = subprocess.Popen(
        [str(python), "-m", "gunicorn", "pretix.wsgi", "-b", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4"],
        env=env, cwd=folder, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        wait(url)
        seeded = subprocess.run([sys.executable, str(HERE / "seeding.py"), url], check=True, capture_output=True)
        made = Server(python, folder, url, json.loads(seeded.stdout), process)
        made.facts["token"] = asyncio.run(token(made)).token
        made.keep()
        yield made
    finally:
        process.terminate()
        process.wait(30)
        log.close()


async def token(server: Server) -> Any:
    client = Client(Access(server.url, "guichet", ""))
    try:
        return await initialize(client, server.facts["device_token"], TERMINAL, timeout_s=60)
    finally:
        await client.close()


def wait(url: str) -> None:
    """Wait until the server answers at all."""
    ends = time.monotonic() + START_S
    transport = httpx.HTTPTransport(retries=8)
    while time.monotonic() < ends:
        try:
            with httpx.Client(transport=transport, timeout=30) as client:
                client.get(f"{url}/api/v1/")
        except httpx.TransportError:
            continue
        return
    pytest.fail("the server did not start")


class Wire(httpx.AsyncBaseTransport):
    """Carry requests; can be cut, and can lose the answer to the next write, and to the look-up after it."""

    def __init__(self) -> None:
        self.real = httpx.AsyncHTTPTransport()
        self.is_cut = False
        self.loses = 0
        self.loses_look_up = False
        self.sent: list[tuple[str, str]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_cut:
            raise httpx.ConnectError("cut")
        self.sent.append((request.method, request.headers.get("X-Idempotency-Key", "")))
        response = await self.real.handle_async_request(request)
        is_look_up = request.method == "GET" and self.loses_look_up and not self.loses
        if (self.loses and request.method != "GET") or is_look_up:
            self.loses -= 0 if is_look_up else 1
            self.loses_look_up = self.loses_look_up and not is_look_up
            await response.aread()
            await response.aclose()
            raise httpx.ReadTimeout("lost")
        return response

    async def aclose(self) -> None:
        await self.real.aclose()


class SteppedClock:
    """Stand at the moment the test began and move only when told to."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC)

    def now(self) -> datetime:
        return self.moment

    def step(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class Stage:
    """A platform on the real server with the same handles as the conformance suite's stages."""

    seated_slot_id = ""
    open_slot_id = ""

    def __init__(self, server: Server) -> None:
        self.server, self.facts = server, server.facts
        self.runner = asyncio.Runner()
        self.wire, self.clock = Wire(), SteppedClock()
        self.slot_id, self.product_id = self.facts["slot_id"], self.facts["adult"]
        self.seated_slot_id = self.facts["seated_slot_id"]
        self.platform = self.open()

    def open(self) -> PretixPlatform:
        client = Client(Access(self.server.url, "guichet", self.facts["token"]), transport=self.wire)
        config = PretixConfig("pretix", "Museum", "EUR", "Europe/Berlin", "api.kiosk", b"0123456789abcdef")
        return PretixPlatform(config, client, self.clock)

    def run(self, call: Any) -> Any:
        async def whole() -> Any:
            return await call

        return self.runner.run(whole())

    def cut(self) -> None:
        self.wire.is_cut = True

    def join(self) -> None:
        self.wire.is_cut = False

    def lose_answer(self) -> None:
        """Lose the answer to the next write, and the look-up by which the adapter would find out at once."""
        self.wire.loses, self.wire.loses_look_up = 1, True

    def choice(self, slot_id: str, count: int, **more: Any) -> EventChoice:
        return EventChoice(slot_id, (RiderCount(self.product_id, count),), **more)

    def slot_offer(self, count: int = 1) -> Any:
        return self.run(self.platform.event_offer(self.choice(self.slot_id, count), timeout_s=30))

    def day(self) -> date:
        return date.fromisoformat(self.facts["day"])

    def order(self, code: str, *offers: Any, hold_id: str = "") -> BookingOrder:
        parts = tuple(
            PartOrder(part.id, offer.id, sha256(f"{code}{offer.id}{part.id}".encode()).hexdigest()[:26].upper())
            for offer in offers
            for part in offer.parts
        )
        paid = total(tuple(offer.price for offer in offers), offers[0].currency)
        digest = sha256(repr((code, offers)).encode()).hexdigest()
        return BookingOrder(code, f"sale-{code}", hold_id, offers, parts, paid, self.clock.now(), "api.kiosk", digest)


@pytest.fixture
def stage(server: Server) -> Iterator[Stage]:
    server.reset()
    made = Stage(server)
    yield made
    made.run(made.platform.close())
    made.runner.close()
