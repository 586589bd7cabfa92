"""The store in trouble: damaged rows, a failing disk, another history; each is named and nothing promised is lost."""

import errno
import sqlite3
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from offline_store import (
    CommitUncertain,
    Forgotten,
    MessageState,
    NotWritten,
    OutOfSpace,
    Proven,
    Refused,
    SettingRefused,
    StoreClosed,
    StoreDamaged,
    StoreError,
    backup,
    journal,
    journal_file,
    outbox,
    personal,
    rebuild,
    restore,
    snapshots,
)
from offline_store.database import Database
from offline_store.journal_file import Frame, JournalFile
from offline_store.vault import Vault


def change(folder, statement, *values):
    """Change a row behind the store's back, as a failing medium would: types are not held to."""
    for lax in (True, False):
        conn = sqlite3.connect(folder / "store.sqlite3", isolation_level=None)
        if not lax:
            triggers = conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                conn.execute(f"DROP TRIGGER {name}")
            assert conn.execute(statement, values).rowcount >= 1
            for _, script in triggers:
                conn.execute(script)
        loosen(conn, is_lax=lax)
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        conn.close()


def loosen(conn, *, is_lax):
    conn.execute("PRAGMA writable_schema = ON")
    old, new = ("STRICT", "/*STRICT*/") if is_lax else ("/*STRICT*/", "STRICT")
    conn.execute("UPDATE sqlite_master SET sql = replace(sql, ?, ?)", (old, new))


def punch(path):
    """Flip a bit in the body of the first frame of the second journal."""
    data = bytearray(path.read_bytes())
    data[data.index(b"GJF1") + 60] ^= 1
    path.write_bytes(data)


def reopened(vault):
    again = Vault(vault.folder, vault.clock, vault.options)
    again.open()
    return again


@pytest.fixture
def filled(folder, clock, options, write):
    """Three sales with a message and a name each, then closed."""
    vault = Vault(folder, clock, options)
    vault.open()
    for number in range(3):
        vault.append(write(f"s{number}", message=f"k{number}", name=f"Ana {number}", hard=True))
    vault.close()
    return vault


# ---- rows that are no longer what was written


@pytest.mark.parametrize("due", ["nonsense", "2026-03-01T12:00:00+00:00", b"\x00", 7])
def test_a_changed_due_time_is_found_and_made_good(filled, folder, options, due):
    change(folder, "UPDATE outbox SET due = ? WHERE key = 'k1'", due)
    with pytest.raises(StoreDamaged, match=r"queued message 2|outbox.due"):
        reopened(filled)
    rebuild(folder, options)
    again = reopened(filled)
    assert [each.key for each in again.ready("platform", 9).messages] == ["k0", "k1", "k2"]
    again.close()


@pytest.mark.parametrize("value", ["nonsense", 7, b"x"])
def test_a_message_damaged_while_running_is_parked_and_the_others_go(vault, write, value):
    for number in range(3):
        vault.append(write(f"s{number}", message=f"k{number}"))
    conn = vault.database.conn
    loosen(conn, is_lax=True)
    conn.execute("PRAGMA writable_schema = RESET")
    for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        conn.execute(f"DROP TRIGGER {name}")
    conn.execute("UPDATE outbox SET due = ? WHERE key = 'k0'", (value,))
    conn.execute("UPDATE outbox SET stream = ? WHERE key = 'k2'", ("elsewhere",))
    assert tuple(vault.findings()) == ("queued message 1 was changed", "queued message 3 was changed")
    assert [each.key for each in vault.ready("platform", 9).messages] == ["k1"]
    assert vault.ready("elsewhere", 9).messages == ()
    (first, third) = outbox.parked(vault.database.conn, 9)
    assert (first.key, first.problem, third.key) == ("k0", "store.message_damaged", "k2")


def test_rebuilding_keeps_the_good_sealed_row_of_the_file(filled, folder, options):
    """A hole in the second journal makes the rebuild look into the damaged database as well."""
    change(folder, "UPDATE personal SET sealed = zeroblob(40) WHERE sale_id = 's1'")
    punch(folder / "journal.gj")
    rebuild(folder, options)
    again = reopened(filled)
    assert personal.of_sale(again.database.conn, again.ring, "s1") == {"holder": b"Ana 1"}
    assert personal.of_sale(again.database.conn, again.ring, "s0") == {"holder": b"Ana 0"}
    again.close()


@pytest.mark.parametrize("seq", [3, 99])
def test_rebuilding_keeps_the_file_s_place_of_a_sealed_row_moved_ahead(filled, folder, options, seq):
    """The seal does not cover the row's place: one that was moved still opens."""
    change(folder, "UPDATE personal SET seq = ? WHERE sale_id = 's1'", seq)
    punch(folder / "journal.gj")
    rebuild(folder, options)
    again = reopened(filled)
    assert tuple(again.findings()) == ()
    assert personal.of_sale(again.database.conn, again.ring, "s1") == {"holder": b"Ana 1"}
    again.close()


@pytest.mark.parametrize("value", ["text", b"blob", 2.5])
def test_rebuilding_passes_over_a_sealed_row_of_another_type(filled, folder, options, value):
    change(folder, "UPDATE personal SET seq = ? WHERE sale_id = 's2'", value)
    punch(folder / "journal.gj")
    rebuild(folder, options)
    again = reopened(filled)
    assert tuple(again.findings()) == ()
    assert personal.of_sale(again.database.conn, again.ring, "s2") == {"holder": b"Ana 2"}
    again.close()


def test_a_message_proven_already_is_not_proven_again(vault, write):
    vault.append(write("s", message="k"))
    (message,) = vault.ready("platform", 9).messages
    vault.record(((message, Proven("first")),))
    vault.record(((message, Proven("second")),))
    assert outbox.proof(vault.database.conn, "k") == "first"
    assert outbox.is_sent(vault.database.conn, "k")


# ---- what verify says


def test_every_difference_has_its_words(vault, write):
    for number in range(2):
        vault.append(write(f"s{number}", message=f"k{number}", name="Ana", hard=True))
    vault.put_snapshot("catalogue", b"good")
    conn = vault.database.conn
    assert tuple(vault.findings()) == ()
    for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        conn.execute(f"DROP TRIGGER {name}")
    conn.execute("UPDATE snapshot SET body = x'00'")
    conn.execute("UPDATE personal SET sealed = zeroblob(50) WHERE sale_id = 's0'")
    conn.execute("UPDATE journal SET hash = zeroblob(32) WHERE seq = 2")
    conn.execute("DELETE FROM open_sale WHERE sale_id = 's0'")
    with vault.file.path.open("ab") as file:
        file.write(vault.file.path.read_bytes())  # whole frames, in a place where they cannot be
    found = "; ".join(vault.findings())
    assert "snapshot catalogue was changed" in found
    assert "personal data holder of sale s0 was changed" in found
    assert "the list of open sales is wrong about s0" in found
    assert "the second journal has no frame at byte" in found
    assert "row 2 differs between the two journals" in found
    assert snapshots.read(conn, "catalogue") is None
    conn.execute("UPDATE journal SET actor = 'other' WHERE seq = 1")
    conn.execute("DROP TABLE snapshot")
    assert any(each.startswith("unreadable") for each in vault.findings())


def test_a_row_that_differs_between_the_journals_is_named(vault, write):
    vault.append(write("s0", name="Ana", hard=True))
    conn = vault.database.conn
    for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        conn.execute(f"DROP TRIGGER {name}")
    conn.execute("UPDATE journal SET hash = zeroblob(32)")
    assert "row 1 differs between the two journals" in tuple(vault.findings())
    conn.execute("DROP TABLE outbox")
    assert any(each.startswith("unreadable") for each in vault.findings())


def test_a_forgotten_row_is_not_missed(vault, write):
    vault.append(write("s0", name="Ana", hard=True, final=True))
    key_id = personal.key_of_sale(vault.database.conn, "s0")
    vault.ring.destroy((key_id,))
    assert tuple(vault.findings()) == ()  # sealed under a key that is gone: nobody can judge it
    personal.erase(vault.database.conn, "s0")
    assert tuple(vault.findings()) == ()


def test_a_sealed_row_that_differs_stops_the_start(filled):
    change(filled.folder, "UPDATE personal SET sealed = zeroblob(40) WHERE sale_id = 's1'")
    with pytest.raises(StoreDamaged, match="personal data holder of sale s1"):
        reopened(filled)


def test_rows_the_second_journal_lacks_are_counted(vault, write):
    for number in range(3):
        vault.append(write(f"s{number}", hard=True))
    path = vault.file.path
    path.write_bytes(path.read_bytes()[: path.read_bytes().index(b"GJF1", 4)])
    assert "2 rows are missing in the second journal" in tuple(vault.findings())


# ---- the second journal


def test_a_hole_in_the_second_journal_is_mended_and_the_damaged_file_kept(filled):
    punch(filled.folder / "journal.gj")
    damaged = (filled.folder / "journal.gj").read_bytes()
    again = reopened(filled)
    assert (filled.folder / "journal.gj.damaged").read_bytes() == damaged
    assert tuple(again.findings()) == ()
    again.close()


@pytest.mark.parametrize("tail", [b"GJF1 torn", b"GJF1" + bytes(300_000)], ids=["short", "long"])
def test_a_torn_tail_is_cut(filled, tail):
    path = filled.folder / "journal.gj"
    whole = path.read_bytes().rstrip(b"\0")
    path.write_bytes(whole + tail)
    again = reopened(filled)
    assert path.read_bytes() == whole
    again.close()


def test_frames_are_written_over_zeros_that_no_reading_takes_for_frames(folder, disk):
    folder.mkdir()
    path = folder / "j"
    file = JournalFile(disk, path)
    sizes, frames = [], [Frame(parked=(("k", "x" * length),)) for length in (9, 9, journal_file.AHEAD_BYTES, 9)]
    for frame in frames:
        file.append(frame, is_durable=True)
        sizes.append(path.stat().st_size)
    assert sizes[0] == sizes[1] < sizes[2] == sizes[3]
    file.close()
    file = JournalFile(disk, path)
    assert not file.scan().damaged_at
    assert list(file.contents()) == frames
    file.cut_tail()
    assert path.stat().st_size == file.scan().end
    file.close()


def test_frames_are_found_again_behind_a_long_stretch_of_rubbish(folder, disk):
    folder.mkdir()
    file = JournalFile(disk, folder / "j")
    file.append(Frame(parked=(("a", "first"),)), is_durable=True)
    end = file.scan().end
    file.close()
    rubbish = b"\xff" * (3 * journal_file._WINDOW_BYTES) + b"GJF"
    path = folder / "j"
    frame = path.read_bytes()[:end]
    path.write_bytes(frame + rubbish + frame)
    file = JournalFile(disk, path)
    assert [frame.parked for frame in file.contents()] == [(("a", "first"),)] * 2
    assert end in file.scan().damaged_at
    file.close()


def test_a_file_of_another_history_is_set_aside(filled, folder, write, tmp_path):
    other = Vault(tmp_path / "other", filled.clock, filled.options)
    other.open()
    for number in range(3):
        other.append(write(f"x{number}", hard=True))
    other.close()
    (folder / "journal.gj").write_bytes((tmp_path / "other" / "journal.gj").read_bytes())
    again = reopened(filled)
    assert [entry.sale_id for entry in journal.entries_after(again.database.conn, 0)] == ["s0", "s1", "s2"]
    assert tuple(again.findings()) == ()
    assert (folder / "journal.gj.damaged").exists()
    again.close()


# ---- a disk that fails


@pytest.mark.parametrize(("call", "count"), [("open", 1), ("open", 2), ("read", 1), ("read", 2), ("write", 1)])
def test_a_start_on_a_failing_disk_says_so_and_leaves_all_as_it_was(filled, disk, folder, call, count):
    if call == "write":
        punch(folder / "journal.gj")  # the start has to write
    calls = {"left": count}
    plain = getattr(disk, call)

    def failing(*arguments):
        calls["left"] -= 1
        if calls["left"] == 0:
            raise OSError(errno.EIO, call)
        return plain(*arguments)

    setattr(disk, call, failing)
    with pytest.raises(NotWritten):
        reopened(filled)
    setattr(disk, call, plain)
    again = reopened(filled)
    assert [each.key for each in again.ready("platform", 9).messages] == ["k0", "k1", "k2"]
    again.close()


def test_no_payment_is_begun_while_the_second_journal_is_behind(vault, write, disk):
    disk.break_next("write", 99, errno.EIO)
    head = vault.append(write("s", hard=True))
    assert not head.is_mirrored
    with pytest.raises(NotWritten, match="behind"):
        vault.check_reserve()
    assert tuple(vault.findings()) == ()  # known, and not a damage
    vault.append(write("t", hard=True))
    disk.break_next("write", 0)
    vault.append(write("u"))  # brings the others along, and need not wait for the medium
    assert vault.head.is_mirrored
    vault.check_reserve()
    assert vault.head.is_mirrored
    disk.break_next("allocate", 1, errno.EIO)
    (vault.folder / "reserve").unlink()
    with pytest.raises(NotWritten):
        vault.check_reserve()


def test_a_full_disk_gives_the_reserve_to_the_sale_under_way(vault, write, disk):
    vault.check_reserve()
    disk.break_next("write", 1)
    assert vault.append(write("s", hard=True)).is_mirrored
    assert not (vault.folder / "reserve").exists()
    disk.break_next("write", 1)
    assert not vault.append(write("t", hard=True)).is_mirrored  # there is no reserve left to give


def test_a_reserve_that_cannot_be_given_back_changes_nothing_that_is_written(vault, write, disk, monkeypatch):
    vault.check_reserve()
    monkeypatch.setattr(disk, "remove", lambda path: (_ for _ in ()).throw(OSError(errno.EIO, str(path))))
    disk.break_next("write", 1)
    assert not vault.append(write("s", hard=True)).is_mirrored
    assert vault.head.seq == 1


@pytest.mark.parametrize("has_reserve", [True, False])
def test_keys_that_cannot_be_made_refuse_the_write(vault, write, disk, has_reserve):
    if has_reserve:
        vault.check_reserve()
    disk.break_next("write", 9)
    with pytest.raises(OutOfSpace):
        vault.append(write("s", name="Ana"))
    assert vault.head.seq == 0
    disk.break_next("write", 0)
    assert vault.append(write("s", name="Ana")).seq == 1


def test_a_key_that_cannot_be_destroyed_is_noted(vault, write, disk):
    vault.append(write("s", message="k", name="Ana"))
    disk.break_next("sync", 9, errno.EIO)
    with pytest.raises(StoreError):
        vault.append(write("t", message="k", name="Bea"))  # the key was used: nothing is written
    assert vault.head.seq == 1
    disk.break_next("sync", 0)
    vault.check_reserve()
    assert tuple(vault.findings()) == ()


def test_forgetting_on_a_failing_disk_says_so_and_can_be_asked_again(vault, write, disk):
    from offline_store import retention

    vault.append(write("s", name="Ana", final=True))
    disk.break_next("write", 1, errno.EIO)
    with pytest.raises(NotWritten):
        retention.forget(vault, "s", "system")
    retention.forget(vault, "s", "system")
    assert personal.key_of_sale(vault.database.conn, "s") is None
    retention.forget(vault, "s", "system")  # nothing left to forget


# ---- the database


def test_a_closed_database_says_so(folder, disk):
    with pytest.raises(StoreClosed):
        Database(folder / "d", disk).read(lambda conn: conn)


def test_a_newer_schema_is_refused(filled):
    conn = sqlite3.connect(filled.folder / "store.sqlite3")
    conn.execute("PRAGMA user_version = 99")
    conn.close()
    with pytest.raises(SettingRefused, match="schema 99"):
        reopened(filled)


def test_a_schema_that_is_not_what_its_number_says_is_damage(folder, disk):
    folder.mkdir()
    conn = sqlite3.connect(folder / "d")
    conn.execute("CREATE TABLE journal (x)")
    conn.close()
    with pytest.raises(StoreDamaged, match="schema is not version 0"):
        Database(folder / "d", disk).open()


def test_a_setting_that_does_not_take_is_refused(folder, disk, monkeypatch):
    from offline_store import database

    folder.mkdir()
    monkeypatch.setattr(database, "_EXPECTED", (("cell_size_check", 7),))
    with pytest.raises(SettingRefused, match="cell_size_check is 1, not 7"):
        Database(folder / "d", disk).open()


def test_a_mapped_file_is_refused(folder, disk, monkeypatch):
    from offline_store import database

    folder.mkdir()
    monkeypatch.setattr(database, "_SET", (*database._SET, "PRAGMA mmap_size = 65536"))
    with pytest.raises(SettingRefused, match="mmap_size is 65536, not 0"):
        Database(folder / "d", disk).open()


@pytest.mark.parametrize("script", ["CREATE TABLE t (x UNIQUE); INSERT INTO t VALUES (1), (1);", "ROLLBACK; nonsense;"])
def test_a_migration_that_fails_leaves_the_schema_as_it_was(folder, disk, monkeypatch, script):
    from offline_store import migrations

    folder.mkdir()
    database, real = Database(folder / "d", disk), migrations.scripts()
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "scripts", lambda: (*real, (99, script)))
        with pytest.raises(StoreError):
            database.open()
    database.open()
    assert database.read(lambda conn: conn.execute("PRAGMA user_version").fetchone()) == (real[-1][0],)
    database.close()


class Awkward:
    """A connection on which chosen statements fail, the first `times` of them."""

    def __init__(self, conn, word, problem, times=1, *, does_it=False):
        self.conn, self.word, self.problem, self.times, self.does_it = conn, word, problem, times, does_it

    def execute(self, statement, *values):
        if statement.startswith(self.word) and self.times:
            self.times -= 1
            if self.does_it:
                self.conn.execute(statement, *values)
            raise self.problem
        return self.conn.execute(statement, *values)

    def __getattr__(self, name):
        return getattr(self.conn, name)


@pytest.fixture
def database(folder, disk):
    folder.mkdir()
    made = Database(folder / "d", disk)
    made.open()
    yield made
    made.close()


def put(conn):
    snapshots.write(conn, snapshots.Snapshot("n", datetime(2026, 3, 1, tzinfo=UTC), b"x"))


def is_put(conn):
    return snapshots.read(conn, "n") is not None


def test_a_commit_that_raised_and_took_place_is_done(database):
    database._conn = Awkward(database._conn, "COMMIT", sqlite3.OperationalError("disk I/O error"), does_it=True)
    database.transact(put, is_put)
    assert database.read(is_put)


def test_a_commit_that_raised_and_did_not_take_place_is_not_written(database):
    database._conn = Awkward(database._conn, "COMMIT", sqlite3.OperationalError("disk I/O error"))
    with pytest.raises(NotWritten):
        database.transact(put, is_put)
    assert not database.read(is_put)


def test_a_commit_nobody_can_look_into_is_uncertain(database, monkeypatch):
    database._conn = Awkward(database._conn, "COMMIT", sqlite3.OperationalError("disk I/O error"))
    monkeypatch.setattr(database, "_connect", lambda: (_ for _ in ()).throw(sqlite3.OperationalError("gone")))
    with pytest.raises(CommitUncertain):
        database.transact(put, is_put)
    with pytest.raises(StoreClosed):
        database.read(is_put)


def test_a_rollback_that_fails_opens_the_database_anew(database):
    def work(conn):
        put(conn)
        raise ValueError("the caller's own")

    database._conn = Awkward(database._conn, "ROLLBACK", sqlite3.OperationalError("disk I/O error"))
    with pytest.raises(ValueError, match="own"):
        database.transact(work, is_put)
    assert isinstance(database._conn, sqlite3.Connection)
    assert not database.read(is_put)


def test_a_transaction_that_cannot_begin_leaves_nothing(database):
    database._conn = Awkward(database._conn, "BEGIN", sqlite3.OperationalError("disk I/O error"))
    with pytest.raises(NotWritten):
        database.transact(put, is_put)
    assert not database.read(is_put)


# ---- rebuilding


def test_with_no_database_left_the_second_journal_alone_is_enough(filled, folder, options):
    for path in folder.glob("store.sqlite3*"):
        path.unlink()
    assert rebuild(folder, options).seq == 3
    again = reopened(filled)
    assert [each.key for each in again.ready("platform", 9).messages] == ["k0", "k1", "k2"]
    again.close()


def test_a_refused_message_and_a_later_name_survive_a_rebuild(vault, folder, options, write):
    vault.append(write("s", message="k", name="Ana", hard=True))
    (message,) = vault.ready("platform", 9).messages
    vault.record(((message, Refused("sold out")),))
    vault.append(write("s", name="Ana Maria", hard=True))
    vault.file.append(Frame(personal=personal.rows_between(vault.database.conn, 0, 9)), is_durable=True)
    vault.close()
    try:
        rebuild(folder, options)
    finally:
        vault.open()
    assert outbox.state(vault.database.conn, "k") is MessageState.PARKED
    assert personal.of_sale(vault.database.conn, vault.ring, "s") == {"holder": b"Ana Maria"}


@pytest.mark.usefixtures("filled")
def test_both_journals_lacking_the_same_row_is_said_and_nothing_changed(folder, options):
    punch(folder / "journal.gj")
    change(folder, "DELETE FROM journal WHERE seq = 1")
    before = (folder / "store.sqlite3").read_bytes()
    with pytest.raises(StoreDamaged):
        rebuild(folder, options)
    assert (folder / "store.sqlite3").read_bytes() == before


@pytest.mark.usefixtures("filled")
def test_a_database_that_is_no_database_gives_nothing_and_all_comes_from_the_file(folder, options):
    (folder / "store.sqlite3").write_bytes(b"no database at all" * 500)
    assert rebuild(folder, options).seq == 3


def test_damaged_rows_of_the_old_database_are_passed_over(filled, folder, options):
    """The file's first frame is gone: row 1 comes from the database, where other rows are damaged."""
    punch(folder / "journal.gj")
    change(folder, "UPDATE journal SET payload = 'text' WHERE seq = 2")
    change(folder, "UPDATE journal SET actor = 'other' WHERE seq = 3")
    change(folder, "UPDATE outbox SET stream = 'other' WHERE key = 'k2'")
    change(folder, "UPDATE outbox SET body = 7 WHERE key = 'k1'")
    change(folder, "UPDATE personal SET key_id = x'00112233445566778899aabbccddeeff' WHERE sale_id = 's1'")
    change(folder, "UPDATE personal SET sealed = x'00' WHERE sale_id = 's2'")
    assert rebuild(folder, options).seq == 3
    again = reopened(filled)
    assert [each.body for each in again.ready("platform", 9).messages] == [
        b"body of k0 for Ana 0", b"body of k1 for Ana 1", b"body of k2 for Ana 2"
    ]  # fmt: skip
    assert tuple(again.findings()) == ()
    again.close()


@pytest.mark.usefixtures("filled")
def test_a_rebuild_on_a_failing_disk_says_so(folder, options, disk):
    disk.break_next("replace", 1, errno.EIO)
    with pytest.raises(NotWritten):
        rebuild(folder, options)
    assert rebuild(folder, options).seq == 3


# ---- backups


@pytest.fixture
def recovery():
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def test_a_backup_on_a_failing_disk_says_so(vault, write, disk, recovery, tmp_path):
    vault.append(write("s", message="k", name="Ana"))
    disk.break_next("sync", 1, errno.ENOSPC)
    with pytest.raises(OutOfSpace):
        backup.make(vault, tmp_path / "b", recovery[1])


def test_forgetting_passes_backups_that_are_gone_or_never_had_the_key(vault, write, recovery, tmp_path):
    from offline_store import retention

    vault.append(write("s", name="Ana", final=True))
    backup.make(vault, tmp_path / "kept", recovery[1])  # nothing of it is owed: its key does not go along
    backup.make(vault, tmp_path / "gone", recovery[1])
    for path in (tmp_path / "gone").iterdir():
        path.unlink()
    retention.forget(vault, "s", "system")
    assert personal.key_of_sale(vault.database.conn, "s") is None


def test_a_backup_restored_where_nothing_can_be_written_says_so(vault, write, recovery, tmp_path):
    vault.append(write("s", message="k", name="Ana"))
    backup.make(vault, tmp_path / "b", recovery[1])
    (tmp_path / "in-the-way").write_text("a file")
    with pytest.raises(NotWritten):
        restore(tmp_path / "b", tmp_path / "in-the-way", recovery[0])
    (tmp_path / "b" / backup.BUNDLE_NAME).write_bytes(b"\xc1")
    with pytest.raises(Forgotten):
        restore(tmp_path / "b", tmp_path / "new", recovery[0])
