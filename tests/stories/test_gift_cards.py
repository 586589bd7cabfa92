"""Gift cards through the whole till: taken, given back when nothing is sold, refused in words, found in three books."""

import argparse
import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from kiosk.application.control import NotDone
from kiosk.application.interfaces import GiftCharge
from kiosk.application.ordering import SaleOrder
from kiosk.application.reconciliation import reconcile
from kiosk.application.selling import sell
from kiosk.application.settings import Settings
from kiosk.application.settings_file import LoadedSettings
from kiosk.application.terminal import Terminal
from kiosk.bootstrap import Start, open_terminal
from kiosk.commands.sell import add_arguments, order_from
from kiosk.domain.money import Money
from kiosk.platforms.embedded import LinkMode

MUSEUM: dict[str, Any] = {"event": "museum-day", "riders": {"adult": 2}}


@asynccontextmanager
async def terminal_in(folder: Path) -> AsyncIterator[tuple[Terminal, Any]]:
    loaded = LoadedSettings(Settings(), "")
    async with open_terminal(Start(loaded, folder)) as terminal:
        yield terminal, terminal.platform._platform  # type: ignore[attr-defined]


def balance(platform: Any, code: str) -> int:
    with platform.ledger.reading() as db:
        row = db.execute(
            "SELECT sum(minor) FROM gift_entry JOIN gift_card ON gift_card.id = card WHERE code = ?", (code,)
        ).fetchone()
    return int(row[0])


async def price_of(terminal: Terminal) -> int:
    report = await sell(terminal, SaleOrder(**MUSEUM))
    return int(report["price"]["minor"])


def test_a_card_pays_a_part_and_the_rest_is_paid_otherwise_and_three_books_agree(tmp_path: Path) -> None:
    async def story() -> None:
        async with terminal_in(tmp_path) as (terminal, platform):
            price = await price_of(terminal)
            code = platform.gift_cards.issue(Money(500, "EUR"))
            report = await sell(terminal, SaleOrder(**MUSEUM, gift_card=code, wants_receipt=True))
            assert report["outcome"] == "delivered"
            assert [each["kind"] for each in report["tenders"]] == ["gift_card", "card"]
            assert [each["amount"]["minor"] for each in report["tenders"]] == [500, report["price"]["minor"] - 500]
            assert balance(platform, code) == 0
            large = platform.gift_cards.issue(Money(9900, "EUR"))
            whole = await sell(terminal, SaleOrder(**MUSEUM, gift_card=large))
            assert [each["kind"] for each in whole["tenders"]] == ["gift_card"]
            assert balance(platform, large) == 9900 - price
            found = await terminal.platform.find(whole["codes"][0], timeout_s=5)
            assert found is not None
            assert found.gift_card_minor == price
            books = await reconcile(terminal.books, terminal.platform, terminal.devices.payment, None, timeout_s=5)
            assert (books.differences, books.unasked, books.waiting) == ((), (), ())
            assert books.journal_minor == {"card": 2 * price - 500, "gift_card": 500 + price}

    asyncio.run(story())


def test_a_card_whose_book_says_otherwise_is_named(tmp_path: Path) -> None:
    """Somebody at the organizer's gives back what a sale counts on."""

    async def story() -> None:
        async with terminal_in(tmp_path) as (terminal, platform):
            code = platform.gift_cards.issue(Money(500, "EUR"))
            report = await sell(terminal, SaleOrder(**MUSEUM, gift_card=code))
            reference = report["tenders"][0]["reference"]

            async def kinds() -> list[str]:
                books = await reconcile(terminal.books, terminal.platform, terminal.devices.payment, None, timeout_s=5)
                return [each.kind for each in books.differences]

            assert await kinds() == []
            platform.gift_cards._pay_back(1, reference, Money(200, "EUR"))
            assert await kinds() == ["gift_card.less"]
            platform.link.set(LinkMode.DOWN)
            books = await reconcile(terminal.books, terminal.platform, terminal.devices.payment, None, timeout_s=5)
            assert reference in books.unasked

    asyncio.run(story())


def test_a_card_charged_for_a_sale_that_was_given_up_is_named(tmp_path: Path) -> None:
    """The platform said that the money went back, and its book shows none of it."""

    async def story() -> None:
        async with terminal_in(tmp_path) as (terminal, platform):
            code = platform.gift_cards.issue(Money(500, "EUR"))
            payment: Any = terminal.devices.payment
            payment.start_fault("declined", times=1)
            with pytest.raises(NotDone):
                await sell(terminal, SaleOrder(**MUSEUM, gift_card=code))

            async def differences() -> list[tuple[str, int, int]]:
                books = await reconcile(terminal.books, terminal.platform, None, None, timeout_s=5)
                assert books.sales == 0
                return [(each.kind, each.ours_minor, each.theirs_minor) for each in books.differences]

            assert await differences() == []
            said = platform.gift_cards._charge_of

            def more(card: int, reference: str) -> GiftCharge:
                known = said(card, reference)
                return GiftCharge(known.charged, Money(0, "EUR"))

            platform.gift_cards._charge_of = more
            assert await differences() == [("gift_card.more", 0, 500)]

    asyncio.run(story())


def test_the_command_reads_a_code_that_is_not_to_stand_on_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    monkeypatch.setattr("sys.stdin", io.StringIO("PRESENT9\n"))
    given = {each: order_from(parser.parse_args(["--event", "e", "--gift-card", each])) for each in ("-", "OTHER")}
    assert {each: order.gift_card for each, order in given.items()} == {"-": "PRESENT9", "OTHER": "OTHER"}


def test_the_code_of_a_card_is_in_no_file_of_the_store(tmp_path: Path) -> None:
    async def story() -> str:
        async with terminal_in(tmp_path) as (terminal, platform):
            code: str = platform.gift_cards.issue(Money(9900, "EUR"))
            await sell(terminal, SaleOrder(**MUSEUM, gift_card=code))
            return code

    code = asyncio.run(story())
    kept = [each for each in tmp_path.rglob("*") if each.is_file() and "platform" not in each.parts]
    assert kept
    assert not [each for each in kept if code.encode() in each.read_bytes()]


def test_when_the_rest_is_declined_the_card_gets_its_money_back(tmp_path: Path) -> None:
    async def story() -> None:
        async with terminal_in(tmp_path) as (terminal, platform):
            code = platform.gift_cards.issue(Money(500, "EUR"))
            payment: Any = terminal.devices.payment
            payment.start_fault("declined", times=1)
            with pytest.raises(NotDone):
                await sell(terminal, SaleOrder(**MUSEUM, gift_card=code))
            assert balance(platform, code) == 500

    asyncio.run(story())


@pytest.mark.parametrize(("calls", "left"), [(LinkMode.LOST_ANSWER, 0), (LinkMode.LOST_REQUEST, 500)])
def test_a_charge_that_nobody_answered_is_proven_or_ruled_out(tmp_path: Path, calls: LinkMode, left: int) -> None:
    """The answer is lost right after the charge; the question then finds it, or makes sure that it never comes."""

    async def story() -> None:
        async with terminal_in(tmp_path) as (terminal, platform):
            code = platform.gift_cards.issue(Money(500, "EUR"))
            asked = platform.gift_cards._charge
            platform.gift_cards.charge = losing(platform, asked, calls)
            selling = sell(terminal, SaleOrder(**MUSEUM, gift_card=code))
            if calls is LinkMode.LOST_REQUEST:
                with pytest.raises(NotDone, match=r"gift_card\.not_charged"):
                    await selling
            else:
                assert (await selling)["outcome"] == "delivered"
            assert balance(platform, code) == left

    asyncio.run(story())


def losing(platform: Any, asked: Any, mode: LinkMode) -> Any:
    async def charge(card_id: str, reference: str, amount: Money, *, timeout_s: float) -> None:
        platform.link.set(mode, calls=1)
        await platform.link.send(lambda: asked(int(card_id), reference, amount), timeout_s=timeout_s)

    return charge


def test_with_the_link_down_or_an_unknown_code_nothing_is_sold_on_a_card(tmp_path: Path) -> None:
    async def story() -> None:
        async with terminal_in(tmp_path) as (terminal, platform):
            code = platform.gift_cards.issue(Money(9900, "EUR"))
            for wanted, mode, key in (
                (code, LinkMode.DOWN, "platform_unreachable"),
                ("ABSENT9", LinkMode.UP, "gift_card_unknown"),
            ):
                platform.link.set(mode)
                with pytest.raises(NotDone) as caught:
                    await sell(terminal, SaleOrder(**MUSEUM, gift_card=wanted))
                assert caught.value.key == key
            assert balance(platform, code) == 9900

    asyncio.run(story())
