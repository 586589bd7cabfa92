"""ESC/POS printers: a job is PRINTED only when the printer itself has said so, after the last dot of it.

    ready?   DLE EOT 1 to 4 answered and nothing stops it, else NOT_PRINTED and not one byte of the job was sent
    send     the job in pieces; the cause of a stop is heard by automatic status, or asked between pieces
    done?    GS ( H with the job's id where the model has it, else GS r, which is answered in buffer order
    give up  buffers cleared in real time, over a new connection if need be, so that nothing comes out later; UNKNOWN
Policy and sources: docs/hardware/printer.md.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import assert_never

from msgspec import Struct

from hardware.errors import DeviceError
from hardware.health import ComponentState, Health
from hardware.printer import compose
from hardware.printer.conversation import Conversation
from hardware.printer.interface import PrintJob, PrintOutcome, PrintResult
from hardware.transport import Link
from hardware.usage import Usage
from hardware.worker import DeviceWorker

RESULTS_KEPT_MAX = 64
LINGER_S = 0.05  # how often a full link is looked at again
STATES = {
    "printer.unplugged": ComponentState.NOT_REACHABLE,
    "printer.no_answer": ComponentState.NOT_REACHABLE,
    "printer.cover_open": ComponentState.USER_ACTION,
    "printer.paper_out": ComponentState.MEDIA_EMPTY,
    "printer.jam": ComponentState.MEDIA_JAMMED,
    "printer.leftovers": ComponentState.SOFTWARE_ERROR,
}


class Confirmation(StrEnum):
    """How a job is proven: AUTO asks the model's name once and picks."""

    AUTO = "auto"
    PROCESS_ID = "process_id"
    BUFFER_STATUS = "buffer_status"


class EscposOptions(Struct, frozen=True):
    """Settings of one printer; times in seconds, `profile` is a name in python-escpos' list."""

    profile: str = "TM-T20II"
    width_dots: int = 576
    confirmation: Confirmation = Confirmation.AUTO
    has_drawer: bool = False
    open_timeout_s: float = 3.0
    answer_timeout_s: float = 1.0
    poll_every_s: float = 0.25
    clear_timeout_s: float = 2.0


class EscposPrinter:
    """A `Printer` over any link."""

    def __init__(
        self,
        device_id: str,
        link: Link,
        options: EscposOptions | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._device_id = device_id
        self._options = options or EscposOptions()
        self._profile: compose.Profile | None = None  # loaded on the device's thread: it takes half a second
        self._talk = Conversation(link, self._options.answer_timeout_s)
        self._confirmation = self._options.confirmation
        self._worker = DeviceWorker(device_id)
        self._now = now
        self._since = now()
        self._state = ComponentState.NOT_REACHABLE
        self._is_printing = False
        self._may_hold_leftovers = True  # of a job before this process, too
        self._may_hang_out = True  # a part of that job, uncut: it must not stick to the next ticket
        self._results: OrderedDict[str, PrintResult] = OrderedDict()
        self._counts = dict.fromkeys(PrintOutcome, 0)
        self._usage = Usage()

    @property
    def device_id(self) -> str:
        """Return the id given in the settings."""
        return self._device_id

    @property
    def width_dots(self) -> int:
        """Return the printable width."""
        return self._options.width_dots

    @property
    def used(self) -> Mapping[str, int]:
        """Return what it has used since this process began."""
        return self._usage.snapshot()

    async def start(self) -> None:
        """Start the device's thread; the link is opened by the first question."""
        self._worker.start()

    async def close(self) -> None:
        """Stop the thread and let go of the link."""
        if self._worker.stop():
            self._talk.link.close()

    async def health(self) -> Health:
        """Ask the device, or say what is known while it prints."""
        if self._is_printing:
            return self._describe(self._talk.condition.cause)
        try:
            cause = await self._worker.run(self._ready)
        except DeviceError as error:
            cause = error.key
        return self._describe(cause)

    async def print(self, job: PrintJob, *, timeout_s: float) -> PrintResult:
        """Print a job on the device's thread."""
        self._is_printing = True
        try:
            result = await self._worker.run(lambda: self._print(job, timeout_s))
        except DeviceError as error:
            result = PrintResult(job.id, PrintOutcome.NOT_PRINTED, error.key)
        finally:
            self._is_printing = False
        self._counts[result.outcome] += 1
        self._results[job.id] = result
        if len(self._results) > RESULTS_KEPT_MAX:
            self._results.popitem(last=False)
        return result

    async def query(self, job_id: str, *, timeout_s: float) -> PrintResult:
        """Return a result of this process; for older jobs empty the device's buffers and say UNKNOWN."""
        if (known := self._results.get(job_id)) is not None:
            return known
        del timeout_s  # emptying has its own, shorter one
        try:
            cause = await self._worker.run(self._ready)
        except DeviceError as error:
            cause = error.key
        return PrintResult(job_id, PrintOutcome.UNKNOWN, cause or "printer.cannot_tell")

    async def open_drawer(self) -> bool:
        """Kick the drawer when the printer is ready."""
        if not self._options.has_drawer:
            return False
        try:
            return await self._worker.run(lambda: self._send_when_ready(lambda device: device.drawer))
        except DeviceError:
            return False

    async def sound_buzzer(self) -> bool:
        """Sound the buzzer when the printer is ready."""
        try:
            return await self._worker.run(lambda: self._send_when_ready(lambda device: device.buzzer))
        except DeviceError:
            return False

    # --- on the device's thread ------------------------------------------------------------------------------
    def _print(self, job: PrintJob, timeout_s: float) -> PrintResult:
        from hardware.printer.raster import paper_mm, render  # noqa: PLC0415 - a start need not wait for it

        deadline = time.monotonic() + timeout_s
        if not compose.is_job_id(job.id):
            return PrintResult(job.id, PrintOutcome.NOT_PRINTED, "printer.job_id")
        raster = render(job.document, self.width_dots)
        if cause := self._ready():
            return PrintResult(job.id, PrintOutcome.NOT_PRINTED, cause)
        pieces = compose.job_pieces(raster, self._device(), self._question(job.id))
        if self._may_hang_out:
            pieces.insert(1, self._device().cut)
        self._talk.done.discard(job.id)
        self._talk.buffer_answers.clear()
        result = self._run(job.id, pieces, deadline)
        if result.outcome is not PrintOutcome.NOT_PRINTED:  # of an unknown job all may have come out
            self._usage.add("paper_mm", paper_mm(raster.height, self._device().dpi))
            self._usage.add("cuts")
        return result

    def _ready(self) -> str:
        """Return what keeps the printer from taking a job; open the link and empty old leftovers on the way."""
        if not self._talk.open(self._options.open_timeout_s):
            return "printer.unplugged"
        if not self._talk.listen(0.0) and not self._talk.open(self._options.open_timeout_s):
            return "printer.unplugged"
        cause = self._talk.check()
        if cause == "printer.no_answer":
            return cause
        if self._may_hold_leftovers:
            if not self._talk.clear(self._options.clear_timeout_s):
                return "printer.leftovers"
            self._may_hold_leftovers = False
            cause = self._talk.check()
        if not cause and self._confirmation is Confirmation.AUTO:
            has_it = self._talk.ask_model().startswith(compose.PROCESS_ID_MODELS)
            self._confirmation = Confirmation.PROCESS_ID if has_it else Confirmation.BUFFER_STATUS
        return cause

    def _question(self, job_id: str) -> bytes:
        match self._confirmation:
            case Confirmation.PROCESS_ID:
                question = compose.ask_process_id(job_id)
            case Confirmation.BUFFER_STATUS | Confirmation.AUTO:
                question = compose.ASK_BUFFER
            case _:
                assert_never(self._confirmation)
        return question

    def _run(self, job_id: str, pieces: list[bytes], deadline: float) -> PrintResult:
        self._may_hold_leftovers = self._may_hang_out = True
        handed_over = 0
        for piece in pieces:
            accepted, is_whole = self._send(piece, deadline)
            handed_over += accepted
            if not is_whole:
                return self._give_up(job_id, handed_over)
        if self._await_proof(job_id, deadline):
            self._may_hold_leftovers = self._may_hang_out = False
            return PrintResult(job_id, PrintOutcome.PRINTED)
        return self._give_up(job_id, handed_over)

    def _send(self, piece: bytes, deadline: float) -> tuple[int, bool]:
        """Hand over one piece, listening meanwhile; a piece is never interrupted by a question."""
        accepted = 0
        while accepted < len(piece):
            sent = self._talk.link.send(piece[accepted:], min(LINGER_S, max(0.0, deadline - time.monotonic())))
            accepted += sent.accepted
            if sent.is_lost or not self._talk.listen(0.0):
                return accepted, False
            if accepted < len(piece) and time.monotonic() > deadline:
                return accepted, False
        return accepted, True

    def _await_proof(self, job_id: str, deadline: float) -> bool:
        """Wait for the printer's word; ask for causes meanwhile, for the people in front of it."""
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return self._is_proven(job_id)
            wait_s = min(self._options.poll_every_s, left)
            is_proven = self._talk.wait(lambda: self._is_proven(job_id), wait_s)
            if is_proven or not self._talk.link.is_open:
                return is_proven
            self._talk.poll()

    def _is_proven(self, job_id: str) -> bool:
        if self._confirmation is Confirmation.PROCESS_ID:
            return job_id in self._talk.done
        # GS r is answered when the job is interpreted; paper that is out now may have ended before the last dot.
        return bool(self._talk.buffer_answers) and not self._talk.condition.cause

    def _give_up(self, job_id: str, handed_over: int) -> PrintResult:
        cause = self._talk.condition.cause or ("printer.no_answer" if self._talk.link.is_open else "printer.link_lost")
        self._may_hold_leftovers = not self._empty()
        if self._confirmation is Confirmation.PROCESS_ID and job_id in self._talk.done:  # the word came last
            return PrintResult(job_id, PrintOutcome.PRINTED)
        if handed_over == 0:
            return PrintResult(job_id, PrintOutcome.NOT_PRINTED, cause)
        return PrintResult(job_id, PrintOutcome.UNKNOWN, cause)

    def _empty(self) -> bool:
        """Empty the printer's buffers: over this link, else over a new one."""
        if self._talk.link.is_open and self._talk.clear(self._options.clear_timeout_s / 2):
            return True
        self._talk.link.discard()
        self._talk.link.close()
        if not self._talk.open(self._options.open_timeout_s):
            return False
        return self._talk.clear(self._options.clear_timeout_s)

    def _device(self) -> compose.Profile:
        if self._profile is None:
            self._profile = compose.profile(self._options.profile)
        return self._profile

    def _send_when_ready(self, choose: Callable[[compose.Profile], bytes]) -> bool:
        command = choose(self._device())
        if not command or self._ready():
            return False
        return self._talk.link.send(command, self._options.answer_timeout_s).accepted == len(command)

    def _describe(self, cause: str) -> Health:
        condition = self._talk.condition
        state = STATES.get(cause, ComponentState.HARDWARE_ERROR) if cause else ComponentState.READY
        if not cause and condition.is_near_end:
            state, cause = ComponentState.MEDIA_LOW, "printer.near_end"
        elif not cause and self._is_printing:
            state = ComponentState.BUSY
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
            model=self._talk.model or self._options.profile,
            counters=tuple((f"jobs_{outcome}", count) for outcome, count in self._counts.items()),
            detail=self._talk.link.name,
        )
