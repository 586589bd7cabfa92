"""`guichet conflict`: the bookings a platform refused after they were sold, and the ways out."""

import argparse
from collections.abc import Awaitable, Callable
from typing import Any

from kiosk.application import conflict_questions
from kiosk.application.conflict_book import WAYS
from kiosk.application.terminal import Terminal
from kiosk.bootstrap import Start, open_terminal
from kiosk.commands.start import DONE, add_start_arguments, ask_or_do, guarded, say, show, start_of

Answer = Callable[[Terminal, dict[str, Any]], Awaitable[dict[str, Any]]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    acts = parser.add_subparsers(dest="act", required=True)
    act = acts.add_parser("list", help="what was refused and is not settled")
    act.add_argument("--all", action="store_true", help="the settled ones too")
    add_start_arguments(act)
    act = acts.add_parser("again", help="send it once more, after it was mended on the platform")
    act.add_argument("key", help="as the list names it, such as book:ABCDEFGHJKLM")
    add_start_arguments(act)
    act = acts.add_parser("settle", help="note how it was settled with the customer, once")
    act.add_argument("key", help="as the list names it")
    act.add_argument("--way", choices=WAYS, required=True, help="what was done for the customer")
    act.add_argument("--note", default="", help="one line, such as the new booking's code; no names")
    add_start_arguments(act)


def run(options: argparse.Namespace) -> int:
    """Run it."""
    acts = {"list": _list, "again": _again, "settle": _settle}
    return guarded(lambda: acts[options.act](start_of(options), options))


def _list(start: Start, options: argparse.Namespace) -> int:
    found = _asked(start, "conflicts.list", {"all": options.all}, conflict_questions.conflicts_listed)
    show(found)
    for each in found["conflicts"]:
        say(f"{each['key']}: {each['sentence']}")
    return DONE


def _again(start: Start, options: argparse.Namespace) -> int:
    show(_asked(start, "conflicts.again", {"key": options.key}, conflict_questions.conflict_sent_again))
    say("It waits in its place again. See: guichet store queue")
    return DONE


def _settle(start: Start, options: argparse.Namespace) -> int:
    arguments = {"key": options.key, "way": options.way, "note": options.note}
    show(_asked(start, "conflicts.settle", arguments, conflict_questions.conflict_settled))
    return DONE


def _asked(start: Start, command: str, arguments: dict[str, Any], answer: Answer) -> dict[str, Any]:
    async def alone(start: Start) -> dict[str, Any]:
        async with open_terminal(start) as terminal:
            return await answer(terminal, arguments)

    found: dict[str, Any] = ask_or_do(start, command, arguments, alone)
    return found
