"""The store by its face: what is promised to those who use it."""

import asyncio
import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

import offline_store
from offline_store import (
    DuplicateKey,
    Forgotten,
    JournalRow,
    Later,
    MessageState,
    NotWritten,
    OutboxMessage,
    OutOfSpace,
    PersonalField,
    Proven,
    Refused,
    RetentionPolicy,
    SaleStillOwed,
    Store,
    StoreBusy,
    StoreClosed,
    StoreDamaged,
    StoreInUse,
    StreamBlocked,
    SystemClock,
    Waiting,
    rebuild,
    restore,
    store_thread,
)
from offline_store.store_thread import StoreThread

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)  # where the clock of these tests stands
ROW = JournalRow("s1", "customer", "Opened", b"1")


def everything_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_face_lists_what_it_exports():
    assert sorted(offline_store.__all__) == offline_store.__all__
    assert all(hasattr(offline_store, name) for name in offline_store.__all__)


def test_one_write_holds_rows_message_and_personal_data(run, opened):
    async def story():
        async with await opened() as store:
            head = await store.append(
                [ROW],
                [OutboxMessage("k1", "p", b"go", None, "s1")],
                [PersonalField("s1", "name", b"Ana")],
                is_irreversible=True,
            )
            assert (head.seq, head.is_mirrored) == (1, True)
            assert await store.head() == head
            (entry,) = await store.read_sale("s1")
            assert (entry.kind, entry.payload, entry.actor) == ("Opened", b"1", "customer")
            assert await store.open_sale_ids() == ("s1",)
            assert await store.read_personal("s1") == {"name": b"Ana"}
            assert await store.message_state("k1") is MessageState.QUEUED
            assert [e.seq for e in await store.read_journal(0, 10)] == [1]
            assert await store.verify() == ()
            await store.checkpoint()

    run(story())


def test_what_was_written_is_there_after_a_new_start(run, opened):
    async def story():
        async with await opened() as store:
            await store.append([ROW], [OutboxMessage("k1", "p", b"go")])
            await store.append([JournalRow("s1", "system", "Done")], finished=["s1"])
            head = await store.head()
        async with await opened() as store:
            assert await store.head() == head
            assert await store.open_sale_ids() == ()
            assert (await store.ready("p", 10)).messages[0].body == b"go"
            assert await store.verify() == ()

    run(story())


def test_a_key_is_used_once_even_after_its_proof(run, opened):
    async def story():
        async with await opened() as store:
            await store.append([ROW], [OutboxMessage("k1", "p", b"a")])
            with pytest.raises(DuplicateKey):
                await store.append([ROW], [OutboxMessage("k1", "p", b"b")])
            message = (await store.ready("p", 1)).messages[0]
            await store.record([(message, Proven("order 7"))])
            with pytest.raises(DuplicateKey):
                await store.append([ROW], [OutboxMessage("k1", "p", b"b")])
            assert await store.proof("k1") == "order 7"
            assert await store.proof("k2") is None
            assert await store.message_state("k2") is MessageState.ABSENT
            assert (await store.head()).seq == 1

    run(story())


def test_a_write_without_a_row_is_refused(run, opened):
    async def story():
        async with await opened() as store:
            with pytest.raises(ValueError, match="needs a journal row"):
                await store.append([])
            with pytest.raises(ValueError, match="row of its own"):
                await store.append([ROW], finished=["s2"])

    run(story())


def test_a_second_process_is_refused(run, opened):
    async def story():
        async with await opened():
            with pytest.raises(StoreInUse):
                await opened()

    run(story())


def test_a_closed_store_says_so(run, opened):
    async def story():
        store = await opened()
        await store.close()
        await store.close()
        with pytest.raises(StoreClosed):
            await store.head()

    run(story())


def test_outcomes_are_written_together(run, opened):
    async def story():
        async with await opened() as store:
            await store.append([ROW], [OutboxMessage(f"k{n}", "p", b"x", None, "s1") for n in range(4)])
            first, second, third, fourth = (await store.ready("p", 10)).messages
            await store.record(
                [(first, Proven()), (second, Refused("sold out")), (third, Later()), (fourth, StreamBlocked("401"))]
            )
            (figures,) = await store.stream_figures()
            assert (figures.ready, figures.parked, figures.blocked_cause) == (2, 1, "401")
            (parked,) = await store.parked()
            assert (parked.key, parked.problem, parked.attempts) == ("k1", "sold out", 1)
            assert [m.attempts for m in (await store.ready("p", 10)).messages] == [1, 1]
            assert await store.requeue("k1")
            assert not await store.requeue("k1")
            await store.unblock("p")
            assert [m.key for m in (await store.ready("p", 10)).messages] == ["k1", "k2", "k3"]
            assert (await store.stream_figures())[0].blocked_cause == ""
            assert await store.ready_streams() == ("p",)

    run(story())


def test_sales_that_wait_are_counted_once_each_with_the_time_of_the_oldest(run, opened, clock):
    async def story():
        async with await opened() as store:
            assert await store.waiting() == Waiting(0, None)
            await store.append([ROW], [OutboxMessage(f"k{n}", "p", b"x", None, "s1") for n in range(2)])
            clock.go(minutes=5)
            await store.append([ROW, ROW], [OutboxMessage("k2", "p", b"x", None, "s2")])
            assert await store.waiting() == Waiting(2, START)
            first, second, _ = (await store.ready("p", 10)).messages
            await store.record([(first, Proven()), (second, Refused("sold out"))])
            later = Waiting(1, START + timedelta(minutes=5))
            assert await store.waiting() == later, "a refused one waits for a person, not for the platform"
            await store.requeue("k1")
            assert await store.waiting() == Waiting(2, START)
            for message in (await store.ready("p", 10)).messages[:1]:
                await store.record([(message, Proven())])
            assert await store.waiting() == later

    run(story())


def test_figures_stay_right_whatever_is_recorded_twice(run, opened):
    async def story():
        async with await opened() as store:
            await store.append([ROW], [OutboxMessage(f"k{n}", "p", b"x", None, "s1") for n in range(6)])
            first, second, third, *_ = (await store.ready("p", 10)).messages
            for outcomes in (
                [(first, Proven("once")), (second, Refused("no"))],
                [(first, Proven("again")), (second, Refused("no, again")), (first, Refused("gone"))],
                [(third, Refused("no")), (third, Proven("late word")), (second, Later())],
            ):
                await store.record(outcomes)
            await store.requeue("k2")
            await store.requeue("k2")
            (figures,) = await store.stream_figures()
            assert (figures.ready, figures.parked) == (3, 1)
            assert [m.key for m in (await store.ready("p", 10)).messages] == ["k3", "k4", "k5"]
            assert await store.proof("k0") == "once"
            assert [(each.key, each.problem) for each in await store.parked()] == [("k1", "no")]
        async with await opened() as again:
            assert await again.stream_figures() == (figures,)

    run(story())


def test_due_time_is_kept_but_a_clock_jump_is_not_believed(run, opened, clock):
    async def story():
        async with await opened() as store:
            soon, absurd = clock.now() + timedelta(seconds=90), clock.now() + timedelta(days=400)
            await store.append([ROW], [OutboxMessage("k1", "a", b"x", soon), OutboxMessage("k2", "b", b"x", absurd)])
            await store.append([ROW], [OutboxMessage("k3", "c", b"x"), OutboxMessage("k4", "c", b"x", soon)])
            assert (await store.ready("a", 9)).wait_s == 90
            assert [m.key for m in (await store.ready("b", 9)).messages] == ["k2"]
            assert [m.key for m in (await store.ready("c", 9)).messages] == ["k3"]
            clock.go(seconds=91)
            assert [m.key for m in (await store.ready("a", 9)).messages] == ["k1"]

    run(story())


def test_rows_keep_their_order_when_the_clock_goes_back(run, opened, clock):
    async def story():
        async with await opened() as store:
            await store.append([ROW])
            clock.go(days=-365)
            await store.append([JournalRow("s1", "system", "Later")])
            assert [e.kind for e in await store.read_sale("s1")] == ["Opened", "Later"]
            assert await store.verify() == ()

    run(story())


def test_snapshot_knows_its_age(run, opened, clock):
    async def story():
        async with await opened() as store:
            assert await store.snapshot("catalogue") is None
            await store.put_snapshot("catalogue", b"v1")
            await store.put_snapshot("catalogue", b"v2")
            clock.go(seconds=30)
            found = await store.snapshot("catalogue")
            assert (found.body, found.age_s(clock.now())) == (b"v2", 30)
            clock.go(days=-1)
            assert found.age_s(clock.now()) == 0

    run(story())


def test_reserve_is_checked_before_payment(run, opened, disk, folder):
    async def story():
        async with await opened() as store:
            await store.append([ROW], begins_payment=True)
            assert (folder / "reserve").stat().st_size == 65536
            await store.append([ROW], begins_payment=True)
            disk.free = 0
            with pytest.raises(OutOfSpace):
                await store.append([ROW], begins_payment=True)
            (folder / "reserve").unlink()
            disk.break_next("allocate")
            with pytest.raises(OutOfSpace):
                await store.append([ROW], begins_payment=True)
            assert (await store.head()).seq == 2
            await store.append([ROW])

    run(story())


def test_forgetting_reaches_journal_file_and_backup(run, opened, folder, tmp_path):
    private = X25519PrivateKey.generate()
    public, secret = private.public_key().public_bytes_raw(), private.private_bytes_raw()
    canary = "Änne Canary <anne@canary.example>".encode()

    async def story():
        async with await opened() as store:
            message = OutboxMessage("k1", "p", b"for " + canary, None, "s1", is_personal=True)
            await store.append([ROW], [message], [PersonalField("s1", "holder", canary)], is_irreversible=True)
            with pytest.raises(SaleStillOwed):
                await store.forget("s1")
            made = await store.backup(tmp_path / "b", public)
            assert (made.keys, made.head) == (1, await store.head())
            with pytest.raises(NotWritten):
                await store.backup(tmp_path / "b", public)
            files = await store.export(tmp_path / "x")
            assert json.loads(files[0].read_text().splitlines()[0])["payload"] == "1"
            head = restore(tmp_path / "b", tmp_path / "restored", secret)
            assert head.seq == 1
            async with await Store.open(tmp_path / "restored") as other:
                assert await other.read_personal("s1") == {"holder": canary}
                assert (await other.ready("p", 1)).messages[0].body == b"for " + canary
            with pytest.raises(NotWritten):
                restore(tmp_path / "b", tmp_path / "restored", secret)
            with pytest.raises(Forgotten):
                restore(tmp_path / "b", tmp_path / "no", X25519PrivateKey.generate().private_bytes_raw())
            got = (await store.ready("p", 1)).messages[0]
            await store.record([(got, Proven())])
            await store.append([JournalRow("s1", "system", "Done")], finished=["s1"])
            await store.forget("s1", "clerk:4")
            await store.forget("s1")
            await store.forget("unknown")
            assert await store.read_personal("s1") == {}
            assert [e.actor for e in await store.read_sale("s1")][-1] == "clerk:4"
            assert await store.verify() == ()
        restore(tmp_path / "b", tmp_path / "again", secret)
        async with await Store.open(tmp_path / "again") as other:
            with pytest.raises(Forgotten):
                await other.read_personal("s1")
        (tmp_path / "b" / "keys.sealed").write_bytes(b"\xc1")
        with pytest.raises(Forgotten):
            restore(tmp_path / "b", tmp_path / "third", secret)

    run(story())
    for place in (folder, tmp_path / "b", tmp_path / "x"):
        assert canary not in everything_on_disk(place)
        assert b"anne@canary" not in everything_on_disk(place)


def test_retention_forgets_sales_at_rest_for_long(run, opened, clock):
    async def story():
        async with await opened() as store:
            await store.append(
                [ROW], [OutboxMessage("k1", "p", b"x")], [PersonalField("s1", "n", b"Ana")], finished=["s1"]
            )
            await store.append([JournalRow("s2", "customer", "Opened")], (), [PersonalField("s2", "n", b"Bo")])
            await store.record([((await store.ready("p", 1)).messages[0], Proven())])
            clock.go(days=31)
            assert (await store.retain(RetentionPolicy())).forgotten == ("s1",)
            assert await store.read_personal("s2") == {"n": b"Bo"}
            clock.go(days=500)
            assert (await store.retain(RetentionPolicy())).sent_trimmed == 1

    run(story())


def test_a_damaged_database_is_refused_or_made_anew(run, opened, folder):
    async def story():
        async with await opened() as store:
            await store.append(
                [ROW],
                [OutboxMessage("k1", "p", b"x", None, "s1")],
                [PersonalField("s1", "n", b"Ana")],
                is_irreversible=True,
            )
            await store.append(
                [JournalRow("s2", "system", "Opened")], [OutboxMessage("k2", "p", b"y"), OutboxMessage("k3", "p", b"z")]
            )
            first, second, _ = (await store.ready("p", 3)).messages
            await store.record([(first, Proven("7")), (second, Refused("no"))])
        (folder / "store.sqlite3").write_bytes(b"no database" * 1000)
        with pytest.raises(StoreDamaged) as caught:
            await opened()
        assert caught.value.findings
        async with await opened(may_rebuild=True) as store:
            assert store.repaired
            assert await store.open_sale_ids() == ("s1", "s2")
            assert await store.read_personal("s1") == {"n": b"Ana"}
            assert await store.proof("k1") == "7"
            assert await store.message_state("k2") is MessageState.PARKED
            assert await store.message_state("k3") is MessageState.QUEUED
            assert await store.verify() == ()
        (folder / "store.sqlite3").unlink()
        async with await opened(may_rebuild=True) as store:
            assert (await store.head()).seq == 2

    run(story())


def test_an_older_copy_of_the_database_is_noticed(run, opened, folder):
    async def story():
        async with await opened() as store:
            await store.append([ROW])
        older = (folder / "store.sqlite3").read_bytes()
        async with await opened() as store:
            await store.append([JournalRow("s1", "system", "Paid")])
        (folder / "store.sqlite3").write_bytes(older)
        with pytest.raises(StoreDamaged) as caught:
            await opened()
        assert caught.value.key == "store.rolled_back"
        async with await opened(may_rebuild=True) as store:
            assert [e.kind for e in await store.read_sale("s1")] == ["Opened", "Paid"]

    run(story())


def test_a_lost_second_journal_is_written_anew(run, opened, folder):
    async def story():
        async with await opened() as store:
            await store.append([ROW], [OutboxMessage("k1", "p", b"x")])
        (folder / "journal.gj").unlink()
        async with await opened() as store:
            assert await store.verify() == ()
        (folder / "store.sqlite3").unlink()
        assert rebuild(folder, offline_store.StoreOptions()).seq == 1

    run(story())


def test_listeners_hear_of_new_messages_only(run, opened):
    async def story():
        async with await opened() as store:
            heard = []
            stop = store.subscribe(lambda: heard.append(1))
            await store.append([ROW])
            assert heard == []
            await store.append([ROW], [OutboxMessage("k1", "p", b"x")])
            assert heard == [1]
            stop()
            stop()
            await store.append([ROW], [OutboxMessage("k2", "p", b"x")])
            assert heard == [1]

    run(story())


def test_a_full_queue_is_refused_and_nothing_happens(run, monkeypatch):
    async def story():
        thread = StoreThread()
        begun, gate = threading.Event(), threading.Event()
        first = asyncio.ensure_future(thread.run(lambda: begun.set() or gate.wait()))
        await asyncio.to_thread(begun.wait)
        monkeypatch.setattr(store_thread, "QUEUE_MAX", 1)
        second = asyncio.ensure_future(thread.run(lambda: 2))
        await asyncio.sleep(0)
        with pytest.raises(StoreBusy):
            await thread.run(lambda: 3)
        gate.set()
        assert await second == 2
        await first
        await thread.stop(lambda: None)

    run(story())


def test_an_accepted_call_is_run_also_when_its_caller_stopped_waiting(run):
    async def story():
        thread = StoreThread()
        gate, done = threading.Event(), []
        given_up = asyncio.ensure_future(thread.run(lambda: gate.wait() and done.append(1)))
        failing = asyncio.ensure_future(thread.run(lambda: done[1]))
        await asyncio.sleep(0)
        given_up.cancel()
        failing.cancel()
        gate.set()
        assert await thread.run(lambda: done) == [1]
        assert (given_up.cancelled(), failing.cancelled()) == (True, True)
        await thread.stop(lambda: None)

    run(story())


def test_an_accepted_call_is_run_also_when_the_loop_of_its_caller_is_gone(run):
    begun, gate, done = threading.Event(), threading.Event(), []

    async def leave():
        thread = StoreThread()
        waiting = asyncio.ensure_future(thread.run(lambda: begun.set() or (gate.wait() and done.append(1))))
        await asyncio.to_thread(begun.wait)
        waiting.cancel()
        return thread

    async def go_on(thread):
        assert await thread.run(lambda: done) == [1]
        await thread.stop(lambda: None)

    thread = run(leave())
    gate.set()
    run(go_on(thread))


def test_system_clock_is_aware_and_goes_on():
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.mono_ns() <= clock.mono_ns()
