"""Faults of the simulated printer, started and stopped by a technician, a test or a story."""

import threading
from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct


class FaultKind(StrEnum):
    """What can be wrong with a printer."""

    PAPER_OUT = "paper_out"
    PAPER_OUT_MID_JOB = "paper_out_mid_job"  # value: bands that still come out
    NEAR_END = "near_end"
    COVER_OPEN = "cover_open"
    JAM = "jam"
    MUTE = "mute"  # it answers nothing
    UNPLUGGED = "unplugged"
    OFFLINE = "offline"  # somebody pressed its button
    TOO_HOT = "too_hot"
    BROKEN = "broken"
    NONSENSE = "nonsense"  # what it answers fits no manual
    SLOW = "slow"  # value: seconds per band
    LOST_ANSWER = "lost_answer"  # the paper comes out, the answer does not
    LOST_JOB = "lost_job"  # neither comes out


class Fault(Struct, frozen=True):
    """A fault that is on; `jobs` is how many jobs it still meets, 0 for all until it is stopped."""

    kind: FaultKind
    value: float = 0.0
    jobs: int = 0


class FaultScript:
    """The faults of one device; safe to use from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.RLock())
        self._faults: dict[FaultKind, Fault] = {}

    def start(self, kind: FaultKind, value: float = 0.0, *, jobs: int = 0) -> None:
        """Start a fault; it meets the next `jobs` jobs, or all until `stop`."""
        with self._changed:
            self._faults[kind] = Fault(kind, value, jobs)
            self._changed.notify_all()

    def stop(self, kind: FaultKind | None = None) -> None:
        """Stop one fault, or all of them."""
        with self._changed:
            for each in [kind] if kind is not None else list(self._faults):
                self._faults.pop(each, None)
            self._changed.notify_all()

    def active(self) -> tuple[Fault, ...]:
        """Return what is on now."""
        with self._changed:
            return tuple(self._faults.values())

    def get(self, kind: FaultKind) -> Fault | None:
        """Return a fault that is on, or None."""
        with self._changed:
            return self._faults.get(kind)

    def has(self, *kinds: FaultKind) -> bool:
        """Say whether one of these is on."""
        with self._changed:
            return any(kind in self._faults for kind in kinds)

    def end_job(self) -> None:
        """Count a job: faults meant for so many jobs wear off."""
        with self._changed:
            for kind, fault in list(self._faults.items()):
                if fault.jobs == 1:
                    del self._faults[kind]
                elif fault.jobs > 1:
                    self._faults[kind] = Fault(kind, fault.value, fault.jobs - 1)
            self._changed.notify_all()

    def wait_until(self, is_true: Callable[[], bool], timeout_s: float) -> bool:
        """Wait for a change that makes it true; False when the time is over."""
        with self._changed:
            return self._changed.wait_for(is_true, max(0.0, timeout_s))
