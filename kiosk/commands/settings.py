"""`guichet settings`: check a file; draw the docs; and settings in a signed code: key, code, trust, accept.

The operator makes a pair of keys once (`key`) and a code of a settings file (`code`). A terminal is told once whom to
trust (`trust`) and takes a code that was scanned (`accept`); it is in force from the next start.
"""

import argparse
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from kiosk.application.control import NotDone
from kiosk.application.private_file import write_private
from kiosk.application.settings_code import ANY_TERMINAL, SettingsCode, SettingsCodeRefusedError, make, read
from kiosk.application.settings_file import data_dir, parse, read_text
from kiosk.application.settings_words import page
from kiosk.commands.start import DONE, add_start_arguments, cannot_use, guarded, say, start_of

KEY_BYTES = 32


class Trust(Struct, frozen=True):
    """Whom this terminal trusts, and when the newest code it took was made."""

    operator: bytes
    newest: datetime | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("act", choices=tuple(ACTS))
    parser.add_argument("what", nargs="?", default="", help="a settings file; a public key in hex; a scanned code")
    parser.add_argument("--key", type=Path, metavar="FILE", help="the operator's private key")
    parser.add_argument("--terminal", default=ANY_TERMINAL, metavar="ID", help="whom a code is for; default: any")
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
    start = start_of(options)
    try:
        operator = bytes.fromhex(options.what)
        Ed25519PublicKey.from_public_bytes(operator)
    except ValueError:
        raise NotDone("no_key", "Give the operator's public key: 64 hexadecimal digits.") from None
    write_private(_trusted(start.data), msgspec.json.encode(Trust(operator)))
    say("From now on settings codes of this operator are taken.")
    return DONE


def _accept(options: argparse.Namespace) -> int:
    """Take a scanned code; it is in force from the next start."""
    start = start_of(options)
    try:
        trust = msgspec.json.decode(_trusted(start.data).read_bytes(), type=Trust)
    except (OSError, msgspec.DecodeError):
        raise NotDone("no_trust", "This terminal trusts no operator yet: guichet settings trust PUBLIC_KEY") from None
    try:
        code = read(options.what.strip(), trust.operator, start.settings.terminal.id, trust.newest)
    except SettingsCodeRefusedError as refused:
        raise NotDone("refused", f"{refused} Nothing was changed.") from None
    write_private(start.data / "settings.toml", code.toml.encode())
    write_private(_trusted(start.data), msgspec.json.encode(Trust(trust.operator, code.made)))
    say("The settings are taken. They are in force from the next start: guichet stop, and start again.")
    return DONE


def _trusted(data: Path) -> Path:
    return data / "service" / "operator.json"


ACTS = {"check": _check, "page": _page, "key": _key, "code": _code, "trust": _trust, "accept": _accept}
