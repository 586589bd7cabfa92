"""`guichet fault DEVICE FAULT [--off]` plays a fault of a simulator in a running terminal, in training only."""

import argparse

from kiosk.application.control import ask
from kiosk.bootstrap import Start, asked
from kiosk.commands.start import DONE, add_start_arguments, guarded, show, start_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("device")
    parser.add_argument("fault")
    parser.add_argument("--off", action="store_true", help="end the fault")
    add_start_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Run it."""
    return guarded(lambda: _play(start_of(options), options))


def _play(start: Start, options: argparse.Namespace) -> int:
    arguments = {"device_id": options.device, "fault": options.fault, "on": not options.off}
    show(ask(asked(start), "fault", arguments))
    return DONE
