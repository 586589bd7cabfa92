"""The faults of a simulator by name, whichever way its family keeps them; a real device has none."""

from collections.abc import Mapping
from typing import Any

from hardware.printer import FaultKind, FaultScript

PRINTER_FAULTS: Mapping[FaultKind, tuple[float, str]] = {
    FaultKind.PAPER_OUT: (0, "The roll is empty."),
    FaultKind.PAPER_OUT_MID_JOB: (2, "The roll ends in the middle of a ticket."),
    FaultKind.NEAR_END: (0, "The roll ends soon; it still prints."),
    FaultKind.COVER_OPEN: (0, "The cover is open."),
    FaultKind.JAM: (0, "Paper is stuck at the cutter."),
    FaultKind.MUTE: (0, "It answers nothing."),
    FaultKind.UNPLUGGED: (0, "The cable is out."),
    FaultKind.SLOW: (0.2, "It prints slowly."),
    FaultKind.LOST_ANSWER: (0, "The paper comes out, the answer does not."),
    FaultKind.LOST_JOB: (0, "Neither paper nor answer comes out."),
}


def faults_of(device: Any) -> tuple[tuple[str, str, bool], ...]:
    """Return (name, what it does, whether it is on) for every fault a device can show."""
    faults = getattr(device, "faults", None)
    if isinstance(faults, FaultScript):
        return tuple((str(kind), what, faults.has(kind)) for kind, (_, what) in PRINTER_FAULTS.items())
    if isinstance(faults, Mapping):
        active = set(device.active_faults)
        return tuple((name, what, name in active) for name, what in faults.items())
    return ()


def set_fault(device: Any, name: str, *, is_on: bool) -> bool:
    """Start or stop a fault by name; False where the device has no such fault."""
    if name not in {each for each, _, _ in faults_of(device)}:
        return False
    if not isinstance(device.faults, FaultScript):
        (device.start_fault if is_on else device.stop_fault)(name)
        return True
    kind = FaultKind(name)
    if is_on:
        device.faults.start(kind, PRINTER_FAULTS[kind][0])
    else:
        device.faults.stop(kind)
    return True
