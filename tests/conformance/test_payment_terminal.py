"""What every payment device must keep, whoever makes it: one suite for simulator and driver."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hardware.health import ComponentState
from hardware.payment_terminal import (
    PaymentOutcome,
    PaymentSimulator,
    PaymentTerminal,
    ZvtEmulator,
    ZvtTerminal,
    read_charges,
)

WAIT_S = 20.0


@dataclass
class Bench:
    """A payment device, the switch of its faults and what its own book says was kept."""

    device: PaymentTerminal
    faults: Any
    kept: Callable[[], int]


@asynccontextmanager
async def simulated(tmp_path: Path) -> AsyncIterator[Bench]:
    path = tmp_path / "payments.jsonl"
    device = PaymentSimulator("pay", path, slow_s=30)
    await device.start()
    yield Bench(device, device, lambda: sum(c.kept_minor for c in read_charges(path)))
    await device.close()


@asynccontextmanager
async def over_zvt(tmp_path: Path) -> AsyncIterator[Bench]:
    emulator = ZvtEmulator(tmp_path / "zvt_device.jsonl")
    emulator.start()
    device = ZvtTerminal("pay", "127.0.0.1", tmp_path / "notes.jsonl", port=emulator.port, quiet_s=0)
    await device.start()
    yield Bench(device, emulator, lambda: emulator.kept_minor)
    await device.close()
    emulator.stop()


BENCHES: dict[str, Callable[[Path], AbstractAsyncContextManager[Bench]]] = {"simulator": simulated, "zvt": over_zvt}


@pytest.fixture(params=sorted(BENCHES))
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], AbstractAsyncContextManager[Bench]]:
    return lambda: BENCHES[request.param](tmp_path)


def test_an_approval_charges_once_and_says_what(bench: Any) -> None:
    async def story() -> None:
        async with bench() as b:
            result = await b.device.pay("r1", 1250, "EUR", timeout_s=WAIT_S)
            assert (result.outcome, result.amount_minor, result.reference) == (PaymentOutcome.APPROVED, 1250, "r1")
            assert result.device_reference
            assert b.kept() == 1250
            asked = await b.device.query("r1", 1250, "EUR", timeout_s=WAIT_S)
            assert (asked.outcome, asked.amount_minor) == (PaymentOutcome.APPROVED, 1250)
            totals = await b.device.totals(timeout_s=WAIT_S)
            assert (totals.count, totals.amount_minor, totals.currency) == (1, 1250, "EUR")

    asyncio.run(story())


def test_one_reference_charges_at_most_once(bench: Any) -> None:
    async def story() -> None:
        async with bench() as b:
            for _ in range(3):
                again = await b.device.pay("r1", 1250, "EUR", timeout_s=WAIT_S)
                assert again.outcome is PaymentOutcome.APPROVED
            assert b.kept() == 1250

    asyncio.run(story())


def test_a_decline_charges_nothing(bench: Any) -> None:
    async def story() -> None:
        async with bench() as b:
            b.faults.start_fault("declined", times=1)
            result = await b.device.pay("r1", 1250, "EUR", timeout_s=WAIT_S)
            assert result.outcome is PaymentOutcome.DECLINED
            assert result.cause.startswith("payment.")
            assert b.kept() == 0
            asked = await b.device.query("r1", 1250, "EUR", timeout_s=WAIT_S)
            assert asked.outcome in (PaymentOutcome.DECLINED, PaymentOutcome.NOT_FOUND)

    asyncio.run(story())


@pytest.mark.parametrize(
    ("fault", "kept", "ends"),
    [
        ("answer_lost_before_charge", 0, {PaymentOutcome.DECLINED, PaymentOutcome.NOT_FOUND}),
        ("answer_lost_after_charge", 1250, {PaymentOutcome.APPROVED}),
    ],
)
def test_a_lost_answer_is_unknown_until_asked(bench: Any, fault: str, kept: int, ends: set[PaymentOutcome]) -> None:
    async def story() -> None:
        async with bench() as b:
            b.faults.start_fault(fault, times=1)
            result = await b.device.pay("r1", 1250, "EUR", timeout_s=WAIT_S)
            assert result.outcome is PaymentOutcome.UNKNOWN
            assert b.kept() == kept
            asked = await b.device.query("r1", 1250, "EUR", timeout_s=WAIT_S)
            assert asked.outcome in ends | {PaymentOutcome.UNKNOWN}
            if not kept:
                assert asked.outcome is not PaymentOutcome.APPROVED

    asyncio.run(story())


def test_a_mute_device_is_unknown_after_the_time_out(bench: Any) -> None:
    async def story() -> None:
        async with bench() as b:
            b.faults.start_fault("mute", times=1)
            result = await b.device.pay("r1", 1250, "EUR", timeout_s=0.3)
            assert result.outcome is PaymentOutcome.UNKNOWN

    asyncio.run(story())


def test_an_unreachable_device_certainly_charged_nothing(bench: Any) -> None:
    async def story() -> None:
        async with bench() as b:
            b.faults.start_fault("not_reachable")
            assert (await b.device.health()).state is ComponentState.NOT_REACHABLE
            result = await b.device.pay("r1", 1250, "EUR", timeout_s=WAIT_S)
            assert (result.outcome, b.kept()) == (PaymentOutcome.DECLINED, 0)
            asked = await b.device.query("r1", 1250, "EUR", timeout_s=WAIT_S)
            assert asked.outcome is PaymentOutcome.UNKNOWN
            b.faults.stop_fault("not_reachable")
            assert (await b.device.health()).is_working

    asyncio.run(story())


def test_a_reversal_gives_back_once_and_says_so_again(bench: Any) -> None:
    async def story() -> None:
        async with bench() as b:
            await b.device.pay("r1", 1250, "EUR", timeout_s=WAIT_S)
            for _ in range(2):
                result = await b.device.reverse("r1", 1250, "EUR", timeout_s=WAIT_S)
                assert result.outcome is PaymentOutcome.APPROVED
            assert b.kept() == 0
            other = await b.device.reverse("never", 1250, "EUR", timeout_s=WAIT_S)
            assert other.outcome is not PaymentOutcome.APPROVED

    asyncio.run(story())


@pytest.mark.parametrize(("fault", "kept"), [("reversal_lost_before", 1250), ("reversal_lost_after", 0)])
def test_a_lost_reversal_is_unknown_and_asking_again_settles_it(bench: Any, fault: str, kept: int) -> None:
    async def story() -> None:
        async with bench() as b:
            await b.device.pay("r1", 1250, "EUR", timeout_s=WAIT_S)
            b.faults.start_fault(fault, times=1)
            result = await b.device.reverse("r1", 1250, "EUR", timeout_s=WAIT_S)
            assert (result.outcome, b.kept()) == (PaymentOutcome.UNKNOWN, kept)
            again = await b.device.reverse("r1", 1250, "EUR", timeout_s=WAIT_S)
            assert b.kept() == 0
            assert again.outcome is PaymentOutcome.APPROVED

    asyncio.run(story())


def test_a_slow_payment_is_in_progress_and_can_be_stopped(bench: Any) -> None:
    async def story() -> None:
        async with bench() as b:
            b.faults.start_fault("slow", times=1)
            paying = asyncio.ensure_future(b.device.pay("r1", 1250, "EUR", timeout_s=WAIT_S))
            for _ in range(2000):
                if (await b.device.health()).state is ComponentState.BUSY:
                    break
                await asyncio.sleep(0.01)
            other = await b.device.pay("r2", 100, "EUR", timeout_s=WAIT_S)
            assert other.outcome is PaymentOutcome.DECLINED
            assert (await b.device.query("r1", 1250, "EUR", timeout_s=WAIT_S)).outcome is PaymentOutcome.IN_PROGRESS
            await b.device.abort("r1")
            result = await paying
            assert (result.outcome, b.kept()) == (PaymentOutcome.DECLINED, 0)

    asyncio.run(story())


def test_an_end_of_day_begins_a_new_one(bench: Any) -> None:
    async def story() -> None:
        async with bench() as b:
            await b.device.pay("r1", 1250, "EUR", timeout_s=WAIT_S)
            assert (await b.device.end_of_day(timeout_s=WAIT_S)).amount_minor == 1250
            assert (await b.device.totals(timeout_s=WAIT_S)).count == 0
            assert b.kept() == 1250

    asyncio.run(story())
