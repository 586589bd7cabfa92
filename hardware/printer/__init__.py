"""Device family: printer; the public face is listed in `__all__`.

A `PrintDocument` is rendered to a `Raster` and printed by a `Printer`, which says whether it reached the paper.
"""

import importlib
from typing import TYPE_CHECKING, Any

from hardware.printer.document import (
    BannerBlock,
    Block,
    ColumnsBlock,
    PairBlock,
    PrintDocument,
    QrBlock,
    RuleBlock,
    SpaceBlock,
    TextBlock,
)
from hardware.printer.errors import MissingFont, UnprintableDocument
from hardware.printer.faults import Fault, FaultKind, FaultScript
from hardware.printer.interface import Printer, PrintJob, PrintOutcome, PrintResult
from hardware.printer.simulator import Paper, SimulatedPrinter

if TYPE_CHECKING:
    from hardware.printer.emulator import EmulatedPaper, EmulatedPrinter, EmulatorOptions, run_emulator
    from hardware.printer.escpos import Confirmation, EscposOptions, EscposPrinter
    from hardware.printer.raster import Raster, Renderer, render

# Loaded when asked for: a terminal starts without what draws paper, drivers and emulators.
_LATE = {
    "EmulatedPaper": "emulator",
    "EmulatedPrinter": "emulator",
    "EmulatorOptions": "emulator",
    "run_emulator": "emulator",
    "Confirmation": "escpos",
    "EscposOptions": "escpos",
    "EscposPrinter": "escpos",
    "Raster": "raster",
    "Renderer": "raster",
    "render": "raster",
}

__all__ = [
    "BannerBlock",
    "Block",
    "ColumnsBlock",
    "Confirmation",
    "EmulatedPaper",
    "EmulatedPrinter",
    "EmulatorOptions",
    "EscposOptions",
    "EscposPrinter",
    "Fault",
    "FaultKind",
    "FaultScript",
    "MissingFont",
    "PairBlock",
    "Paper",
    "PrintDocument",
    "PrintJob",
    "PrintOutcome",
    "PrintResult",
    "Printer",
    "QrBlock",
    "Raster",
    "Renderer",
    "RuleBlock",
    "SimulatedPrinter",
    "SpaceBlock",
    "TextBlock",
    "UnprintableDocument",
    "render",
    "run_emulator",
]


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"{__name__}.{_LATE[name]}"), name)
