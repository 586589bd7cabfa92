"""Personal data: sealed per sale under a key kept in a file of its own; destroying the key forgets it everywhere.

The key file holds slots of 64 bytes (one sector never holds half a slot): magic, key id, key, CRC. Keys are made ahead
in lots and are durable before their first use, so a sale costs no sync of its own; a
destroyed slot is overwritten with zeros.
"""

import secrets
import sqlite3
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from offline_store.disk import Disk
from offline_store.errors import Forgotten

KEY_ID_BYTES = 16
_MAGIC = b"GKEY"
_SLOT = struct.Struct(">4s16s32sI8x")
_NONCE_BYTES = 12
_READ_SLOTS = 4096

_WRITE = """INSERT INTO personal (sale_id, name, seq, key_id, sealed) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (sale_id, name) DO UPDATE SET seq = excluded.seq, key_id = excluded.key_id, sealed = excluded.sealed"""
_OF_SALE = "SELECT name, key_id, sealed FROM personal WHERE sale_id = ? ORDER BY name"
_BETWEEN = "SELECT sale_id, name, seq, key_id, sealed FROM personal WHERE seq > ? AND seq <= ? ORDER BY seq"
_AT = "SELECT sale_id, name, seq, key_id, sealed FROM personal WHERE sale_id = ? AND name = ?"
_ALL = "SELECT sale_id, name, seq, key_id, sealed FROM personal"
_ERASE = "DELETE FROM personal WHERE sale_id = ?"
_KEY_OF_SALE = """SELECT key_id FROM personal WHERE sale_id = ?1
UNION ALL SELECT key_id FROM outbox WHERE sale_id = ?1 AND key_id <> x'' LIMIT 1"""
_KEYS = "SELECT key_id FROM personal UNION SELECT key_id FROM outbox WHERE key_id <> x''"

PersonalTuple = tuple[str, str, int, bytes, bytes]


class PersonalField(Struct, frozen=True):
    """One piece of personal data of a sale, to be written sealed; `name` says what it is, never whose."""

    sale_id: str
    name: str
    plaintext: bytes


def seal(key: bytes, plaintext: bytes, label: str) -> bytes:
    """Return nonce and ciphertext; `label` binds it to its place."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - a start need not wait for it

    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, label.encode())


def unseal(key: bytes, sealed: bytes, label: str) -> bytes:
    """Return the plaintext.

    Raises:
        Forgotten: this key does not open it.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], label.encode())
    except InvalidTag:
        raise Forgotten("store.forgotten", label.partition(":")[0]) from None


class KeyRing:
    """The keys of this terminal's sales, by key id."""

    def __init__(self, disk: Disk, path: Path, lot: int) -> None:
        self._disk = disk
        self._fd = disk.open(path)
        self._lot = lot
        self._keys: dict[bytes, tuple[int, bytes]] = {}
        self._spare: list[bytes] = []
        self._free: list[int] = []
        self._slots = 0
        self._load()
        disk.sync_folder(path.parent)

    def close(self) -> None:
        """Close the file and drop the keys from memory."""
        self._keys.clear()
        self._spare.clear()
        self._disk.close(self._fd)

    def __contains__(self, key_id: bytes) -> bool:
        return key_id in self._keys

    def key(self, key_id: bytes) -> bytes:
        """Return a key.

        Raises:
            Forgotten: it was destroyed, or never was here.
        """
        try:
            return self._keys[key_id][1]
        except KeyError:
            raise Forgotten("store.forgotten", key_id.hex()) from None

    def take(self) -> bytes:
        """Return the id of a key never used before, durable already."""
        if not self._spare:
            self._make({secrets.token_bytes(KEY_ID_BYTES): secrets.token_bytes(32) for _ in range(self._lot)})
        return self._spare.pop()

    def put(self, keys: Mapping[bytes, bytes]) -> None:
        """Take in keys from elsewhere (a restored backup)."""
        self._make({key_id: key for key_id, key in keys.items() if key_id not in self._keys})
        self._spare = [key_id for key_id in self._spare if key_id not in keys]

    def destroy(self, key_ids: Iterable[bytes]) -> None:
        """Overwrite keys with zeros and return when that is on the medium."""
        doomed = [key_id for key_id in key_ids if key_id in self._keys]
        for key_id in doomed:
            slot = self._keys[key_id][0]
            self._disk.write(self._fd, bytes(_SLOT.size), slot * _SLOT.size)
        if doomed:
            self._disk.sync(self._fd)
        for key_id in doomed:
            self._free.append(self._keys.pop(key_id)[0])
        self._spare = [key_id for key_id in self._spare if key_id in self._keys]

    def keep_only(self, used: frozenset[bytes]) -> None:
        """Destroy every key that nothing refers to: it may have sealed what was never written."""
        self.destroy([key_id for key_id in self._keys if key_id not in used])

    def _make(self, keys: Mapping[bytes, bytes]) -> None:
        while len(self._free) < len(keys):
            self._free.append(self._slots)
            self._slots += 1
        chosen = sorted(self._free)[: len(keys)]
        for slot, (key_id, key) in zip(chosen, keys.items(), strict=True):
            data = _SLOT.pack(_MAGIC, key_id, key, zlib.crc32(key_id + key))
            self._disk.write(self._fd, data, slot * _SLOT.size)
        self._disk.sync(self._fd)
        self._free = [slot for slot in self._free if slot not in frozenset(chosen)]
        for slot, (key_id, key) in zip(chosen, keys.items(), strict=True):
            self._keys[key_id] = (slot, key)
            self._spare.append(key_id)

    def _load(self) -> None:
        self._slots = -(-self._disk.size(self._fd) // _SLOT.size)
        for first in range(0, self._slots, _READ_SLOTS):
            data = self._disk.read(self._fd, _READ_SLOTS * _SLOT.size, first * _SLOT.size)
            for place in range(0, len(data), _SLOT.size):
                self._load_slot(first + place // _SLOT.size, data[place : place + _SLOT.size])

    def _load_slot(self, slot: int, data: bytes) -> None:
        magic, key_id, key, check = _SLOT.unpack(data.ljust(_SLOT.size, b"\0"))
        if magic == _MAGIC and check == zlib.crc32(key_id + key):
            self._keys[key_id] = (slot, key)
        else:
            self._free.append(slot)


def key_of_sale(conn: sqlite3.Connection, sale_id: str) -> bytes | None:
    """Return the id of the key a sale has used, if any."""
    found = conn.execute(_KEY_OF_SALE, (sale_id,)).fetchone()
    return found[0] if found else None


def used_keys(conn: sqlite3.Connection) -> frozenset[bytes]:
    """Return the ids of all keys that something is sealed under."""
    return frozenset(row[0] for row in conn.execute(_KEYS))


def sealed_rows(
    ring: KeyRing, fields: Iterable[PersonalField], key_ids: Mapping[str, bytes], seq: int
) -> tuple[PersonalTuple, ...]:
    """Seal fields under the keys of their sales."""
    return tuple(
        (
            field.sale_id,
            field.name,
            seq,
            key_ids[field.sale_id],
            seal(ring.key(key_ids[field.sale_id]), field.plaintext, f"{field.sale_id}:{field.name}"),
        )
        for field in fields
    )


def opens(ring: KeyRing, row: tuple[Any, ...]) -> bool:
    """Say whether a sealed row is whole: its columns have their types and its key opens it.

    Raises:
        TypeError, ValueError: a column is of another type than was written.
    """
    sale_id, name, seq, key_id, sealed = row
    if not isinstance(seq, int) or key_id not in ring:
        return False
    try:
        unseal(ring.key(key_id), sealed, f"{sale_id}:{name}")
    except Forgotten:
        return False
    return True


def write(conn: sqlite3.Connection, rows: Iterable[PersonalTuple]) -> None:
    """Insert sealed rows; a later value of the same name takes the place of the former."""
    conn.executemany(_WRITE, rows)


def of_sale(conn: sqlite3.Connection, ring: KeyRing, sale_id: str) -> dict[str, bytes]:
    """Return the personal data of a sale in clear.

    Raises:
        Forgotten: its key was destroyed.
    """
    rows = conn.execute(_OF_SALE, (sale_id,)).fetchall()
    return {name: unseal(ring.key(key_id), sealed, f"{sale_id}:{name}") for name, key_id, sealed in rows}


def rows_between(conn: sqlite3.Connection, after: int, last: int) -> tuple[PersonalTuple, ...]:
    """Return the sealed rows written after one journal row and up to another."""
    return tuple(conn.execute(_BETWEEN, (after, last)))


def row_at(conn: sqlite3.Connection, sale_id: str, name: str) -> PersonalTuple | None:
    """Return one sealed row, None if there is none."""
    found: PersonalTuple | None = conn.execute(_AT, (sale_id, name)).fetchone()
    return found


def erase(conn: sqlite3.Connection, sale_id: str) -> None:
    """Delete the sealed rows of a sale."""
    conn.execute(_ERASE, (sale_id,))


def findings(conn: sqlite3.Connection, ring: KeyRing) -> Iterator[str]:
    """Say which sealed rows were changed; those whose key is gone cannot be judged and are passed over."""
    for sale_id, name, _, key_id, sealed in conn.execute(_ALL):
        if key_id in ring:
            try:
                unseal(ring.key(key_id), sealed, f"{sale_id}:{name}")
            except Forgotten:
                yield f"personal data {name} of sale {sale_id} was changed"
