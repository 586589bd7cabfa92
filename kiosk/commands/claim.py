"""`guichet claim verify [TEXT]` says whether a slip is this terminal's and what it promises; `key` shows its key."""

import argparse
import sys

from kiosk.application.claims import NotOurSlip, open_signer, verify
from kiosk.application.control import NotDone
from kiosk.bootstrap import Start, claim_key
from kiosk.commands.start import DONE, add_start_arguments, guarded, show, start_of

KEY_BYTES = 32


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("act", choices=("verify", "key"))
    parser.add_argument(
        "text", nargs="?", default="-", help="the text of the slip's QR code; - reads it from standard input"
    )
    parser.add_argument("--key", default="", metavar="HEX", help="public key of another terminal; default: this one's")
    add_start_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Run it."""
    return guarded(lambda: _act(start_of(options), options))


def _act(start: Start, options: argparse.Namespace) -> int:
    if options.act == "key":
        show({"terminal": start.settings.terminal.id, "public_key": _own_key(start).hex()})
        return DONE
    text = sys.stdin.read(4096) if options.text == "-" else options.text
    try:
        claim = verify(text, _given_key(options.key) if options.key else _own_key(start))
    except NotOurSlip as no:
        raise NotDone("not_our_slip", str(no)) from None
    facts = claim.facts
    show(
        {
            "terminal": claim.terminal_id, "claim": facts.claim_id, "sale": facts.sale_id, "codes": list(facts.codes),
            "reasons": list(facts.reasons), "at": facts.at.isoformat(),
            "owed": {"minor": facts.owed.minor, "currency": facts.owed.currency},
            "doubtful": {"minor": facts.doubtful.minor, "currency": facts.doubtful.currency},
        }
    )  # fmt: skip
    return DONE


def _given_key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise NotDone("no_key", "A public key has 64 hexadecimal digits; see: guichet claim key")
    return key


def _own_key(start: Start) -> bytes:
    path = claim_key(start.settings, start.data)
    if not path.exists():
        raise NotDone("no_key", "This terminal has not been started yet and has signed no slip. Give --key.")
    try:
        return open_signer(start.settings.terminal.id, path).public_key
    except (ValueError, OSError) as trouble:
        raise NotDone("no_key", f"The signing key cannot be read: {trouble}") from None
