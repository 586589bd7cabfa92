"""`guichet conflict`: the bookings a platform refused after they were sold, and the ways out."""

import argparse

from kiosk.application import conflict_questions
from kiosk.application.conflict_book import WAYS
from kiosk.bootstrap import Start
from kiosk.commands.start import DONE, add_start_arguments, ask_terminal, guarded, say, show, start_of


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
    found = ask_terminal(start, "conflicts.list", {"all": options.all}, conflict_questions.conflicts_listed)
    show(found)
    for each in found["conflicts"]:
        say(f"{each['key']}: {each['sentence']}")
    return DONE


def _again(start: Start, options: argparse.Namespace) -> int:
    show(ask_terminal(start, "conflicts.again", {"key": options.key}, conflict_questions.conflict_sent_again))
    say("It waits in its place again. See: guichet store queue")
    return DONE


def _settle(start: Start, options: argparse.Namespace) -> int:
    arguments = {"key": options.key, "way": options.way, "note": options.note}
    show(ask_terminal(start, "conflicts.settle", arguments, conflict_questions.conflict_settled))
    return DONE
