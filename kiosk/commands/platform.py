"""`guichet platform …` looks at the central platform, links a terminal to a pretix, and plays the embedded one.

* `link URL CODE`, or `link` with the text of the QR code that pretix shows (`-`: read it from standard input),
  `roll` and `unlink` make this terminal a device of a pretix, change its token, and end that; `link` alone tells.
* `rebook CODE SLOT` puts tickets into another slot or seat; what that costs more is paid first, what it costs less is
  given back. `reissue CODE` gives them new secrets. The old ones are dead before the new ones are printed.
* `find CODE` looks a booking up, `unsold` lists what the server has and this terminal does not sell, and why.
* `book`, `gift-card AMOUNT`, `bookings` and `link MODE` play another channel and the line of the embedded platform,
  beside a terminal.
"""

import argparse
import asyncio
import secrets
import sys
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from kiosk.application.control import NotDone
from kiosk.application.errors import PlatformError
from kiosk.application.exchange_questions import exchanged
from kiosk.application.interfaces import BookingOrder, FoundBooking, MediumKind, PartOrder
from kiosk.application.ordering import SaleOrder, offer_for
from kiosk.bootstrap import Start, clock_of, joined, left, linked, open_link, open_platform, open_terminal, renewed
from kiosk.commands import sell
from kiosk.commands.start import DONE, ask_or_do, guarded, show, start_of
from kiosk.domain.catalogue import Offer
from kiosk.domain.money import Money, exponent

TIMEOUT_S = 10.0
CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0 O 1 I, which people mix up
SECRET_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # noqa: S105 - base32, the alphabet of a secret
MODES = ("up", "down", "slow", "lost_request", "lost_answer", "duplicate")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("act", choices=tuple(ACTS))
    parser.add_argument(
        "what", nargs="?", default="",
        help="find, rebook, reissue: a code; link: a pretix's address or the text of its QR code; embedded: "
        f"{', '.join(MODES)}",
    )  # fmt: skip
    parser.add_argument("code", nargs="?", default="", help="link: the device's one-time code; rebook: the new slot")
    parser.add_argument("--part", action="append", default=[], metavar="ID", help="rebook, reissue: only this ticket")
    parser.add_argument("--calls", type=int, default=None, metavar="N", help="link: only for the next N calls")
    parser.add_argument("--slow-s", type=float, default=2.0, metavar="S", help="link slow: how late an answer comes")
    sell.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Run it."""
    return guarded(lambda: ACTS[options.act](start_of(options), options))


def _book(start: Start, options: argparse.Namespace) -> int:
    _must_be_embedded(start)
    _must_train(start)
    try:
        order = sell.order_from(options)
    except ValueError:
        raise NotDone("bad_arguments", "An argument is not as it should be; see: guichet platform --help") from None

    async def book() -> dict[str, Any]:
        async with open_platform(start) as platform:
            return await booked(platform, start, order)

    show(asyncio.run(book()))
    return DONE


async def booked(platform: Any, start: Start, order: SaleOrder) -> dict[str, Any]:
    """Book an order as another channel does, and return what the platform then knows."""
    clock = clock_of(start)
    buyer: Any = SimpleNamespace(platform=platform, clock=clock, settings=start.settings)
    try:
        offer = await offer_for(buyer, order)
        hold = await platform.hold(uuid4().hex, (offer,), timeout_s=TIMEOUT_S)
        booking = _order(offer, hold.id, clock.now())
        proof = await platform.book(booking, timeout_s=TIMEOUT_S)
    except PlatformError as trouble:
        raise NotDone(trouble.key, f"The platform did not book it ({trouble.key}).") from None
    if order.medium:
        parts = [(proof.code, part.part_id) for part in booking.parts]
        platform.media.link(MediumKind.CHIP, order.medium, clock.now(), parts=parts)
    found = await platform.find(proof.code, timeout_s=TIMEOUT_S)
    return told(found)


def _order(offer: Offer, hold_id: str, now: Any) -> BookingOrder:
    code = "".join(secrets.choice(CODE_SIGNS) for _ in range(8))
    parts = tuple(
        PartOrder(part.id, offer.id, "".join(secrets.choice(SECRET_SIGNS) for _ in range(26))) for part in offer.parts
    )
    return BookingOrder(
        code=code, sale_id=f"web-{uuid4()}", hold_id=hold_id, offers=(offer,), parts=parts, paid=offer.price,
        sold_at=now - timedelta(seconds=1), channel="web", digest=secrets.token_hex(32),
    )  # fmt: skip


def _gift_card(start: Start, options: argparse.Namespace) -> int:
    _must_be_embedded(start)
    _must_train(start)

    async def issued() -> str:
        async with open_platform(start) as platform:
            worth, chip = _worth(options.what, platform.traits.currency), sell.uid(options.medium)
            code: str = platform.gift_cards.issue(worth)
            if chip:
                platform.media.link(MediumKind.CHIP, chip, clock_of(start).now(), card=code)
            return code

    try:
        show({"gift_card": asyncio.run(issued())})
    except (ArithmeticError, ValueError):
        raise NotDone("bad_arguments", "Name what it holds: guichet platform gift-card 25.00 [--medium UID]") from None
    return DONE


def _worth(text: str, currency: str) -> Money:
    """Return an amount written in the unit people use; more than nothing, in whole minor units."""
    minor = Decimal(text).scaleb(exponent(currency))
    if minor <= 0 or minor != int(minor):
        raise ValueError(text)
    return Money(int(minor), currency)


def _find(start: Start, options: argparse.Namespace) -> int:
    if not options.what:
        raise NotDone("no_code", "Name a booking code or a ticket's secret: guichet platform find CODE")

    async def find() -> FoundBooking | None:
        async with open_platform(start) as platform:
            found: FoundBooking | None = await platform.find(options.what, timeout_s=TIMEOUT_S)
            return found

    try:
        found = asyncio.run(find())
    except PlatformError as trouble:
        raise NotDone(trouble.key, f"The platform did not answer ({trouble.key}).") from None
    if found is None:
        raise NotDone("not_found", "No booking has that code.")
    show(told(found))
    return DONE


def _bookings(start: Start, options: argparse.Namespace) -> int:
    del options
    _must_be_embedded(start)

    async def all_of_them() -> list[dict[str, Any]]:
        async with open_platform(start) as platform:
            return [told(found) for found in platform.ledger.bookings()]

    show(asyncio.run(all_of_them()))
    return DONE


def told(found: FoundBooking) -> dict[str, Any]:
    """Return a booking as JSON-able facts."""
    return {
        "code": found.code, "sale_id": found.sale_id, "channel": found.channel, "state": found.state,
        "paid": {"minor": found.paid.minor, "currency": found.paid.currency},
        "what": [offer.occurrence.title.default for offer in found.offers],
        "parts": [
            {"part_id": part.part_id, "secret": part.secret, "state": part.state, "prints": part.print_count}
            for part in found.parts
        ],
    }  # fmt: skip


def _must_train(start: Start) -> None:
    """Refuse to play other people's part where tickets are real."""
    if not start.settings.terminal.is_training:
        raise NotDone("not_in_training", "Another channel is played in training only: set terminal.is_training = true.")


def _must_be_embedded(start: Start) -> None:
    """Refuse to play a server that is not ours."""
    if start.settings.platform.kind != "embedded":
        raise NotDone("not_embedded", "Only the embedded platform is played. Look at this one on its own server.")


def _must_be_pretix(start: Start) -> None:
    if start.settings.platform.kind != "pretix":
        raise NotDone("not_pretix", 'That is for a pretix. Set platform.kind = "pretix" in the settings first.')


def _link(start: Start, options: argparse.Namespace) -> int:
    if start.settings.platform.kind == "embedded":
        return _play_link(start, options)
    first = sys.stdin.readline().strip() if options.what == "-" else options.what
    show(joined(start, first, options.code) if first else linked(start))
    return DONE


def _roll(start: Start, options: argparse.Namespace) -> int:
    del options
    _must_be_pretix(start)
    show(renewed(start))
    return DONE


def _unlink(start: Start, options: argparse.Namespace) -> int:
    del options
    _must_be_pretix(start)
    show(left(start))
    return DONE


def _unsold(start: Start, options: argparse.Namespace) -> int:
    del options
    _must_be_pretix(start)

    async def read() -> list[dict[str, str]]:
        async with open_platform(start) as platform:
            return [{"id": each.id, "reason": each.reason} for each in (await platform.refresh(is_full=True)).unsold]

    try:
        show(asyncio.run(read()))
    except PlatformError as trouble:
        raise NotDone(trouble.key, f"The platform did not answer ({trouble.detail or trouble.key}).") from None
    return DONE


def _rebook(start: Start, options: argparse.Namespace) -> int:
    if not options.what or not options.code:
        raise NotDone("no_code", "Name a booking and a slot: guichet platform rebook CODE EVENT@SLOT [--part ID]")
    seats = [each for each in options.seats.split(",") if each]
    return _exchange(start, options, {"slot": options.code, "seats": seats, "best": options.best})


def _reissue(start: Start, options: argparse.Namespace) -> int:
    if not options.what:
        raise NotDone("no_code", "Name a booking: guichet platform reissue CODE [--part ID]")
    return _exchange(start, options, {})


def _exchange(start: Start, options: argparse.Namespace, wish: dict[str, Any]) -> int:
    """Exchange tickets through the till, which writes down what it begins, and report the sale."""
    tender = options.tender if options.tender == "cash" else "card"
    arguments = {"code": options.what, "parts": options.part, "tender": tender, "language": options.language, **wish}

    async def alone(start: Start) -> dict[str, Any]:
        async with open_terminal(start) as terminal:
            try:
                return await exchanged(terminal, arguments)
            except NotDone as no:
                return {"outcome": "refused", "key": no.key, "sentence": no.sentence}

    result = ask_or_do(start, "exchange", arguments, alone)
    if result["outcome"] == "refused":
        raise NotDone(result["key"], result["sentence"])
    show(result)
    return sell.STATUSES[result["outcome"]]


def _play_link(start: Start, options: argparse.Namespace) -> int:
    if options.what:
        if options.what not in MODES:
            raise NotDone(
                "bad_arguments",
                f"The link can be: {', '.join(MODES)}. "
                'To link to a server, set platform.kind = "pretix" in the settings first.',
            )
        _must_train(start)
    link = open_link(start.settings, start.data)
    if options.what:
        try:
            link.set(type(link.state().mode)(options.what), slow_s=options.slow_s if options.what == "slow" else 0.0,
                     calls=options.calls)  # fmt: skip
        except ValueError as trouble:
            raise NotDone("bad_arguments", f"That does not go: {trouble}.") from None
    state = link.state()
    show({"mode": str(state.mode), "slow_s": state.slow_s, "calls": state.calls})
    return DONE


ACTS = {
    "book": _book,
    "gift-card": _gift_card,
    "find": _find,
    "bookings": _bookings,
    "link": _link,
    "roll": _roll,
    "unlink": _unlink,
    "unsold": _unsold,
    "rebook": _rebook,
    "reissue": _reissue,
}
