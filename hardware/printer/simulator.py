"""A printer in this process: keeps each paper as PNG and bytes in a directory, with faults on request.

The directory is the device's memory: a restarted process asks after jobs of the one before.
    papers/000001-<job>.png, .bin   what came out, in order; `-torn` where a job ended in the middle
    jobs/<job>.json                 what the device knows of a job
A paper appears by rename, so that a killed process leaves it whole or not at all.
"""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from hardware.errors import DeviceError
from hardware.health import ComponentState, Health
from hardware.printer.bands import bands, set_pitch
from hardware.printer.compose import is_job_id
from hardware.printer.faults import FaultKind, FaultScript
from hardware.printer.interface import PrintJob, PrintOutcome, PrintResult
from hardware.usage import Usage
from hardware.worker import DeviceWorker

if TYPE_CHECKING:
    from hardware.printer.raster import Raster

PAPERS_KEPT_MAX = 1000
DPI = 203
STATES = (  # the first that is on decides
    (FaultKind.UNPLUGGED, ComponentState.NOT_REACHABLE, "printer.unplugged"),
    (FaultKind.MUTE, ComponentState.NOT_REACHABLE, "printer.no_answer"),
    (FaultKind.NONSENSE, ComponentState.SOFTWARE_ERROR, "printer.leftovers"),
    (FaultKind.BROKEN, ComponentState.HARDWARE_ERROR, "printer.broken"),
    (FaultKind.TOO_HOT, ComponentState.HARDWARE_ERROR, "printer.too_hot"),
    (FaultKind.OFFLINE, ComponentState.HARDWARE_ERROR, "printer.offline"),
    (FaultKind.COVER_OPEN, ComponentState.USER_ACTION, "printer.cover_open"),
    (FaultKind.JAM, ComponentState.MEDIA_JAMMED, "printer.jam"),
    (FaultKind.PAPER_OUT, ComponentState.MEDIA_EMPTY, "printer.paper_out"),
    (FaultKind.NEAR_END, ComponentState.MEDIA_LOW, "printer.near_end"),
)
_STOPS = frozenset(state for _, state, _ in STATES if state is not ComponentState.MEDIA_LOW)


class Paper(Struct, frozen=True):
    """A paper that came out."""

    number: int
    job_id: str
    png: Path
    raw: Path
    is_torn: bool


class SimulatedPrinter:
    """A `Printer`; `faults` scripts it. Blocking work runs on the device's own thread."""

    def __init__(
        self,
        device_id: str,
        directory: Path,
        *,
        width_dots: int = 576,
        has_drawer: bool = True,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.faults = FaultScript()
        self.drawer_openings = 0
        self._device_id = device_id
        self._papers = directory / "papers"
        self._jobs = directory / "jobs"
        self._width_dots = width_dots
        self._has_drawer = has_drawer
        self._now = now
        self._worker = DeviceWorker(device_id)
        self._is_printing = False
        self._usage = Usage()
        self._state = ComponentState.READY
        self._since = now()
        for folder in (self._papers, self._jobs):
            folder.mkdir(parents=True, exist_ok=True)
        numbers = [paper.number for paper in self.papers()]
        self._number = max(numbers, default=0)
        self._printed = len(numbers)

    @property
    def device_id(self) -> str:
        """Return the id given in the settings."""
        return self._device_id

    @property
    def width_dots(self) -> int:
        """Return the printable width."""
        return self._width_dots

    def papers(self) -> tuple[Paper, ...]:
        """Return the papers that lie in the tray, oldest first."""
        return tuple(_paper(path) for path in sorted(self._papers.glob("*.png")))

    @property
    def used(self) -> Mapping[str, int]:
        """Return what it has used since this process began."""
        return self._usage.snapshot()

    async def start(self) -> None:
        """Start the device's thread."""
        self._worker.start()

    async def close(self) -> None:
        """Stop the device's thread."""
        self.faults.stop()
        self._worker.stop()

    async def health(self) -> Health:
        """Return the state that the faults make."""
        state, cause = self._condition()
        if state is not self._state:
            self._state, self._since = state, self._now()
        return Health(
            self._device_id,
            "printer",
            state,
            self._since,
            self._now(),
            cause=cause,
            remedy=f"remedy.{cause}" if cause else "",
            is_simulated=True,
            model="Simulated printer",
            counters=(("papers_printed", self._printed),),
        )

    async def print(self, job: PrintJob, *, timeout_s: float) -> PrintResult:
        """Print on the device's thread."""
        try:
            return await self._worker.run(lambda: self._print(job, timeout_s))
        except DeviceError as error:
            return PrintResult(job.id, PrintOutcome.NOT_PRINTED, error.key)

    async def query(self, job_id: str, *, timeout_s: float) -> PrintResult:
        """Return what the device knows of a job, from before a restart too; at once, so `timeout_s` is not used up."""
        del timeout_s
        if self.faults.has(FaultKind.UNPLUGGED, FaultKind.MUTE):
            return PrintResult(job_id, PrintOutcome.UNKNOWN, "printer.no_answer")
        try:
            known = json.loads(self._job_path(job_id).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return PrintResult(job_id, PrintOutcome.NOT_PRINTED, "printer.job_never_came")
        except ValueError:
            return PrintResult(job_id, PrintOutcome.UNKNOWN, "printer.job_unreadable")
        if known["outcome"]:
            return PrintResult(job_id, PrintOutcome(known["outcome"]), known["cause"])
        is_out = bool(list(self._papers.glob(f"{known['number']:06}-*.png")))
        return PrintResult(job_id, PrintOutcome.PRINTED if is_out else PrintOutcome.NOT_PRINTED)

    async def open_drawer(self) -> bool:
        """Count a kick of the drawer."""
        if not self._has_drawer or self._condition()[0] in _STOPS:
            return False
        self.drawer_openings += 1
        return True

    def _condition(self) -> tuple[ComponentState, str]:
        for kind, state, cause in STATES:
            if self.faults.has(kind):
                return state, cause
        return (ComponentState.BUSY if self._is_printing else ComponentState.READY), ""

    def _print(self, job: PrintJob, timeout_s: float) -> PrintResult:
        if not is_job_id(job.id):
            return PrintResult(job.id, PrintOutcome.NOT_PRINTED, "printer.job_id")
        from hardware.printer.raster import render  # noqa: PLC0415 - a start need not wait for it

        raster = render(job.document, self._width_dots)
        state, cause = self._condition()
        if state in _STOPS:
            return self._settle(job, PrintOutcome.NOT_PRINTED, cause)
        self._is_printing = True
        try:
            return self._run(job, raster, time.monotonic() + timeout_s)
        finally:
            self._is_printing = False
            self.faults.end_job()

    def _run(self, job: PrintJob, raster: "Raster", deadline: float) -> PrintResult:
        self._number += 1
        self._remember(job.id, None, "")
        if self.faults.has(FaultKind.LOST_JOB):
            return self._settle(job, PrintOutcome.UNKNOWN, "printer.no_answer")
        pieces = bands(raster)
        for index in range(len(pieces)):
            if cause := self._stopped(index, deadline):
                self._keep(job.id, raster, index / len(pieces))
                return self._settle(job, PrintOutcome.UNKNOWN, cause)
        self._keep(job.id, raster, 1.0)
        if self.faults.has(FaultKind.LOST_ANSWER):
            return self._settle(job, PrintOutcome.UNKNOWN, "printer.no_answer")
        return self._settle(job, PrintOutcome.PRINTED, "")

    def _stopped(self, band: int, deadline: float) -> str:
        """Wait out what stops the paper here; the cause when it lasts past the deadline."""
        slow = self.faults.get(FaultKind.SLOW)
        if slow is not None:
            self.faults.wait_until(lambda: not self.faults.has(FaultKind.SLOW), slow.value)
        if time.monotonic() > deadline:
            return "printer.slow"
        if not self.faults.wait_until(lambda: not self._stop_at(band), deadline - time.monotonic()):
            return self._stop_at(band)
        return ""

    def _stop_at(self, band: int) -> str:
        early = self.faults.get(FaultKind.PAPER_OUT_MID_JOB)
        if early is not None and band >= early.value:
            return "printer.paper_out"
        state, cause = self._condition()
        return cause if state in _STOPS else ""

    def _keep(self, job_id: str, raster: "Raster", share: float) -> None:
        """Put the paper, or the part of it that came out, into the tray."""
        height = int(raster.height * share)
        if not height:
            return
        from hardware.printer.raster import Raster, paper_mm  # noqa: PLC0415

        part = Raster(raster.width, height, raster.rows[: raster.stride * height])
        torn = "" if share == 1.0 else "-torn"
        stem = f"{self._number:06}-{job_id.encode().hex()}{torn}"
        _write(self._papers / f"{stem}.bin", set_pitch(DPI) + b"".join(bands(part)) + b"\x1dV\x42\0")
        _write(self._papers / f"{stem}.png", part.to_png())
        self._printed += 1
        self._usage.add("paper_mm", paper_mm(height, DPI))
        self._usage.add("cuts")
        if self._number > PAPERS_KEPT_MAX:
            for old in self._papers.glob(f"{self._number - PAPERS_KEPT_MAX:06}-*"):
                old.unlink(missing_ok=True)

    def _settle(self, job: PrintJob, outcome: PrintOutcome, cause: str) -> PrintResult:
        self._remember(job.id, outcome, cause)
        return PrintResult(job.id, outcome, cause)

    def _remember(self, job_id: str, outcome: PrintOutcome | None, cause: str) -> None:
        record = {"number": self._number, "outcome": outcome, "cause": cause}
        _write(self._job_path(job_id), json.dumps(record).encode())

    def _job_path(self, job_id: str) -> Path:
        return self._jobs / f"{job_id.encode().hex()}.json"


def _paper(path: Path) -> Paper:
    number, job, *torn = path.stem.split("-")
    return Paper(int(number), bytes.fromhex(job).decode(), path, path.with_suffix(".bin"), bool(torn))


def _write(path: Path, data: bytes) -> None:
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(data)
    partial.replace(path)
