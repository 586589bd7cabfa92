"""A sale with a name and a mail address: on the ticket, sealed everywhere else, and forgotten everywhere at once."""

import asyncio
import json
import logging
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kiosk.__main__ import main
from kiosk.application.documents import PaperMaker
from kiosk.application.ordering import SaleOrder
from kiosk.application.paper import TicketFacts
from kiosk.application.purchaser import NAME_CHARS_MAX, Purchaser, PurchaserRefusedError, purchaser
from kiosk.application.retention import Retention
from kiosk.application.selling import sell
from kiosk.application.settings_file import load
from kiosk.application.store_gateway import StoreGateway
from kiosk.bootstrap import Start, open_link, open_store, open_terminal
from kiosk.domain.sale.sale import Sale
from kiosk.platforms.embedded import LinkMode
from offline_store import Forgotten, RetentionPolicy, SaleStillOwed, Store

NAME, MAIL = "Xanthippe Quokkasdottir", "canary.quokka@example.org"
CANARIES = (b"Xanthippe", b"Quokkasdottir", b"canary.quokka", "Xanthippe".encode("utf-16-le"))
ROOT = Path(__file__).parents[2]
PUBLIC_KEY = bytes(range(32))
ORDER = SaleOrder(origin="aldermoor-central", destination="bellmar", riders={"adult": 1}, holder=NAME, mail=MAIL)


def start(data: Path) -> Start:
    data.mkdir(exist_ok=True)
    file = data.parent / "settings.toml"
    file.write_text(
        "[timeouts]\nplatform_read_s = 1.0\nplatform_write_s = 1.0\nconfirm_wait_s = 0.5\n", encoding="utf-8"
    )
    return Start(load(file, data), data)


def in_clear(folder: Path) -> list[str]:
    """Return the files that hold a canary, also in what SQLite has freed."""
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    return [str(file.relative_to(folder)) for file in files if any(name in file.read_bytes() for name in CANARIES)]


async def one_sale(data: Path, backup: Path) -> dict[str, Any]:
    """Sell with the link down, look at the disk while the message waits, then let it through."""
    link = open_link(start(data).settings, data)
    async with open_terminal(start(data)) as terminal:
        link.set(LinkMode.DOWN)
        sold = await sell(terminal, ORDER)
        assert (await terminal.store.figures()).queue_depth
        assert in_clear(data) == []
        with pytest.raises(SaleStillOwed):
            await terminal.store.forget(sold["sale_id"], "test")
        await terminal.store.backup(backup, PUBLIC_KEY)
        await terminal.store.export(backup.with_name("export"))
        link.set(LinkMode.UP)
        terminal.supervision.nudge()
        async with asyncio.timeout(60):
            while (await terminal.store.figures()).queue_depth or terminal.till.open_sales():
                await asyncio.sleep(0.02)
    return sold


async def kept(data: Path, sale_id: str) -> dict[str, bytes]:
    async with open_store(start(data)) as store:
        return await store.read_personal(sale_id)


def test_the_name_is_on_the_ticket_and_in_clear_nowhere_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    drawn: list[TicketFacts] = []
    ticket = PaperMaker.ticket

    def seen(self: PaperMaker, facts: TicketFacts) -> Any:
        drawn.append(facts)
        return ticket(self, facts)

    monkeypatch.setattr(PaperMaker, "ticket", seen)
    data = tmp_path / "data"
    sold = asyncio.run(one_sale(data, tmp_path / "backup"))
    assert sold["outcome"] == "delivered"
    assert [facts.holder for facts in drawn] == [NAME]
    assert asyncio.run(kept(data, sold["sale_id"])) == {"holder": NAME.encode(), "mail": MAIL.encode(), "answers": b""}
    assert in_clear(tmp_path) == []
    assert all(canary.decode("utf-8", "ignore") not in caplog.text for canary in CANARIES[:3])
    assert "Quokkasdottir" not in json.dumps(sold)


def test_a_forgotten_sale_is_unreadable_here_and_in_the_backup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    sale_id = asyncio.run(one_sale(data, backup))["sale_id"]
    with closing(sqlite3.connect(data / "store" / "store.sqlite3")) as conn:
        key = conn.execute("SELECT key_id FROM personal WHERE sale_id = ?", (sale_id,)).fetchone()[0]
    before = (backup / "keys.sealed").read_bytes()
    assert key in before
    assert main(("store", "forget", sale_id, "--data", str(data))) == 0
    assert json.loads(capsys.readouterr().out) == {"forgotten": True, "sale_id": sale_id}
    assert asyncio.run(kept(data, sale_id)) == {}
    assert main(("store", "verify", "--data", str(data))) == 0
    assert main(("store", "forget", "--data", str(data))) != 0
    assert "Name the sale" in capsys.readouterr().err
    bundle = (backup / "keys.sealed").read_bytes()
    assert len(bundle) < len(before)
    assert key not in bundle


def test_a_sale_at_rest_long_enough_is_forgotten_by_itself(tmp_path: Path) -> None:
    data = tmp_path / "data"
    sale_id = asyncio.run(one_sale(data, tmp_path / "backup"))["sale_id"]

    async def sweep(days: int) -> dict[str, bytes]:
        async with open_store(start(data)) as store:
            sweeping = asyncio.create_task(Retention(store, RetentionPolicy(personal_days=days)).run())
            await store.head()  # behind the sweep on the store's one thread
            await asyncio.sleep(0)
            await store.head()
            sweeping.cancel()
            return await store.read_personal(sale_id)

    assert set(asyncio.run(sweep(30))) == {"holder", "mail", "answers"}
    assert asyncio.run(sweep(0)) == {}


def test_a_ticket_comes_out_even_where_its_name_can_no_longer_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def gone(_: Store, sale_id: str) -> dict[str, bytes]:
        raise Forgotten("store.forgotten", sale_id)

    async def story() -> dict[str, Any]:
        async with open_terminal(start(tmp_path)) as terminal:
            book = StoreGateway._message

            async def message(gateway: StoreGateway, sale: Sale, effect: Any) -> Any:
                made = await book(gateway, sale, effect)
                monkeypatch.setattr(Store, "read_personal", gone)
                return made

            monkeypatch.setattr(StoreGateway, "_message", message)
            return await sell(terminal, ORDER)

    assert asyncio.run(story())["outcome"] == "delivered"
    assert "cannot be read: store.forgotten" in caplog.text


def test_a_page_that_cannot_be_drawn_says_why_without_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: PaperMaker, facts: TicketFacts) -> Any:
        raise ValueError(f"no glyph in a name of {len(facts.holder)} letters")

    async def story() -> dict[str, Any]:
        async with open_terminal(start(tmp_path)) as terminal:
            return await sell(terminal, ORDER)

    monkeypatch.setattr(PaperMaker, "ticket", broken)
    assert asyncio.run(story())["outcome"] == "paid_back"
    assert f"a name of {len(NAME)} letters" in caplog.text
    assert "Quokkasdottir" not in caplog.text
    assert in_clear(tmp_path) == []


def test_nothing_of_memory_is_dumped_when_the_program_crashes() -> None:
    told = """
import resource, kiosk.__main__ as guichet
guichet.main(["settings", "check"])
print(resource.getrlimit(resource.RLIMIT_CORE)[0])
"""
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "0"


@pytest.mark.parametrize(
    ("holder", "mail"),
    [("A\x1b@B", ""), ("line\nbreak", ""), ("N" * (NAME_CHARS_MAX + 1), ""), ("Ana", "no mail"), ("Ana", "a@b@c.org")],
)
def test_what_is_no_name_or_address_is_refused_in_words_that_do_not_repeat_it(holder: str, mail: str) -> None:
    with pytest.raises(PurchaserRefusedError) as refused:
        purchaser(holder, mail)
    assert holder not in str(refused.value)
    assert not mail or mail not in str(refused.value)


def test_a_purchaser_does_not_tell_its_name_to_logs() -> None:
    assert "Quokkasdottir" not in repr(Purchaser(NAME, MAIL))
    assert purchaser(" Ana María ", "").holder == "Ana María"
