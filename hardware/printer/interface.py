"""What a printer is: it takes a job and says whether it reached the paper."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from hardware.health import Health
from hardware.printer.document import PrintDocument


class PrintOutcome(StrEnum):
    """The three outcomes of a job."""

    PRINTED = "printed"
    NOT_PRINTED = "not_printed"
    UNKNOWN = "unknown"


class PrintJob(Struct, frozen=True):
    """A document under the job id made and journalled before printing; `id` is 4 printable ASCII characters."""

    id: str
    document: PrintDocument


class PrintResult(Struct, frozen=True):
    """The outcome and, where it is not PRINTED, the cause as a message key such as "printer.paper_out"."""

    job_id: str
    outcome: PrintOutcome
    cause: str = ""


class Printer(Protocol):
    """A ticket or receipt printer."""

    @property
    def device_id(self) -> str:
        """Return the id given in the settings."""
        ...

    @property
    def width_dots(self) -> int:
        """Return the printable width (203 dpi: 8 dots per mm)."""
        ...

    @property
    def used(self) -> Mapping[str, int]:
        """Return paper_mm and cuts since this process began, what may have come out counted as come out."""
        ...

    async def start(self) -> None:
        """Open the device; a device that is not there yet is not an error, `health` tells."""
        ...

    async def close(self) -> None:
        """Let go of the device; idempotent."""
        ...

    async def health(self) -> Health:
        """Ask the device how it is; never raises."""
        ...

    async def print(self, job: PrintJob, *, timeout_s: float) -> PrintResult:
        """Print a job; never raises for the device's faults. After UNKNOWN nothing comes out later."""
        ...

    async def query(self, job_id: str, *, timeout_s: float) -> PrintResult:
        """Ask after a job printed before a crash; UNKNOWN where the device cannot tell."""
        ...

    async def open_drawer(self) -> bool:
        """Kick the cash drawer; False where there is none or it cannot."""
        ...
