"""What every printer must do, on the simulator and on the real driver over TCP and a serial line."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from hardware.health import ComponentState
from hardware.printer import (
    BannerBlock,
    EmulatedPrinter,
    EmulatorOptions,
    EscposOptions,
    EscposPrinter,
    FaultKind,
    PrintDocument,
    Printer,
    PrintJob,
    PrintOutcome,
    QrBlock,
    SimulatedPrinter,
    TextBlock,
)
from hardware.transport import SerialLink, TcpLink

QUICK = EscposOptions(answer_timeout_s=1.0, poll_every_s=0.02, clear_timeout_s=2.0, has_drawer=True)


@dataclass
class Bench:
    """A printer with hands: what a person or chance does to it, and what lies in the tray."""

    printer: Printer
    again: Callable[[], Printer]
    fault: Callable[[str], None]
    mend: Callable[[], None]
    papers: Callable[[], list[Image.Image]]
    end: Callable[[], None]


def _simulated(folder: Path) -> Bench:
    printer = SimulatedPrinter("p1", folder)
    kinds = {
        "paper_out": FaultKind.PAPER_OUT,
        "paper_out_later": FaultKind.PAPER_OUT_MID_JOB,
        "near_end": FaultKind.NEAR_END,
        "cover_open": FaultKind.COVER_OPEN,
        "jam": FaultKind.JAM,
        "mute": FaultKind.MUTE,
    }
    return Bench(
        printer,
        lambda: SimulatedPrinter("p1", folder),
        lambda name: printer.faults.start(kinds[name], 2),
        printer.faults.stop,
        lambda: [Image.open(paper.png) for paper in printer.papers() if not paper.is_torn],
        lambda: None,
    )


def _emulated(link: Callable[[EmulatedPrinter], TcpLink | SerialLink], options: EmulatorOptions) -> Bench:
    emulator = EmulatedPrinter(options)
    machine = emulator.machine
    faults: dict[str, Callable[[], None]] = {
        "paper_out": lambda: machine.set(is_paper_out=True),
        "paper_out_later": lambda: machine.set(paper_out_at_band=machine.bands_printed + 3),
        "near_end": lambda: machine.set(is_near_end=True),
        "cover_open": lambda: machine.set(is_cover_open=True),
        "jam": lambda: machine.set(is_jammed=True),
        "mute": lambda: machine.set(is_mute=True),
    }

    def mend() -> None:
        machine.load_paper()
        machine.set(is_cover_open=False, is_jammed=False, is_mute=False)

    wire = link(emulator)
    return Bench(
        EscposPrinter("p1", wire, QUICK),
        lambda: EscposPrinter("p1", wire, QUICK),
        lambda name: faults[name](),
        mend,
        lambda: [paper.to_image() for paper in machine.papers()],
        emulator.stop,
    )


def _tcp(options: EmulatorOptions) -> Bench:
    return _emulated(lambda emulator: TcpLink("127.0.0.1", emulator.serve_tcp()), options)


BENCHES: dict[str, Callable[[Path], Bench]] = {
    "simulator": _simulated,
    "tcp": lambda _: _tcp(EmulatorOptions()),
    "tcp-without-process-id": lambda _: _tcp(EmulatorOptions(has_process_id=False, model="CLONE 80")),
    "serial": lambda _: _emulated(lambda emulator: SerialLink(emulator.serve_pty()), EmulatorOptions()),
}


@pytest.fixture(params=list(BENCHES))
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = BENCHES[request.param](tmp_path)
    yield made
    made.end()


def _run(bench: Bench, story: Callable[[Printer], Awaitable[None]]) -> None:
    async def whole() -> None:
        await bench.printer.start()
        try:
            await story(bench.printer)
        finally:
            await bench.printer.close()

    asyncio.run(whole())


def _job(payload: str = "SECRET-1", job_id: str = "AB01") -> PrintJob:
    blocks = (BannerBlock("DEMO"), TextBlock("Lanshan 蓝山", 52), QrBlock(payload, 200), TextBlock("end"))
    return PrintJob(job_id, PrintDocument(blocks))


def _read(papers: list[Image.Image]) -> list[str]:
    return [each.text for paper in papers for each in zxingcpp.read_barcodes(paper.convert("L"))]


def test_prints_a_job_and_remembers_it(bench: Bench) -> None:
    async def story(printer: Printer) -> None:
        result = await printer.print(_job(), timeout_s=20)
        assert (result.job_id, result.outcome, result.cause) == ("AB01", PrintOutcome.PRINTED, "")
        assert (await printer.query("AB01", timeout_s=5)).outcome is PrintOutcome.PRINTED

    _run(bench, story)
    assert _read(bench.papers()) == ["SECRET-1"]


@pytest.mark.parametrize(
    ("fault", "cause", "state"),
    [
        ("paper_out", "printer.paper_out", ComponentState.MEDIA_EMPTY),
        ("cover_open", "printer.cover_open", ComponentState.USER_ACTION),
        ("jam", "printer.jam", ComponentState.MEDIA_JAMMED),
        ("mute", "printer.no_answer", ComponentState.NOT_REACHABLE),
    ],
)
def test_refuses_before_the_first_dot_and_recovers(bench: Bench, fault: str, cause: str, state: ComponentState) -> None:
    async def story(printer: Printer) -> None:
        bench.fault(fault)
        refused = await printer.print(_job(), timeout_s=20)
        assert (refused.outcome, refused.cause) == (PrintOutcome.NOT_PRINTED, cause)
        health = await printer.health()
        assert (health.state, health.cause, health.is_working) == (state, cause, False)
        assert bench.papers() == []
        bench.mend()
        assert (await printer.print(_job("SECRET-2", "AB02"), timeout_s=20)).outcome is PrintOutcome.PRINTED
        assert (await printer.health()).state is ComponentState.READY

    _run(bench, story)
    assert _read(bench.papers()) == ["SECRET-2"]


def test_paper_that_ends_in_mid_job_and_stays_out_leaves_it_unknown_and_nothing_comes_out_later(bench: Bench) -> None:
    async def story(printer: Printer) -> None:
        bench.fault("paper_out_later")
        result = await printer.print(_job(), timeout_s=0.5)
        assert (result.outcome, result.cause) == (PrintOutcome.UNKNOWN, "printer.paper_out")
        bench.mend()
        assert (await printer.print(_job("SECRET-2", "AB02"), timeout_s=20)).outcome is PrintOutcome.PRINTED

    _run(bench, story)
    assert _read(bench.papers()) == ["SECRET-2"]


def test_paper_that_is_refilled_in_time_completes_the_job(bench: Bench) -> None:
    async def story(printer: Printer) -> None:
        bench.fault("paper_out_later")
        printing = asyncio.create_task(printer.print(_job(), timeout_s=30))
        await asyncio.sleep(0.3)
        assert not printing.done()
        bench.mend()
        assert (await printing).outcome is PrintOutcome.PRINTED

    _run(bench, story)
    assert _read(bench.papers()) == ["SECRET-1"]


def test_near_end_is_told_and_does_not_stop_it(bench: Bench) -> None:
    async def story(printer: Printer) -> None:
        bench.fault("near_end")
        assert (await printer.print(_job(), timeout_s=20)).outcome is PrintOutcome.PRINTED
        health = await printer.health()
        assert (health.state, health.is_working) == (ComponentState.MEDIA_LOW, True)

    _run(bench, story)


def test_a_document_that_cannot_stand_on_paper_is_not_printed(bench: Bench) -> None:
    async def story(printer: Printer) -> None:
        job = PrintJob("AB01", PrintDocument((QrBlock("x" * 1001, 200),)))
        result = await printer.print(job, timeout_s=20)
        assert (result.outcome, result.cause) == (PrintOutcome.NOT_PRINTED, "printer.qr_payload")

    _run(bench, story)
    assert bench.papers() == []


def test_a_job_id_that_cannot_travel_is_not_printed(bench: Bench) -> None:
    async def story(printer: Printer) -> None:
        for job_id in ("", "ABC", "ABCDE", "AB\x10\x04", "ÄBCD"):
            result = await printer.print(PrintJob(job_id, _job().document), timeout_s=20)
            assert (result.outcome, result.cause) == (PrintOutcome.NOT_PRINTED, "printer.job_id")

    _run(bench, story)


def test_opens_the_drawer_only_when_it_can(bench: Bench) -> None:
    async def story(printer: Printer) -> None:
        assert await printer.open_drawer()
        bench.fault("mute")
        assert not await printer.open_drawer()

    _run(bench, story)


def test_jobs_of_an_earlier_process_are_never_called_printed_without_knowing(bench: Bench) -> None:
    async def story(printer: Printer) -> None:
        assert (await printer.print(_job(), timeout_s=20)).outcome is PrintOutcome.PRINTED
        await printer.close()
        later = bench.again()
        await later.start()
        known = await later.query("AB01", timeout_s=5)
        never = await later.query("ZZZZ", timeout_s=5)
        await later.close()
        assert known.outcome in {PrintOutcome.PRINTED, PrintOutcome.UNKNOWN}
        assert never.outcome is not PrintOutcome.PRINTED

    _run(bench, story)


def test_asked_before_it_is_started_it_answers_without_raising(bench: Bench) -> None:
    async def story() -> None:
        result = await bench.printer.print(_job(), timeout_s=1)
        assert result.outcome is PrintOutcome.NOT_PRINTED
        await bench.printer.health()
        await bench.printer.close()

    asyncio.run(story())
