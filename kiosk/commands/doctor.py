"""`guichet doctor [--json]` says how every device, the store and the platform are; status 1 when something is off."""

import argparse
from typing import Any

from kiosk.application import questions
from kiosk.application.remedies import REMEDY_CARDS
from kiosk.bootstrap import Start, open_terminal
from kiosk.commands.start import DONE, WRONG, add_start_arguments, ask_or_do, guarded, show, start_of

WORKING = frozenset({"ready", "busy", "media_low", "media_present"})

PLATFORM_PROBLEMS = {
    "revoked": "the server no longer knows this terminal: its device was revoked. Unlink, and link again with a new one"
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_start_arguments(parser)
    parser.add_argument("--json", action="store_true", help="everything, for programs")


def run(options: argparse.Namespace) -> int:
    """Run it."""
    return guarded(lambda: _examine(start_of(options), is_json=options.json))


def _examine(start: Start, *, is_json: bool) -> int:
    async def alone(start: Start) -> dict[str, Any]:
        async with open_terminal(start) as terminal:
            return await questions.doctor(terminal, {})

    found = ask_or_do(start, "doctor", {}, alone)
    if is_json:
        show(found)
    else:
        print("\n".join(lines(found)))
    is_well = not found["reasons"] and not found["settings_problem"] and not found["store_repaired"]
    return DONE if is_well else WRONG


def lines(found: dict[str, Any]) -> list[str]:
    """Return the findings for a person, what needs doing first."""
    told = [f"Terminal {found['terminal']}{' (training)' if found['is_training'] else ''}"]
    if found["settings_problem"]:
        told.append(f"  ! settings: {found['settings_problem']}")
    told += [f"  ! store: {finding} (rebuilt from the second journal)" for finding in found["store_repaired"]]
    for device in found["devices"]:
        mark = " " if device["state"] in WORKING else "!"
        cause = f", {device['cause']}" if device["cause"] else ""
        told.append(f"  {mark} {device['device_id']:<18} {device['state']}{cause}  {device['model']}")
        card = REMEDY_CARDS.get(device["cause"])
        if card is not None:
            told.append(f"      {card.word}. {card.todo}")
    if found["platform_problem"]:
        told.append(f"  ! platform: {PLATFORM_PROBLEMS.get(found['platform_problem'], found['platform_problem'])}")
    told += [f"  ! {name}: {reason}" for name, reason in found["reasons"].items()]
    store = found["store"]
    told.append(f"    store: journal {store['journal_seq']}, {store['queue_depth']} waiting for the platform")
    return told
