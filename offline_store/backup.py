"""Backups: a whole copy of the database, and the keys of what is still owed, sealed for the operator alone.

Keys of sales at rest never go into a backup, so destroying a key here makes every copy unreadable. A bundle holds each
key as `recovery_seal` seals it.
"""

import sqlite3
from pathlib import Path

import msgspec
from msgspec import Struct

from offline_store import journal, outbox, personal
from offline_store.disk import Disk, SystemDisk, disk_error
from offline_store.errors import Forgotten, NotWritten
from offline_store.journal import AppendedHead
from offline_store.personal import KeyRing
from offline_store.vault import Vault
from offline_store.vault_options import DATABASE_NAME, KEYS_NAME

BUNDLE_NAME = "keys.sealed"
_NOTE = (
    "INSERT INTO backup (folder, made_at) VALUES (?, ?) ON CONFLICT (folder) DO UPDATE SET made_at = excluded.made_at"
)
_KNOWN = "SELECT folder FROM backup"


class _Sealed(msgspec.Struct, frozen=True, array_like=True):
    key_id: bytes
    ephemeral: bytes
    sealed: bytes


class BackupMade(Struct, frozen=True):
    """A backup and what it holds; `keys` counts the sealed keys of sales still owed."""

    folder: Path
    head: AppendedHead
    keys: int


def make(vault: Vault, target: Path, recovery_key: bytes) -> BackupMade:
    """Write database and key bundle into a new or empty folder.

    Raises:
        NotWritten: the folder is not empty, or the disk does not let us.
    """
    from offline_store.recovery_seal import RecoveryLock  # noqa: PLC0415 - see there

    lock = RecoveryLock(recovery_key)
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(target.iterdir()):
            raise NotWritten("store.backup_folder_not_empty", target.name)
        bundle = tuple(_Sealed(key_id, *lock.seal(key_id, vault.ring.key(key_id))) for key_id in _owed_keys(vault))
        vault.database.transact(
            lambda conn: conn.execute(_NOTE, (str(target.resolve()), vault.clock.now().isoformat())), lambda _: True
        )
        vault.database.read(lambda conn: conn.execute("VACUUM INTO ?", (str(target / DATABASE_NAME),)))
        _put_file(vault.disk, target / DATABASE_NAME, None)
        _put_file(vault.disk, target / BUNDLE_NAME, msgspec.msgpack.encode(bundle))
    except OSError as problem:
        raise disk_error(problem, "backup") from problem
    return BackupMade(target, vault.head, len(bundle))


def forget(vault: Vault, key_id: bytes) -> None:
    """Take a key out of every bundle this terminal can still reach. Raises OSError."""
    for (folder,) in vault.database.read(lambda conn: conn.execute(_KNOWN).fetchall()):
        path = Path(folder) / BUNDLE_NAME
        if path.exists():
            bundle = _read_bundle(path)
            left = tuple(entry for entry in bundle if entry.key_id != key_id)
            if left != bundle:
                _overwrite(vault.disk, path, msgspec.msgpack.encode(left))


def restore(source: Path, folder: Path, recovery_private_key: bytes) -> AppendedHead:
    """Make a store out of a backup in a new folder; the keys of what is owed come along, so that it can be finished.

    Raises:
        NotWritten: there is a store already, or the disk does not let us.
        Forgotten: the private key does not open the bundle.
    """
    from offline_store.recovery_seal import RecoveryKey  # noqa: PLC0415

    disk = SystemDisk()
    opener = RecoveryKey(recovery_private_key)
    bundle = _read_bundle(source / BUNDLE_NAME)
    keys = {entry.key_id: opener.unseal(entry.key_id, entry.ephemeral, entry.sealed) for entry in bundle}
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if disk.exists(folder / DATABASE_NAME):
            raise NotWritten("store.exists_already", folder.name)
        ring = KeyRing(disk, folder / KEYS_NAME, lot=1)
        ring.put(keys)
        ring.close()
        _put_file(disk, folder / DATABASE_NAME, (source / DATABASE_NAME).read_bytes())
    except OSError as problem:
        raise disk_error(problem, "restore") from problem
    return _head_of(folder / DATABASE_NAME)


def _owed_keys(vault: Vault) -> tuple[bytes, ...]:
    conn = vault.database.conn
    sales = dict.fromkeys((*journal.open_sales(conn), *outbox.owing_sales(conn)))
    found = (personal.key_of_sale(conn, sale_id) for sale_id in sales)
    return tuple(key_id for key_id in found if key_id is not None and key_id in vault.ring)


def _read_bundle(path: Path) -> tuple[_Sealed, ...]:
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=tuple[_Sealed, ...])
    except msgspec.DecodeError:
        raise Forgotten("store.bundle_damaged", path.name) from None


def _put_file(disk: Disk, path: Path, data: bytes | None) -> None:
    """Write a file (None: as it is) and return when it is on the medium under its name."""
    fd = disk.open(path)
    try:
        if data is not None:
            disk.truncate(fd, 0)
            disk.write(fd, data, 0)
        disk.sync(fd)
    finally:
        disk.close(fd)
    disk.sync_folder(path.parent)


def _overwrite(disk: Disk, path: Path, data: bytes) -> None:
    """Write a shorter content over a longer one in place, so that the old bytes are gone from the file's blocks."""
    fd = disk.open(path)
    try:
        disk.write(fd, data.ljust(disk.size(fd), b"\0"), 0)
        disk.sync(fd)
        disk.truncate(fd, len(data))
        disk.sync(fd)
    finally:
        disk.close(fd)


def _head_of(path: Path) -> AppendedHead:
    conn = sqlite3.connect(path)
    try:
        return journal.head(conn)
    finally:
        conn.close()
