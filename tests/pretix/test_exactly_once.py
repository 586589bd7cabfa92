"""Each sale is on the real server once: the terminal killed, answers lost, keys forgotten, the token changed."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.application.codec import BookMessage, encode
from kiosk.application.interfaces import BookingOrder, EventChoice, PartOrder
from kiosk.domain.catalogue import RiderCount
from kiosk.platforms.pretix import Ask, NotLinkedError, SealedLink, Terminal, join, renew
from offline_store import JournalRow, OutboxMessage, Store
from tests.pretix.relay import Relay
from tests.pretix.seeding import TOKEN

HERE = Path(__file__).parent
LOST = 0.06
ORDERS = "SELECT code, status, total, CAST(api_meta AS text) AS meta, id FROM pretixbase_order"
SECRETS = "SELECT order_id, secret FROM pretixbase_orderposition"
PAID = "SELECT count(*), sum(amount) FROM pretixbase_orderpayment WHERE state = 'confirmed'"


@dataclass
class Plan:
    """What is to befall a run: at which count of proven sales the terminal is killed, keys go, the token changes."""

    sales: int
    kills: set[int]
    purges: set[int]
    rolls: set[int]
    server_kills: set[int] = field(default_factory=set)


def plan(sales: int, chance: Random, *, kills: int, purges: int, rolls: int, server_kills: int) -> Plan:
    marks = chance.sample(range(3, sales - 3), kills + purges + rolls + server_kills)
    cuts = [kills, kills + purges, kills + purges + rolls]
    parts = [marks[low:high] for low, high in zip([0, *cuts], [*cuts, len(marks)], strict=True)]
    return Plan(sales, *(set(each) for each in parts))


def ask() -> Ask:
    return Ask(Terminal("Test", "Kiosk", "1"), timeout_s=20.0)


def again(work: Any) -> Any:
    """Do it as a person would whose answer was lost: give the same command again."""
    for _ in range(20):
        try:
            return asyncio.run(work())
        except NotLinkedError as lost:
            if lost.key not in {"answer_lost", "unreachable"}:
                raise
    raise AssertionError("no answer in twenty tries")


def room(stage: Any) -> str:
    """Make room for everybody; return the code of a new device."""
    with httpx.Client(
        base_url=f"{stage.server.url}/api/v1/organizers/guichet",
        headers={"Authorization": f"Token {TOKEN}"},
        timeout=60,
    ) as http:
        body = {"all_events": True, "limit_events": [], "name": "Kiosk 9", "security_profile": "full"}
        code = http.post("/devices/", json=body).json()["initialization_token"]
        for quota in http.get("/events/museum/quotas/").json()["results"]:
            assert http.patch(f"/events/museum/quotas/{quota['id']}/", json={"size": None}).status_code == 200
    return str(code)


def prepared(stage: Any, folder: Path, url: str, sales: int) -> list[BookingOrder]:
    """Link a new device, make room for everybody and write down what is to be sold."""
    code = room(stage)
    again(lambda: join(SealedLink(folder / "link"), ask(), url, code))
    facts = stage.facts
    kinds = [{"adult": 1}, {"adult": 2, "guide": 1}, {"child": 3}]
    offers = [
        stage.run(stage.platform.event_offer(EventChoice(
            facts["slot_id"], tuple(RiderCount(facts[name], count) for name, count in kind.items())
        ), timeout_s=30)) for kind in kinds
    ]  # fmt: skip
    orders = [order(stage, number, offers[number % len(offers)]) for number in range(sales)]
    (folder / "orders.json").write_bytes(msgspec.json.encode(orders))
    return orders


def order(stage: Any, number: int, offer: Any) -> BookingOrder:
    code = f"SALE{number:05}"
    parts = tuple(
        PartOrder(each.id, offer.id, sha256(f"{code}{each.id}".encode()).hexdigest()[:26].upper())
        for each in offer.parts
    )
    digest = sha256(repr((code, parts)).encode()).hexdigest()
    return BookingOrder(code, f"sale-{number}", "", (offer,), parts, offer.price, stage.clock.now(), "kiosk", digest)


class Run:
    """The terminal, run again after each kill, and what befalls it meanwhile."""

    def __init__(self, stage: Any, folder: Path, wanted: Plan, chance: Random) -> None:
        self.stage, self.folder, self.plan, self.chance = stage, folder, wanted, chance
        self.sold: set[str] = set()
        self.told: Counter[str] = Counter()
        self.starts, self.starts_max = 0, len(wanted.kills) + 1
        self.inside: tuple[str, ...] = ()
        self.words: tuple[str, ...] = ()

    def until_done(self) -> None:
        while self.once() != 0:
            assert self.starts < self.starts_max, "the terminal ended by itself"

    def once(self) -> int:
        self.starts += 1
        with subprocess.Popen(
            [*self.inside, sys.executable, str(HERE / "courier_process.py"), str(self.folder), *self.words],
            env={"PYTHONPATH": str(HERE.parents[1]), "PATH": ""}, stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            doomed = False
            for line in process.stdout:
                word, code = line.split()
                if word == "sold":
                    self.sold.add(code)
                elif word == "told":
                    self.told[code] += 1
                    doomed = self.befall(len(self.told)) or doomed
                self.heard(word)
                # Killed as the server is asked, or just told: with the answer on its way or the proof unwritten.
                if doomed and (word == "asks" or self.chance.random() < 0.5):
                    process.kill()
            return process.wait(60)

    def heard(self, word: str) -> None:
        """Be told each thing the terminal says."""

    def befall(self, count: int) -> bool:
        """Let happen what is planned for this count; say whether the terminal is to be killed."""
        if count in self.plan.purges:
            self.plan.purges.discard(count)
            self.stage.server.forget_keys()
        if count in self.plan.rolls:
            self.plan.rolls.discard(count)
            again(lambda: renew(SealedLink(self.folder / "link"), ask()))
        if count in self.plan.server_kills:
            self.plan.server_kills.discard(count)
            self.stage.server.kill_worker()
        is_doomed = count in self.plan.kills
        self.plan.kills.discard(count)
        return is_doomed


def judged(stage: Any, folder: Path, orders: list[BookingOrder]) -> None:
    """Hold what the server has to what was sold: each once, whole, for the same money; and nothing waits."""
    wanted = {each.code: each for each in orders}
    booked, secrets = stage.server.rows(ORDERS), defaultdict[int, list[str]](list)
    for order_id, secret in stage.server.rows(SECRETS):
        secrets[order_id].append(secret)
    assert Counter(row[0] for row in booked) == Counter(wanted.keys())
    for code, status, total, meta, order_id in booked:
        mine = wanted[code]
        assert (status, round(total * 100)) == ("p", mine.paid.minor)
        assert json.loads(meta)["digest"] == mine.digest
        assert sorted(secrets[order_id]) == sorted(part.secret for part in mine.parts)
    assert [(count, round(amount * 100)) for count, amount in stage.server.rows(PAID)] == [
        (len(orders), sum(each.paid.minor for each in orders))
    ]

    async def left() -> Any:
        async with await Store.open(folder / "store") as store:
            return [each for each in await store.stream_figures() if each.ready or each.parked], await store.verify()

    assert asyncio.run(left()) == ([], ())


def sold_exactly_once(stage: Any, folder: Path, wanted: Plan, seed: int, record: Any) -> None:
    kills = len(wanted.kills)
    record("purges of the server's keys, new tokens, kills of the server", [
        len(each) for each in (wanted.purges, wanted.rolls, wanted.server_kills)
    ])  # fmt: skip
    with Relay(int(stage.server.url.rsplit(":", 1)[1]), seed=seed) as relay:
        orders = prepared(stage, folder, relay.url, wanted.sales)
        relay.lost = LOST
        run = Run(stage, folder, wanted, Random(seed))
        run.until_done()
        relay.lost = 0.0
        judged(stage, folder, orders)
    assert run.sold == {each.code for each in orders}
    assert run.starts == kills + 1
    assert wanted.kills | wanted.purges | wanted.rolls | wanted.server_kills == set()
    assert sum(relay.breaks.values()) >= wanted.sales // 20
    record("seed", seed)
    record("server", stage.server.database.told)
    record("sales", len(orders))
    record("terminal kills", kills)
    record("broken lines", dict(relay.breaks))
    record("proofs told twice", sum(count > 1 for count in run.told.values()))


def test_two_hundred_sales_are_there_once(stage: Any, tmp_path: Path, record_property: Any) -> None:
    wanted = plan(200, Random(4), kills=5, purges=1, rolls=1, server_kills=2)
    sold_exactly_once(stage, tmp_path, wanted, 4, record_property)


@pytest.mark.soak
def test_three_thousand_sales_are_there_once(stage: Any, tmp_path: Path, record_property: Any) -> None:
    wanted = plan(3000, Random(40), kills=50, purges=5, rolls=2, server_kills=20)
    sold_exactly_once(stage, tmp_path, wanted, 40, record_property)


@pytest.mark.soak
def test_three_thousand_sales_are_there_once_on_postgresql(
    stage_on_postgresql: Any, tmp_path: Path, record_property: Any
) -> None:
    wanted = plan(3000, Random(41), kills=50, purges=5, rolls=2, server_kills=20)
    sold_exactly_once(stage_on_postgresql, tmp_path, wanted, 41, record_property)


def test_the_sales_of_a_lost_terminal_are_brought_from_its_backup(stage: Any, tmp_path: Path) -> None:
    lost, other, backup = tmp_path / "lost", tmp_path / "other", tmp_path / "backup"
    lost.mkdir()
    private = X25519PrivateKey.generate()
    (tmp_path / "recovery.key").write_text(private.private_bytes_raw().hex())
    orders = prepared(stage, lost, stage.server.url, 6)

    async def sell_and_lose() -> None:
        async with await Store.open(lost / "store") as store:
            for each in orders:
                body = encode(BookMessage("pretix", each))
                message = OutboxMessage(f"book:{each.code}", "pretix", body, sale_id=each.sale_id)
                await store.append((JournalRow(each.sale_id, "customer", "sold", b""),), (message,))
            await store.backup(backup, private.public_key().public_bytes_raw())

    asyncio.run(sell_and_lose())
    for each in orders[:2]:  # had got there after the backup
        stage.run(stage.platform.book(each, timeout_s=30))
    shutil.rmtree(lost)
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1]), "GUICHET_DATA_DIR": str(other)}
    words = ("store", "restore", str(backup), "--recovery-key-file", str(tmp_path / "recovery.key"))
    for status in (0, 3):
        done = subprocess.run([sys.executable, "-m", "kiosk", *words], env=environment, check=False, cwd=tmp_path)
        assert done.returncode == status
    assert prepared(stage, other, stage.server.url, 6)
    (other / "orders.json").write_bytes(msgspec.json.encode(orders))
    subprocess.run([sys.executable, str(HERE / "courier_process.py"), str(other)], env=environment, check=True)
    judged(stage, other, orders)
