"""A PostgreSQL of its own in a folder of its own on loopback, from Debian's package; gone with the block."""

import json
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.pretix.servers import free_port

NAME = "pretix"
# Nobody pulls this machine's plug: the server's own crashes are what is tried, and they need no flush.
OPTIONS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=60", "log_statement=none")


def programs() -> Path:
    """Return where the newest PostgreSQL has its programs; skip by name without one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        pytest.skip("needs the Debian package postgresql")
    return found[-1].parent


class Postgresql:
    """One database of a running cluster, read past the server by psql."""

    def __init__(self, bin_dir: Path, port: int, password: str) -> None:
        self._psql = [str(bin_dir / "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(port)]
        self._env = {**os.environ, "PGPASSWORD": password, "PGUSER": NAME}
        self.environment = {
            "PRETIX_DATABASE_BACKEND": "postgresql", "PRETIX_DATABASE_NAME": NAME, "PRETIX_DATABASE_USER": NAME,
            "PRETIX_DATABASE_PASSWORD": password, "PRETIX_DATABASE_HOST": "127.0.0.1",
            "PRETIX_DATABASE_PORT": str(port),
        }  # fmt: skip
        self.told = f"PostgreSQL {self._say('postgres', 'SHOW server_version')}"

    def keep(self) -> None:
        self._from_template("kept", NAME)

    def reset(self) -> None:
        self._from_template(NAME, "kept")

    def rows(self, query: str, *values: Any) -> list[Any]:
        assert not values, "psql takes none"
        told = self._say(NAME, f"SELECT json_agg(q) FROM ({query}) q")  # noqa: S608 - of the tests
        return [tuple(each.values()) for each in json.loads(told) or []] if told else []

    def change(self, statement: str, *values: Any) -> None:
        assert not values, "psql takes none"
        self._say(NAME, statement)

    def _from_template(self, made: str, template: str) -> None:
        clear = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname"
        )
        self._say(
            "postgres", f"{clear} <> 'postgres'", f"DROP DATABASE IF EXISTS {made}",
            f"CREATE DATABASE {made} TEMPLATE {template}",
        )  # fmt: skip

    def _say(self, database: str, *statements: str) -> str:
        words = [word for each in statements for word in ("-c", each)]
        done = subprocess.run(
            [*self._psql, "-d", database, *words], env=self._env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@contextmanager
def cluster() -> Iterator[Postgresql]:
    """Make and start a cluster; as root it runs as the user Debian made for it, for it refuses root."""
    bin_dir, port, password = programs(), free_port(), secrets.token_hex(16)
    as_whom = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="guichet-postgresql-"))
    try:
        (folder / "password").write_text(password)
        if as_whom:
            for path in (folder, folder / "password"):
                shutil.chown(path, "postgres", "postgres")
        data = str(folder / "data")
        words = ["-D", data, "-U", NAME, "-E", "UTF8", "--locale=C.UTF-8", "-A", "scram-sha-256", "--no-sync"]
        run([*as_whom, str(bin_dir / "initdb"), *words, f"--pwfile={folder / 'password'}"], folder)
        options = " ".join(f"-c {each}" for each in (*OPTIONS, f"port={port}", f"unix_socket_directories={folder}"))
        control = [*as_whom, str(bin_dir / "pg_ctl"), "-D", data, "-w"]
        run([*control, "-l", str(folder / "log"), "-o", f"-c listen_addresses=127.0.0.1 {options}", "start"], folder)
        try:
            made = Postgresql(bin_dir, port, password)
            made._say("postgres", f"CREATE DATABASE {NAME}")
            yield made
        finally:
            run([*control, "-m", "immediate", "stop"], folder)
    finally:
        with suppress(FileNotFoundError):
            shutil.rmtree(folder)


def run(command: list[str], folder: Path) -> None:
    # Its output goes to a file: the started server keeps a pipe open for ever.
    with (folder / "said").open("ab") as said:
        done = subprocess.run(command, cwd="/", stdout=said, stderr=said, check=False)
    if done.returncode:
        pytest.fail(f"{command[-1]}: {(folder / 'said').read_text()[-400:]}")
