"""What an operator asks about refused bookings, at the control socket or by command."""

from typing import Any

import msgspec

from kiosk.application.conflict_book import Conflict, ConflictRefused, WayOut
from kiosk.application.control import NotDone
from kiosk.application.selling import CLERK
from kiosk.application.terminal import Terminal


async def conflicts_listed(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the refused bookings nobody has found a way out for, and where asked what was settled."""
    found = {"conflicts": [told(each) for each in await terminal.conflicts.all()]}
    return (
        {**found, "settled": [way(each) for each in await terminal.conflicts.settled()]}
        if arguments.get("all")
        else found
    )


async def conflict_sent_again(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Send one once more, under the same key."""
    try:
        return told(await terminal.conflicts.again(str(arguments["key"]), str(CLERK)))
    except ConflictRefused as no:
        raise NotDone(no.key, str(no)) from None


async def conflict_settled(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Note how one was settled with the customer."""
    key, way, note = (str(arguments.get(name, "")) for name in ("key", "way", "note"))
    try:
        return told(await terminal.conflicts.settle(key, way, str(CLERK), note))
    except ConflictRefused as no:
        raise NotDone(no.key, str(no)) from None


def told(conflict: Conflict) -> dict[str, Any]:
    """Return a refused booking as it is answered."""
    price = conflict.price
    return {
        "key": conflict.key, "stream": conflict.stream, "problem": conflict.problem, "sentence": conflict.sentence,
        "attempts": conflict.attempts, "sale": conflict.sale_id, "code": conflict.code,
        "price": {"minor": price.minor, "currency": price.currency} if price else None,
        "tickets_handed_out": conflict.printed, "tickets_paid_back": conflict.paid_back,
        "can_go_again": conflict.can_go_again, "ways": [way(each) for each in conflict.ways],
    }  # fmt: skip


def way(done: WayOut) -> dict[str, str]:
    """Return what a person did as it is answered."""
    return {**msgspec.to_builtins(done), "way": done.way.rpartition(":")[2]}
