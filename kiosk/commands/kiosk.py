"""`guichet kiosk`, `counter` and `technician` open a face."""

import argparse
import os
import sys

from kiosk.bootstrap import Start, run_face
from kiosk.commands.start import CANNOT_START, add_start_arguments, guarded, say, start_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_start_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Run it."""
    return guarded(lambda: _open(start_of(options), options.command))


def _open(start: Start, face: str) -> int:
    has_display = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    if sys.platform.startswith("linux") and not has_display:
        say("There is no display here. Use the terminal's own screen, or see it work with: guichet demo --out DIR")
        return CANNOT_START
    return run_face(start, face)
