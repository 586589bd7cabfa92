"""Look at a store from outside: an export of what may be seen, through sqlite-utils, on a copy and off the hot path."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from offline_store.vault import Vault
from offline_store.vault_options import DATABASE_NAME

# Bodies may hold personal data and stay out; so do sealed rows and snapshots.
_TABLES: Mapping[str, str] = {
    "journal": "SELECT * FROM journal ORDER BY seq",
    "outbox": "SELECT id, seq, key, stream, sale_id, due, attempts, problem FROM outbox ORDER BY id",
    "sent": "SELECT key, sale_id, proven_at, proof FROM sent ORDER BY proven_at, key",
    "blocked_stream": "SELECT * FROM blocked_stream ORDER BY stream",
}


def export(vault: Vault, target: Path) -> tuple[Path, ...]:
    """Write each table as JSON lines into `target`; return the files."""
    import sqlite_utils  # noqa: PLC0415 - 0.6 s that the start of a terminal must not pay

    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target) as room:
        copy = Path(room) / DATABASE_NAME
        vault.database.read(lambda conn: conn.execute("VACUUM INTO ?", (str(copy),)))
        source = sqlite_utils.Database(copy)
        try:
            return tuple(_write_lines(target / f"{name}.jsonl", source.query(query)) for name, query in _TABLES.items())
        finally:
            source.close()


def _write_lines(path: Path, rows: Iterator[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps({name: _shown(value) for name, value in row.items()}, ensure_ascii=False) + "\n")
    return path


def _shown(value: object) -> object:
    """Return bytes as text where they are text, else as hex."""
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex()
