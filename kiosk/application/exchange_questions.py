"""What a running terminal answers who wants tickets exchanged: for another slot or seat, or for new secrets alone."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from kiosk.application import exchanging
from kiosk.application.control import NotDone
from kiosk.application.errors import PlatformError
from kiosk.application.ordering import SaleOrder
from kiosk.application.selling import exchange
from kiosk.application.terminal import Terminal
from kiosk.domain.catalogue import Offer

Text = Annotated[str, msgspec.Meta(max_length=200)]
AWAY = "The platform does not answer, and an exchange needs it. Nothing was changed."
SENTENCES: Mapping[str, str] = {
    "not_found": "No such booking, ticket or slot. Nothing was changed.",
    "not_live": "A ticket of it is cancelled or not paid. Nothing was changed.",
    "other_event": "Tickets stay in their event there. Cancel and sell anew; nothing was changed.",
    "worth_changed": "A ticket of it was exchanged, or its price changed, meanwhile. Look again; nothing was changed.",
    "used": "A ticket of it was let in already. Nothing was changed.",
    "sold_out": "There is not enough room there. Nothing was changed.",
    "seat_taken": "A seat there is taken. Nothing was changed.",
    "sale_closed": "It is not sold any more there. Nothing was changed.",
    "exchange_count": "That is not the same number of tickets and extras. Nothing was changed.",
    "exchange.cheaper": "It costs less there, and this terminal gives nothing back. Nothing was changed.",
    "exchange.gift_card": "It costs less there, and a gift card is not paid out in cash. Nothing was changed.",
    "unreachable": AWAY,
    "platform_unreachable": AWAY,
}


class ExchangeWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which tickets of a booking (all where none is named) are to become what: `slot` "" is a new secret alone."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    slot: Text = ""
    parts: Annotated[tuple[Text, ...], msgspec.Meta(max_length=50)] = ()
    seats: Annotated[tuple[Text, ...], msgspec.Meta(max_length=50)] = ()
    best: Annotated[int, msgspec.Meta(ge=0, le=50)] = 0
    tender: Literal["card", "cash"] = "card"
    language: Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")] = "en"


async def exchanged(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Exchange tickets and return the report of the sale that did; new paper comes out when the old is dead.

    Raises:
        NotDone: nothing was changed and nothing charged.
    """
    try:
        wish = msgspec.convert(arguments, ExchangeWish)
    except msgspec.ValidationError:
        raise NotDone("bad_arguments", "An argument is not as it should be; see: guichet platform --help") from None
    try:
        old, offers = await _offers(terminal, wish)
        begun = old.begun(terminal.platform, terminal.clock, keeps_place=not wish.slot)
        return await exchange(terminal, begun, offers, SaleOrder(tender=wish.tender, language=wish.language))
    except PlatformError as trouble:
        raise _not_done(trouble.key) from None
    except NotDone as no:
        raise _not_done(no.key.removeprefix("hold.")) from None


async def _offers(terminal: Terminal, wish: ExchangeWish) -> tuple[exchanging.Returned, tuple[Offer, ...]]:
    platform, read_s = terminal.platform, terminal.settings.timeouts.platform_read_s
    old = await exchanging.returned(platform, wish.code, wish.parts, timeout_s=read_s)
    if wish.slot:
        offers = await exchanging.new_place(platform, old, wish.slot, wish.seats, wish.best, timeout_s=read_s)
    else:
        offers = exchanging.same_place(old, terminal.clock)
    ids = tuple(part.id for part in old.parts)
    await platform.check_exchange(old.booking.code, ids, offers, timeout_s=read_s)
    return old, offers


def _not_done(key: str) -> NotDone:
    return NotDone(key, SENTENCES.get(key, f"Nothing was changed and nothing charged ({key})."))
