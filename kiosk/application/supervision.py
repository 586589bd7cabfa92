"""What works now: device health and the platform's, turned into what can be offered before the first touch."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from hardware.health import ComponentState, Health
from kiosk.application.interfaces import Platform, PlatformHealth
from kiosk.application.service import OUT_CAUSE

HEALTH_S = 4.0  # a device that has not said how it is by then counts as it was; it is asked again next time


class Supervised(Protocol):
    """Anything that says how it is."""

    @property
    def device_id(self) -> str:
        """Return the id given in the settings."""
        ...

    async def health(self) -> Health:
        """Say how it is; never raises."""
        ...


class Watched(Struct, frozen=True):
    """A device with what it is for: `role` is tickets, receipts or empty."""

    device: Supervised
    role: str = ""


class Capabilities(Struct, frozen=True):
    """What can be offered now; `reasons` pairs each capability that is off with a message key."""

    can_sell_journeys: bool
    can_sell_events: bool
    can_pay_card: bool
    can_pay_cash: bool
    can_give_change: bool
    can_print_tickets: bool
    can_print_receipts: bool
    can_pick_up_by_scan: bool
    can_pick_up_by_card: bool
    is_platform_reachable: bool
    platform_as_of: datetime | None
    reasons: tuple[tuple[str, str], ...] = ()

    def reason(self, capability: str) -> str:
        """Return why a capability is off, "" where it is on."""
        return dict(self.reasons).get(capability, "")


def capabilities_of(
    watched: Sequence[tuple[str, Health]], platform: PlatformHealth | None, *, confirms_offline: bool
) -> Capabilities:
    """Derive what works from (role, health) pairs and the platform's health; pure."""
    tickets = _reason(watched, "printer", "tickets")
    receipts = _reason(watched, "printer", "receipts")
    card = _reason(watched, "payment_device")
    cash = _reason(watched, "cash")
    is_reachable = platform is not None and platform.is_reachable
    away = "" if is_reachable else "platform_away"
    stops = tickets or (card and cash)
    reasons = {
        "can_sell_journeys": stops or ("" if confirms_offline else away),
        "can_sell_events": stops or away,
        "can_pay_card": card,
        "can_pay_cash": cash,
        "can_give_change": cash or _no_change(watched),
        "can_print_tickets": tickets,
        "can_print_receipts": receipts,
        "can_pick_up_by_scan": tickets or away or _reason(watched, "scanner"),
        "can_pick_up_by_card": tickets or away or _reason(watched, "card_reader"),
    }
    return Capabilities(
        **{name: not reason for name, reason in reasons.items()},
        is_platform_reachable=is_reachable,
        platform_as_of=platform.catalogue_as_of if platform else None,
        reasons=tuple((name, reason) for name, reason in reasons.items() if reason),
    )


def _reason(watched: Sequence[tuple[str, Health]], family: str, role: str = "") -> str:
    """Return "" when one device of a family works, else the cause of the first that is there for that role.

    A printer of another role stands in, as it does for a sale under way.
    """
    all_of_it = [(does, health) for does, health in watched if health.family == family]
    if any(health.is_working for _, health in all_of_it):
        return ""
    fit = [health for does, health in all_of_it if does in {role, ""}] or [health for _, health in all_of_it]
    return (fit[0].cause or f"{family}.{fit[0].state}") if fit else f"{family}.none"


def _no_change(watched: Sequence[tuple[str, Health]]) -> str:
    """Return the cause where a cash unit takes money and can give none back."""
    low = (health for _, health in watched if health.family == "cash" and health.state is ComponentState.MEDIA_LOW)
    return next((health.cause for health in low), "")


class Supervision:
    """Look at every device and at the platform in turn, and tell listeners what changed."""

    def __init__(
        self,
        watched: Sequence[Watched],
        platform: Platform,
        *,
        poll_s: float,
        platform_s: float,
        is_out: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._is_out = is_out
        self._watched = tuple(watched)
        self._platform = platform
        self._poll_s = poll_s
        self._platform_s = platform_s
        self._healths: dict[str, Health] = {}
        self._platform_health: PlatformHealth | None = None
        self._listeners: list[Callable[[], None]] = []
        self._nudged = asyncio.Event()
        self._capabilities = capabilities_of((), None, confirms_offline=platform.traits.confirms_offline)

    @property
    def healths(self) -> tuple[Health, ...]:
        """Return how each device is, in the order of the settings; one not yet heard of is left out."""
        ids = (each.device.device_id for each in self._watched)
        return tuple(self._healths[device_id] for device_id in ids if device_id in self._healths)

    @property
    def platform_health(self) -> PlatformHealth | None:
        """Return how the platform was when last asked."""
        return self._platform_health

    @property
    def capabilities(self) -> Capabilities:
        """Return what works now."""
        return self._capabilities

    def role_of(self, device_id: str) -> str:
        """Return what a device is for, "" where nothing is said."""
        return next((each.role for each in self._watched if each.device.device_id == device_id), "")

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call the listener after each change, on the loop; return how to end it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def nudge(self) -> None:
        """Look again now instead of at the next turn."""
        self._nudged.set()

    async def run(self) -> None:
        """Look until cancelled; bootstrap's TaskGroup is the place."""
        while True:
            await self.look()
            try:
                await asyncio.wait_for(self._nudged.wait(), self._poll_s)
            except TimeoutError:
                continue
            self._nudged.clear()

    async def look(self) -> None:
        """Ask everything once, all at the same time, each within its time."""
        before = (self._capabilities, tuple(map(_told, self.healths)))
        async with asyncio.TaskGroup() as group:
            group.create_task(self._ask_platform())
            for each in self._watched:
                group.create_task(self._ask_device(each.device))
        roles = [(self.role_of(health.device_id), health) for health in self.healths]
        traits = self._platform.traits
        self._capabilities = capabilities_of(roles, self._platform_health, confirms_offline=traits.confirms_offline)
        if before != (self._capabilities, tuple(map(_told, self.healths))):
            for listener in tuple(self._listeners):
                listener()

    async def _ask_platform(self) -> None:
        self._platform_health = await self._platform.health(timeout_s=self._platform_s)

    async def _ask_device(self, device: Supervised) -> None:
        try:
            health = await asyncio.wait_for(device.health(), HEALTH_S)
        except TimeoutError:
            return  # busy with a long job: what it said last still stands
        if self._is_out(device.device_id):
            health = replace(health, state=ComponentState.OUT_OF_SERVICE, cause=OUT_CAUSE)
        self._healths[device.device_id] = health


def _told(health: Health) -> tuple[object, ...]:
    """Return what a person is told of a device; the time it was seen is not news."""
    return (health.device_id, health.state, health.cause, health.counters)
