"""The `guichet` command line: a table of commands, one module each.

Exit statuses: 0 done (a sale: delivered) · 1 something is wrong (doctor, store verify) · 2 not understood ·
3 refused, nothing sold and nothing charged · 4 a claim slip holds what is in doubt · 5 paid back ·
6 the terminal cannot start · 7 not finished in time, the terminal goes on with it.
"""

import argparse
import gc
import importlib
import resource
import sys
from collections.abc import Sequence
from typing import Any

from kiosk import __version__

COMMANDS = {
    "kiosk": "open the kiosk",
    "counter": "open the counter",
    "technician": "open the technician's bench",
    "sell": "make one sale without a screen and print its report as JSON",
    "demo": "drive the real pages through whole stories and keep pictures, paper and a report",
    "doctor": "say how every device, the store and the platform are",
    "reconcile": "compare the journal, the platform and the payment device",
    "store": "verify, queue, export, back up or restore the store",
    "platform": "link to a pretix, look at bookings, play the embedded platform",
    "claim": "verify a claim slip, list and settle claims",
    "conflict": "bookings the platform refused after they were sold, and the ways out",
    "settings": "check a settings file; make, trust and take settings in a signed code",
    "fault": "play a fault of a simulator in a running terminal, in training",
    "service": "take a device out of service or put it back, write a support bundle",
    "stop": "stop the running terminal",
    "emulator": "speak a device's wire bytes, for the real driver",
}
MODULES = {"counter": "kiosk", "technician": "kiosk"}


def parser() -> argparse.ArgumentParser:
    """Return the outermost parser; each command adds its own arguments when it is chosen."""
    outer = argparse.ArgumentParser(
        prog="guichet",
        description="The ticket window that never closes.",
        epilog="\n".join(f"  {name:<12}{about}" for name, about in COMMANDS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=True,
    )
    outer.add_argument("--version", action="version", version=f"guichet {__version__}")
    outer.add_argument("command", choices=COMMANDS, metavar="COMMAND", help="one of the commands below")
    return outer


def _dump_no_memory() -> None:
    """Forbid core files: memory holds names, keys and card hints while a sale runs."""
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


def command_of(name: str) -> Any:
    """Read the module of a command; without looking for garbage, of which reading makes none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        return importlib.import_module(f"kiosk.commands.{MODULES.get(name, name)}")
    finally:
        if was_on:
            gc.enable()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    _dump_no_memory()
    given = list(sys.argv[1:] if arguments is None else arguments)
    at = next((index for index, word in enumerate(given) if not word.startswith("-")), len(given))
    chosen = parser().parse_args(given[: at + 1]).command
    command = command_of(chosen)
    inner = argparse.ArgumentParser(prog=f"guichet {chosen}", description=COMMANDS[chosen])
    command.add_arguments(inner)
    options = inner.parse_args(given[at + 1 :])
    options.command = chosen
    return int(command.run(options))


if __name__ == "__main__":
    sys.exit(main())
