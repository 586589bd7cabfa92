"""`guichet doctor [--json]` says how every device, the store and the platform are; status 1 when something is off.

`--find` looks for devices that are plugged in, announce themselves or answer nearby, with the settings to use them.
"""

import argparse
from typing import Any

from kiosk.application import questions
from kiosk.application.remedies import REMEDY_CARDS
from kiosk.bootstrap import Start
from kiosk.commands.start import DONE, WRONG, add_start_arguments, ask_terminal, guarded, show, start_of

WORKING = frozenset({"ready", "busy", "media_low", "media_present"})

NOTES = {
    "": "",
    "silent": "open, and says nothing of itself: compare its address with the device's own print",
    "not_asked": "announced, not asked",
    "page_printer": "a page printer: this program prints on ESC/POS printers",
    "ipp": "an office printer (IPP): this program prints on ESC/POS printers",
}
MISSED = {
    "pcsc": "  ! card readers: the card service does not answer (systemctl start pcscd.socket)",
    "mdns": "  ! announcements: this network lets none through",
    "network": "  ! the network was not looked through to its end",
}
PLATFORM_PROBLEMS = {
    "revoked": "the server no longer knows this terminal: its device was revoked. Unlink, and link again with a new one"
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_start_arguments(parser)
    parser.add_argument("--json", action="store_true", help="everything, for programs")
    parser.add_argument("--find", action="store_true", help="look for devices; takes up to half a minute")


def run(options: argparse.Namespace) -> int:
    """Run it."""
    work = _find if options.find else _examine
    return guarded(lambda: work(start_of(options), is_json=options.json))


def _find(start: Start, *, is_json: bool) -> int:
    found = ask_terminal(start, "devices.find", {}, questions.ANSWERS["devices.find"])
    if is_json:
        show(found)
    else:
        print("\n".join(find_lines(found)))
    return DONE


def find_lines(found: dict[str, Any]) -> list[str]:
    """Return what was found for a person, each with the settings that would use it."""
    told = [f"Looked through: {', '.join(found['networks']) or 'no network'}"]
    told += [MISSED[each] for each in found["missed"]]
    for each in found["finds"]:
        known = f"is “{each['device_id']}” in the settings" if each["device_id"] else NOTES[each["note"]]
        told.append(f"  {each['place']}  {each['name']}{f'  ({known})' if known else ''}")
        told += [f"      {line}" for use in each["uses"] for line in use["lines"].splitlines()]
    return (
        told if found["finds"] else [*told, "Nothing was found. Check power and cables, and whether it is switched on."]
    )


def _examine(start: Start, *, is_json: bool) -> int:
    found = ask_terminal(start, "doctor", {}, questions.doctor)
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
        alarm = device["alarm"]
        if alarm and not alarm["by"]:
            told.append(f"      Alarm since {alarm['since'][:16]}: guichet service in {device['device_id']}")
    if found["platform_problem"]:
        told.append(f"  ! platform: {PLATFORM_PROBLEMS.get(found['platform_problem'], found['platform_problem'])}")
    told += [f"  ! {name}: {reason}" for name, reason in found["reasons"].items()]
    told += supply_lines(found["supplies"])
    store = found["store"]
    told.append(f"    store: journal {store['journal_seq']}, {store['queue_depth']} waiting for the platform")
    return told


def supply_lines(supplies: dict[str, Any]) -> list[str]:
    """Return what was used up since the last roll or count."""
    told = []
    for device_id, each in supplies.items():
        if "roll_mm" in each:
            mark = "!" if each["is_low"] else " "
            used, roll = each["paper_used_mm"] / 1000, each["roll_mm"] / 1000
            told.append(f"  {mark} {device_id:<18} {used:.1f} m of {roll:g} m paper, {each['cuts']} cuts")
        elif "in" in each:
            moved = [
                f"{way} {' '.join(f'{v}:{n}' for v, n in each[way].items()) or 'nothing'}" for way in ("in", "out")
            ]
            told.append(f"    {device_id:<18} cash {', '.join(moved)}")
        else:
            told.append(f"    {device_id:<18} {each['cards']} cards")
    return told
