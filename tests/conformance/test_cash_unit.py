"""What every cash unit must keep."""

import asyncio
from pathlib import Path

import pytest

from hardware.cash import CashSimulator, PieceOffered, PieceOutcome, read_cash_book

WAIT_S = 20.0


def unit(tmp_path: Path, **stock: int) -> CashSimulator:
    values = {int(name[1:]): pieces for name, pieces in stock.items()} or None
    return CashSimulator("cash", tmp_path / "cash.jsonl", currency="EUR", stock=values)


async def offered(device: CashSimulator, *values: int) -> list[PieceOffered]:
    pieces: list[PieceOffered] = []
    came = asyncio.Event()
    await device.enable(lambda piece: (pieces.append(piece), came.set())[0])
    device.queue_pieces(*values)
    await asyncio.wait_for(came.wait(), WAIT_S)
    return pieces


def test_pieces_come_one_by_one_and_are_stacked_or_returned(tmp_path: Path) -> None:
    async def story() -> None:
        device = unit(tmp_path)
        await device.start()
        pieces = await offered(device, 500, 2000)
        assert [p.value_minor for p in pieces] == [500]
        stacked = await device.accept(pieces[0].piece_id, timeout_s=WAIT_S)
        assert (stacked.outcome, stacked.value_minor) == (PieceOutcome.STACKED, 500)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        returned = await device.give_back(pieces[1].piece_id, timeout_s=WAIT_S)
        assert returned.outcome is PieceOutcome.RETURNED
        again = await device.accept(pieces[1].piece_id, timeout_s=WAIT_S)
        assert again.outcome is PieceOutcome.RETURNED
        assert device.book.taken_minor == 500
        await device.close()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("fault", "ends"),
    [("stacked_unanswered", PieceOutcome.STACKED), ("returned_unanswered", PieceOutcome.RETURNED)],
)
def test_a_lost_answer_is_unknown_until_asked(tmp_path: Path, fault: str, ends: PieceOutcome) -> None:
    async def story() -> None:
        device = unit(tmp_path)
        await device.start()
        (piece,) = await offered(device, 1000)
        device.start_fault(fault, times=1)
        assert (await device.accept(piece.piece_id, timeout_s=WAIT_S)).outcome is PieceOutcome.UNKNOWN
        await device.close()
        again = unit(tmp_path)
        await again.start()
        assert (await again.query(piece.piece_id, timeout_s=WAIT_S)).outcome is ends
        await again.close()

    asyncio.run(story())


def test_a_jam_is_unknown_and_clearing_it_returns_the_piece(tmp_path: Path) -> None:
    async def story() -> None:
        device = unit(tmp_path)
        await device.start()
        (piece,) = await offered(device, 1000)
        device.start_fault("jam")
        assert (await device.accept(piece.piece_id, timeout_s=WAIT_S)).outcome is PieceOutcome.UNKNOWN
        assert (await device.query(piece.piece_id, timeout_s=WAIT_S)).outcome is PieceOutcome.UNKNOWN
        device.stop_fault("jam")
        assert (await device.query(piece.piece_id, timeout_s=WAIT_S)).outcome is PieceOutcome.RETURNED
        await device.close()

    asyncio.run(story())


def test_a_piece_left_in_escrow_by_a_kill_is_given_back(tmp_path: Path) -> None:
    async def story() -> None:
        device = unit(tmp_path)
        await device.start()
        (piece,) = await offered(device, 1000)
        again = unit(tmp_path)
        await again.start()
        assert (await again.query(piece.piece_id, timeout_s=WAIT_S)).outcome is PieceOutcome.RETURNED
        await again.close()
        await device.close()

    asyncio.run(story())


def test_change_comes_once_per_reference_and_leaves_the_stock(tmp_path: Path) -> None:
    async def story() -> None:
        device = unit(tmp_path, v100=3, v50=1)
        await device.start()
        for _ in range(2):
            result = await device.dispense("d1", 250, "EUR", timeout_s=WAIT_S)
            assert (result.dispensed_minor, result.is_certain) == (250, True)
        assert await device.counts() == ((50, 0), (100, 1))
        assert not await device.can_change(50)
        none = await device.dispense("d2", 50, "EUR", timeout_s=WAIT_S)
        assert (none.dispensed_minor, none.is_certain, none.cause) == (0, True, "cash.no_change")
        await device.close()
        assert read_cash_book(tmp_path / "cash.jsonl").paid_minor == 250

    asyncio.run(story())


def test_short_and_unanswered_change_are_told(tmp_path: Path) -> None:
    async def story() -> None:
        device = unit(tmp_path)
        await device.start()
        device.start_fault("short_dispense", times=1)
        short = await device.dispense("d1", 250, "EUR", timeout_s=WAIT_S)
        assert (short.dispensed_minor, short.is_certain, short.cause) == (200, True, "cash.short_dispense")
        device.start_fault("dispense_unanswered", times=1)
        assert not (await device.dispense("d2", 250, "EUR", timeout_s=WAIT_S)).is_certain
        told = await device.dispense("d2", 250, "EUR", timeout_s=WAIT_S)
        assert (told.dispensed_minor, told.is_certain) == (250, True)
        await device.close()

    asyncio.run(story())


def test_a_closed_slot_takes_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        device = unit(tmp_path)
        await device.start()
        assert device.insert(500) is None
        (piece,) = await offered(device, 500)
        await device.disable()
        assert (await device.query(piece.piece_id, timeout_s=WAIT_S)).outcome is PieceOutcome.RETURNED
        await device.close()

    asyncio.run(story())
