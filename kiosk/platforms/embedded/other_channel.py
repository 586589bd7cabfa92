"""Bookings as a website or another counter makes them: to be found and picked up at the terminal."""

import secrets
from base64 import b32encode
from datetime import datetime
from hashlib import sha256

import msgspec

from kiosk.application.interfaces import BookingOrder, PartOrder
from kiosk.domain.catalogue import Offer
from kiosk.domain.money import total

CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without 0, 1, I and O, which are read for one another
CODE_CHARS = 8
SECRET_BYTES = 16


def new_code() -> str:
    """Return a booking code a person can type."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_CHARS))


def new_secret() -> str:
    """Return a ticket secret: 128 bits in base32 without padding."""
    return b32encode(secrets.token_bytes(SECRET_BYTES)).decode().rstrip("=")


def paid_order(offers: tuple[Offer, ...], channel: str, purchaser: str, now: datetime) -> BookingOrder:
    """Return an order for offers that were paid elsewhere."""
    code = new_code()
    parts = tuple(PartOrder(part.id, offer.id, new_secret()) for offer in offers for part in offer.parts)
    paid = total(tuple(offer.price for offer in offers), offers[0].currency)
    digest = sha256(msgspec.json.encode((code, offers, parts))).hexdigest()
    return BookingOrder(code, f"{channel}-{code}", "", offers, parts, paid, now, channel, digest, purchaser)
