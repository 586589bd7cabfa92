"""A booking refused after it was sold is parked, named with its ways out, and sent again or settled."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hardware.printer import FaultKind
from kiosk.__main__ import main
from kiosk.application.conflict_book import ConflictRefused
from kiosk.application.errors import Refused
from kiosk.application.questions import reconciled
from kiosk.application.selling import SaleOrder, sell
from kiosk.application.settings_file import load
from kiosk.application.store_gateway import StoreGateway
from kiosk.application.terminal import Terminal
from kiosk.bootstrap import Start, open_link, open_store, open_terminal
from kiosk.bootstrap import terminal as opening
from kiosk.domain.sale.booking import SyncState
from kiosk.platforms.embedded import LinkMode
from kiosk.platforms.embedded.adapter import EmbeddedPlatform
from offline_store import CourierLimits, JournalRow, OutboxMessage

JOURNEY = SaleOrder(origin="aldermoor-central", destination="bellmar", riders={"adult": 2})
ALL = {"all": True}
LIMIT_S = 60.0


def start_of(folder: Path) -> Start:
    file = folder / "settings.toml"
    file.write_text("[timeouts]\nplatform_write_s = 1.0\nconfirm_wait_s = 0.2\npaper_wait_s = 0.2\n", encoding="utf-8")
    return Start(load(file, folder / "data"), folder / "data")


def at_terminal(folder: Path, story: Callable[[Terminal], Awaitable[Any]]) -> Any:
    async def opened() -> Any:
        async with open_terminal(start_of(folder)) as terminal, asyncio.timeout(LIMIT_S):
            return await story(terminal)

    return asyncio.run(opened())


def command(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any, str]:
    given = ["--data", str(folder / "data"), "--settings", str(folder / "settings.toml")]
    status = main(["conflict", *arguments, *given])
    out, err = capsys.readouterr()
    return status, json.loads(out) if out else None, err


class Door:
    """Lets bookings into the platform, or refuses them."""

    def __init__(self) -> None:
        self.refuses = ""


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    door, book = Door(), EmbeddedPlatform.book

    async def guarded(self: EmbeddedPlatform, order: Any, *, timeout_s: float) -> Any:
        if door.refuses:
            raise Refused(door.refuses)
        return await book(self, order, timeout_s=timeout_s)

    monkeypatch.setattr(EmbeddedPlatform, "book", guarded)
    return door


async def refused_sale(terminal: Terminal, door: Door) -> dict[str, Any]:
    """Sell while the platform is away; it refuses the booking when it is back."""
    link = open_link(terminal.settings, terminal.data_dir)
    link.set(LinkMode.DOWN)
    sold = await sell(terminal, JOURNEY)
    assert sold["outcome"] == "delivered"
    door.refuses = "sold_out"
    link.set(LinkMode.UP)
    terminal.supervision.nudge()
    while not await terminal.conflicts.all():
        await asyncio.sleep(0.02)
    return sold


def test_a_refused_booking_is_sent_again_once_there_is_room(
    tmp_path: Path, door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    async def refused(terminal: Terminal) -> dict[str, Any]:
        sold = await refused_sale(terminal, door)
        found = await reconciled(terminal, ALL)
        assert [each["kind"] for each in found["differences"]] == ["platform.refused"]
        return sold

    sold = at_terminal(tmp_path, refused)
    [code] = sold["codes"]
    status, found, told = command(tmp_path, capsys, "list")
    [conflict] = found["conflicts"]
    assert (status, conflict["key"], conflict["code"], conflict["price"]) == (0, f"book:{code}", code, sold["price"])
    assert (conflict["tickets_handed_out"], conflict["can_go_again"]) == (2, True)
    assert "Make room" in told
    door.refuses = ""

    async def again(terminal: Terminal) -> None:
        await terminal.conflicts.again(f"book:{code}", "clerk:ann")
        while (await terminal.store.figures()).queue_depth:
            await asyncio.sleep(0.02)
        found = await reconciled(terminal, ALL)
        assert found["differences"] == []
        assert found["platform_minor"] == sold["price"]["minor"]

    at_terminal(tmp_path, again)
    assert command(tmp_path, capsys, "list", "--all")[1]["conflicts"] == []

    async def kept() -> None:
        async with open_store(start_of(tmp_path)) as store:
            sale = (await StoreGateway(store).read(sold["sale_id"])).sale
            assert [each.sync for each in sale.bookings] == [SyncState.DONE]
            assert await store.open_sale_ids() == ()

    asyncio.run(kept())


def test_a_refused_booking_settled_with_the_customer_is_explained(
    tmp_path: Path, door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    sold = at_terminal(tmp_path, lambda terminal: refused_sale(terminal, door))
    key = f"book:{sold['codes'][0]}"
    status, found, _ = command(tmp_path, capsys, "settle", key, "--way", "refund", "--note", "in cash")
    assert (status, found["key"]) == (0, key)
    [way] = command(tmp_path, capsys, "list", "--all")[1]["settled"]
    assert (way["way"], way["note"], way["actor"]) == ("refund", "in cash", "clerk:command-line")
    assert command(tmp_path, capsys, "list")[1]["conflicts"] == []
    for arguments, said in (
        (("settle", key, "--way", "reseat"), "Nothing is parked"),
        (("again", key), "Nothing is parked"),
        (("again", "book:NOTHINGTHERE"), "Nothing is parked"),
        (("settle", "book:NOTHINGTHERE", "--way", "refund"), "Nothing is parked"),
        (("settle", key, "--way", "refund", "--note", "a\nb"), "one line"),
    ):
        status, _, told = command(tmp_path, capsys, *arguments)
        assert status != 0
        assert said in told

    async def compared(terminal: Terminal) -> None:
        assert (await reconciled(terminal, ALL))["differences"] == []
        assert (await terminal.store.figures()).queue_depth == 0
        with pytest.raises(ConflictRefused, match="one of"):
            await terminal.conflicts.settle(key, "forget", "clerk:ann")

    at_terminal(tmp_path, compared)


def test_what_was_paid_back_is_not_sent_again(tmp_path: Path, door: Door) -> None:
    async def story(terminal: Terminal) -> None:
        door.refuses = "sale_closed"
        for printer in terminal.devices.printers:
            printer.faults.start(FaultKind.PAPER_OUT)
        sold = await sell(terminal, JOURNEY)
        assert sold["outcome"] == "paid_back"
        [conflict] = await terminal.conflicts.all()
        assert (conflict.printed, conflict.paid_back, conflict.can_go_again) == (0, 2, False)
        with pytest.raises(ConflictRefused, match="cannot be sent again"):
            await terminal.conflicts.again(conflict.key, "clerk:ann")

    at_terminal(tmp_path, story)


def test_a_cancellation_that_was_refused_is_sent_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: Any, **__: Any) -> Any:
        raise Refused("bad_request")

    async def story(terminal: Terminal) -> None:
        for printer in terminal.devices.printers:
            printer.faults.start(FaultKind.PAPER_OUT)
        with monkeypatch.context() as patched:
            patched.setattr(EmbeddedPlatform, "cancel", refuse)
            selling = asyncio.ensure_future(sell(terminal, JOURNEY))
            while not await terminal.conflicts.all():
                await asyncio.sleep(0.02)
        [conflict] = await terminal.conflicts.all()
        assert (conflict.key.partition(":")[0], conflict.paid_back, conflict.can_go_again) == ("cancel", 2, True)
        await terminal.conflicts.again(conflict.key, "clerk:ann")
        assert (await selling)["outcome"] == "paid_back"
        while (await terminal.store.figures()).queue_depth:
            await asyncio.sleep(0.02)
        assert (await reconciled(terminal, ALL))["differences"] == []

    at_terminal(tmp_path, story)


@pytest.mark.parametrize("message", ["book", "cancel"])
def test_a_sale_whose_message_was_settled_comes_to_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, message: str
) -> None:
    async def breaks(*_: Any, **__: Any) -> Any:
        if message == "cancel":
            raise Refused("bad_request")
        raise ValueError("an answer this program does not understand")

    async def story(terminal: Terminal) -> None:
        for printer in terminal.devices.printers:
            if message == "cancel":
                printer.faults.start(FaultKind.PAPER_OUT)
        selling = asyncio.ensure_future(sell(terminal, JOURNEY))
        while not await terminal.conflicts.all():
            await asyncio.sleep(0.02)
        [conflict] = await terminal.conflicts.all()
        assert conflict.key.partition(":")[0] == message
        await terminal.conflicts.settle(conflict.key, "refund", "clerk:ann")
        sold = await selling
        while not terminal.till.sale(sold["sale_id"]).is_finished:
            await asyncio.sleep(0.02)
        assert (await terminal.store.figures()).queue_depth == 0

    with monkeypatch.context() as patched:
        patched.setattr(EmbeddedPlatform, message, breaks)
        patched.setattr(opening, "CourierLimits", partial(CourierLimits, broken_max=1))
        at_terminal(tmp_path, story)


def test_a_message_nobody_can_read_is_parked_and_holds_up_no_other(tmp_path: Path) -> None:
    async def named(terminal: Terminal) -> str:
        return terminal.platform.traits.id

    async def spoil(stream: str) -> None:
        async with open_store(start_of(tmp_path)) as store:
            for key in ("book:UNREADABLE00", "letter:OFANEWERONE"):
                row = JournalRow("service", "system", "service:spoilt", b"{}")
                await store.append((row,), (OutboxMessage(key, stream, b"\xff\x00"),), finished=("service",))

    async def story(terminal: Terminal) -> None:
        sold = await sell(terminal, JOURNEY)
        assert sold["outcome"] == "delivered"
        while (await terminal.store.figures()).queue_depth > 2:
            await asyncio.sleep(0.02)
        found = await terminal.conflicts.all()
        assert [(each.key, each.problem) for each in found] == [
            ("book:UNREADABLE00", "message_unreadable"), ("letter:OFANEWERONE", "message_unreadable"),
        ]  # fmt: skip
        assert not any(each.can_go_again for each in found)
        assert "cannot be read" in found[0].sentence

    asyncio.run(spoil(at_terminal(tmp_path, named)))
    at_terminal(tmp_path, story)
