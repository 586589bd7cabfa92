"""What a device remembers of its own state: since when, how often, and what would mend it."""

from datetime import UTC, datetime

from hardware.health import ComponentState, Health


class Vitals:
    """Make `Health` reports of one device; `since` moves only when state or cause changes.

    A cause is a message key such as "printer.paper_out"; its remedy is the key "remedy." + cause.
    """

    def __init__(
        self, device_id: str, family: str, *, is_simulated: bool = False, model: str = "", firmware: str = ""
    ) -> None:
        self._device_id = device_id
        self._family = family
        self._is_simulated = is_simulated
        self.model = model
        self.firmware = firmware
        self._state: ComponentState | None = None
        self._cause = ""
        self._since = datetime.now(UTC)
        self._counters: dict[str, int] = {}

    def count(self, name: str, step: int = 1) -> None:
        """Add to a counter."""
        self._counters[name] = self._counters.get(name, 0) + step

    def counter(self, name: str) -> int:
        """Return a counter."""
        return self._counters.get(name, 0)

    def report(self, state: ComponentState, cause: str = "", *, detail: str = "") -> Health:
        """Return the device's health as of now."""
        now = datetime.now(UTC)
        if (state, cause) != (self._state, self._cause):
            self._state, self._cause, self._since = state, cause, now
        return Health(
            device_id=self._device_id,
            family=self._family,
            state=state,
            since=self._since,
            seen=now,
            cause=cause,
            remedy=f"remedy.{cause}" if cause else "",
            is_simulated=self._is_simulated,
            model=self.model,
            firmware=self.firmware,
            counters=tuple(sorted(self._counters.items())),
            detail=detail,
        )
