"""`guichet emulator printer DIR` speaks a printer's wire bytes over TCP or a pty, for the real driver to print on."""

import argparse
import signal
import threading
from pathlib import Path

from hardware.printer import run_emulator
from kiosk.application.control import NotDone
from kiosk.commands.start import DONE, guarded, say

PORT_MAX = 65535


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("device", choices=("printer",))
    parser.add_argument("dir", type=Path, help="folder for the papers and the file `address`")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9100, help="TCP port, 0 for any")
    parser.add_argument("--pty", action="store_true", help="a pseudo-terminal instead of TCP, as a serial line")


def run(options: argparse.Namespace) -> int:
    """Run it until SIGTERM or SIGINT."""
    return guarded(lambda: _serve(options))


def _serve(options: argparse.Namespace) -> int:
    if not 0 <= options.port <= PORT_MAX:
        raise NotDone("bad_arguments", f"A port is a number from 0 to {PORT_MAX}.")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    say(f"The address is written to {options.dir / 'address'}; papers lie beside it. Stop with Ctrl-C.")
    try:
        run_emulator(options.dir, host=options.host, port=options.port, is_pty=options.pty, stop=stop)
    except OSError as trouble:
        raise NotDone(
            "no_address", f"It cannot listen there ({trouble.strerror}). Name another port or folder."
        ) from None
    return DONE
