"""`guichet stop` asks the running terminal to finish what it does and end."""

import argparse

from kiosk.application.control import ask
from kiosk.bootstrap import Start, asked
from kiosk.commands.start import DONE, add_start_arguments, guarded, start_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_start_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Run it."""
    return guarded(lambda: _stop(start_of(options)))


def _stop(start: Start) -> int:
    ask(asked(start), "stop")
    return DONE
