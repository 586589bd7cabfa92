"""The store beside its peers, as ratios in one run: a bare disk for a durable sale, persist-queue for acknowledging."""

import itertools
import os
import statistics
import time
from pathlib import Path

import persistqueue
import pytest

from offline_store import JournalRow, OutboxMessage, Proven, StoreOptions, SystemClock
from offline_store.vault import Append, Vault
from tests.bench.quiet import best

ROUNDS, SALES = 7, 60
RATIO_MAX = 1.5


def sale(number):
    name = f"sale{number:08}"
    rows = tuple(JournalRow(name, "customer", kind, b"x" * 150) for kind in ("TenderPaid", "StockSold", "DocumentDue"))
    return Append(rows, (OutboxMessage(f"key{number}", "p", b"b" * 900, None, name),), (), (), is_irreversible=True)


def p50(calls):
    times = []
    for call in calls:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def probe(files, sizes):
    """Append the same bytes and sync as often: what the disk asks for, and nothing else."""

    def once():
        for fd, size in zip(files, sizes, strict=True):
            os.write(fd, b"p" * size)
            os.fdatasync(fd)

    return once


@pytest.mark.bench
def test_one_durable_sale_costs_little_more_than_the_disk_itself(tmp_path: Path):
    vault = Vault(tmp_path / "store", SystemClock(), StoreOptions(reserve_bytes=0))
    vault.open()
    files = [os.open(tmp_path / name, os.O_CREAT | os.O_WRONLY | os.O_APPEND) for name in ("a", "b")]
    log = tmp_path / "store" / "store.sqlite3-wal"
    before = [log.stat().st_size, vault.file.scan().end]
    for number in range(SALES):  # warm-up, and how many bytes a sale is before the WAL is used again from its start
        vault.append(sale(number))
    after = [log.stat().st_size, vault.file.scan().end]
    sizes = [(end - start) // SALES for start, end in zip(before, after, strict=True)]
    numbers = itertools.count(SALES)

    def measured() -> float:
        ratios = []
        for _ in range(ROUNDS):
            ours = p50([lambda: vault.append(sale(next(numbers)))] * SALES)
            ratios.append(ours / p50([probe(files, sizes)] * SALES))
        return statistics.median(ratios)

    ratio = best(measured, RATIO_MAX)
    vault.close()
    print(f"durable sale / probe: {ratio:.2f} ({sizes[0]} + {sizes[1]} bytes)")  # noqa: T201 - the figure is the point
    assert ratio <= RATIO_MAX


@pytest.mark.bench
def test_acknowledging_in_batches_costs_a_tenth_of_persist_queue(tmp_path: Path):
    vault = Vault(tmp_path / "store", SystemClock(), StoreOptions(reserve_bytes=0))
    vault.open()
    peer = persistqueue.SQLiteAckQueue(str(tmp_path / "peer"), auto_commit=True)
    ratios = []
    for turn in range(ROUNDS + 1):
        vault.append(
            Append(
                (JournalRow("s", "system", "x"),),
                tuple(OutboxMessage(f"{turn}-{n}", "p", b"b" * 900) for n in range(100)),
            )
        )
        start = time.perf_counter()
        vault.record([(message, Proven("ok")) for message in vault.ready("p", 100).messages])
        ours = (time.perf_counter() - start) / 100
        for _ in range(30):
            peer.put(b"b" * 900)
        ratios.append(ours / p50([lambda: peer.ack(peer.get())] * 30))
    vault.close()
    peer.close()
    ratio = statistics.median(ratios[1:])
    print(f"batch acknowledge / persist-queue: {ratio:.3f}")  # noqa: T201 - the figure is the point
    assert ratio <= 0.1
