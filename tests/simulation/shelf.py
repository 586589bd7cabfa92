"""A mapping on disk, so that a server of a hundred thousand orders takes no room beside what is measured."""

import json
import sqlite3
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any


class Shelf(MutableMapping[Any, Any]):
    """Text or numbers to JSON, in the order put there first."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, name UNIQUE, value TEXT)")

    def __getitem__(self, name: Any) -> Any:
        found = self._db.execute("SELECT value FROM kept WHERE name = ?", (name,)).fetchone()
        if found is None:
            raise KeyError(name)
        return json.loads(found[0])

    def __setitem__(self, name: Any, value: Any) -> None:
        put = "INSERT INTO kept (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        self._db.execute(put, (name, json.dumps(value)))

    def __delitem__(self, name: Any) -> None:
        if self._db.execute("DELETE FROM kept WHERE name = ?", (name,)).rowcount == 0:
            raise KeyError(name)

    def __iter__(self) -> Iterator[Any]:
        for (name,) in self._db.execute("SELECT name FROM kept ORDER BY id"):
            yield name

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM kept").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self._db.close()
