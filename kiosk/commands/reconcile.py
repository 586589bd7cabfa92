"""`guichet reconcile` compares our journal, the platform and the payment device; status 1 when they differ."""

import argparse
from datetime import date

from kiosk.application import questions
from kiosk.bootstrap import Start
from kiosk.commands.start import DONE, WRONG, add_start_arguments, ask_terminal, guarded, say, show, start_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--since", type=date.fromisoformat, metavar="DATE", help="first day; default: today")
    parser.add_argument("--all", action="store_true", help="every sale in the journal")
    parser.add_argument(
        "--close-day", action="store_true", help="then ask the payment device for its end of day; nothing may differ"
    )
    add_start_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Run it."""
    return guarded(lambda: _reconcile(start_of(options), options))


def _reconcile(start: Start, options: argparse.Namespace) -> int:
    arguments = {
        "since": options.since.isoformat() if options.since else "",
        "all": options.all,
        "close_day": options.close_day,
    }

    found = ask_terminal(start, "reconcile", arguments, questions.reconciled)
    show(found)
    for each in found["differences"]:
        say(f"{each['sentence']} ({each['sale_id'] or each['reference']})")
    if found["unasked"]:
        say(f"{len(found['unasked'])} could not be asked about now.")
    if found["waiting"]:
        say(f"{len(found['waiting'])} wait for the platform or the payment device.")
    return WRONG if found["differences"] else DONE
