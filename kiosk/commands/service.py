"""`guichet service out|in|roll DEVICE`, `cash VALUE:PIECES,…`, `bundle FILE`, `code`, `card …`: a technician's acts.

`card add|remove NAME` and `card list` say whose cards open the bench, `card key` lets the bench itself enrol cards and
`card forget-key` no longer. All works over SSH beside the running terminal, and all is journalled.
"""

import argparse
from pathlib import Path
from typing import Any

from kiosk.application.control import NotDone
from kiosk.application.questions import ANSWERS
from kiosk.bootstrap import Start, open_terminal
from kiosk.commands.start import DONE, add_start_arguments, ask_or_do, guarded, say, show, start_of

CARD_ACTS = ("add", "remove", "list", "key", "forget-key")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("act", choices=("out", "in", "roll", "cash", "bundle", "code", "card"))
    parser.add_argument(
        "what",
        nargs="?",
        default="",
        metavar="DEVICE|FILE|COUNT|ACT",
        help="a device by its id, a new file, pieces by value (50:12,100:3), or an act on cards",
    )
    parser.add_argument("who", nargs="?", default="", metavar="NAME", help="whose staff card it is")
    parser.add_argument("--reason", default="", help="why it is out of service; staff read it")
    parser.add_argument(
        "--key-file", type=Path, metavar="FILE", help="file with the operator's master key, 32 hexadecimal digits"
    )
    parser.add_argument("--own-key", action="store_true", help="the file holds the card's own key")
    add_start_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Run it."""
    return guarded(lambda: _act(start_of(options), options))


def _act(start: Start, options: argparse.Namespace) -> int:
    command, arguments = _question(options)

    async def alone(start: Start) -> Any:
        async with open_terminal(start) as terminal:
            try:
                return await ANSWERS[command](terminal, arguments)
            except NotDone as no:
                return no

    result = ask_or_do(start, command, arguments, alone)
    if isinstance(result, NotDone):
        raise result
    show(result)
    return DONE


def _question(options: argparse.Namespace) -> tuple[str, dict[str, Any]]:
    """Return what is asked of the terminal."""
    match options.act:
        case "card":
            return _card(options)
        case "code":
            return "service.code", {}
        case _ if not options.what:
            raise NotDone("nothing_named", f"Name what is meant: guichet service {options.act} DEVICE|FILE")
        case "cash":
            return "service.cash", {"counted": _counted(options.what)}
        case "bundle":
            return "service.bundle", {"file": str(Path(options.what).absolute())}
        case act:
            return f"service.{act}", {"device_id": options.what, "reason": options.reason}


def _counted(text: str) -> dict[str, str]:
    """Return the pieces by value; one value named twice is asked back: the first of them would be lost."""
    pieces = [_piece(each) for each in text.split(",")]
    if len(dict(pieces)) < len(pieces):
        raise NotDone("bad_count", "Name each value once, such as 50:12,100:3. Nothing was booked.")
    return dict(pieces)


def _piece(text: str) -> tuple[str, str]:
    value, _, pieces = text.partition(":")
    return value.strip(), pieces.strip()


def _card(options: argparse.Namespace) -> tuple[str, dict[str, Any]]:
    if options.what not in CARD_ACTS:
        raise NotDone(
            "nothing_named", "Say what is to be done: guichet service card add|remove NAME, card list|key|forget-key"
        )
    command = f"service.card.{options.what}"
    if options.what in {"list", "forget-key"}:
        return command, {}
    if options.what == "key":
        return command, {"key": _read_key(options, "key")}
    if not options.who:
        raise NotDone("nothing_named", f"Name whose card it is: guichet service card {options.what} NAME")
    if options.what == "remove":
        return command, {"name": options.who}
    key = _read_key(options, "add NAME")
    say("Hold the card before the reader.")
    return command, {"name": options.who, "key": key, "is_own": options.own_key}


def _read_key(options: argparse.Namespace, act: str) -> str:
    if options.key_file is None:
        raise NotDone("no_key", f"Name the key: guichet service card {act} --key-file FILE")
    try:
        key: str = options.key_file.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as trouble:
        raise NotDone("no_key", f"The key cannot be read ({trouble}). Nothing was changed.") from None
    return key
