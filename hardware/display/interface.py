"""What a customer display is: two short lines."""

from typing import Protocol

from hardware.health import Health


class CustomerDisplay(Protocol):
    """A line display that faces the customer."""

    @property
    def device_id(self) -> str:
        """Return the id given in the settings."""
        ...

    async def start(self) -> None:
        """Open the device."""
        ...

    async def close(self) -> None:
        """Let go of it; idempotent."""
        ...

    async def health(self) -> Health:
        """Say how it is; never raises."""
        ...

    async def show(self, upper: str, lower: str) -> bool:
        """Show two lines, cut to the width; False where it did not take them."""
        ...
