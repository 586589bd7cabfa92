"""The journal: every step of every sale, append-only and hash-chained."""

import hashlib
import sqlite3
import struct
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

GENESIS = bytes(32)
EntryTuple = tuple[int, str, int, str, str, str, str, bytes, int, bytes, bytes]

_INSERT = """INSERT INTO journal (seq, boot_id, mono_ns, wall, sale_id, actor, kind, payload, is_final, prev_hash, hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_COLUMNS = "seq, boot_id, mono_ns, wall, sale_id, actor, kind, payload, is_final, prev_hash, hash"
_HEAD = "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1"
_OF_SALE = f"SELECT {_COLUMNS} FROM journal WHERE sale_id = ? ORDER BY seq"  # noqa: S608 - constants only
_AFTER = f"SELECT {_COLUMNS} FROM journal WHERE seq > ? ORDER BY seq LIMIT ?"  # noqa: S608 - constants only
_OPEN = """INSERT INTO open_sale (sale_id, first_seq)
SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM journal WHERE sale_id = ? AND is_final = 1)
ON CONFLICT (sale_id) DO NOTHING"""
_FINISH = "DELETE FROM open_sale WHERE sale_id = ?"
_IS_OPEN = "SELECT 1 FROM open_sale WHERE sale_id = ?"
_OPEN_DIFFERENCE = """WITH expected AS (SELECT sale_id FROM journal GROUP BY sale_id HAVING max(is_final) = 0)
SELECT sale_id FROM expected WHERE sale_id NOT IN (SELECT sale_id FROM open_sale)
UNION ALL SELECT sale_id FROM open_sale WHERE sale_id NOT IN (SELECT sale_id FROM expected)"""
_HASH_AT = "SELECT hash FROM journal WHERE seq = ?"
_OPEN_IDS = "SELECT sale_id FROM open_sale ORDER BY first_seq"


class JournalRow(Struct, frozen=True):
    """One step to be written: ids, digests and states only, never a personal field.

    `actor` is who did it: "customer", "system", "clerk:<id>", "technician:<id>". `payload` is the caller's own bytes.
    """

    sale_id: str
    actor: str
    kind: str
    payload: bytes = b""


class JournalEntry(Struct, frozen=True):
    """One step as it stands in the journal; order is `seq`, never `wall` (RFC 3339)."""

    seq: int
    boot_id: str
    mono_ns: int
    wall: str
    sale_id: str
    actor: str
    kind: str
    payload: bytes
    is_final: bool
    prev_hash: bytes
    hash: bytes


class AppendedHead(Struct, frozen=True):
    """Where the journal ends: what an outside witness has to remember.

    `is_mirrored` says whether the second journal holds it too; if not, finish this sale but start no other
    (a write that begins a payment is refused until the copy is made good).
    """

    seq: int
    hash: bytes
    is_mirrored: bool = True


def entry_hash(entry: JournalEntry) -> bytes:
    """Return the hash an entry must carry: SHA-256 over the previous hash and every field, each with its length."""
    fields = (entry.boot_id, entry.wall, entry.sale_id, entry.actor, entry.kind)
    parts = [entry.prev_hash, struct.pack(">QqB", entry.seq, entry.mono_ns, entry.is_final)]
    for data in (*(field.encode() for field in fields), entry.payload):
        parts += (struct.pack(">I", len(data)), data)
    return hashlib.sha256(b"".join(parts)).digest()


def chain_findings(entries: Iterable[JournalEntry], after: AppendedHead | None = None) -> Iterator[str]:
    """Say of each entry what does not follow from the one before, starting after `after` (default: the beginning)."""
    seq, last = (after.seq, after.hash) if after else (0, GENESIS)
    for entry in entries:
        if entry.seq != seq + 1:
            yield f"journal row {entry.seq} does not follow row {seq}"
        elif entry.prev_hash != last:
            yield f"journal row {entry.seq} does not chain to the row before"
        if entry.hash != entry_hash(entry):
            yield f"journal row {entry.seq} was changed"
        seq, last = entry.seq, entry.hash


def follow(
    head: AppendedHead, rows: Iterable[JournalRow], finals: Iterable[int], stamp: tuple[str, int, str]
) -> tuple[JournalEntry, ...]:
    """Chain rows to the head; `finals` are the places of last rows of finished sales, `stamp` is (boot, ns, wall)."""
    seq, last = head.seq, head.hash
    at_rest, made = frozenset(finals), []
    for place, row in enumerate(rows):
        seq += 1
        bare = JournalEntry(seq, *stamp, row.sale_id, row.actor, row.kind, row.payload, place in at_rest, last, b"")
        entry = replace(bare, hash=entry_hash(bare))
        made.append(entry)
        last = entry.hash
    return tuple(made)


def write(conn: sqlite3.Connection, entries: Iterable[JournalEntry]) -> None:
    """Insert entries and keep the list of open sales; the caller owns the transaction."""
    rows = tuple(entries)
    conn.executemany(_INSERT, map(as_tuple, rows))
    firsts = {entry.sale_id: entry.seq for entry in reversed(rows)}
    at_rest = {entry.sale_id for entry in rows if entry.is_final}
    for sale_id, first_seq in firsts.items():
        if sale_id in at_rest:
            conn.execute(_FINISH, (sale_id,))
        else:
            conn.execute(_OPEN, (sale_id, first_seq, sale_id))


def as_tuple(entry: JournalEntry) -> EntryTuple:
    """Return an entry in the order of the table's columns."""
    return (
        entry.seq,
        entry.boot_id,
        entry.mono_ns,
        entry.wall,
        entry.sale_id,
        entry.actor,
        entry.kind,
        entry.payload,
        int(entry.is_final),
        entry.prev_hash,
        entry.hash,
    )


def from_tuple(row: EntryTuple) -> JournalEntry:
    """Return the entry of a row in the order of the table's columns."""
    return JournalEntry(*row[:8], bool(row[8]), *row[9:])


def head(conn: sqlite3.Connection) -> AppendedHead:
    """Return where the journal ends."""
    found = conn.execute(_HEAD).fetchone()
    return AppendedHead(*found) if found else AppendedHead(0, GENESIS)


def entries_of(conn: sqlite3.Connection, sale_id: str) -> tuple[JournalEntry, ...]:
    """Return all steps of a sale in order."""
    return tuple(from_tuple(row) for row in conn.execute(_OF_SALE, (sale_id,)))


def entries_after(conn: sqlite3.Connection, seq: int, limit: int = -1) -> Iterator[JournalEntry]:
    """Return the steps after `seq` in order, read as they are asked for; a negative limit is none."""
    return (from_tuple(row) for row in conn.execute(_AFTER, (seq, limit)))


def hash_at(conn: sqlite3.Connection, seq: int) -> bytes | None:
    """Return the hash of one step, None if there is none."""
    found = conn.execute(_HASH_AT, (seq,)).fetchone()
    return found[0] if found else None


def open_sales(conn: sqlite3.Connection) -> tuple[str, ...]:
    """Return the sales not yet at rest, oldest first."""
    return tuple(row[0] for row in conn.execute(_OPEN_IDS))


def is_open(conn: sqlite3.Connection, sale_id: str) -> bool:
    """Say whether a sale is not yet at rest."""
    return conn.execute(_IS_OPEN, (sale_id,)).fetchone() is not None


def open_sale_findings(conn: sqlite3.Connection) -> Iterator[str]:
    """Say where the list of open sales differs from the journal."""
    for (sale_id,) in conn.execute(_OPEN_DIFFERENCE):
        yield f"the list of open sales is wrong about {sale_id}"
