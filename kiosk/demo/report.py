"""What a demo leaves behind: per story a folder with pictures and paper, and one report.json over all."""

import json
import shutil
import time
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from hardware.printer import SimulatedPrinter
from kiosk.application.selling import report as sale_report
from kiosk.application.terminal import Terminal
from kiosk.domain.sale.sale import Sale


class StoryReport(Struct):
    """What one story did, step by step."""

    name: str
    title: str
    folder: Path
    began_s: float = field(default_factory=time.monotonic)
    steps: list[dict[str, Any]] = field(default_factory=list)
    sales: list[dict[str, Any]] = field(default_factory=list)
    bookings: list[dict[str, Any]] = field(default_factory=list)
    paper: list[dict[str, Any]] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    overruns: list[dict[str, Any]] = field(default_factory=list)

    def step(self, what: str, picture: Path | None = None) -> None:
        """Note a step with the time since the story began, in s."""
        at_s = round(time.monotonic() - self.began_s, 2)
        self.steps.append({"at_s": at_s, "what": what, "picture": picture.name if picture else ""})

    def keep_sale(self, terminal: Terminal, sale: Sale) -> None:
        """Keep how a sale ended."""
        self.sales.append(sale_report(terminal, sale))

    def keep_paper(self, terminal: Terminal) -> None:
        """Copy everything that came out of the simulated printers, as PNG and as bytes."""
        target = self.folder / "paper"
        for printer in terminal.devices.printers:
            if not isinstance(printer, SimulatedPrinter):
                continue
            for paper in printer.papers():
                target.mkdir(parents=True, exist_ok=True)
                stem = f"{printer.device_id}-{paper.number:03}{'-torn' if paper.is_torn else ''}"
                shutil.copyfile(paper.png, target / f"{stem}.png")
                shutil.copyfile(paper.raw, target / f"{stem}.bin")
                self.paper.append({"file": f"paper/{stem}.png", "job_id": paper.job_id, "is_torn": paper.is_torn})

    def told(self) -> dict[str, Any]:
        """Return it as JSON-able facts."""
        return {
            "story": self.name,
            "title": self.title,
            "is_done": not self.findings,
            "findings": self.findings,
            "steps": self.steps,
            "sales": self.sales,
            "bookings": self.bookings,
            "paper": self.paper,
            "overruns": self.overruns,
        }


def write(reports: list[StoryReport], out: Path) -> Path:
    """Write report.json and return it."""
    path = out / "report.json"
    told = {"is_done": all(not each.findings for each in reports), "stories": [each.told() for each in reports]}
    path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path
