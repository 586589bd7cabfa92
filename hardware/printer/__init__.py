"""Device family: printer; the public face is listed in `__all__`.

A `PrintDocument` is rendered to a `Raster` and printed by a `Printer`, which says whether it reached the paper.
"""

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
from hardware.printer.emulator import EmulatedPaper, EmulatedPrinter, EmulatorOptions, run_emulator
from hardware.printer.errors import MissingFont, UnprintableDocument
from hardware.printer.escpos import Confirmation, EscposOptions, EscposPrinter
from hardware.printer.faults import Fault, FaultKind, FaultScript
from hardware.printer.interface import Printer, PrintJob, PrintOutcome, PrintResult
from hardware.printer.raster import Raster, Renderer, render
from hardware.printer.simulator import Paper, SimulatedPrinter

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
