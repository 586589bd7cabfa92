"""`guichet service out|in DEVICE`, `bundle FILE`, `code`: a technician's acts, also over SSH; all are journalled."""

import argparse
from pathlib import Path
from typing import Any

from kiosk.application.control import NotDone
from kiosk.application.questions import ANSWERS
from kiosk.bootstrap import Start, open_terminal
from kiosk.commands.start import DONE, add_start_arguments, ask_or_do, guarded, show, start_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("act", choices=("out", "in", "bundle", "code"))
    parser.add_argument("what", nargs="?", default="", metavar="DEVICE|FILE", help="a device by its id, or a new file")
    parser.add_argument("--reason", default="", help="why it is out of service; staff read it")
    add_start_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Run it."""
    return guarded(lambda: _act(start_of(options), options))


def _act(start: Start, options: argparse.Namespace) -> int:
    command = f"service.{options.act}"
    if not options.what and options.act != "code":
        raise NotDone("nothing_named", f"Name what is meant: guichet service {options.act} DEVICE|FILE")
    arguments = {"device_id": options.what, "reason": options.reason}
    if options.act == "bundle":
        arguments = {"file": str(Path(options.what).absolute())}

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
