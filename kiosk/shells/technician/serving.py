"""A device out of and into service, by the technician at the bench."""

import asyncio

from hardware.health import Health
from kiosk.application.service import OUT_CAUSE
from kiosk.application.service_questions import put_back, take_out
from kiosk.application.terminal import Terminal
from kiosk.application.word import Word
from kiosk.shells.technician.bench_rows import TryRow
from kiosk.shells.technician.device_tests import Outcome
from kiosk.ui.controls.staff_words import StaffWords

OUT, BACK = "out", "back"
_UNDER_WAY: set[asyncio.Task[Outcome]] = set()  # what is done must be journalled too
ACTS = {OUT: Word("Take out of service"), BACK: Word("Put into service")}


def row(words: StaffWords, health: Health) -> TryRow:
    """Return what can be done with a device as it stands, beside its tests."""
    act = BACK if health.cause == OUT_CAUSE else OUT
    return TryRow("O", act, words.tell(ACTS[act]))


async def serve(words: StaffWords, terminal: Terminal, device_id: str, actor: str, act: str) -> Outcome:
    """Do it, durably and journalled, also where nobody waits for it any more; the outcome in words."""
    work = asyncio.create_task(_done(words, terminal, device_id, actor, act))
    _UNDER_WAY.add(work)
    work.add_done_callback(_UNDER_WAY.discard)
    return await asyncio.shield(work)


async def _done(words: StaffWords, terminal: Terminal, device_id: str, actor: str, act: str) -> Outcome:
    if act == OUT:
        await take_out(terminal, device_id, "", actor)
        return "ok", words.say("Out of service. Nothing that needs it is offered.")
    await put_back(terminal, device_id, actor)
    return "ok", words.say("In service again.")
