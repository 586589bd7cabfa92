"""A real pretix of the pinned version on loopback, on SQLite or PostgreSQL: made, seeded over REST, set back, ended."""

import asyncio
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest

from kiosk.platforms.pretix import Access, Client, Terminal, initialize

HERE = Path(__file__).parent
VENV = HERE.parents[1] / ".cache" / "pretix-venv"
LOCK = HERE.parents[1] / "requirements" / "pretix.txt"
START_S = 120
TERMINAL = Terminal("Test", "Kiosk", "1")
KEYS_TABLE = "pretixapi_apicall"


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


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Database(Protocol):
    """Where the server keeps its rows; the tests look there past the server."""

    environment: dict[str, str]
    told: str

    def keep(self) -> None: ...
    def reset(self) -> None: ...
    def rows(self, query: str, *values: Any) -> list[Any]: ...
    def change(self, statement: str, *values: Any) -> None: ...


class Sqlite:
    """One file."""

    def __init__(self, folder: Path) -> None:
        self.file, self.kept = folder / "db.sqlite3", folder / "kept.sqlite3"
        self.environment = {"PRETIX_DATABASE_BACKEND": "sqlite3"}
        self.told = f"SQLite {sqlite3.sqlite_version}"

    def keep(self) -> None:
        copy(self.file, self.kept)

    def reset(self) -> None:
        copy(self.kept, self.file)

    def rows(self, query: str, *values: Any) -> list[Any]:
        with closing(sqlite3.connect(self.file, timeout=20)) as connection:
            return connection.execute(query, values).fetchall()

    def change(self, statement: str, *values: Any) -> None:
        with closing(sqlite3.connect(self.file, timeout=20)) as connection:
            connection.execute(statement, values)
            connection.commit()


def copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source, timeout=20)) as old, closing(sqlite3.connect(target, timeout=20)) as new:
        old.backup(new)


@dataclass
class Server:
    """The running server: where it is, what was seeded, and how to set it back or kill its workers."""

    python: Path
    folder: Path
    url: str
    database: Database
    process: subprocess.Popen[bytes]
    facts: dict[str, Any]

    def reset(self) -> None:
        self.database.reset()

    def rows(self, query: str, *values: Any) -> list[Any]:
        return self.database.rows(query, *values)

    def change(self, statement: str, *values: Any) -> None:
        self.database.change(statement, *values)

    def forget_keys(self) -> None:
        self.change(f"DELETE FROM {KEYS_TABLE}")  # noqa: S608 - a constant

    def kill_worker(self) -> None:
        """Kill the workers, as a crash does; the master starts others."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in listed:
            os.kill(int(pid), 9)


@contextmanager
def running(python: Path, folder: Path, database: Database, *, workers: int = 1) -> Iterator[Server]:
    """Make the tables, start the server, seed it and keep that state; end it with the block."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    env = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(HERE), "LANG": "C.UTF-8",
        "DJANGO_SETTINGS_MODULE": "pretix_fast_settings", "PRETIX_PRETIX_DATADIR": str(folder),
        "PRETIX_PRETIX_URL": url, "PRETIX_DJANGO_SECRET": "of the tests alone", **database.environment,
    }  # fmt: skip
    for step in (["migrate", "--run-syncdb", "-v", "0"], ["loaddata", "-v", "0", str(HERE / "seed.json")]):
        subprocess.run([str(python), "-m", "pretix", *step], env=env, check=True, capture_output=True, cwd=folder)
    log = (folder / "server.log").open("wb")
    words = ["-b", f"127.0.0.1:{port}", "--workers", str(workers), "--threads", "4"]
    process = subprocess.Popen(
        [str(python), "-m", "gunicorn", "pretix.wsgi", *words], env=env, cwd=folder, stdout=log, stderr=log
    )
    try:
        wait(url)
        seeded = subprocess.run([sys.executable, str(HERE / "seeding.py"), url], check=True, capture_output=True)
        facts = json.loads(seeded.stdout)
        facts["token"] = asyncio.run(token(url, facts["device_token"]))
        database.keep()
        yield Server(python, folder, url, database, process, facts)
    finally:
        process.terminate()
        process.wait(30)
        log.close()


async def token(url: str, device_token: str) -> str:
    client = Client(Access(url, "guichet", ""))
    try:
        return (await initialize(client, device_token, TERMINAL, timeout_s=60)).token
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
