"""Alarms: what a person must look at outlasts the device's own word, and the program, until somebody answers for it.

A driver says only how its device is now. That a payment device was opened does not heal when the device says it is well
again: it stays out of service until a technician acknowledges the alarm, which puts it into service. A jam is none: it
ends only by a hand at the printer, so somebody has looked. One that comes back again and again is one: the cutter is
broken.
"""

import asyncio
from collections import defaultdict, deque
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from hardware.health import ComponentState, Health
from kiosk.application.clock import Clock
from kiosk.application.private_file import write_private
from kiosk.application.service import Acts, noted_first
from kiosk.domain.sale.events import SYSTEM
from offline_store import StoreError

ALARMING = frozenset({"payment.tampered", "cash.cashbox_removed", "printer.broken"})
JAM, JAMS = "printer.jam", "printer.jams"
JAMS_MAX, JAMS_WITHIN = 3, timedelta(hours=1)


class Alarm(Struct, frozen=True):
    """The last alarm of a device: its cause, since when, and who acknowledged it when; "" while it stands."""

    cause: str
    since: datetime
    by: str = ""
    acknowledged: datetime | None = None

    @property
    def stands(self) -> bool:
        """Say whether nobody has answered for it yet."""
        return not self.by


class Alarms:
    """The last alarm of each device, journalled and kept in a file; `device_id in alarms` where one stands."""

    def __init__(self, file: Path, clock: Clock, acts: Acts) -> None:
        """Read what was kept; a file that cannot be read holds none: the journal still does."""
        self._file = file
        self._clock = clock
        self._acts = acts
        self._lock = asyncio.Lock()
        self._unkept: set[str] = set()
        self._said: dict[str, str] = {}
        self._jams: defaultdict[str, deque[datetime]] = defaultdict(lambda: deque(maxlen=JAMS_MAX))
        try:
            self._known: dict[str, Alarm] = msgspec.json.decode(file.read_bytes(), type=dict[str, Alarm])
        except (OSError, msgspec.DecodeError):
            self._known = {}

    def __contains__(self, device_id: str) -> bool:
        alarm = self._known.get(device_id)
        return alarm is not None and alarm.stands

    def of(self, device_id: str) -> Alarm | None:
        """Return the last alarm of a device, also one that was acknowledged."""
        return self._known.get(device_id)

    async def heed(self, said: Health, before: Alarm | None) -> Health:
        """Take what a device says of itself, raise an alarm where that is one, and return how it counts.

        `before` is the alarm at the time it was asked: an answer to a question from before an acknowledgment, or from
        before the last alarm, raises none.
        """
        device_id, known = said.device_id, self._known.get(said.device_id)
        cause = self._alarming(said)
        if cause and device_id not in self and known is before:
            self._known[device_id] = Alarm(cause, self._clock.now())
            self._unkept.add(device_id)
        if device_id in self._unkept:
            await self._keep(device_id)
        return self.overruled(said)

    def _alarming(self, said: Health) -> str:
        """Return the cause of an alarm in what a device says, "" where it is none; the third jam in an hour is one."""
        jams, now = self._jams[said.device_id], self._clock.now()
        begins = said.cause == JAM != self._said.get(said.device_id)
        self._said[said.device_id] = said.cause
        if begins:
            jams.append(now)
        if begins and len(jams) == JAMS_MAX and now - jams[0] <= JAMS_WITHIN:
            return JAMS
        return said.cause if said.cause in ALARMING else ""

    def overruled(self, said: Health) -> Health:
        """Return how a device counts: out of service while an alarm stands, whatever it says now."""
        alarm = self._known.get(said.device_id)
        if alarm is None or not alarm.stands:
            return said
        return replace(said, state=ComponentState.OUT_OF_SERVICE, cause=alarm.cause)

    async def acknowledge(self, device_id: str, actor: str) -> Alarm | None:
        """Let somebody answer for the alarm of a device, durably; None where none stands.

        Raises:
            OSError, StoreError: it stands all the same.
        """
        async with self._lock:
            alarm = self._known.get(device_id)
            if alarm is None or not alarm.stands:
                return None
            answered = replace(alarm, by=actor, acknowledged=self._clock.now())
            known = {**self._known, device_id: answered}
            facts = {"device_id": device_id, "cause": alarm.cause, "raised": alarm.since.isoformat()}
            await noted_first(self._acts, actor, "alarm_acknowledged", facts, lambda: self._write(known))
            self._known[device_id] = answered
            self._jams[device_id].clear()
        return answered

    async def _keep(self, device_id: str) -> None:
        """Make an alarm durable; what disk or journal refuse is tried at the next look, and stands all the same."""
        async with self._lock:
            if device_id not in self._unkept:
                return
            facts = {"device_id": device_id, "cause": self._known[device_id].cause}
            try:
                await asyncio.to_thread(self._write, dict(self._known))
                await self._acts.note(str(SYSTEM), "alarm_raised", facts)
            except (OSError, StoreError):
                return
            self._unkept.discard(device_id)

    def _write(self, known: dict[str, Alarm]) -> None:
        write_private(self._file, msgspec.json.encode(known))
