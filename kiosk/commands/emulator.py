"""`guichet emulator printer|payment DIR` speaks ESC/POS or ZVT on the wire, for the real driver to talk to."""

import argparse
import signal
import threading
from pathlib import Path

from hardware.payment_terminal import ZvtEmulator
from hardware.printer import run_emulator
from kiosk.application.control import NotDone
from kiosk.commands.start import DONE, guarded, say

PORT_MAX = 65535


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("device", choices=tuple(DEVICES))
    parser.add_argument("dir", type=Path, help="folder for the file `address`, and for papers or the device's own book")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="TCP port, 0 for any")
    parser.add_argument(
        "--pty", action="store_true", help="printer: a pseudo-terminal instead of TCP, as a serial line"
    )


def run(options: argparse.Namespace) -> int:
    """Run it until SIGTERM or SIGINT."""
    return guarded(lambda: _serve(options))


def _serve(options: argparse.Namespace) -> int:
    if not 0 <= options.port <= PORT_MAX:
        raise NotDone("bad_arguments", f"A port is a number from 0 to {PORT_MAX}.")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    say(f"The address is written to {options.dir / 'address'}. Stop with Ctrl-C.")
    try:
        DEVICES[options.device](options, stop)
    except OSError as trouble:
        raise NotDone(
            "no_address", f"It cannot listen there ({trouble.strerror}). Name another port or folder."
        ) from None
    return DONE


def _printer(options: argparse.Namespace, stop: threading.Event) -> None:
    run_emulator(options.dir, host=options.host, port=options.port, is_pty=options.pty, stop=stop)


def _payment(options: argparse.Namespace, stop: threading.Event) -> None:
    options.dir.mkdir(parents=True, exist_ok=True)
    device = ZvtEmulator(options.dir / "payments.jsonl", port=options.port, host=options.host)
    device.start()
    try:
        (options.dir / "address").write_text(f"{options.host}:{device.port}\n", encoding="utf-8")
        stop.wait()
    finally:
        device.stop()


DEVICES = {"printer": _printer, "payment": _payment}
