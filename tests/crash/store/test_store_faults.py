"""A full or failing disk at every write of a sale: completed, or refused with nothing written; never silently lost."""

import random
from datetime import UTC, datetime

import pytest

from offline_store import (
    CommitUncertain,
    JournalRow,
    OutboxMessage,
    PersonalField,
    StoreDamaged,
    StoreError,
    StoreOptions,
    journal,
    outbox,
    rebuild,
)
from offline_store.vault import Vault
from offline_store.vault_options import Append


def sale(number):
    name = f"sale{number}"
    due = datetime(2026, 3, 1, 12, number % 60, tzinfo=UTC)
    message = OutboxMessage(f"key{number}", "p", b"body" * 50, due, name, is_personal=True)
    row = JournalRow(name, "customer", "Paid", bytes(700))
    return Append((row,), (message,), (PersonalField(name, "n", b"Ana"),), (), is_irreversible=True)


@pytest.mark.parametrize("code", [13, 778, 1034], ids=["full", "write-eio", "sync-eio"])
@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "for-ever"])
def test_a_write_is_completed_or_refused_whichever_step_fails(room, recorders, hand_clock, code, for_ever):
    recorder, vfs, disk = recorders()
    options = StoreOptions(disk=disk, vfs=vfs, key_lot=2, reserve_bytes=4096, free_bytes_min=0, boot_id="b")
    vault = Vault(room / "store", hand_clock(), options)
    vault.open()
    step, fired = 0, True
    while fired:
        step += 1
        vault.check_reserve()
        recorder.fail_at, recorder.fail_code, recorder.fails_for_ever, recorder.fired = step, code, for_ever, 0
        try:
            head = vault.append(sale(step))
        except CommitUncertain:
            head = None
        except StoreError:
            head = False
        fired = recorder.fired > 0
        recorder.fail_at = 0
        if head is None:
            vault.close()
            vault.open()
        is_there = bool(journal.entries_of(vault.database.conn, f"sale{step}"))
        assert head is None or is_there is bool(head)
        assert is_there is (outbox.state(vault.database.conn, f"key{step}") is outbox.MessageState.QUEUED)
    assert step > 5
    vault.check_reserve()
    assert tuple(vault.findings()) == ()
    vault.close()


def dump(vault):
    conn = vault.database.conn
    return (
        conn.execute("SELECT * FROM journal ORDER BY seq").fetchall(),
        conn.execute("SELECT id, seq, key, stream, sale_id, body, key_id, due FROM outbox ORDER BY id").fetchall(),
        conn.execute("SELECT * FROM open_sale ORDER BY sale_id").fetchall(),
        conn.execute("SELECT * FROM personal ORDER BY sale_id, name").fetchall(),
    )


def flip_everywhere(room, clock, seed, count):
    options = StoreOptions(reserve_bytes=0, key_lot=4, boot_id="b")
    folder = room / "store"
    vault = Vault(folder, clock(), options)
    vault.open()
    for number in range(12):
        vault.append(sale(number))
    good = dump(vault)
    vault.close()
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    chance, detected = random.Random(seed), 0
    for number in range(count):
        for path in folder.iterdir():
            path.unlink()
        broken = bytearray(files["store.sqlite3"])
        if number % 10 == 0:
            page = chance.randrange(len(broken) // 4096) * 4096
            broken[page : page + 4096] = bytes(4096)
        else:
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        for name, data in files.items():
            (folder / name).write_bytes(broken if name == "store.sqlite3" else data)
        again = Vault(folder, clock(), options)
        try:
            again.open()
            is_whole = not tuple(again.findings())
            if is_whole:
                assert dump(again) == good
            again.close()
        except StoreError:
            is_whole = False
        if not is_whole:
            detected += 1
            rebuild(folder, options)
            again = Vault(folder, clock(), options)
            again.open()
            assert dump(again) == good
            again.close()
    return detected


def test_a_flipped_bit_or_lost_page_is_seen_and_every_sale_rebuilt(room, hand_clock):
    assert flip_everywhere(room, hand_clock, 1, 300) > 50


@pytest.mark.soak
def test_ten_thousand_flips(room, hand_clock):
    assert flip_everywhere(room, hand_clock, 2, 10_000) > 1_500


def test_damage_in_both_journals_is_said_and_nothing_is_touched(room, hand_clock):
    options = StoreOptions(reserve_bytes=0, boot_id="b")
    folder = room / "store"
    vault = Vault(folder, hand_clock(), options)
    vault.open()
    for number in range(3):
        vault.append(sale(number))
    vault.close()
    data = bytearray((folder / "journal.gj").read_bytes())
    data[60] ^= 1
    (folder / "journal.gj").write_bytes(data)
    (folder / "store.sqlite3").write_bytes(b"junk" * 4096)
    with pytest.raises(StoreDamaged):
        rebuild(folder, options)
    assert (folder / "store.sqlite3").read_bytes() == b"junk" * 4096
