"""`guichet fault NAME`, or DEVICE FAULT, plays a fault of a simulator in a running terminal, in training only."""

import argparse

from kiosk.application.control import NotDone, ask
from kiosk.application.fault_lab import NAMED_FAULTS
from kiosk.bootstrap import Start, asked
from kiosk.commands.start import DONE, add_start_arguments, guarded, show, start_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("name", nargs="*", metavar="NAME | DEVICE FAULT", help="by name, or by device")
    parser.add_argument("--list", action="store_true", help="show the faults that have names of their own")
    parser.add_argument("--off", action="store_true", help="end the fault")
    add_start_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Run it."""
    if options.list:
        show([{"name": each.name, "state": each.state, "off": sorted(each.off)} for each in NAMED_FAULTS])
        return DONE
    return guarded(lambda: _play(start_of(options), options))


def _play(start: Start, options: argparse.Namespace) -> int:
    match options.name:
        case [fault]:
            device_id = ""
        case [device_id, fault]:
            pass
        case _:
            raise NotDone("no_fault", "Name the fault: guichet fault NAME. See: guichet fault --list")
    show(ask(asked(start), "fault", {"device_id": device_id, "fault": fault, "on": not options.off}))
    return DONE
