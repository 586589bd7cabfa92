"""Named faults of a simulated device, started and stopped by a technician or a test."""

from collections.abc import Mapping


class FaultSwitch:
    """The faults a simulator can show: `faults` maps each name to what it does, in one plain sentence."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self._faults = dict(faults)
        self._left: dict[str, int | None] = {}

    @property
    def faults(self) -> Mapping[str, str]:
        """Return name → description of every fault that can be started."""
        return dict(self._faults)

    @property
    def active_faults(self) -> tuple[str, ...]:
        """Return the names of the faults that are on."""
        return tuple(sorted(self._left))

    def start_fault(self, name: str, *, times: int | None = None) -> None:
        """Switch a fault on, until it is stopped or has struck `times` times.

        Raises:
            KeyError: there is no such fault.
            ValueError: `times` is below one.
        """
        if name not in self._faults:
            raise KeyError(name)
        if times is not None and times < 1:
            raise ValueError(f"a fault strikes at least once, not {times} times")
        self._left[name] = times

    def stop_fault(self, name: str) -> None:
        """Switch a fault off; one that is not on stays off.

        Raises:
            KeyError: there is no such fault.
        """
        if name not in self._faults:
            raise KeyError(name)
        self._left.pop(name, None)

    def stop_all_faults(self) -> None:
        """Switch every fault off."""
        self._left.clear()

    def _has(self, name: str) -> bool:
        """Say whether a fault is on, without using it up."""
        return name in self._left

    def _strikes(self, name: str) -> bool:
        """Say whether a fault is on, and count this strike."""
        if name not in self._left:
            return False
        left = self._left[name]
        if left is not None:
            if left <= 1:
                del self._left[name]
            else:
                self._left[name] = left - 1
        return True
