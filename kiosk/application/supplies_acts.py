"""Booking a new roll and a counted cash unit, journalled with who did it; and how the supplies stand, for any face."""

import asyncio
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from hardware.errors import DeviceError
from kiosk.application.control import NotDone
from kiosk.application.service import Fact
from kiosk.application.service_actor import TECHNICIAN
from kiosk.application.supplies import CARDS, CUTS, PAPER, Count, CountLine, Used, compared
from kiosk.application.terminal import Terminal

MM = 1000
PIECES_MAX = 100_000


class RollFigure(Struct, frozen=True):
    """The paper of one printer, in mm; `is_low` by what was printed."""

    device_id: str
    used_mm: int
    roll_mm: int
    cuts: int
    is_low: bool


def roll_of(terminal: Terminal, device_id: str) -> RollFigure:
    """Return how the roll of a printer stands."""
    wanted, used = terminal.settings.service, terminal.supplies.of(device_id).counts
    roll_mm, used_mm = round(wanted.roll_m * MM), used.get(PAPER, 0)
    is_low = (roll_mm - used_mm) * 100 <= roll_mm * wanted.roll_low_percent
    return RollFigure(device_id, used_mm, roll_mm, used.get(CUTS, 0), is_low)


def figures(terminal: Terminal) -> dict[str, Any]:
    """Return every supply, for programs."""
    devices = terminal.devices
    told: dict[str, Any] = {}
    for printer in devices.printers:
        roll = roll_of(terminal, printer.device_id)
        told[printer.device_id] = {
            "paper_used_mm": roll.used_mm, "roll_mm": roll.roll_mm, "cuts": roll.cuts, "is_low": roll.is_low,
        }  # fmt: skip
    for reader in devices.readers:
        told[reader.device_id] = {"cards": terminal.supplies.of(reader.device_id).counts.get(CARDS, 0)}
    if devices.cash is not None:
        used = terminal.supplies.of(devices.cash.device_id)
        told[devices.cash.device_id] = {"in": _named(used.pieces("in")), "out": _named(used.pieces("out"))}
    for device_id, figure in told.items():
        figure["since"] = terminal.supplies.of(device_id).since.isoformat()
    return told


async def book_roll(terminal: Terminal, actor: str, device_id: str) -> RollFigure:
    """Book a new roll; return how the old one stood.

    Raises:
        NotDone: no printer of this terminal has that id.
    """
    if device_id not in {each.device_id for each in terminal.devices.printers}:
        raise NotDone("no_printer", "No printer of this terminal has that id.")
    before = roll_of(terminal, device_id)
    facts: dict[str, Fact] = {
        "device_id": device_id, "used_mm": before.used_mm, "roll_mm": before.roll_mm, "cuts": before.cuts,
    }  # fmt: skip
    await terminal.acts.note(actor, "new_roll", facts)
    await _kept(terminal, device_id)
    return before


async def book_count(terminal: Terminal, actor: str, counted: Mapping[int, int]) -> tuple[CountLine, ...]:
    """Book what was counted in the cash unit; return each value with what was expected.

    Raises:
        NotDone: there is no cash unit, it does not answer, or what was counted is no count of it.
    """
    cash = terminal.devices.cash
    if cash is None:
        raise NotDone("no_cash", "This terminal has no cash unit.")
    try:
        unit = dict(await cash.counts())
    except DeviceError:
        raise NotDone("cash_away", "The cash unit does not say what lies in it. Nothing was booked.") from None
    if not set(counted) <= set(unit) or not all(0 <= n <= PIECES_MAX for n in counted.values()):
        raise NotDone("bad_count", f"Count by value, such as 50:12. There are: {', '.join(map(str, sorted(unit)))}.")
    whole = {value: counted.get(value, 0) for value in unit}
    lines = compared(terminal.supplies.expected(cash.device_id, unit), whole)
    facts: dict[str, Fact] = {
        "device_id": cash.device_id,
        "counted": _listed(whole),
        "expected": _listed({each.value_minor: each.expected for each in lines}),
        "difference": _listed({each.value_minor: each.difference for each in lines if each.difference}),
        "difference_minor": difference_minor(lines),
    }
    await terminal.acts.note(actor, "cash_counted", facts)
    await _kept(terminal, cash.device_id, Count(terminal.clock.now(), whole, unit))
    return lines


def difference_minor(lines: tuple[CountLine, ...]) -> int:
    """Return by how much money a count differs; negative: missing."""
    return sum(each.difference * each.value_minor for each in lines)


async def _kept(terminal: Terminal, device_id: str, count: Count | None = None) -> Used:
    try:
        return await asyncio.to_thread(terminal.supplies.begin_anew, device_id, count)
    except OSError:
        raise NotDone("not_written", "It is in the journal, but the disk does not keep it. Book it again.") from None


# ---- at the control socket


async def new_roll(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Book a new roll."""
    before = await book_roll(terminal, str(TECHNICIAN), str(arguments["device_id"]))
    return {"device_id": before.device_id, "used_mm": before.used_mm, "cuts": before.cuts}


async def cash_counted(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Book a count, given as value → pieces."""
    try:
        counted = {int(value): int(pieces) for value, pieces in dict(arguments["counted"]).items()}
    except (TypeError, ValueError):
        raise NotDone("bad_count", "Count by value in the smallest unit, such as 50:12,100:3.") from None
    lines = await book_count(terminal, str(TECHNICIAN), counted)
    told = [
        {"value": each.value_minor, "expected": each.expected, "counted": each.counted, "difference": each.difference}
        for each in lines
    ]
    return {"lines": told, "difference_minor": difference_minor(lines)}


def _named(pieces: Mapping[int, int]) -> dict[str, int]:
    return {str(value): count for value, count in pieces.items()}


def _listed(pieces: Mapping[int, int]) -> str:
    return " ".join(f"{value}:{count}" for value, count in sorted(pieces.items()))
