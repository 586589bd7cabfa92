"""The outbox: messages not yet proven delivered, each under a key that is used once."""

import hashlib
import sqlite3
import struct
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class OutboxMessage(Struct, frozen=True):
    """One message to be written together with its journal rows.

    `key` is its identity for ever (no personal field in it); messages of one `stream` go out in the order written.
    `body` is stored ready to send; with `is_personal` it is sealed under the key of `sale_id`. `due` None is at once.
    """

    key: str
    stream: str
    body: bytes
    due: datetime | None = None
    sale_id: str = ""
    is_personal: bool = False


class QueuedMessage(Struct, frozen=True):
    """One message on its way: what `deliver` gets; `attempts` counts the tries before this one."""

    id: int
    key: str
    stream: str
    sale_id: str
    body: bytes
    attempts: int


class ParkedMessage(Struct, frozen=True):
    """One message the platform refused: kept until a person has decided, never deleted."""

    id: int
    key: str
    stream: str
    sale_id: str
    problem: str
    attempts: int


class StreamFigures(Struct, frozen=True):
    """How a stream stands; `blocked_cause` is empty while it flows."""

    stream: str
    ready: int
    parked: int
    blocked_cause: str = ""


class Waiting(Struct, frozen=True):
    """How many sales have something to go to the platform, and since when the longest; None where none has.

    What was refused does not go by itself and is not counted.
    """

    sales: int = 0
    since: datetime | None = None


class Proven(Struct, frozen=True):
    """The platform has it, and said so; `proof` is its word in short, without personal data."""

    proof: str = ""


class Later(Struct, frozen=True):
    """Not reached, or no answer: the same key again, after `after_s` if the platform named a time."""

    after_s: float | None = None


class StreamBlocked(Struct, frozen=True):
    """Nothing of this stream can go, whatever the message (a token taken away): every message stays due."""

    cause: str


class Refused(Struct, frozen=True):
    """The platform refuses this one message for good: it is parked, never deleted."""

    problem: str


Outcome = Proven | Later | StreamBlocked | Refused


class ReadyBatch(Struct, frozen=True):
    """The first messages of a stream that may go now; `wait_s` says when the next is due, None if nothing waits."""

    messages: tuple[QueuedMessage, ...]
    wait_s: float | None = None


# A due time further off than this is a clock that jumped, not a wish: such a message may go at once.
_DUE_AHEAD_S_MAX = 7 * 86_400.0


class MessageState(StrEnum):
    """Where a key stands."""

    ABSENT = "absent"
    QUEUED = "queued"
    PARKED = "parked"
    SENT = "sent"


def message_digest(  # noqa: PLR0917 - the columns in their order
    seq: int,
    key: str,
    stream: str,
    sale_id: str,
    body: bytes,
    key_id: bytes,
    due: str = "",
) -> bytes:
    """Return the digest that lets a flipped bit in a queued message be seen before it is sent."""
    state = hashlib.blake2b(struct.pack(">Q", seq), digest_size=16)
    for data in (key.encode(), stream.encode(), sale_id.encode(), body, key_id, *([due.encode()] if due else [])):
        state.update(struct.pack(">I", len(data)))
        state.update(data)
    return state.digest()


OutboxTuple = tuple[int, str, str, str, bytes, bytes, str, bytes]
SentTuple = tuple[str, int, str, str, str]
# A stream, and whether parked there.
Place = tuple[str, bool]

_INSERT = (
    """INSERT INTO outbox (seq, key, stream, sale_id, body, key_id, due, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
)
_STORED = "id, key, stream, sale_id, seq, body, key_id, digest, due, attempts"
_READY = f"SELECT {_STORED} FROM outbox WHERE stream = ? AND problem = '' ORDER BY id LIMIT ?"  # noqa: S608 - constants
_ALL = f"SELECT {_STORED} FROM outbox ORDER BY id"  # noqa: S608 - constants
# A loose index scan: one step per stream, however long the queue is.
_STREAMS = """WITH RECURSIVE step (stream) AS (
    SELECT min(stream) FROM outbox WHERE problem = ''
    UNION ALL SELECT (SELECT min(stream) FROM outbox WHERE problem = '' AND stream > step.stream) FROM step
    WHERE step.stream IS NOT NULL)
SELECT stream FROM step WHERE stream IS NOT NULL"""
_BETWEEN = (
    "SELECT seq, key, stream, sale_id, body, key_id, due, digest FROM outbox WHERE seq > ? AND seq <= ? ORDER BY id"
)
_COUNTS = "SELECT stream, problem <> '', count(*) FROM outbox GROUP BY 1, 2"
_PROVE = "DELETE FROM outbox WHERE key = ? RETURNING stream, problem <> ''"
_SENT = "INSERT INTO sent (key, id, sale_id, proven_at, proof) VALUES (?, ?, ?, ?, ?)"
_IS_SENT = "SELECT 1 FROM sent WHERE key = ?"
_PROOF = "SELECT proof FROM sent WHERE key = ?"
_TRIED = "UPDATE outbox SET attempts = attempts + 1 WHERE key = ?"
_PARK = "UPDATE outbox SET problem = ?, attempts = attempts + 1 WHERE key = ? AND problem = ''"
_REQUEUE = "UPDATE outbox SET problem = '' WHERE key = ? AND problem <> '' RETURNING stream"
_PARKED = """SELECT id, key, stream, sale_id, problem, attempts FROM outbox WHERE problem <> '' ORDER BY id LIMIT ?"""
_STATE = """SELECT CASE WHEN problem = '' THEN 'queued' ELSE 'parked' END FROM outbox WHERE key = ?1
UNION ALL SELECT 'sent' FROM sent WHERE key = ?1"""
_OWES = "SELECT 1 FROM outbox WHERE sale_id = ? LIMIT 1"
_OWING = "SELECT DISTINCT sale_id FROM outbox WHERE sale_id <> ''"
_WAITING = """SELECT (SELECT count(DISTINCT sale_id) FROM outbox WHERE sale_id <> '' AND problem = ''),
(SELECT wall FROM journal WHERE seq = (SELECT seq FROM outbox WHERE problem = '' ORDER BY id LIMIT 1))"""
_BLOCK = """INSERT INTO blocked_stream (stream, cause, blocked_at) VALUES (?, ?, ?)
ON CONFLICT (stream) DO UPDATE SET cause = excluded.cause"""
_UNBLOCK = "DELETE FROM blocked_stream WHERE stream = ?"
_BLOCKED = "SELECT stream, cause FROM blocked_stream"
_TRIM = "DELETE FROM sent WHERE proven_at < ?"


class StoredMessage(Struct, frozen=True):
    """One queued row as it lies on disk."""

    id: int
    key: str
    stream: str
    sale_id: str
    seq: int
    body: bytes
    key_id: bytes
    digest: bytes
    due: str
    attempts: int

    @property
    def is_intact(self) -> bool:
        """Say whether it still is what was written."""
        columns = (self.seq, self.key, self.stream, self.sale_id, self.body, self.key_id, self.due)
        try:
            return self.digest == message_digest(*columns)
        except (AttributeError, TypeError, struct.error):  # a column of another type than was written
            return False

    def wait_s(self, now: datetime) -> float:
        """Return how long an intact message has still to wait."""
        if not self.due:
            return 0.0
        wait_s = (datetime.fromisoformat(self.due) - now).total_seconds()
        return wait_s if 0 < wait_s <= _DUE_AHEAD_S_MAX else 0.0


def write(conn: sqlite3.Connection, rows: Iterable[OutboxTuple]) -> None:
    """Insert messages; the caller owns the transaction."""
    conn.executemany(_INSERT, rows)


def ready(conn: sqlite3.Connection, stream: str, limit: int) -> tuple[StoredMessage, ...]:
    """Return the first messages of a stream in order, parked ones left out."""
    return tuple(StoredMessage(*row) for row in conn.execute(_READY, (stream, limit)))


def streams(conn: sqlite3.Connection) -> tuple[str, ...]:
    """Return the streams that have something to send."""
    return tuple(row[0] for row in conn.execute(_STREAMS))


def counts(conn: sqlite3.Connection) -> dict[Place, int]:
    """Count by stream and parked or not: slow on a long queue, for the start only."""
    return {(stream, bool(is_parked)): count for stream, is_parked, count in conn.execute(_COUNTS)}


def rows_between(conn: sqlite3.Connection, after: int, last: int) -> tuple[OutboxTuple, ...]:
    """Return the messages written after one journal row and up to another."""
    return tuple(conn.execute(_BETWEEN, (after, last)))


def prove(conn: sqlite3.Connection, proven: Iterable[SentTuple]) -> Iterator[Place]:
    """Take proven messages out and remember their keys; yield where each one was that was there."""
    for row in proven:
        found = conn.execute(_PROVE, (row[0],)).fetchone()
        if found is not None:
            conn.execute(_SENT, row)
            yield found[0], bool(found[1])


def is_sent(conn: sqlite3.Connection, key: str) -> bool:
    """Say whether a key was proven."""
    return conn.execute(_IS_SENT, (key,)).fetchone() is not None


def proof(conn: sqlite3.Connection, key: str) -> str | None:
    """Return what the platform said of a key, None while unproven."""
    found = conn.execute(_PROOF, (key,)).fetchone()
    return found[0] if found else None


def count_try(conn: sqlite3.Connection, key: str) -> None:
    """Count one more try."""
    conn.execute(_TRIED, (key,))


def park(conn: sqlite3.Connection, key: str, problem: str) -> bool:
    """Set a refused message aside; False if it is not queued, or set aside already."""
    return conn.execute(_PARK, (problem, key)).rowcount == 1


def requeue(conn: sqlite3.Connection, key: str) -> str | None:
    """Put a parked message back in its place; return its stream, None if it is not parked."""
    found = conn.execute(_REQUEUE, (key,)).fetchone()
    return found[0] if found else None


def parked(conn: sqlite3.Connection, limit: int) -> tuple[ParkedMessage, ...]:
    """Return the refused messages, oldest first."""
    return tuple(ParkedMessage(*row) for row in conn.execute(_PARKED, (limit,)))


def state(conn: sqlite3.Connection, key: str) -> MessageState:
    """Say where a key stands."""
    found = conn.execute(_STATE, (key,)).fetchone()
    return MessageState(found[0]) if found else MessageState.ABSENT


def owes(conn: sqlite3.Connection, sale_id: str) -> bool:
    """Say whether a message of this sale is still unproven."""
    return conn.execute(_OWES, (sale_id,)).fetchone() is not None


def owing_sales(conn: sqlite3.Connection) -> tuple[str, ...]:
    """Return the sales with an unproven message."""
    return tuple(row[0] for row in conn.execute(_OWING))


def waiting(conn: sqlite3.Connection) -> Waiting:
    """Count the sales with something to go, and look up when the oldest such message was written."""
    sales, wall = conn.execute(_WAITING).fetchone()
    return Waiting(sales, datetime.fromisoformat(wall) if wall else None)


def block(conn: sqlite3.Connection, stream: str, cause: str, wall: str) -> None:
    """Note that a stream is held up."""
    conn.execute(_BLOCK, (stream, cause, wall))


def unblock(conn: sqlite3.Connection, stream: str) -> None:
    """Note that a stream flows again."""
    conn.execute(_UNBLOCK, (stream,))


def blocked(conn: sqlite3.Connection) -> dict[str, str]:
    """Return the streams held up, with the cause."""
    return dict(conn.execute(_BLOCKED).fetchall())


def trim_sent(conn: sqlite3.Connection, before: str) -> int:
    """Forget keys proven before a wall time; return how many."""
    return conn.execute(_TRIM, (before,)).rowcount


def findings(conn: sqlite3.Connection) -> Iterator[str]:
    """Say which queued messages were changed."""
    for row in conn.execute(_ALL):
        message = StoredMessage(*row)
        if not message.is_intact:
            yield f"queued message {message.id} was changed"
