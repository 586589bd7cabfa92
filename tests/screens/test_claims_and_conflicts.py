"""What somebody must settle: a claim slip at the counter, paid out once; refused bookings at the bench."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from hardware.printer import FaultKind
from kiosk.application.errors import Refused
from kiosk.application.inputs import CodeRead
from kiosk.application.print_desk import claim_facts
from kiosk.application.selling import SaleOrder, sell
from kiosk.application.settings import Settings
from kiosk.platforms.embedded.adapter import EmbeddedPlatform
from kiosk.shells import box_office, technician

Desk = Any  # the one of conftest
Story = Callable[[Desk], Awaitable[None]]
Sit = Callable[..., None]
SEATS = SaleOrder(event="winters-tale", best=2)
LANGUAGES = ("en", "de", "zh", "ar")


def settings(language: str) -> Settings:
    usual = Settings()
    return replace(
        usual,
        terminal=replace(usual.terminal, languages=LANGUAGES, staff_language=language),
        timeouts=replace(usual.timeouts, paper_wait_s=0.2, confirm_wait_s=0.2, reversal_s=5.0),
    )


async def owed(desk: Desk) -> Any:
    """Leave a claim behind: no paper, and a payment device that gives nothing back."""
    device: Any = desk.terminal.devices.payment
    for printer in desk.terminal.devices.printers:
        printer.faults.start(FaultKind.PAPER_OUT)
    device.start_fault("reversal_refused")
    sold = await sell(desk.terminal, SEATS)
    for printer in desk.terminal.devices.printers:
        printer.faults.stop()
    return desk.terminal.till.sale(sold["sale_id"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_claim_is_paid_out_by_keys_alone(sit: Sit, language: str) -> None:
    async def story(desk: Desk) -> None:
        sale, pay = await owed(desk), desk.face.pay
        await desk.press(Qt.Key.Key_F9)
        await desk.type(sale.claim.id.lower())
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: pay.props.enter == "settle", "the claim")
        desk.judge(f"counter-claim-{language}")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: pay.props.enter == "next", "the claim settled")
        desk.judge(f"counter-claim-paid-{language}")
        claim = await desk.terminal.claims.find(sale.claim.id)
        assert [(each.way, each.actor) for each in claim.settlements] == [("cash", "clerk:1")]
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: not pay.props.lines, "the next customer")
        desk.terminal.inputs.tell(CodeRead(desk.terminal.signer.sign(claim_facts(sale))))
        await desk.until(lambda: pay.props.enter == "next", "the slip once more")
        desk.judge(f"counter-claim-settled-{language}")
        await desk.press(Qt.Key.Key_Escape)
        await desk.until(lambda: not pay.props.lines, "the next customer")

    sit(box_office.open_window, story, settings=settings(language))


def test_a_clerk_who_presses_twice_is_still_told_to_pay_out(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(desk: Desk) -> None:
        sale, pay, store = await owed(desk), desk.face.pay, desk.terminal.claims._store
        write = store.append

        async def and_pressed_again(*given: Any, **more: Any) -> Any:
            monkeypatch.undo()
            written = asyncio.ensure_future(write(*given, **more))
            await asyncio.sleep(0)
            pay.enter()
            return await written

        pay.show_claim(await desk.terminal.claims.find(sale.claim.id))
        monkeypatch.setattr(store, "append", and_pressed_again)
        pay.enter()
        await desk.until(lambda: pay.props.enter == "next", "the claim settled")
        assert "Pay out" in pay.props.headline
        assert len((await desk.terminal.claims.find(sale.claim.id)).settlements) == 1

    sit(box_office.open_window, story, settings=settings("en"))


def test_a_slip_of_another_terminal_is_refused_in_words(sit: Sit) -> None:
    async def story(desk: Desk) -> None:
        sale = await owed(desk)
        slip = desk.terminal.signer.sign(claim_facts(sale))
        desk.terminal.inputs.tell(CodeRead(f"{slip[:-6]}AAAAAA"))
        await desk.until(lambda: desk.face.what.shown_problem, "a word")
        assert "another terminal" in desk.face.what.shown_problem
        assert not desk.face.pay.props.lines

    sit(box_office.open_window, story, settings=settings("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bench_tells_of_what_the_platform_refused(sit: Sit, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(_: Any, __: Any, *, timeout_s: float) -> Any:
        del timeout_s
        raise Refused("sold_out")

    async def story(desk: Desk) -> None:
        monkeypatch.setattr(EmbeddedPlatform, "book", refuse)
        await sell(desk.terminal, SaleOrder(origin="aldermoor-central", destination="bellmar", riders={"adult": 1}))
        facts = desk.face._facts
        await desk.until(lambda: any(row.mood == "stop" for row in facts.rows), "the alarm")
        alarm = next(row for row in facts.rows if row.mood == "stop")
        assert "guichet conflict list" in str(alarm)
        assert desk.face.headline == desk.face._words.say("%n thing(s) to do", n=1)
        desk.judge(f"technician-refused-{language}")

    sit(technician.open_window, story, settings=settings(language))
