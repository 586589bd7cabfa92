"""A power cut at any instant loses no acknowledged commit and tears no sale; known-bad settings fail the same test."""

import random
import sqlite3
from pathlib import Path

import pytest

from offline_store import JournalRow, OutboxMessage, PersonalField, Proven, Refused, StoreOptions, database, outbox
from offline_store.journal import chain_findings, from_tuple
from offline_store.vault import Append, Vault

FILES = ("store.sqlite3", "store.sqlite3-wal", "store.sqlite3-journal", "store.sqlite3-shm")
WORKLOADS = 12
ENTRIES = (
    "SELECT seq, boot_id, mono_ns, wall, sale_id, actor, kind, payload, is_final, prev_hash, hash "
    "FROM journal ORDER BY seq"
)


def play(vault, recorder, chance, states):
    """Sell, deliver, refuse, finish; after each acknowledged write note what the medium must hold from now on."""
    open_sales = []

    def note():
        states.append(state_of(vault.database.conn))
        recorder.log.append(("acknowledged", len(states) - 1))

    note()
    for number in range(chance.randint(6, 12)):
        sale = f"sale{number}"
        rows = tuple(
            JournalRow(sale, "customer", f"Step{n}", bytes(chance.randint(0, 1500)))
            for n in range(chance.randint(1, 4))
        )
        messages = (OutboxMessage(f"key{number}", "p", b"x" * chance.randint(1, 3000), None, sale, is_personal=True),)
        personal = (PersonalField(sale, "name", b"Ana"),)
        recorder.log.append(("begun", len(states)))
        vault.append(Append(rows, messages, personal, (), chance.random() < 0.5))
        open_sales.append(sale)
        note()
        if chance.random() < 0.4:
            done = open_sales.pop(chance.randrange(len(open_sales)))
            recorder.log.append(("begun", len(states)))
            vault.append(Append((JournalRow(done, "system", "Done"),), finished=(done,), is_irreversible=True))
            note()
        batch = vault.ready("p", 3).messages if chance.random() < 0.4 else ()
        if batch:
            recorder.log.append(("begun", len(states)))
            vault.record([(m, Proven("ok") if chance.random() < 0.7 else Refused("no")) for m in batch])
            note()
        if chance.random() < 0.15:
            vault.database.checkpoint()


def state_of(conn):
    return (
        conn.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone(),
        tuple(conn.execute("SELECT key, problem, digest FROM outbox ORDER BY id")),
        tuple(conn.execute("SELECT key FROM sent ORDER BY key")),
        tuple(conn.execute("SELECT sale_id FROM open_sale ORDER BY sale_id")),
        tuple(conn.execute("SELECT sale_id, sealed FROM personal ORDER BY sale_id")),
    )


def judge(folder: Path, image: dict[str, bytes], states, low: int, high: int) -> str:
    """Open an image as a new start would and say what is wrong with it, nothing if all is well."""
    for name in FILES:
        (folder / name).unlink(missing_ok=True)
        if name in image:
            (folder / name).write_bytes(image[name])
    conn = sqlite3.connect(folder / FILES[0], isolation_level=None)
    try:
        conn.execute("PRAGMA locking_mode = EXCLUSIVE")
        found = state_of(conn)
        if found not in states[low : high + 1]:
            return "lost" if found in states else "torn"
        if conn.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
            return "damaged"
        rows = conn.execute(ENTRIES)
        return "; ".join(chain_findings(from_tuple(row) for row in rows))
    except sqlite3.Error as problem:
        return f"unreadable: {problem}"
    finally:
        conn.close()


def cut_everywhere(  # noqa: PLR0917 - fixtures handed on
    room, recorders, power_cut, clock, seed, images
):
    """Play one workload, cut the power all along it; return what was wrong, and how many images were judged."""
    chance = random.Random(seed)
    recorder, vfs, disk = recorders()
    work = room / f"work{seed}"
    states: list[tuple] = []
    options = StoreOptions(
        disk=disk, vfs=vfs, checkpoint_pages=chance.choice((20, 60, 1000)), key_lot=4, reserve_bytes=0, boot_id="b"
    )
    vault = Vault(work, clock(), options)
    vault.open()
    play(vault, recorder, chance, states)
    vault.close()
    first = recorder.log.index(("acknowledged", 0))
    points = [n for n in range(first, len(recorder.log)) if recorder.log[n][0] not in {"acknowledged", "begun"}]
    each = -(-images // len(points))
    cut, low, high, wrong, count = power_cut(), 0, 0, [], 0
    check = room / "check"
    check.mkdir(exist_ok=True)
    for number, op in enumerate(recorder.log):
        if op[0] == "acknowledged":
            low = high = op[1]
        elif op[0] == "begun":
            high = op[1]
        else:
            cut.step(op)
            for _ in range(each if number > first else 0):
                count += 1
                if problem := judge(check, cut.image(chance), states, low, high):
                    wrong.append((seed, number, problem))
    return wrong, count


def test_a_power_cut_loses_no_acknowledged_commit_and_tears_no_sale(room, recorders, power_cut, hand_clock):
    total = 0
    for seed in range(WORKLOADS):
        wrong, count = cut_everywhere(room, recorders, power_cut, hand_clock, seed, 20_000 // WORKLOADS + 1)
        assert wrong == []
        total += count
    assert total >= 20_000


@pytest.mark.soak
def test_power_cuts_at_length(room, recorders, power_cut, hand_clock):
    total = 0
    for seed in range(100, 100 + 60):
        wrong, count = cut_everywhere(room, recorders, power_cut, hand_clock, seed, 200_000 // 60 + 1)
        assert wrong == []
        total += count
    assert total >= 200_000


@pytest.mark.parametrize(
    ("settings", "is_good"),
    [
        (database.Durability("delete", 2, "normal"), False),
        (database.Durability("wal", 1, "exclusive"), False),
        (database.Durability("persist", 3, "exclusive"), True),
    ],
    ids=["delete-full", "wal-normal", "persist-extra"],
)
def test_the_same_cuts_tell_bad_settings_from_good(  # noqa: PLR0917 - fixtures
    room, recorders, power_cut, hand_clock, monkeypatch, settings, is_good
):
    monkeypatch.setattr(database, "CHOSEN", settings)
    wrong = [item for seed in range(2) for item in cut_everywhere(room, recorders, power_cut, hand_clock, seed, 700)[0]]
    assert (wrong == []) is is_good


def test_a_whole_store_opens_after_a_cut_and_reads_what_it_owes(room, recorders, power_cut, hand_clock):
    """All files together: database, second journal and keys, opened by the store itself."""
    for seed in range(3):
        chance = random.Random(seed)
        recorder, vfs, disk = recorders()
        states: list[tuple] = []
        vault = Vault(
            room / f"all{seed}", hand_clock(), StoreOptions(disk=disk, vfs=vfs, key_lot=4, reserve_bytes=0, boot_id="b")
        )
        vault.open()
        play(vault, recorder, chance, states)
        vault.close()
        first = recorder.log.index(("acknowledged", 0))
        cut, low, high = power_cut(), 0, 0
        for number, op in enumerate(recorder.log):
            if op[0] in {"acknowledged", "begun"}:
                low, high = (op[1], op[1]) if op[0] == "acknowledged" else (low, op[1])
                continue
            cut.step(op)
            if number <= first or number % 4:
                continue
            folder = room / f"image{seed}-{number}"
            folder.mkdir()
            for name, data in cut.image(chance).items():
                (folder / name).write_bytes(data)
            again = Vault(folder, hand_clock(), StoreOptions(reserve_bytes=0, boot_id="b", key_lot=4))
            again.open()
            assert state_of(again.database.conn) in states[low : high + 1]
            assert tuple(again.findings()) == ()
            assert all(message.body for message in again.ready("p", 100).messages)
            assert [p.problem for p in outbox.parked(again.database.conn, 99) if p.problem != "no"] == []
            again.close()
