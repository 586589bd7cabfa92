"""The driver against a printer that fails at every place, judged by what lies on the paper.

Three rules: called printed means one whole ticket; called not printed means not one dot; after any end nothing of that
job comes out later.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from functools import lru_cache

import pytest
import zxingcpp
from pyzbar import pyzbar

from hardware.printer import (
    EmulatedPaper,
    EmulatedPrinter,
    EmulatorOptions,
    EscposOptions,
    EscposPrinter,
    PrintDocument,
    PrintJob,
    PrintOutcome,
    QrBlock,
    TextBlock,
)
from hardware.printer.compose import job_pieces, profile
from hardware.printer.raster import render
from hardware.transport import TcpLink

WIDTH = 256
QUICK = EscposOptions(width_dots=WIDTH, answer_timeout_s=2.0, poll_every_s=0.02, clear_timeout_s=2.0)
TIMEOUT_S = 20


def _document(payload: str) -> PrintDocument:
    return PrintDocument((TextBlock("Lanshan 蓝山", 22), QrBlock(payload, 63, space_before=0)))


@lru_cache(maxsize=4096)
def _codes(rows: tuple[bytes, ...]) -> tuple[str, ...]:
    """Read a paper with both readers; a code counts when either sees it."""
    picture = EmulatedPaper(WIDTH, rows, (), is_cut=True).to_image().convert("L")
    ours = [each.text for each in zxingcpp.read_barcodes(picture)]
    theirs = [each.data.decode() for each in pyzbar.decode(picture)]
    return tuple(ours if len(ours) >= len(theirs) else theirs)


class Stand:
    """One emulated printer, the driver, and the paper read back."""

    def __init__(self, options: EmulatorOptions) -> None:
        self.emulator = EmulatedPrinter(options)
        self.machine = self.emulator.machine
        self.driver = EscposPrinter("p1", TcpLink("127.0.0.1", self.emulator.serve_tcp()), QUICK)
        self._number = 0

    def tear_off(self) -> EmulatedPaper | None:
        assert self.machine.wait_idle(10)
        return self.machine.tear_off()

    def copies(self, payload: str) -> int:
        assert self.machine.wait_idle(10)
        return sum(_codes(paper.rows).count(payload) for paper in self.machine.papers())

    async def check_only(self, payload: str, timeout_s: float = TIMEOUT_S) -> PrintOutcome:
        """Print once and say what the driver says."""
        return (await self.driver.print(PrintJob("ONCE", _document(payload)), timeout_s=timeout_s)).outcome

    async def check(
        self, fault: Callable[[], None], mend: Callable[[], None], timeout_s: float, *, is_followed: bool = True
    ) -> PrintOutcome:
        """Print under a fault and hold the three rules; return the outcome."""
        self._number += 1
        first, second = f"A{self._number:05}", f"B{self._number:05}"
        fault()
        result = await self.driver.print(PrintJob("TRY1", _document(first)), timeout_s=timeout_s)
        mend()
        copies = self.copies(first)
        if result.outcome is PrintOutcome.PRINTED:
            assert copies == 1
        elif result.outcome is PrintOutcome.NOT_PRINTED:
            assert copies == 0
            assert self.tear_off() is None
        else:
            assert copies <= 1
            assert result.cause
        if not is_followed:
            return result.outcome
        after = await self.driver.print(PrintJob("TRY2", _document(second)), timeout_s=TIMEOUT_S)
        assert after.outcome is PrintOutcome.PRINTED, (result, after)
        assert self.copies(second) == 1
        assert _codes(self.machine.papers()[-1].rows) == (second,)  # nothing of the first job hangs on it
        torn = sum(_codes(paper.rows).count(first) for paper in self.machine.papers())
        assert torn <= 1
        return result.outcome


@pytest.fixture
def run() -> Iterator[Callable[..., None]]:
    stands: list[Stand] = []

    def go(story: Callable[[Stand], Awaitable[None]], options: EmulatorOptions | None = None) -> None:
        stand = Stand(options or EmulatorOptions(width_dots=WIDTH))
        stands.append(stand)

        async def whole() -> None:
            await stand.driver.start()
            try:
                await story(stand)
            finally:
                await stand.driver.close()

        asyncio.run(whole())

    yield go
    for stand in stands:
        stand.emulator.stop()


def _job_bytes() -> tuple[int, set[int]]:
    """Return the bytes that a job takes on the wire, and the places of those that are control and not dots."""
    pieces = job_pieces(render(_document("A00001"), WIDTH), profile(QUICK.profile), b"\x1d(H\x06\x0000TRY1")
    asked = 12  # DLE EOT 1 to 4 before the job
    control = set(range(asked))
    at = asked
    for piece in pieces:
        head = 8 if piece.startswith(b"\x1dv0") else len(piece)
        control |= set(range(at, at + head + 1))
        at += len(piece)
    return at, {place for place in control if place <= at}


def _cut_at(run: Callable[..., None], places: list[int]) -> None:
    async def story(stand: Stand) -> None:
        assert await stand.check(lambda: None, lambda: None, TIMEOUT_S) is PrintOutcome.PRINTED
        seen = set()
        for place in places:
            seen.add(
                await stand.check(
                    lambda place=place: stand.emulator.cut_link(place),
                    lambda: None,
                    TIMEOUT_S,
                    is_followed=place % 5 == 0,  # else the next round shows whether anything came out later
                )
            )
        assert PrintOutcome.UNKNOWN in seen
        for number in range(1, len(places) + 2):
            assert stand.copies(f"A{number:05}") <= 1

    run(story)


def test_link_cut_at_every_byte_of_control(run: Callable[..., None]) -> None:
    _cut_at(run, sorted(_job_bytes()[1]))


def test_link_cut_at_every_byte_of_a_small_ticket(run: Callable[..., None]) -> None:
    _cut_at(run, sorted(set(range(_job_bytes()[0] + 1)) - _job_bytes()[1]))


def _cut_five_tickets(run: Callable[..., None], every: int) -> None:
    async def story(stand: Stand) -> None:
        size = 5 * _job_bytes()[0]
        for place in range(every, size, every):
            stand.emulator.cut_link(place)
            outcomes = {}
            for number in range(5):
                payload = f"C{place:06}{number}"
                outcomes[payload] = (
                    await stand.driver.print(PrintJob("FIVE", _document(payload)), timeout_s=20)
                ).outcome
            for payload, outcome in outcomes.items():
                copies = stand.copies(payload)
                assert copies == 1 if outcome is PrintOutcome.PRINTED else copies <= (outcome is PrintOutcome.UNKNOWN)
            assert list(outcomes.values()).count(PrintOutcome.PRINTED) >= 4

    run(story)


def test_link_cut_in_five_tickets(run: Callable[..., None]) -> None:
    _cut_five_tickets(run, 997)


@pytest.mark.soak
def test_link_cut_at_every_seventeenth_byte_of_five_tickets(run: Callable[..., None]) -> None:
    _cut_five_tickets(run, 17)


def test_paper_holds_the_raster_dot_by_dot(run: Callable[..., None]) -> None:
    async def story(stand: Stand) -> None:
        await stand.check_only("DOTS01")
        raster = render(_document("DOTS01"), WIDTH)
        assert stand.machine.wait_idle(10)
        assert b"".join(stand.machine.papers()[0].rows) == raster.rows

    run(story)


async def _bands(stand: Stand) -> int:
    """Return how many bands the small ticket has; the first job of a process cuts first, which is one more."""
    await stand.check_only("BANDS0")
    before = stand.machine.bands_printed
    await stand.check_only("BANDS1")
    return stand.machine.bands_printed - before


def test_paper_out_at_every_band_and_nobody_comes(run: Callable[..., None]) -> None:
    async def story(stand: Stand) -> None:
        seen = set()
        for band in range(await _bands(stand)):
            at = stand.machine.bands_printed + band
            seen.add(
                await stand.check(
                    lambda at=at: stand.machine.set(paper_out_at_band=at), stand.machine.load_paper, timeout_s=0.3
                )
            )
        assert PrintOutcome.UNKNOWN in seen

    run(story)


async def _when(stand: Stand, band: int, act: Callable[[], None]) -> None:
    """Act when so many more bands lie on the paper, or after a while all the same."""
    goal = stand.machine.bands_printed + band
    for _ in range(1000):
        if stand.machine.bands_printed >= goal:
            break
        await asyncio.sleep(0.002)
    act()


def test_paper_out_at_every_band_and_refilled_prints_each_ticket_once(run: Callable[..., None]) -> None:
    async def story(stand: Stand) -> None:
        for band in range(await _bands(stand)):
            stand.machine.set(paper_out_at_band=stand.machine.bands_printed + band)
            payload = f"R{band:05}"
            printing = asyncio.create_task(
                stand.driver.print(PrintJob("REFL", _document(payload)), timeout_s=TIMEOUT_S)
            )
            for _ in range(200):
                if printing.done() or stand.machine.is_paper_out:
                    break
                await asyncio.sleep(0.005)
            stand.machine.load_paper()
            assert (await printing).outcome is PrintOutcome.PRINTED
            assert stand.copies(payload) == 1

    run(story)


ACTS: dict[str, Callable[[Stand], None]] = {
    "cover opened": lambda stand: stand.machine.set(is_cover_open=True),
    "jam": lambda stand: stand.machine.set(is_jammed=True),
    "jam at the cut": lambda stand: stand.machine.set(is_jam_at_cut=True),
    "power cycled": lambda stand: stand.emulator.power_cycle(),
    "mute": lambda stand: stand.machine.set(is_mute=True),
}


def _mend(stand: Stand) -> None:
    stand.machine.set(is_cover_open=False, is_jammed=False, is_jam_at_cut=False, is_mute=False)
    stand.machine.set_speed(0)


@pytest.mark.parametrize("act", list(ACTS))
@pytest.mark.parametrize("options", ["process id", "buffer status"])
def test_trouble_in_mid_job_leaves_no_false_word_and_no_leftover(
    run: Callable[..., None], act: str, options: str
) -> None:
    async def story(stand: Stand) -> None:
        for band in (2,) if act == "mute" else (1, 2, 4):
            stand.machine.set_speed(2000)
            acting = asyncio.create_task(_when(stand, band, lambda: ACTS[act](stand)))
            seen = await stand.check(lambda: None, lambda: _mend(stand), timeout_s=0.4)
            await acting
            _mend(stand)
            assert seen in PrintOutcome

    has_process_id = options == "process id"
    model = "TM-T88V" if has_process_id else "CLONE 80"
    run(story, EmulatorOptions(width_dots=WIDTH, has_process_id=has_process_id, model=model))


def test_slow_drain_prints_once_and_a_printer_too_slow_is_stopped(run: Callable[..., None]) -> None:
    async def story(stand: Stand) -> None:
        stand.machine.set_speed(400)
        slow = await stand.check(lambda: None, lambda: None, timeout_s=TIMEOUT_S)
        assert slow is PrintOutcome.PRINTED
        too_slow = await stand.check(
            lambda: stand.machine.set_speed(20), lambda: stand.machine.set_speed(0), timeout_s=0.4
        )
        assert too_slow is PrintOutcome.UNKNOWN

    run(story, EmulatorOptions(width_dots=WIDTH, buffer_bytes=256))


def test_a_process_id_that_is_promised_and_never_comes_is_not_taken_for_printed(run: Callable[..., None]) -> None:
    async def story(stand: Stand) -> None:
        outcome = await stand.check_only("LIAR01", timeout_s=0.4)
        assert outcome is PrintOutcome.UNKNOWN

    run(story, EmulatorOptions(width_dots=WIDTH, has_process_id=False, model="TM-T88V"))
