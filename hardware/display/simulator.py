"""A customer display in process: it keeps the lines it shows."""

from hardware.display.line import COLUMNS_DEFAULT, fit_line
from hardware.faults import FaultSwitch
from hardware.health import ComponentState, Health
from hardware.vitals import Vitals

FAULTS = {"not_reachable": "The display is unplugged."}


class DisplaySimulator(FaultSwitch):
    """A line display of `columns` characters."""

    def __init__(self, device_id: str, *, columns: int = COLUMNS_DEFAULT) -> None:
        super().__init__(FAULTS)
        self._device_id = device_id
        self._columns = columns
        self._is_open = False
        self._lines = ("", "")
        self._vitals = Vitals(device_id, "display", is_simulated=True, model="Simulated customer display")

    @property
    def device_id(self) -> str:
        """Return the id given in the settings."""
        return self._device_id

    @property
    def lines(self) -> tuple[str, str]:
        """Return what stands on the display."""
        return self._lines

    async def start(self) -> None:
        """Switch it on."""
        self._is_open = True

    async def close(self) -> None:
        """Switch it off; idempotent."""
        self._is_open = False
        self._lines = ("", "")

    async def health(self) -> Health:
        """Say how it is."""
        if not self._is_open or self._has("not_reachable"):
            return self._vitals.report(ComponentState.NOT_REACHABLE, "display.not_reachable")
        return self._vitals.report(ComponentState.READY)

    async def show(self, upper: str, lower: str) -> bool:
        """Show two lines, cut to the width."""
        if not self._is_open or self._strikes("not_reachable"):
            return False
        self._lines = (fit_line(upper, self._columns), fit_line(lower, self._columns))
        return True
