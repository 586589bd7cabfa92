"""An event loop whose time passes only when nothing is left to do: a day costs what happens in it."""

import asyncio
import selectors
from typing import Any


class _NoSelector(selectors.BaseSelector):
    """Nothing comes from outside; waiting moves the loop's own time."""

    def __init__(self) -> None:
        self.moment_s = 0.0
        self._keys: dict[Any, selectors.SelectorKey] = {}

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        key = selectors.SelectorKey(fileobj, fileobj if isinstance(fileobj, int) else fileobj.fileno(), events, data)
        self._keys[key.fd] = key
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._keys.pop(fileobj if isinstance(fileobj, int) else fileobj.fileno())

    def get_map(self) -> dict[Any, selectors.SelectorKey]:
        return self._keys

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everybody waits and nobody comes")
        self.moment_s += max(timeout, 0.0)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop of its own time; nothing else in the process may wake it."""

    def __init__(self) -> None:
        self._virtual = _NoSelector()
        super().__init__(self._virtual)
        self._clock_resolution = 1e-6

    def time(self) -> float:
        """Return seconds since this loop began."""
        return self._virtual.moment_s

    def _write_to_self(self) -> None:
        """Wake nobody: there is no other thread."""
