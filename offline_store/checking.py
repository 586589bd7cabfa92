"""Say what is not as it was written: both journals, queue, snapshots and sealed rows."""

from collections.abc import Iterator

from offline_store import journal, outbox, personal, snapshots
from offline_store.database import SQLITE_PROBLEMS, Database
from offline_store.journal_file import JournalFile
from offline_store.personal import KeyRing


def database_findings(database: Database) -> Iterator[str]:
    """Say what is wrong in the database's own chain and queue; nothing further where SQLite itself finds damage."""
    found = tuple(database.integrity_findings())
    yield from found
    if not found:
        conn = database.conn
        try:
            yield from journal.chain_findings(journal.entries_after(conn, 0))
            yield from journal.open_sale_findings(conn)
            yield from outbox.findings(conn)
        except SQLITE_PROBLEMS as problem:
            yield f"unreadable: {problem}"


def sealed_findings(database: Database, file: JournalFile, ring: KeyRing) -> Iterator[str]:
    """Say which sealed rows are not what the second journal holds; forgotten ones may be gone."""
    latest = {(row[0], row[1]): row for frame in file.contents() for row in frame.personal}
    for (sale_id, name), row in latest.items():
        found = database.read(lambda conn, at=(sale_id, name): personal.row_at(conn, *at))  # type: ignore[misc]
        if found != row and not (found is None and row[3] not in ring):
            yield f"personal data {name} of sale {sale_id} differs between the two journals"


def all_findings(database: Database, file: JournalFile, ring: KeyRing, expected_rows: int) -> Iterator[str]:
    """Say everything that is wrong; `expected_rows` is how many the second journal ought to hold."""
    yield from database_findings(database)
    try:
        yield from personal.findings(database.conn, ring)
        yield from snapshots.findings(database.conn)
        yield from sealed_findings(database, file, ring)
        yield from _file_findings(database, file, expected_rows)
    except SQLITE_PROBLEMS as problem:
        yield f"unreadable: {problem}"


def _file_findings(database: Database, file: JournalFile, expected_rows: int) -> Iterator[str]:
    yield from (f"the second journal has no frame at byte {at}" for at in file.scan().damaged_at)
    held = set()
    for frame in file.contents():
        for entry in frame.entries:
            held.add(entry[0])
            if journal.hash_at(database.conn, entry[0]) != entry[-1]:
                yield f"row {entry[0]} differs between the two journals"
    if len(held) < expected_rows:
        yield f"{expected_rows - len(held)} rows are missing in the second journal"
