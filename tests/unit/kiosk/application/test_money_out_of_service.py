"""A device taken out of service takes no new money; what it holds already is still asked after and given back."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from hardware.cash import CashSimulator
from hardware.payment_terminal import PaymentSimulator
from kiosk.application.cash_desk import OUT_OF_SERVICE as CASH_OUT
from kiosk.application.cash_desk import CashDesk
from kiosk.application.clock import SystemClock
from kiosk.application.payment_desk import OUT_OF_SERVICE as CARDS_OUT
from kiosk.application.payment_desk import PaymentDesk
from kiosk.domain.money import Money
from kiosk.domain.sale.effects import CollectCash, CollectPayment, DispenseCash, QueryPayment, ReversePayment
from kiosk.domain.sale.events import CashStopped, ChangeDispensed, Event, PaymentApproved, PaymentDeclined, ReversalDone

PRICE = Money(500, "EUR")


def test_a_payment_in_flight_is_asked_after_and_reversed_though_its_device_went_out_of_service(tmp_path: Path) -> None:
    out: set[str] = set()

    async def story() -> None:
        device = PaymentSimulator("pay", tmp_path / "ledger.jsonl")
        await device.start()
        desk = PaymentDesk(device, SystemClock(), payment_s=5, reversal_s=5, is_out=out.__contains__)
        assert isinstance(await desk.collect(CollectPayment("A", PRICE)), PaymentApproved)
        out.add("pay")
        refused = await desk.collect(CollectPayment("B", PRICE))
        assert isinstance(refused, PaymentDeclined)
        assert (refused.cause, refused.was_asked, len(device.charges)) == (CARDS_OUT, False, 1)
        assert isinstance(await desk.query(QueryPayment("A", PRICE)), PaymentApproved)
        assert isinstance(await desk.reverse(ReversePayment("A", PRICE)), ReversalDone)
        await device.close()

    asyncio.run(story())


def test_a_cash_unit_out_of_service_is_not_opened_and_still_gives_change(tmp_path: Path) -> None:
    posted: list[Event] = []

    async def story() -> None:
        unit = CashSimulator("cash", tmp_path / "ledger.jsonl", currency="EUR")
        await unit.start()
        desk = CashDesk(unit, SystemClock(), piece_s=5, change_s=5, is_out=lambda device_id: device_id == "cash")
        stopped = await within(
            lambda: desk.collect("sale", CollectCash("A", PRICE), lambda _, event: posted.append(event))
        )
        assert isinstance(stopped, CashStopped)
        assert (stopped.cause, unit.insert(500)) == (CASH_OUT, None)
        change = await desk.dispense(DispenseCash("AC", PRICE))
        assert isinstance(change, ChangeDispensed)
        assert change.dispensed == PRICE
        await unit.close()

    asyncio.run(story())
    assert posted == []


async def within(call: Callable[[], Awaitable[Event | None]]) -> Event | None:
    """Await a call that would wait for ever where the slot were opened."""
    async with asyncio.timeout(10):
        return await call()
