import asyncio
import json
from pathlib import Path

import pytest

import hardware.printer as face
from hardware.health import ComponentState
from hardware.printer import FaultKind, FaultScript, PrintDocument, PrintJob, PrintOutcome, SimulatedPrinter, TextBlock

JOB = PrintJob("AB01", PrintDocument((TextBlock("Lanshan 蓝山"), TextBlock("two", space_before=40))))


def _print(printer: SimulatedPrinter, *jobs: PrintJob, timeout_s: float = 10) -> list[face.PrintResult]:
    async def story() -> list[face.PrintResult]:
        await printer.start()
        results = [await printer.print(job, timeout_s=timeout_s) for job in jobs]
        await printer.close()
        return results

    return asyncio.run(story())


def test_keeps_each_paper_as_picture_and_bytes(tmp_path: Path) -> None:
    printer = SimulatedPrinter("p1", tmp_path)
    _print(printer, JOB, PrintJob("AB02", JOB.document))
    first, second = printer.papers()
    assert (first.job_id, second.job_id, first.number, second.number) == ("AB01", "AB02", 1, 2)
    assert first.png.read_bytes().startswith(b"\x89PNG")
    assert first.raw.read_bytes().startswith(b"\x1dP")
    assert first.raw.read_bytes().endswith(b"\x1dV\x42\0")


def test_a_new_process_knows_the_jobs_of_the_old_one(tmp_path: Path) -> None:
    first = SimulatedPrinter("p1", tmp_path)
    first.faults.start(FaultKind.LOST_ANSWER, jobs=1)
    assert [each.outcome for each in _print(first, JOB)] == [PrintOutcome.UNKNOWN]
    again = SimulatedPrinter("p1", tmp_path)
    assert [each.outcome for each in _print(again, PrintJob("AB02", JOB.document))] == [PrintOutcome.PRINTED]
    assert [paper.number for paper in again.papers()] == [1, 2]
    third = SimulatedPrinter("p1", tmp_path)
    known = [asyncio.run(third.query(job_id, timeout_s=1)).outcome for job_id in ("AB01", "AB02", "ZZZZ")]
    assert known == [PrintOutcome.UNKNOWN, PrintOutcome.PRINTED, PrintOutcome.NOT_PRINTED]


@pytest.mark.parametrize("is_out", [False, True])
def test_a_process_killed_in_mid_job_finds_out_whether_the_paper_came(tmp_path: Path, is_out: bool) -> None:
    printer = SimulatedPrinter("p1", tmp_path)
    _print(printer, JOB)
    record = tmp_path / "jobs" / f"{b'AB01'.hex()}.json"
    record.write_text(json.dumps({"number": 1, "outcome": None, "cause": ""}), encoding="utf-8")
    if not is_out:
        printer.papers()[0].png.unlink()
    outcome = asyncio.run(SimulatedPrinter("p1", tmp_path).query("AB01", timeout_s=1)).outcome
    assert outcome is (PrintOutcome.PRINTED if is_out else PrintOutcome.NOT_PRINTED)


def test_a_record_that_cannot_be_read_is_unknown(tmp_path: Path) -> None:
    printer = SimulatedPrinter("p1", tmp_path)
    (tmp_path / "jobs" / f"{b'AB01'.hex()}.json").write_text("{", encoding="utf-8")
    assert asyncio.run(printer.query("AB01", timeout_s=1)).outcome is PrintOutcome.UNKNOWN


@pytest.mark.parametrize(
    ("kind", "outcome", "papers"),
    [
        (FaultKind.LOST_ANSWER, PrintOutcome.UNKNOWN, 1),
        (FaultKind.LOST_JOB, PrintOutcome.UNKNOWN, 0),
        (FaultKind.UNPLUGGED, PrintOutcome.NOT_PRINTED, 0),
        (FaultKind.MUTE, PrintOutcome.NOT_PRINTED, 0),
        (FaultKind.PAPER_OUT_MID_JOB, PrintOutcome.UNKNOWN, 1),
    ],
)
def test_faults_meet_as_many_jobs_as_they_are_meant_for(
    tmp_path: Path, kind: FaultKind, outcome: PrintOutcome, papers: int
) -> None:
    printer = SimulatedPrinter("p1", tmp_path)
    printer.faults.start(kind, 2, jobs=1)
    first = _print(printer, JOB, timeout_s=0.2)[0]
    assert first.outcome is outcome
    assert first.cause
    assert len(printer.papers()) == papers
    assert all(paper.is_torn == (kind is FaultKind.PAPER_OUT_MID_JOB) for paper in printer.papers())


def test_slow_paper_still_counts_and_too_slow_is_given_up(tmp_path: Path) -> None:
    printer = SimulatedPrinter("p1", tmp_path)
    printer.faults.start(FaultKind.SLOW, 0.01)
    assert _print(printer, JOB)[0].outcome is PrintOutcome.PRINTED
    slow = SimulatedPrinter("p2", tmp_path / "p2")
    slow.faults.start(FaultKind.SLOW, 0.3)
    result = _print(slow, JOB, timeout_s=0.1)[0]
    assert (result.outcome, result.cause) == (PrintOutcome.UNKNOWN, "printer.slow")


def test_health_tells_the_fault_since_when(tmp_path: Path) -> None:
    printer = SimulatedPrinter("p1", tmp_path)
    calm = asyncio.run(printer.health())
    printer.faults.start(FaultKind.COVER_OPEN)
    open_ = asyncio.run(printer.health())
    later = asyncio.run(printer.health())
    assert (calm.state, open_.state) == (ComponentState.READY, ComponentState.USER_ACTION)
    assert calm.is_simulated
    assert open_.since == later.since
    assert (open_.cause, open_.remedy) == ("printer.cover_open", "remedy.printer.cover_open")


def test_only_so_many_papers_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hardware.printer.simulator.PAPERS_KEPT_MAX", 3)
    printer = SimulatedPrinter("p1", tmp_path)
    _print(printer, *[PrintJob(f"J{number:03}", JOB.document) for number in range(6)])
    assert [paper.number for paper in printer.papers()] == [4, 5, 6]


def test_a_fault_script_starts_stops_and_wears_off() -> None:
    script = FaultScript()
    script.start(FaultKind.JAM, jobs=2)
    script.start(FaultKind.SLOW, 0.5)
    script.end_job()
    assert script.has(FaultKind.JAM)
    script.end_job()
    assert not script.has(FaultKind.JAM)
    assert [fault.kind for fault in script.active()] == [FaultKind.SLOW]
    script.stop(FaultKind.SLOW)
    assert script.active() == ()


def test_the_face_is_what_is_listed() -> None:
    assert sorted(face.__all__) == sorted(set(face.__all__))
    assert all(hasattr(face, name) for name in face.__all__)
