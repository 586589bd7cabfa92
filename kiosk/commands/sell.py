"""`guichet sell` makes one sale without a screen, through the same till, and prints its report as JSON."""

import argparse
import sys
from typing import Any

import msgspec

from kiosk.application.control import NotDone
from kiosk.application.ordering import SaleOrder, order_of
from kiosk.application.selling import sell
from kiosk.bootstrap import Start, open_terminal
from kiosk.commands.start import (
    CLAIM,
    DONE,
    OPEN,
    PAID_BACK,
    USAGE,
    add_start_arguments,
    ask_or_do,
    guarded,
    say,
    show,
    start_of,
)

STATUSES = {"delivered": DONE, "claim": CLAIM, "paid_back": PAID_BACK, "open": OPEN}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_start_arguments(parser)
    what = parser.add_argument_group("a journey")
    what.add_argument("--from", dest="origin", default="", metavar="PLACE", help="place id or name")
    what.add_argument("--to", dest="destination", default="", metavar="PLACE", help="place id or name")
    what.add_argument("--depart", default="", metavar="TIME", help="2026-03-01T14:30 or 14:30; default: the next one")
    attend = parser.add_argument_group("an event")
    attend.add_argument("--event", default="", help="event id or name")
    attend.add_argument("--slot", default="", help="slot id or time; default: the next one")
    attend.add_argument("--seats", default="", metavar="ID,ID", help="seats by id")
    attend.add_argument("--best", type=int, default=0, metavar="N", help="the best N seats together")
    attend.add_argument("--seat-category", default="", metavar="ID")
    attend.add_argument("--voucher", default="", metavar="CODE", help="sell on the terms of this code")
    attend.add_argument(
        "--answer", action="append", default=[], metavar="QUESTION=ANSWER",
        help="answer what a ticket asks; once for all tickets, or once for each in their order",
    )  # fmt: skip
    attend.add_argument("--addon", action="append", default=[], metavar="PRODUCT=N")
    who = parser.add_argument_group("who and how")
    for category in ("adult", "child", "senior", "youth"):
        who.add_argument(f"--{category}", type=int, default=0, metavar="N")
    who.add_argument("--rider", action="append", default=[], metavar="CATEGORY=N", help="any other category")
    who.add_argument("--product", default="", metavar="ID", help="this product instead of the cheapest")
    who.add_argument("--tender", choices=("card", "cash", "free"), default="card")
    who.add_argument(
        "--gift-card", default="", metavar="CODE",
        help="pay with this gift card first, and the rest as --tender says; - reads the code from standard input, "
        "where no list of processes and no shell's history shows it",
    )  # fmt: skip
    who.add_argument("--holder", default="", metavar="NAME", help="for whom it is; stands on the tickets")
    who.add_argument("--mail", default="", metavar="ADDRESS", help="where the platform may write to")
    who.add_argument("--receipt", action="store_true", help="print a receipt too")
    who.add_argument("--language", default="en")
    parser.add_argument("--pick-up", default="", metavar="CODE", help="print a booking made elsewhere instead")
    parser.add_argument(
        "--medium", default="", metavar="UID",
        help="print what is on the card with this UID (hex) instead; platform book: put the booking on that card",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Run it."""
    try:
        order = order_from(options)
    except (ValueError, msgspec.ValidationError):
        say(
            "An argument is not as it should be. Counts are written CATEGORY=N, seats ID,ID, a UID in hex. "
            "See: guichet sell --help"
        )
        return USAGE
    if not (order.is_pick_up or order.event or (order.origin and order.destination)):
        say("Say what to sell: --from and --to, or --event, or --pick-up CODE, or --medium UID.")
        return USAGE
    return guarded(lambda: _sell(start_of(options), order))


def order_from(options: argparse.Namespace) -> SaleOrder:
    """Return the order that the arguments describe."""
    named = {name: getattr(options, name) for name in ("adult", "child", "senior", "youth")}
    riders = {name: count for name, count in {**named, **counts(options.rider)}.items() if count}
    return order_of(
        {
            "origin": options.origin, "destination": options.destination, "depart": options.depart,
            "event": options.event, "slot": options.slot, "seats": [s for s in options.seats.split(",") if s],
            "best": options.best, "seat_category": options.seat_category, "riders": riders,
            "addons": counts(options.addon), "product": options.product, "pick_up": options.pick_up,
            "tender": options.tender, "language": options.language, "wants_receipt": options.receipt,
            "holder": options.holder, "mail": options.mail, "voucher": options.voucher,
            "medium": uid(options.medium), "gift_card": _unseen(options.gift_card),
            "answers": [each.split("=", 1) for each in options.answer],
        }
    )  # fmt: skip


def uid(text: str) -> str:
    """Return a chip's UID as readers tell it, however it was written: 04:a2:b3 is 04A2B3.

    Raises:
        ValueError: not whole bytes in hex.
    """
    return bytes.fromhex(text.replace(":", "").replace("-", "")).hex().upper()


def _unseen(code: str) -> str:
    """Return a code, read from standard input where it was not to stand on the command line."""
    return sys.stdin.readline().strip() if code == "-" else code


def counts(pairs: list[str]) -> dict[str, int]:
    """Return NAME=N pairs as counts."""
    return {name: int(count) for name, _, count in (pair.partition("=") for pair in pairs)}


def _sell(start: Start, order: SaleOrder) -> int:
    async def alone(start: Start) -> dict[str, Any]:
        async with open_terminal(start) as terminal:
            try:
                return await sell(terminal, order)
            except NotDone as no:
                return {"outcome": "refused", "key": no.key, "sentence": no.sentence}

    result = ask_or_do(start, "sell", msgspec.to_builtins(order), alone)
    if result["outcome"] == "refused":
        raise NotDone(result["key"], result["sentence"])
    show(result)
    return STATUSES[result["outcome"]]
