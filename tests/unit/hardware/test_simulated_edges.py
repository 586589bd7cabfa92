"""Late payments, scans, cards, display and faults of the simulators."""

import asyncio
import random
from pathlib import Path

import pytest

from hardware.card_reader import CardEvent, CardEventKind, CardReaderSimulator, SimulatedCard
from hardware.cash import pick_pieces
from hardware.display import DisplaySimulator
from hardware.errors import DeviceUnavailable
from hardware.ledger_file import LedgerFile, read_ledger
from hardware.payment_terminal import PaymentOutcome, PaymentSimulator, read_charges
from hardware.scanner import ScanEvent, ScannerSimulator, ScanRefused, filter_scan


@pytest.mark.parametrize(
    ("fault", "heard", "ends", "kept"),
    [
        ("late_approval_after_decline", PaymentOutcome.DECLINED, PaymentOutcome.APPROVED, 700),
        ("late_approval_after_timeout", PaymentOutcome.UNKNOWN, PaymentOutcome.APPROVED, 700),
        ("late_decline_after_timeout", PaymentOutcome.UNKNOWN, PaymentOutcome.DECLINED, 0),
    ],
)
def test_late_end_survives_a_new_process(
    tmp_path: Path, fault: str, heard: PaymentOutcome, ends: PaymentOutcome, kept: int
) -> None:
    async def story() -> None:
        path = tmp_path / "p.jsonl"
        device = PaymentSimulator("pay", path)
        await device.start()
        device.start_fault(fault, times=1)
        assert (await device.pay("r1", 700, "EUR", timeout_s=5)).outcome is heard
        await device.close()
        again = PaymentSimulator("pay", path)
        await again.start()
        assert (await again.query("r1", 700, "EUR", timeout_s=5)).outcome is PaymentOutcome.IN_PROGRESS
        assert (await again.query("r1", 700, "EUR", timeout_s=5)).outcome is ends
        assert sum(c.kept_minor for c in read_charges(path)) == kept
        await again.close()

    asyncio.run(story())


def test_cancelled_payment_goes_on_in_the_device(tmp_path: Path) -> None:
    async def story() -> None:
        device = PaymentSimulator("pay", tmp_path / "p.jsonl", think_s=30)
        await device.start()
        paying = asyncio.ensure_future(device.pay("r1", 700, "EUR", timeout_s=60))
        for _ in range(100):
            await asyncio.sleep(0)
        assert device.charges
        paying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await paying
        assert (await device.query("r1", 700, "EUR", timeout_s=5)).outcome is PaymentOutcome.APPROVED
        await device.close()

    asyncio.run(story())


def test_unknown_fault_names_are_refused(tmp_path: Path) -> None:
    device = PaymentSimulator("pay", tmp_path / "p.jsonl")
    with pytest.raises(KeyError):
        device.start_fault("nonsense")
    device.start_fault("declined")
    assert device.active_faults == ("declined",)
    device.stop_fault("declined")
    assert device.active_faults == ()
    assert all(description.endswith(".") for description in device.faults.values())


def test_torn_last_line_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "book.jsonl"
    book = LedgerFile(path)
    book.append({"event": "a"})
    book.close()
    with path.open("ab") as file:
        file.write(b'{"event": "b')
    assert read_ledger(path) == ({"event": "a"},)
    again = LedgerFile(path)
    again.append({"event": "c"})
    again.close()
    assert [r["event"] for r in read_ledger(path)] == ["a", "c"]


@pytest.mark.parametrize(
    ("raw", "cause"),
    [
        (b"\xff\xfe", "not_text"),
        ("a\x00b", "control_characters"),
        ("a\u202eb", "control_characters"),
        ("x" * 2049, "too_long"),
        (b"x" * 1_000_000, "too_long"),
        ("  ", "not_text"),
    ],
)
def test_scans_are_refused_at_the_edge(raw: bytes | str, cause: str) -> None:
    assert filter_scan(raw) == ScanRefused(cause)


def test_scan_filter_survives_whatever_is_printed() -> None:
    chance = random.Random(7)
    for _ in range(50_000):
        read = filter_scan(chance.randbytes(chance.randrange(40)))
        assert isinstance(read, ScanRefused) or (read.text.isprintable() and 0 < len(read.text) <= 2048)


def test_scanner_hands_over_only_while_on() -> None:
    async def story() -> None:
        heard: list[ScanEvent | ScanRefused] = []
        device = ScannerSimulator("scan")
        await device.start(heard.append)
        assert device.inject("TICKET-1\r\n")
        await device.enable(is_on=False)
        assert not device.inject("TICKET-2")
        await device.enable(is_on=True)
        device.start_fault("garbled", times=1)
        assert device.inject(b"TICKET-3")
        await asyncio.sleep(0)
        assert heard == [ScanEvent("TICKET-1", "qr"), ScanRefused("control_characters")]
        await device.close()

    asyncio.run(story())


def test_cards_come_go_swap_and_fall_mute() -> None:
    async def story() -> None:
        heard: list[CardEvent] = []
        device = CardReaderSimulator("card")
        await device.start(heard.append)
        first = device.insert(SimulatedCard("04a1b2c3", ("GUICHET:1",)))
        assert (await device.read(first, timeout_s=5)).ndef == ("GUICHET:1",)
        second = device.insert(SimulatedCard("04a1b2c3", is_payment_card=True))
        contents = await device.read(second, timeout_s=5)
        assert (contents.is_payment_card, contents.uid) == (True, "")
        with pytest.raises(DeviceUnavailable):
            await device.transmit(first, b"\xff\xca\x00\x00\x00", timeout_s=5)
        device.start_fault("mute_cards")
        with pytest.raises(DeviceUnavailable):
            await device.read(second, timeout_s=0.01)
        device.stop_fault("mute_cards")
        device.start_fault("unplugged")
        device.stop_fault("unplugged")
        await asyncio.sleep(0)
        kinds = [(e.kind, e.card_seq) for e in heard]
        came, went = CardEventKind.INSERTED, CardEventKind.REMOVED
        assert kinds == [(came, 1), (went, 1), (came, 2), (went, 2), (came, 3)]
        await device.close()

    asyncio.run(story())


def test_display_cuts_lines_and_shows_no_control_characters() -> None:
    async def story() -> None:
        device = DisplaySimulator("display", columns=8)
        assert not await device.show("x", "y")
        await device.start()
        assert await device.show("TOTAL 12.50 EUR", "a\x1bb")
        assert device.lines == ("TOTAL 12", "a b")
        await device.close()

    asyncio.run(story())


def test_change_is_exact_and_from_the_stock() -> None:
    assert pick_pieces(60, {50: 1, 20: 3}) == (20, 20, 20)
    assert pick_pieces(30, {20: 5}) is None
    chance = random.Random(3)
    for _ in range(300):
        stock = {v: chance.randrange(4) for v in (5, 10, 20, 50, 100, 200, 500)}
        amount = chance.randrange(0, 1500, 5)
        picked = pick_pieces(amount, stock)
        if picked is not None:
            assert sum(picked) == amount
            assert all(picked.count(v) <= stock[v] for v in set(picked))
