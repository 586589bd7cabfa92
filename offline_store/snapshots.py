"""Last good copies of what the platform gave, each with its age."""

import hashlib
import sqlite3
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

_WRITE = """INSERT INTO snapshot (name, taken_at, digest, body) VALUES (?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET taken_at = excluded.taken_at, digest = excluded.digest, body = excluded.body"""
_READ = "SELECT name, taken_at, digest, body FROM snapshot WHERE name = ?"
_ALL = "SELECT name, digest, body FROM snapshot"


class Snapshot(Struct, frozen=True):
    """A last good copy and when it was taken."""

    name: str
    taken_at: datetime
    body: bytes

    def age_s(self, now: datetime) -> float:
        """Return its age in seconds, never negative (a clock may have been set back)."""
        return max(0.0, (now - self.taken_at).total_seconds())


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).digest()


def write(conn: sqlite3.Connection, snapshot: Snapshot) -> None:
    """Keep a copy in place of the former of that name."""
    conn.execute(_WRITE, (snapshot.name, snapshot.taken_at.isoformat(), _digest(snapshot.body), snapshot.body))


def read(conn: sqlite3.Connection, name: str) -> Snapshot | None:
    """Return the last good copy; a damaged one is as good as none."""
    found = conn.execute(_READ, (name,)).fetchone()
    if found is None or found[2] != _digest(found[3]):
        return None
    return Snapshot(found[0], datetime.fromisoformat(found[1]), found[3])


def findings(conn: sqlite3.Connection) -> Iterator[str]:
    """Say which copies were changed."""
    for name, digest, body in conn.execute(_ALL):
        if digest != _digest(body):
            yield f"snapshot {name} was changed"
