"""Domain ⇄ versioned JSON: journal rows and messages, each with the version it was written in.

Events carry ids, codes and amounts, never a personal field; so neither does a journal row.
"""

from datetime import datetime
from typing import Any, get_args

import msgspec

from kiosk.application.interfaces import BookingOrder, ExchangeOrder, GiftCardPart
from kiosk.domain.money import Money
from kiosk.domain.sale import events
from kiosk.domain.sale.events import Event

VERSION = 1
KIND_PREFIX = "sale."
EVENT_TYPES: dict[str, type[Any]] = {each.__name__: each for each in get_args(events.Event)}


class UnknownVersionError(ValueError):
    """A row or message of a newer program: this one must not guess."""


class UnreadableError(ValueError):
    """A row or message that is no event or message at all."""


class _Envelope(msgspec.Struct, frozen=True):
    """What every payload begins with."""

    v: int
    data: msgspec.Raw


class ExchangeMessage(msgspec.Struct, frozen=True):
    """Tickets to be exchanged exactly once."""

    platform_id: str
    order: ExchangeOrder


class CancelOrder(msgspec.Struct, frozen=True):
    """Parts to be revoked on the platform, all when empty.

    `of_sale`: in whose booking they stand, "" in that of another channel; None: in that of `sale_id`.
    """

    platform_id: str
    sale_id: str
    code: str
    part_ids: tuple[str, ...]
    reason: str
    of_sale: str | None = None


class PrintRecord(msgspec.Struct, frozen=True):
    """A ticket that is on paper."""

    platform_id: str
    sale_id: str
    code: str
    part_id: str
    copy: int


class RefundRecord(msgspec.Struct, frozen=True):
    """Money of revoked parts that went back to the customer, parts of it to gift cards; `of_sale` as in CancelOrder.

    `mark` tells more than one of a sale apart.
    """

    platform_id: str
    sale_id: str
    code: str
    amount: Money
    at: datetime
    to_gift_card: tuple[GiftCardPart, ...] = ()
    of_sale: str | None = None
    mark: str = ""


class BookMessage(msgspec.Struct, frozen=True):
    """A booking to be made exactly once."""

    platform_id: str
    order: BookingOrder


MESSAGE_TYPES: dict[str, type[Any]] = {
    "book": BookMessage, "exchange": ExchangeMessage, "cancel": CancelOrder, "print": PrintRecord,
    "refund": RefundRecord,
}  # fmt: skip
Body = BookMessage | ExchangeMessage | CancelOrder | PrintRecord | RefundRecord


def encode(value: Any) -> bytes:
    """Return a value as JSON in an envelope with our version."""
    return msgspec.json.encode({"v": VERSION, "data": value})


def _open(payload: bytes, target: type[Any]) -> Any:
    try:
        envelope = msgspec.json.decode(payload, type=_Envelope)
        if envelope.v != VERSION:
            raise UnknownVersionError(f"version {envelope.v}, this program reads {VERSION}")
        return msgspec.json.decode(envelope.data, type=target)
    except msgspec.DecodeError as problem:
        raise UnreadableError(str(problem)) from problem


def kind_of(event: Event) -> str:
    """Return the journal kind of an event."""
    return f"{KIND_PREFIX}{type(event).__name__}"


def decode_event(kind: str, payload: bytes) -> Event:
    """Return the event of a journal row.

    Raises:
        UnknownVersionError: written by a newer program.
        UnreadableError: no event.
    """
    target = EVENT_TYPES.get(kind.removeprefix(KIND_PREFIX))
    if target is None:
        raise UnknownVersionError(f"no event is called {kind[:60]!r} here")
    event: Event = _open(payload, target)
    return event


def decode_message(key: str, payload: bytes) -> Body:
    """Return the body of an outbox message; its key begins with its kind.

    Raises:
        UnknownVersionError: written by a newer program.
        UnreadableError: no message.
    """
    target = MESSAGE_TYPES.get(key.partition(":")[0])
    if target is None:
        raise UnknownVersionError(f"no message is called {key[:60]!r} here")
    body: Body = _open(payload, target)
    return body
