"""A device out of and into service, by the technician at the bench; and the alarm somebody has to answer for."""

import asyncio
from datetime import datetime

from hardware.health import ComponentState, Health
from kiosk.application.alarms import ALARMING, JAMS
from kiosk.application.service import OUT_CAUSE
from kiosk.application.service_questions import put_back, take_out
from kiosk.application.terminal import Terminal
from kiosk.application.word import Word
from kiosk.shells.technician.bench_rows import TryRow
from kiosk.shells.technician.device_tests import Outcome
from kiosk.ui.controls.staff_words import StaffWords
from offline_store import StoreError

OUT, BACK = "out", "back"
_UNDER_WAY: set[asyncio.Task[Outcome]] = set()  # what is done must be journalled too
ACTS = {OUT: Word("Take out of service"), BACK: Word("Put into service")}
ANSWERED = Word("I have looked at it: put into service")
WAYS = {"code": Word("the service code"), "command-line": Word("the command line")}  # by whom no name is known


def row(words: StaffWords, health: Health) -> TryRow:
    """Return what can be done with a device as it stands, beside its tests."""
    if _is_alarm(health):
        return TryRow("O", BACK, words.tell(ANSWERED))
    act = BACK if health.cause == OUT_CAUSE else OUT
    return TryRow("O", act, words.tell(ACTS[act]))


def _is_alarm(health: Health) -> bool:
    return health.state is ComponentState.OUT_OF_SERVICE and health.cause in ALARMING | {JAMS}


def alarm_note(words: StaffWords, terminal: Terminal, device_id: str) -> Outcome:
    """Return what is to be said of the last alarm of a device; "" where there never was one."""
    alarm = terminal.alarms.of(device_id)
    if alarm is None:
        return "info", ""
    since = _moment(words, terminal, alarm.since)
    if alarm.acknowledged is None:
        told = words.say("Alarm since {time}. It stays out of service until somebody has looked at it.", time=since)
        return "stop", told
    name = alarm.by.partition(":")[2]
    who = words.tell(WAYS[name]) if name in WAYS else name
    at = _moment(words, terminal, alarm.acknowledged)
    return "info", words.say("Alarm of {time}, looked at by {who}: {at}.", time=since, who=who, at=at)


def _moment(words: StaffWords, terminal: Terminal, moment: datetime) -> str:
    zone = terminal.platform.traits.zone
    return f"{words.near_day(moment, zone)} {words.clock(moment, zone)}"


async def serve(words: StaffWords, terminal: Terminal, device_id: str, actor: str, act: str) -> Outcome:
    """Do it, durably and journalled, also where nobody waits for it any more; the outcome in words."""
    work = asyncio.create_task(_done(words, terminal, device_id, actor, act))
    _UNDER_WAY.add(work)
    work.add_done_callback(_UNDER_WAY.discard)
    return await asyncio.shield(work)


async def _done(words: StaffWords, terminal: Terminal, device_id: str, actor: str, act: str) -> Outcome:
    try:
        if act == OUT:
            await take_out(terminal, device_id, "", actor)
            return "ok", words.say("Out of service. Nothing that needs it is offered.")
        await put_back(terminal, device_id, actor)
    except (OSError, StoreError):
        return "stop", words.say("The disk does not keep it now. Nothing was changed.")
    if device_id in terminal.alarms:
        return "stop", words.say("It still says so itself. It stays out of service.")
    return "ok", words.say("In service again.")
