"""Card payments over ZVT while answers are lost, late, doubled: no double charge, and books equal to the cent."""

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hardware.payment_terminal import PaymentOutcome, ZvtEmulator, ZvtTerminal

FAULTS = (
    *("declined", "mute", "answer_lost_before_charge", "answer_lost_after_charge", "completion_lost", "duplicated"),
    *("late_approval_after_timeout", "late_decline_after_timeout", "power_cycled", "stale", "query_lost", "nonsense"),
    *("reversal_lost_before", "reversal_lost_after", "reversal_refused", "not_reachable"),
)
FINAL = (PaymentOutcome.APPROVED, PaymentOutcome.DECLINED, PaymentOutcome.NOT_FOUND)


@dataclass
class Books:
    """What the till believes: paid, given back and parked, in cents by reference."""

    paid: dict[str, int] = field(default_factory=dict)
    parked: dict[str, int] = field(default_factory=dict)


async def settle(device: ZvtTerminal, reference: str, amount: int) -> PaymentOutcome:
    """Pay, and ask until it is known or eight questions were no use."""
    outcome = (await device.pay(reference, amount, "EUR", timeout_s=0.5)).outcome
    for _ in range(8):
        if outcome in FINAL:
            break
        outcome = (await device.query(reference, amount, "EUR", timeout_s=10)).outcome
    return outcome


async def run(device: ZvtTerminal, emulator: ZvtEmulator, seed: int, books: Books) -> int:
    """One sale: at most three attempts, each with its own reference; return the attempts charged and kept."""
    chance = random.Random(seed)
    amount = chance.randrange(1, 50_000)
    before = len(emulator.ledger.charges)
    emulator.stop_all_faults()
    for _ in range(chance.randrange(3)):
        emulator.start_fault(chance.choice(FAULTS), times=1)
    if "not_reachable" in emulator.active_faults and chance.random() < 0.5:
        emulator.stop_fault("not_reachable")
    for attempt in range(3):
        reference = f"s{seed}-{attempt}"
        outcome = await settle(device, reference, amount)
        emulator.stop_fault("not_reachable")
        if outcome is PaymentOutcome.APPROVED:
            books.paid[reference] = amount
            if chance.random() < 0.3:
                await give_back(device, emulator, reference, amount, books)
            break
        if outcome not in FINAL:
            books.parked[reference] = amount
            break
    charges = emulator.ledger.charges[before:]
    return sum(1 for c in charges if c.kept_minor)


async def give_back(device: ZvtTerminal, emulator: ZvtEmulator, reference: str, amount: int, books: Books) -> None:
    for _ in range(4):
        result = await device.reverse(reference, amount, "EUR", timeout_s=10)
        if result.outcome is PaymentOutcome.APPROVED:
            del books.paid[reference]
            return
        emulator.stop_fault("reversal_refused")


async def runs(folder: Path, count: int) -> None:
    emulator = ZvtEmulator(folder / "device.jsonl")
    emulator.start()
    books = Books()
    device = ZvtTerminal("pay", "127.0.0.1", folder / "notes.jsonl", port=emulator.port, quiet_s=0)
    await device.start()
    for seed in range(count):
        assert await run(device, emulator, seed, books) <= 1, f"double charge in run {seed}"
        if seed % 50 == 49:  # the till is killed and starts again on its notes
            await device.close()
            device = ZvtTerminal("pay", "127.0.0.1", folder / "notes.jsonl", port=emulator.port, quiet_s=0)
            await device.start()
    emulator.settle_late()
    assert not books.parked, books.parked
    assert emulator.kept_minor == sum(books.paid.values())
    assert len(books.paid) > count // 3
    await device.close()
    emulator.stop()


def test_five_hundred_payments_over_a_bad_line_balance_to_the_cent(tmp_path: Path) -> None:
    asyncio.run(runs(tmp_path, 500))


@pytest.mark.soak
@pytest.mark.timeout(3000)
def test_five_thousand_payments_over_a_bad_line_balance_to_the_cent(tmp_path: Path) -> None:
    asyncio.run(runs(tmp_path, 5000))


def test_card_numbers_reach_neither_result_nor_notes(tmp_path: Path) -> None:
    async def story() -> None:
        emulator = ZvtEmulator(tmp_path / "device.jsonl")
        emulator.start()
        device = ZvtTerminal("pay", "127.0.0.1", tmp_path / "notes.jsonl", port=emulator.port, quiet_s=0)
        await device.start()
        result = await device.pay("r1", 100, "EUR", timeout_s=20)
        assert result.outcome is PaymentOutcome.APPROVED
        assert result.merchant_receipt == ("CARD ************1111",)
        assert "4111" not in (tmp_path / "notes.jsonl").read_text()
        assert await device.diagnose(timeout_s=20) == ("LINE TO HOST GOOD",)
        assert (await device.health()).firmware == "EMU1"
        await device.close()
        emulator.stop()

    asyncio.run(story())
