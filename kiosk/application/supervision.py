"""What works now: device health and the platform's, turned into what can be offered before the first touch."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from hardware.health import ComponentState, Health
from kiosk.application.alarms import Alarms
from kiosk.application.interfaces import Platform, PlatformHealth
from kiosk.application.service import OUT_CAUSE

LOOK_S = 4.0  # a look waits so long; what has not answered by then counts as it was, and is still listened for
SILENT_S = 30.0  # longer than any driver takes to say how it is, even one that tries a dead line twice
PLATFORM = ""  # asked like a device, which never has an empty id
SILENT_CAUSE = "device.no_answer"


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
    """A device with what it is for: `role` is tickets, receipts or empty; `family` is what its health would say."""

    device: Supervised
    role: str = ""
    family: str = ""


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
    """Ask every device and the platform, each at its own pace, and tell listeners what changed.

    A slow answer holds up nobody else's, and none is cut off: a payment device whose line is dead needs longer to
    say so than a look waits. What stays silent for SILENT_S, or never spoke, counts as not reachable.
    """

    def __init__(
        self,
        watched: Sequence[Watched],
        platform: Platform,
        *,
        poll_s: float,
        platform_s: float,
        is_out: Callable[[str], bool] = lambda _: False,
        alarms: Alarms | None = None,
        silent_s: float = SILENT_S,
    ) -> None:
        self._is_out = is_out
        self._alarms = alarms
        self._watched = tuple(watched)
        self._platform = platform
        self._poll_s = poll_s
        self._platform_s = platform_s
        self._silent_s = silent_s
        self._healths: dict[str, Health] = {}
        self._first_asked: dict[str, float] = {}  # loop times, s
        self._heard: dict[str, float] = {}
        self._platform_health: PlatformHealth | None = None
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._listeners: list[Callable[[], None]] = []
        self._nudged = asyncio.Event()
        self._capabilities = capabilities_of((), None, confirms_offline=platform.traits.confirms_offline)
        self._told: tuple[object, ...] = (self._capabilities, ())

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
        nudged, self._nudged = self._nudged, asyncio.Event()
        nudged.set()

    async def run(self) -> None:
        """Look until cancelled; bootstrap's TaskGroup is the place."""
        try:
            await self.look()
            async with asyncio.TaskGroup() as group:
                for name in self._names():
                    group.create_task(self._keep_asking(name))
        finally:
            for asked in tuple(self._asking.values()):
                asked.cancel()

    async def look(self) -> None:
        """Ask everything anew, all at the same time; tell what is known when all answered or LOOK_S are over."""
        asks = [asyncio.create_task(self._ask_anew(name)) for name in self._names()]
        try:
            answered, _ = await asyncio.wait(asks, timeout=LOOK_S)
        finally:
            for ask in asks:
                ask.cancel()
        for ask in answered:
            ask.result()
        self._tell()

    async def _keep_asking(self, name: str) -> None:
        while True:
            nudged = self._nudged
            await self._answered(self._ask(name), LOOK_S)
            self._tell()
            with suppress(TimeoutError):
                await asyncio.wait_for(nudged.wait(), self._poll_s)

    async def _ask_anew(self, name: str) -> None:
        """Ask after a question under way is answered: its answer may tell of a moment before this one."""
        if name in self._asking:
            await self._answered(self._asking[name])
        await self._answered(self._ask(name))

    async def _answered(self, asked: asyncio.Task[None], timeout_s: float | None = None) -> None:
        """Wait for an answer and leave the question standing where it does not come in time."""
        if (await asyncio.wait([asked], timeout=timeout_s))[0]:
            asked.result()

    def _names(self) -> tuple[str, ...]:
        return (PLATFORM, *(each.device.device_id for each in self._watched))

    def _ask(self, name: str) -> asyncio.Task[None]:
        """Return the question under way to one of them, begun where there is none: nobody is asked twice at once."""
        if name not in self._asking:
            self._first_asked.setdefault(name, self._now())
            device = next((each.device for each in self._watched if each.device.device_id == name), None)
            asked = asyncio.create_task(self._ask_platform() if device is None else self._ask_device(device))
            asked.add_done_callback(lambda _: self._asking.pop(name))
            self._asking[name] = asked
        return self._asking[name]

    async def _ask_platform(self) -> None:
        self._platform_health = await self._platform.health(timeout_s=self._platform_s)

    async def _ask_device(self, device: Supervised) -> None:
        before = self._alarms.of(device.device_id) if self._alarms else None
        health = await device.health()
        self._heard[device.device_id] = self._now()
        if self._alarms:
            await self._alarms.heed(health, before)
        self._healths[device.device_id] = self._overruled(health)

    def _overruled(self, said: Health) -> Health:
        """Return how a device counts: an alarm and a technician have the last word."""
        counted = self._alarms.overruled(said) if self._alarms else said
        if counted is said and self._is_out(said.device_id):
            return replace(said, state=ComponentState.OUT_OF_SERVICE, cause=OUT_CAUSE)
        return counted

    def _tell(self) -> None:
        for watched in self._watched:
            if self._is_silent(watched.device.device_id):
                self._say_silent(watched)
        roles = [(self.role_of(health.device_id), health) for health in self.healths]
        traits = self._platform.traits
        self._capabilities = capabilities_of(roles, self._platform_health, confirms_offline=traits.confirms_offline)
        told = (self._capabilities, tuple(map(_told, self.healths)))
        if told != self._told:
            self._told = told
            for listener in tuple(self._listeners):
                listener()

    def _is_silent(self, device_id: str) -> bool:
        if device_id in self._heard:
            return self._now() - self._heard[device_id] > self._silent_s
        return self._now() - self._first_asked.get(device_id, self._now()) > min(LOOK_S, self._silent_s) * 0.9

    def _say_silent(self, watched: Watched) -> None:
        device_id, now = watched.device.device_id, datetime.now(UTC)
        last = self._healths.get(device_id)
        if last is None:
            last = Health(device_id, watched.family, ComponentState.NOT_REACHABLE, now, now)
        counted = self._overruled(replace(last, state=ComponentState.NOT_REACHABLE, cause=SILENT_CAUSE))
        if (counted.state, counted.cause) != (last.state, last.cause):
            self._healths[device_id] = replace(counted, since=now)
        else:
            self._healths[device_id] = last

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


def _told(health: Health) -> tuple[object, ...]:
    """Return what a person is told of a device; the time it was seen is not news."""
    return (health.device_id, health.state, health.cause, health.counters)
