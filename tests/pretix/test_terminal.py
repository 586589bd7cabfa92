"""The program itself on a real pretix: joined with a device's code, sold, printed, found there, let in at the door."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import zxingcpp
from PIL import Image

from kiosk.application.settings_file import load
from kiosk.bootstrap import Start, open_terminal
from kiosk.domain.money import Money, tax_contained
from tests.pretix.seeding import TOKEN

ROOT = Path(__file__).parents[2]
SETTINGS = """
[terminal]
id = "kiosk-7"
[platform]
kind = "pretix"
url = "{url}"
organizer = "guichet"
"""
POSITIONS = """SELECT p.price, p.tax_value, p.tax_rate, p.secret FROM pretixbase_orderposition p
JOIN pretixbase_order o ON o.id = p.order_id WHERE o.code = ?"""
PAYMENTS = """SELECT p.amount FROM pretixbase_orderpayment p
JOIN pretixbase_order o ON o.id = p.order_id WHERE o.code = ? AND p.state = 'confirmed'"""
HOLDERS = "SELECT attendee_name_cached FROM pretixbase_orderposition WHERE attendee_name_cached > ''"
Done = "subprocess.CompletedProcess[str]"


class Till:
    """A terminal's own folder, the commands on it, and the operator's hands on the server."""

    def __init__(self, server: Any, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.settings = folder / "settings.toml"
        self.settings.write_text(SETTINGS.format(url=server.url))
        self.said: list[str] = []
        self.http = httpx.Client(
            base_url=f"{server.url}/api/v1/organizers/guichet", headers={"Authorization": f"Token {TOKEN}"}, timeout=60
        )

    def guichet(self, *arguments: str, given: str = "") -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "kiosk", *arguments, "--settings", str(self.settings)],
            env={
                **os.environ, "PYTHONPATH": str(ROOT), "GUICHET_DATA_DIR": str(self.folder / "data"),
                "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software",
            },
            input=given, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        self.said += [done.stdout, done.stderr]
        return done

    def sell(self, *arguments: str) -> dict[str, Any]:
        done = self.guichet("sell", *arguments)
        assert done.returncode == 0, done.stderr
        report: dict[str, Any] = json.loads(done.stdout)
        assert (report["outcome"], report["is_at_rest"]) == ("delivered", True)
        return report

    def drained(self) -> int:
        """Open the terminal until it has brought what was left when its last sale ended; return what stays."""

        async def whole() -> int:
            data = self.folder / "data"
            async with open_terminal(Start(load(self.settings, data), data)) as terminal:
                for _ in range(300):
                    if not (left := (await terminal.store.figures()).queue_depth):
                        break
                    await asyncio.sleep(0.1)
                return left

        return asyncio.run(whole())

    def practise(self) -> None:
        """Put the events into test mode: a terminal in training sells no others."""
        for slug in ("museum", "tale"):
            assert self.http.patch(f"/events/{slug}/", json={"testmode": True}).status_code == 200

    def code(self) -> str:
        body = {"all_events": True, "limit_events": [], "name": "Kiosk 7", "security_profile": "full"}
        made = self.http.post("/devices/", json=body)
        assert made.status_code == 201, made.text
        return str(made.json()["initialization_token"])

    def join(self) -> dict[str, Any]:
        done = self.guichet("platform", "link", self.server.url, self.code())
        assert done.returncode == 0, done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    @property
    def token(self) -> str:
        return str(self.server.rows("SELECT api_token FROM pretixbase_device ORDER BY id DESC LIMIT 1")[0][0])

    def admit(self, door: int, secret: str) -> tuple[int, str]:
        body = {"lists": [door], "secret": secret, "type": "entry", "source_type": "barcode"}
        answer = self.http.post("/checkinrpc/redeem/", json=body)
        return answer.status_code, answer.json().get("reason", "")


@pytest.fixture
def till(server: Any, tmp_path: Path) -> Iterator[Till]:
    server.reset()
    made = Till(server, tmp_path)
    made.practise()
    yield made
    made.http.close()


def printed(report: dict[str, Any]) -> list[str]:
    """Return the codes on the paper, as a reader sees them."""
    papers = [each["png"] for each in report["documents"] if each["kind"] == "ticket"]
    return [code.text for png in papers for code in zxingcpp.read_barcodes(Image.open(png).convert("L"))]


def cents(rows: list[Any]) -> list[tuple[int, ...]]:
    return sorted(tuple(round(float(each) * 100) for each in row) for row in rows)


def test_sells_a_group_with_an_extra_and_seats_and_the_door_lets_the_printed_codes_in(till: Till) -> None:
    assert till.join()["name"] == "Guichet"
    facts = till.server.facts
    report = till.sell(
        "--event", "museum", "--rider", f"{facts['adult']}=3", "--rider", f"{facts['child']}=1",
        "--addon", f"{facts['guide']}=1", "--receipt", "--holder", "Ada Lovelace",
    )  # fmt: skip
    assert report["price"] == report["paid"] == {"minor": 3 * 1080 + 650 + 490, "currency": "EUR"}
    seats = till.sell("--event", "tale", "--best", "2", "--tender", "cash")
    for sale, door in ((report, facts["door"]), (seats, facts["foyer"])):
        code = sale["codes"][0]
        assert till.server.rows("SELECT status FROM pretixbase_order WHERE code = ?", code) == [("p",)]
        booked = till.server.rows(POSITIONS, code)
        assert sum(row[0] for row in cents([each[:3] for each in booked])) == sale["paid"]["minor"]
        for price, tax, rate in cents([each[:3] for each in booked]):
            assert tax == tax_contained(Money(price, "EUR"), rate).minor
        assert cents(till.server.rows(PAYMENTS, code)) == [(sale["paid"]["minor"],)]
        codes = printed(sale)
        assert sorted(codes) == sorted({each[3] for each in booked} & set(codes))
        assert len(codes) == len([each for each in sale["documents"] if each["kind"] == "ticket"])
        for secret in codes:
            assert till.admit(door, secret) == (201, "")
            assert till.admit(door, secret) == (400, "already_redeemed")
    names = till.server.rows(
        "SELECT attendee_name_cached FROM pretixbase_orderposition WHERE attendee_name_cached > ''"
    )
    assert names == [("Ada Lovelace",)] * 4
    assert till.drained() == 0
    books = till.guichet("reconcile", "--all")
    assert books.returncode == 0, books.stdout
    total = report["paid"]["minor"] + seats["paid"]["minor"]
    assert json.loads(books.stdout)["platform_minor"] == total
    tickets = len(printed(report) + printed(seats))
    assert till.server.rows("SELECT count(*) FROM pretixbase_printlog WHERE successful") == [(tickets,)]
    by_hand = till.http.post(f"/events/tale/orders/{seats['codes'][0]}/mark_canceled/", json={"send_email": False})
    assert by_hand.status_code == 200
    books = till.guichet("reconcile", "--all")
    assert books.returncode == 1
    assert seats["codes"][0] in books.stdout
    assert till.server.rows("SELECT count(*) FROM pretixbase_orderposition WHERE seat_id IS NOT NULL") == [(2,)]


def test_the_pages_sell_a_group_and_seats_and_the_door_lets_the_printed_codes_in(till: Till) -> None:
    till.join()
    done = till.guichet("demo", "--out", str(till.folder / "out"))
    assert done.returncode == 0, done.stderr
    stories = json.loads((till.folder / "out" / "report.json").read_text())["stories"]
    assert [story["story"] for story in stories] == ["server-slot", "server-seats"]
    facts = till.server.facts
    prices = (3 * 1080 + 490, 2 * 4500)
    for story, price, door in zip(stories, prices, (facts["door"], facts["foyer"]), strict=True):
        (sale,) = story["sales"]
        assert sale["paid"]["minor"] == price
        booked = till.server.rows(POSITIONS, sale["codes"][0])
        assert sum(row[0] for row in cents([each[:3] for each in booked])) == price
        codes = printed(sale)
        assert len(codes) == len([each for each in sale["documents"] if each["kind"] == "ticket"])
        for secret in codes:
            assert till.admit(door, secret) == (201, "")


def test_a_terminal_in_training_sells_nothing_that_is_real(till: Till) -> None:
    till.join()
    assert till.http.patch("/events/tale/", json={"testmode": False}).status_code == 200
    assert till.guichet("sell", "--event", "tale", "--best", "1").returncode == 3
    assert "Nothing is on called" in till.said[-1]
    unsold = json.loads(till.guichet("platform", "unsold").stdout)
    assert {"id": "tale", "reason": "not in test mode, and this terminal practises"} in unsold
    till.sell("--event", "museum", "--rider", f"{till.server.facts['adult']}=1")
    assert till.server.rows("SELECT testmode FROM pretixbase_order") == [(1,)]


def test_what_lets_the_terminal_in_is_written_and_said_nowhere(till: Till) -> None:
    code = till.code()
    done = till.guichet("platform", "link", "-", given=json.dumps(
        {"handshake_version": 1, "url": till.server.url, "token": code}
    ) + "\n")  # fmt: skip
    assert done.returncode == 0, done.stderr
    tokens = [till.token]
    till.sell("--event", "museum", "--rider", f"{till.server.facts['adult']}=1")
    assert till.guichet("platform", "roll").returncode == 0
    tokens.append(till.token)
    assert tokens[0] != tokens[1]
    till.sell("--event", "museum", "--rider", f"{till.server.facts['child']}=1")
    assert json.loads(till.guichet("platform", "unsold").stdout) == []
    till.guichet("doctor", "--json")
    till.guichet("platform", "link")
    till.guichet("store", "export", str(till.folder / "export"))
    files = [path for path in till.folder.rglob("*") if path.is_file()]
    assert len(files) > 10
    for canary in (*tokens, code):
        assert not [path for path in files if canary.encode() in path.read_bytes()]
        assert not [each for each in till.said if canary in each]


def test_a_terminal_that_was_revoked_says_so_keeps_what_it_sold_and_leaves(till: Till) -> None:
    assert till.guichet("sell", "--event", "museum").returncode == 6
    assert "not linked" in till.said[-1]
    till.join()
    sold = till.sell("--event", "museum", "--rider", f"{till.server.facts['adult']}=1")
    till.server.change("UPDATE pretixbase_device SET revoked = 1")
    assert till.guichet("sell", "--event", "museum").returncode == 3
    assert till.guichet("doctor").returncode == 1
    assert "revoked" in till.said[-2]
    assert till.guichet("platform", "roll").returncode == 3
    assert "revoked" in till.said[-1]
    assert json.loads(till.guichet("platform", "unlink").stdout) == {"is_linked": False, "is_revoked_there": True}
    assert till.guichet("sell", "--event", "museum").returncode == 6
    assert json.loads(till.guichet("store", "verify").stdout)["findings"] == []
    till.join()
    assert till.guichet("platform", "find", sold["codes"][0]).returncode == 0
    assert till.drained() == 0
    assert till.guichet("platform", "unlink").returncode == 0


def test_a_gift_card_pays_a_part_and_a_chip_brings_what_the_servers_shop_sold(till: Till) -> None:
    """The books of journal, server and card agree; the code of the card is in no file and no answer of the terminal."""
    till.join()
    facts = till.server.facts
    card = {"secret": "PRESENT9SECRET", "currency": "EUR", "value": "5.00", "testmode": True}
    assert till.http.post("/giftcards/", json=card).status_code == 201
    sold = till.sell("--event", "museum", "--rider", f"{facts['adult']}=2", "--gift-card", card["secret"], "--receipt")
    rows = till.server.rows(PAYMENTS, sold["codes"][0])
    assert sorted(round(amount * 100) for (amount,) in rows) == [500, 1900]
    (left,) = till.server.rows("SELECT sum(value) FROM pretixbase_giftcardtransaction")[0]
    assert left == 0
    empty = till.guichet("sell", "--event", "museum", "--rider", f"{facts['adult']}=1", "--gift-card", card["secret"])
    assert (empty.returncode, till.server.rows("SELECT count(*) FROM pretixbase_order")) == (3, [(1,)])
    subevent = int(facts["slot_id"].partition("@")[2])
    line = {"positionid": 1, "item": int(facts["child"]), "subevent": subevent, "price": "6.50"}
    body = {
        "status": "p", "payment_provider": "manual", "sales_channel": "api.kiosk", "locale": "en", "email": None,
        "fees": [], "testmode": True, "positions": [line],
    }  # fmt: skip
    shop = till.http.post("/events/museum/orders/", json=body)
    assert shop.status_code == 201, shop.text
    ticket = shop.json()["positions"][0]
    medium = {"type": "nfc_uid", "identifier": "04A1B2C3D4E5F6", "linked_orderpositions": [ticket["id"]]}
    assert till.http.post("/reusablemedia/", json=medium).status_code == 201
    picked = till.sell("--medium", "04:A1:B2:C3:D4:E5:F6")
    assert [each["secret"] for each in picked["documents"]] == [ticket["secret"]]
    assert till.drained() == 0
    assert till.server.rows("SELECT count(*) FROM pretixbase_printlog WHERE position_id = ?", ticket["id"]) == [(1,)]
    books = till.guichet("reconcile", "--all")
    assert (books.returncode, json.loads(books.stdout)["journal_minor"]) == (0, {"card": 1900, "gift_card": 500})
    kept = [each for each in till.folder.rglob("*") if each.is_file()]
    assert not [each for each in kept if card["secret"].encode() in each.read_bytes()]
    assert not any(card["secret"] in each for each in till.said)
