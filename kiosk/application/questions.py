"""What a running terminal answers at its control socket; the commands ask the same functions without one."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from hardware.errors import DeviceError
from kiosk.application.claim_questions import claim_found, claim_settled, claims_listed
from kiosk.application.conflict_questions import conflict_sent_again, conflict_settled, conflicts_listed
from kiosk.application.control import Handler, NotDone
from kiosk.application.exchange_questions import exchanged
from kiosk.application.fault_lab import faults_of, named_fault, play, set_fault
from kiosk.application.finding import found
from kiosk.application.ordering import order_of
from kiosk.application.reconciliation import reconcile
from kiosk.application.selling import CLERK, sell
from kiosk.application.service_cards import add_card, forget_key, keep_key, list_cards, remove_card
from kiosk.application.service_questions import (
    bundled,
    into_service,
    new_code,
    out_of_service,
    scan_settings,
    take_settings,
    trust_operator,
)
from kiosk.application.store_words import SENTENCES
from kiosk.application.supplies_acts import cash_counted, figures, new_roll
from kiosk.application.terminal import Terminal
from offline_store import SaleStillOwed

Stop = Callable[[], None]
STILL_OWED = SENTENCES["store.still_owed"]


def handlers(terminal: Terminal, stop: Stop) -> Mapping[str, Handler]:
    """Return the commands a terminal answers; those that read first."""

    def bound(answer: Callable[[Terminal, dict[str, Any]], Awaitable[Any]]) -> Handler:
        async def handler(arguments: dict[str, Any]) -> Any:
            return await answer(terminal, arguments)

        return handler

    async def stopped(_: dict[str, Any]) -> Any:
        stop()
        return {"stopping": True}

    return {**{name: bound(answer) for name, answer in ANSWERS.items()}, "stop": stopped}


async def doctor(terminal: Terminal, _: dict[str, Any]) -> dict[str, Any]:
    """Return how everything is: devices, what can be offered, store, settings, the loop."""
    await terminal.supervision.look()
    what, health = terminal.supervision.capabilities, terminal.supervision.platform_health
    store = await terminal.store.figures()
    names = [name for name in type(what).__struct_fields__ if name.startswith(("can_", "is_"))]
    return {
        "terminal": terminal.settings.terminal.id,
        "is_training": terminal.is_training,
        "settings_problem": terminal.settings_problem,
        "store_repaired": list(terminal.store_repaired),
        "capabilities": {name: getattr(what, name) for name in names},
        "reasons": dict(what.reasons),
        "platform_problem": health.problem if health else "",
        "platform_as_of": what.platform_as_of.isoformat() if what.platform_as_of else None,
        "devices": [
            {
                "device_id": health.device_id, "family": health.family, "state": str(health.state),
                "cause": health.cause, "remedy": health.remedy, "is_simulated": health.is_simulated,
                "model": health.model, "firmware": health.firmware, "counters": dict(health.counters),
                "since": health.since.isoformat(), "alarm": msgspec.to_builtins(terminal.alarms.of(health.device_id)),
            }
            for health in terminal.supervision.healths
        ],
        "store": {
            "queue_depth": store.queue_depth, "journal_seq": store.journal_seq,
            "journal_head": store.journal_head,
        },
        "supplies": figures(terminal),
        "loop": {"overruns": terminal.watchdog.overrun_count, "longest_cpu_ms": round(terminal.watchdog.longest_ms, 1)},
    }  # fmt: skip


async def queue(terminal: Terminal, _: dict[str, Any]) -> dict[str, Any]:
    """Return what waits for the platform's proof, per stream."""
    figures = await terminal.store.figures()
    streams = [
        {"stream": each.stream, "ready": each.ready, "parked": each.parked, "blocked": each.blocked_cause}
        for each in figures.streams
    ]
    return {"queue_depth": figures.queue_depth, "streams": streams}


async def verify(terminal: Terminal, _: dict[str, Any]) -> dict[str, Any]:
    """Verify both journals whole."""
    findings = await terminal.store.findings()
    figures = await terminal.store.figures()
    return {"findings": list(findings), "journal_seq": figures.journal_seq, "journal_head": figures.journal_head}


async def forget(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Forget the person behind a sale; the sale itself stays."""
    sale_id = str(arguments["sale_id"])
    try:
        await terminal.store.forget(sale_id, str(CLERK))
    except SaleStillOwed:
        raise NotDone("still_owed", STILL_OWED) from None
    return {"sale_id": sale_id, "forgotten": True}


async def export(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Write journal, queue and proofs as JSON lines into a folder."""
    files = await terminal.store.export(_folder(arguments))
    return {"files": [str(file) for file in files]}


async def backup(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Write a backup into an empty folder for the operator's recovery key."""
    key = bytes.fromhex(str(arguments["recovery_key"]))
    return {"files": [str(file) for file in await terminal.store.backup(_folder(arguments), key)]}


async def reconciled(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Compare journal, platform and payment device; where nothing differs and it is asked, close the device's day."""
    device, timeout_s = terminal.devices.payment, terminal.settings.timeouts.reversal_s
    settled = await terminal.conflicts.settled_codes()
    since = _since(terminal, arguments)
    found = await reconcile(
        terminal.books, terminal.platform, device, since, timeout_s=timeout_s, settled_codes=settled
    )
    if arguments.get("close_day"):
        if device is None or found.differences or found.unasked:
            raise NotDone("not_reconciled", "The day is not closed: something differs, or could not be asked about.")
        try:
            closed = await device.end_of_day(timeout_s=timeout_s)
        except DeviceError as trouble:
            raise NotDone(trouble.key, "The payment device did not close its day. Ask again.") from None
        await terminal.books.close_day(str(CLERK), msgspec.json.encode(closed))
    told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(found))
    told["differences"] = [{**msgspec.to_builtins(each), "sentence": each.sentence} for each in found.differences]
    return told


def _since(terminal: Terminal, arguments: dict[str, Any]) -> datetime | None:
    """Return the beginning of the first day where the platform is, None for all."""
    if arguments.get("all"):
        return None
    zone = ZoneInfo(terminal.platform.traits.zone)
    named = str(arguments.get("since") or "")
    try:
        first = date.fromisoformat(named) if named else terminal.clock.now().astimezone(zone).date()
    except ValueError:
        raise NotDone("bad_arguments", "A day is written 2026-03-01.") from None
    return datetime.combine(first, time(), zone)


async def sold(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Make one sale without a screen."""
    return await sell(terminal, order_of(arguments))


async def fault(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Start or stop a fault, in training only: one of the table by its name, or any of one simulator."""
    if not terminal.is_training:
        raise NotDone("not_in_training", "Faults are played in training only.")
    device_id, name, is_on = str(arguments["device_id"]), str(arguments["fault"]), bool(arguments.get("on", True))
    if not device_id:
        named = named_fault(name)
        if named is None:
            raise NotDone("no_fault", "No fault is called that. See: guichet fault --list")
        if not play(terminal, named, is_on=is_on):
            raise NotDone("not_simulated", "This terminal has no simulator that could show it.")
        return {"fault": name, "on": is_on}
    device = next((each for each in terminal.devices.all() if each.device_id == device_id), None)
    if device is None:
        raise NotDone("no_device", "No device of this terminal has that id.")
    if not faults_of(device):
        raise NotDone("not_simulated", "That device is a real one.")
    known = [each for each, _, _ in faults_of(device)]
    if not set_fault(device, name, is_on=is_on):
        raise NotDone("no_fault", f"It has no such fault. It has: {', '.join(known)}.")
    terminal.supervision.nudge()
    return {"device_id": device_id, "fault": name, "on": is_on}


def _folder(arguments: dict[str, Any]) -> Path:
    folder = Path(str(arguments["dir"]))
    if not folder.is_absolute():
        raise NotDone("bad_arguments", "Name the folder by its whole path.")
    return folder


ANSWERS: Mapping[str, Callable[[Terminal, dict[str, Any]], Awaitable[Any]]] = {
    "doctor": doctor,
    "store.queue": queue,
    "store.verify": verify,
    "store.export": export,
    "store.forget": forget,
    "store.backup": backup,
    "claims.list": claims_listed,
    "claims.find": claim_found,
    "claims.settle": claim_settled,
    "conflicts.list": conflicts_listed,
    "conflicts.again": conflict_sent_again,
    "conflicts.settle": conflict_settled,
    "sell": sold,
    "exchange": exchanged,
    "reconcile": reconciled,
    "fault": fault,
    "service.out": out_of_service,
    "service.in": into_service,
    "service.code": new_code,
    "service.bundle": bundled(doctor),
    "service.card.add": add_card,
    "service.card.remove": remove_card,
    "service.card.list": list_cards,
    "service.card.key": keep_key,
    "service.card.forget-key": forget_key,
    "service.roll": new_roll,
    "service.cash": cash_counted,
    "devices.find": found,
    "settings.scan": scan_settings,
    "settings.take": take_settings,
    "settings.trust": trust_operator,
}
