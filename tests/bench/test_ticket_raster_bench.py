"""A ticket with Chinese text: our raster and bytes against Pillow + python-escpos at the same pixels, in one run."""

import asyncio
import socket
import statistics
import sys
import time
from collections.abc import Callable

import pytest

from hardware.printer.bands import bands
from hardware.printer.compose import ENABLE_AUTOMATIC_STATUS, ask_process_id, job_pieces, profile
from hardware.printer.document import ColumnsBlock, PairBlock, PrintDocument, QrBlock, RuleBlock, TextBlock
from hardware.printer.emulator import EmulatedPrinter, EmulatorOptions
from hardware.printer.escpos import EscposPrinter
from hardware.printer.interface import PrintJob, PrintOutcome
from hardware.printer.raster import Renderer, render
from hardware.transport import TcpLink
from tests.bench.naive_ticket import NaiveTicket

ROUNDS = 7
TICKETS = 8
TIME_RATIO_MAX = 0.05
BYTES_RATIO_MAX = 0.5
CONFIRMED_RATIO_MAX = 1.5
ROWS_PER_S = 20_000  # sixteen times the speed of a real printer, which would hide our part altogether

pytestmark = pytest.mark.bench


def _document(number: int) -> PrintDocument:
    """Return a ticket whose code, number, time and seat are its own."""
    return PrintDocument(
        (
            PairBlock("Aldermoor Transit", "1 / 1"),
            PairBlock("Ticket 车票", f"0417-{1000 + number}", 22, space_before=0),
            RuleBlock(6),
            TextBlock("From 出发站", 22),
            TextBlock("Aldermoor Central", 34, is_bold=True, space_before=0),
            TextBlock("阿尔德莫尔总站", space_before=0),
            TextBlock("To 到达站", 22),
            TextBlock("Lanshan 蓝山", 52, is_bold=True, space_before=0),
            RuleBlock(),
            ColumnsBlock(
                (("Sun 22 Nov 2026 星期日", f"{number % 24:02}:{number % 60:02}"), ("Train 车次", "IC 8")), 76
            ),
            RuleBlock(),
            ColumnsBlock((("Coach 车厢", "4"), ("Seat 座位", str(number % 90)), ("1 adult 成人", "€11.60")), 52),
            RuleBlock(6),
            QrBlock(f"{number * 7919**4:032x}", 300, "Q7M 4KX"),
            RuleBlock(),
            TextBlock("Valid only on this train, today.", is_bold=True, space_before=16),
            TextBlock("仅限当日本次列车有效。发车前可改签，手续费 €3.00。", space_before=0),
            RuleBlock(is_dashed=True),
            PairBlock("Machine 0417 · seq 41208", "22 Nov 2026 14:31", 22),
        )
    )


def _ours(renderer: Renderer, number: int) -> bytes:
    return b"".join(bands(renderer.render(_document(number)))) + b"\x1dV\x42\0"


def _say(capsys: pytest.CaptureFixture[str], sentence: str) -> None:
    with capsys.disabled():
        sys.stdout.write(sentence + "\n")


def _cpu_s(call: Callable[[int], object], first: int) -> float:
    start = time.thread_time()
    for number in range(first, first + TICKETS):
        call(number)
    return time.thread_time() - start


def test_ticket_with_chinese_text_costs_a_twentieth_of_the_usual_way(capsys: pytest.CaptureFixture[str]) -> None:
    renderer, naive = Renderer(), NaiveTicket()
    height = renderer.render(_document(0)).height
    ratios = []
    for round_ in range(ROUNDS + 1):
        first = 1000 + round_ * TICKETS
        theirs = _cpu_s(lambda number: naive.ticket(_document(number), height), first)
        ours = _cpu_s(lambda number: _ours(renderer, number), first)
        ratios.append(ours / theirs)
    ratio = statistics.median(ratios[1:])
    _say(capsys, f"\nticket raster: {ratio:.4f} of Pillow + qrcode + python-escpos (at most {TIME_RATIO_MAX})")
    assert ratio <= TIME_RATIO_MAX


def test_ticket_with_chinese_text_sends_half_the_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    renderer, naive = Renderer(), NaiveTicket()
    height = renderer.render(_document(1)).height
    ratio = len(_ours(renderer, 1)) / len(naive.ticket(_document(1), height))
    _say(capsys, f"\nticket bytes: {ratio:.3f} of python-escpos (at most {BYTES_RATIO_MAX})")
    assert ratio <= BYTES_RATIO_MAX


def _raw(link: socket.socket, job: bytes) -> float:
    """Send the bytes of a job with nothing around them and wait for the device's word."""
    start = time.perf_counter()
    link.sendall(job)
    answer = b""
    while b"\x37\x22RAW1\x00" not in answer:
        part = link.recv(100)
        assert part
        answer += part
    return time.perf_counter() - start


async def _confirmed(port: int, number: int) -> float:
    driver = EscposPrinter("bench", TcpLink("127.0.0.1", port))
    await driver.start()
    await driver.print(PrintJob("WARM", _document(number)), timeout_s=30)
    start = time.perf_counter()
    result = await driver.print(PrintJob("JOB1", _document(number + 1)), timeout_s=30)
    spent = time.perf_counter() - start
    await driver.close()
    assert result.outcome is PrintOutcome.PRINTED
    return spent


def test_a_confirmed_print_costs_little_more_than_its_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    pieces = job_pieces(render(_document(2)), profile("TM-T20II"), ask_process_id("RAW1"))
    job = b"".join(pieces).replace(ENABLE_AUTOMATIC_STATUS, b"")
    emulator = EmulatedPrinter(EmulatorOptions(rows_per_s=ROWS_PER_S))
    port = emulator.serve_tcp()
    ratios = []
    for round_ in range(ROUNDS + 1):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as link:
            raw = statistics.median(_raw(link, job) for _ in range(3))
        ratios.append(asyncio.run(_confirmed(port, 30_000 + 2 * round_)) / raw)
    emulator.stop()
    ratio = statistics.median(ratios[1:])
    _say(capsys, f"\nconfirmed print: {ratio:.2f} of the same bytes over a raw socket (at most {CONFIRMED_RATIO_MAX})")
    assert ratio <= CONFIRMED_RATIO_MAX
