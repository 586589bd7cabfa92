"""`guichet settings`: check a file; draw the docs; and settings in a signed code: key, code, trust, scan, accept.

The operator makes a pair of keys once (`key`) and a code of a settings file (`code`). A terminal is told once whom to
trust (`trust`). `scan` waits for a code at the scanner of the running terminal and shows what it would change;
`accept` takes it, by its short name or by its whole text; it is in force from the next start.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.application.control import NotDone, ask
from kiosk.application.private_file import write_private
from kiosk.application.service import Acts
from kiosk.application.service_actor import TECHNICIAN
from kiosk.application.settings_code import ANY_TERMINAL, SettingsCode, SettingsCodeRefusedError, make
from kiosk.application.settings_file import data_dir, parse, read_text
from kiosk.application.settings_intake import SettingsIntake, name_operator, operator_key, take_code
from kiosk.application.settings_words import page
from kiosk.bootstrap import Start, asked, open_store
from kiosk.bootstrap.starting import make_folder
from kiosk.commands.start import DONE, add_start_arguments, cannot_use, guarded, say, show, start_of

KEY_BYTES = 32


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("act", choices=tuple(ACTS))
    parser.add_argument("what", nargs="?", default="", help="a settings file; a public key in hex; a scanned code")
    parser.add_argument("--key", type=Path, metavar="FILE", help="the operator's private key")
    parser.add_argument("--terminal", default=ANY_TERMINAL, metavar="ID", help="whom a code is for; default: any")
    parser.add_argument("--anew", action="store_true", help="trust: forget when the newest code says it was made")
    add_start_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Run it."""
    return guarded(lambda: ACTS[options.act](options))


def _page(_: argparse.Namespace) -> int:
    print(page(), end="")
    return DONE


def _check(options: argparse.Namespace) -> int:
    file = Path(options.what) if options.what else data_dir() / "settings.toml"
    settings = parse(read_text(file), str(file))
    mode = "in training" if settings.terminal.is_training else "for real"
    say(f"{file} is good: terminal “{settings.terminal.id}”, platform “{settings.platform.kind}”, {mode}.")
    return DONE


def _key(options: argparse.Namespace) -> int:
    """Make the operator's pair of keys; the private one goes into a file for its owner alone."""
    if options.key is None or options.key.exists():
        raise NotDone("no_key", "Name a new file for the private key: guichet settings key --key FILE")
    private = Ed25519PrivateKey.generate()
    write_private(options.key, private.private_bytes_raw())
    print(private.public_key().public_bytes_raw().hex())
    return DONE


def _code(options: argparse.Namespace) -> int:
    """Make a signed code of a settings file."""
    if options.key is None or not options.what:
        raise NotDone("no_key", "Name both: guichet settings code FILE --key PRIVATE_KEY_FILE")
    try:
        private = Ed25519PrivateKey.from_private_bytes(options.key.read_bytes())
    except OSError as trouble:
        raise cannot_use(trouble) from None
    except ValueError:
        raise NotDone("no_key", f"{options.key} holds no key. Make one: guichet settings key --key FILE") from None
    code = SettingsCode(read_text(Path(options.what)), options.terminal, datetime.now(UTC))
    try:
        print(make(private, code))
    except SettingsCodeRefusedError as refused:
        raise NotDone("too_long", str(refused)) from None
    return DONE


def _trust(options: argparse.Namespace) -> int:
    """Tell this terminal whose codes it takes."""
    start, operator = start_of(options), operator_key(options.what)
    named = {"operator": operator.hex(), "is_anew": options.anew}
    _asked_or_alone(
        start,
        ("settings.trust", named),
        lambda acts: name_operator(intake_of(start), acts, str(TECHNICIAN), operator, is_anew=options.anew),
    )
    say("From now on settings codes of this operator are taken.")
    return DONE


def intake_of(start: Start) -> SettingsIntake:
    """Return where codes are taken, also beside a running terminal."""
    return SettingsIntake(start.data, start.loaded.file, start.settings)


def _accept(options: argparse.Namespace) -> int:
    """Take a scanned code; it is in force from the next start."""
    start, what = start_of(options), options.what.strip()
    if not what:
        raise NotDone("no_code", "Give the code: guichet settings accept CODE")
    _asked_or_alone(
        start,
        ("settings.take", {"code": what}),
        lambda acts: take_code(intake_of(start), acts, str(TECHNICIAN), what),
    )
    say("The settings are taken. They are in force from the next start: guichet stop, and start again.")
    return DONE


def _asked_or_alone(start: Start, question: tuple[str, dict[str, Any]], act: Callable[[Acts], Awaitable[Any]]) -> None:
    """Have the running terminal do it; where none runs, do it here: it is journalled all the same."""
    try:
        ask(asked(start), *question)
    except NotDone as no:
        if no.key != "nobody":
            raise
    else:
        return

    async def alone() -> None:
        async with open_store(start) as store:
            await act(Acts(store))

    make_folder(start.data)
    asyncio.run(alone())


def _scan(options: argparse.Namespace) -> int:
    """Wait for a code at the running terminal's scanner and show what it would change."""
    start = start_of(options)
    say("Hold the settings code before the scanner.")
    found = ask(asked(start), "settings.scan")
    show(found)
    say(f"Take it with: guichet settings accept {found['name']}")
    return DONE


ACTS = {
    "check": _check,
    "page": _page,
    "key": _key,
    "code": _code,
    "trust": _trust,
    "scan": _scan,
    "accept": _accept,
}
