"""`guichet claim`: is a slip this terminal's, how does a claim stand now, which are open, and settle one once."""

import argparse
import sys
from typing import Any

from kiosk.application import claim_questions
from kiosk.application.claim_book import WAYS
from kiosk.application.claims import PREFIX, NotOurSlip, VerifiedClaim, open_signer, verify
from kiosk.application.control import NotDone
from kiosk.bootstrap import Start, claim_key
from kiosk.commands.start import DONE, add_start_arguments, ask_terminal, guarded, say, show, start_of

KEY_BYTES = 32
SLIP_CHARS_MAX = 4096


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    acts = parser.add_subparsers(dest="act", required=True)
    act = acts.add_parser("verify", help="whose slip it is, what it promised, and how the claim stands now")
    act.add_argument("text", nargs="?", default="-", help="the claim code, or the text of the QR code; - reads it")
    act.add_argument("--key", default="", metavar="HEX", help="public key of another terminal; default: this one's")
    add_start_arguments(act)
    act = acts.add_parser("list", help="the open claims of this terminal")
    act.add_argument("--all", action="store_true", help="the settled ones too")
    add_start_arguments(act)
    act = acts.add_parser("settle", help="note that it is paid, then pay: a claim is settled once")
    act.add_argument("code", help="the claim code on the slip")
    act.add_argument("--way", choices=WAYS, required=True, help="how it is paid")
    act.add_argument("--note", default="", help="one line, such as the number of a transfer; no names")
    add_start_arguments(act)
    add_start_arguments(acts.add_parser("key", help="the public key slips of this terminal are verified with"))


def run(options: argparse.Namespace) -> int:
    """Run it."""
    acts = {"verify": _verify, "list": _list, "settle": _settle, "key": _show_key}
    return guarded(lambda: acts[options.act](start_of(options), options))


def _verify(start: Start, options: argparse.Namespace) -> int:
    text = (sys.stdin.read(SLIP_CHARS_MAX) if options.text == "-" else options.text).strip()
    if not text.startswith(PREFIX):
        show(ask_terminal(start, "claims.find", {"code": text}, claim_questions.claim_found))
        return DONE
    try:
        claim = verify(text, _given_key(options.key) if options.key else _own_key(start))
    except NotOurSlip as no:
        raise NotDone("not_our_slip", str(no)) from None
    found = _slip(claim)
    if not options.key:  # another terminal's claims are not in this one's store
        found["now"] = ask_terminal(start, "claims.find", {"code": claim.facts.claim_id}, claim_questions.claim_found)
    show(found)
    return DONE


def _slip(claim: VerifiedClaim) -> dict[str, Any]:
    facts = claim.facts
    return {
        "terminal": claim.terminal_id, "claim": facts.claim_id, "sale": facts.sale_id, "codes": list(facts.codes),
        "reasons": list(facts.reasons), "at": facts.at.isoformat(),
        "owed": {"minor": facts.owed.minor, "currency": facts.owed.currency},
        "doubtful": {"minor": facts.doubtful.minor, "currency": facts.doubtful.currency},
    }  # fmt: skip


def _list(start: Start, options: argparse.Namespace) -> int:
    show(ask_terminal(start, "claims.list", {"all": options.all}, claim_questions.claims_listed))
    return DONE


def _settle(start: Start, options: argparse.Namespace) -> int:
    arguments = {"code": options.code, "way": options.way, "note": options.note}
    settled = ask_terminal(start, "claims.settle", arguments, claim_questions.claim_settled)
    show(settled)
    say("Noted. Pay it out now and keep the slip.")
    return DONE


def _show_key(start: Start, _: argparse.Namespace) -> int:
    show({"terminal": start.settings.terminal.id, "public_key": _own_key(start).hex()})
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
