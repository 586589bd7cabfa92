"""Put message keys and figures into the clerk's words."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from kiosk.application.paper_words import clock_time, day, money
from kiosk.domain.catalogue import Fullness
from kiosk.domain.money import Money

CONTEXT = "BoxOffice"

# What the till, the platform and the devices report, as a sentence that says what to do.
SENTENCES: Mapping[str, str] = {
    "hold.one_event": "Different events are sold one after the other. Pay for one, then choose the other.",
    "hold.sold_out": "Sold out a moment ago. Choose another time or category.",
    "hold.seat_taken": "One of these seats was just sold. Choose others.",
    "hold.hold_expired": "The reservation ran out. Take it again.",
    "hold.sale_closed": "Sales for this have closed. Choose another.",
    "hold.unreachable": "The network is away and this needs a seat or slot. Sell something that needs none.",
    "hold.voucher_used": "The code was used up a moment ago. Choose again without it.",
    "voucher_unknown": "No such code here. Check it letter by letter.",
    "voucher_expired": "This code has expired.",
    "voucher_used": "This code has been used already.",
    "voucher_not_here": "This code is not for this time or these tickets.",
    "voucher_least": "This code is for more tickets at once.",
    "voucher_budget": "This code does not go together with the group price. Sell fewer at once.",
    "sale.unanswered": "A question of the organizer is not answered. Take the ticket out and choose it again.",
    "sold_out": "Not that many are left. Choose fewer or another time.",
    "seat_taken": "One of these seats was just sold. Choose others.",
    "sale_closed": "Sales for this have closed. Choose another.",
    "bad_request": "This cannot be sold together. Change the choice.",
    "not_found": "Nothing found. Check the code and try again.",
    "unknown_offer": "This price is no longer offered. Choose again.",
    "sale.basket_full": "One sale holds at most 50 tickets. Sell these first.",
    "sale.other_currency": "One sale holds one currency. Sell this separately.",
    "sale.basket_empty": "Choose something first.",
    "sale.offer_expired": "A price ran out. Take it out and choose it again.",
    "sale.hold_too_short": "The reservation is too short for a card payment. Take it again.",
    "sale.handed_too_little": "That is less than the total.",
    "sale.no_vouchers": "Vouchers are not taken here yet. Take cash or card.",
    "payment.declined": "The card was not charged. Try again, another card, or cash.",
    "payment.cancelled": "Cancelled. The card was not charged.",
    "payment.timeout": "No card was shown. Nothing was charged.",
    "platform.away": "The network is away. Journeys without a seat still sell; seats and slots wait.",
    "printer.paper_out": "The printer is out of paper. Put in a roll: printing goes on by itself.",
    "printer.cover_open": "The printer is open. Close it: printing goes on by itself.",
}
FALLBACK = "That did not work. Nothing was charged; try once more."
FULLNESS: Mapping[Fullness, str] = {
    Fullness.PLENTY: "Plenty",
    Fullness.FILLING: "Filling up",
    Fullness.NEARLY_FULL: "Nearly full",
    Fullness.FULL: "Full",
    Fullness.UNKNOWN: "",
}


def say(text: str, *values: object) -> str:
    """Translate a text of this face and fill its places {0}, {1}."""
    return QCoreApplication.translate(CONTEXT, text).format(*values)


def sentence(key: str) -> str:
    """Return the sentence of a message key; an unknown key gives the calm one, never the key."""
    return say(SENTENCES.get(key, FALLBACK)) if key else ""


def amount(value: Money | None) -> str:
    """Return an amount with its sign, "" for none."""
    return "" if value is None else money(value, "en")


def duration(span: timedelta) -> str:
    """Return hours and minutes."""
    minutes = int(span.total_seconds()) // 60
    return say("{0} h {1:02d}", minutes // 60, minutes % 60) if minutes >= 60 else say("{0} min", minutes)  # noqa: PLR2004 - minutes of an hour


def age(since: datetime, now: datetime) -> str:
    """Return how old a figure is, in the coarsest honest unit."""
    seconds = max(0, int((now - since).total_seconds()))
    if seconds < 100:  # noqa: PLR2004 - two digits of seconds, then minutes
        return say("{0} s ago", seconds)
    return say("{0} min ago", seconds // 60) if seconds < 6000 else say("{0} h ago", seconds // 3600)  # noqa: PLR2004 - a hundred minutes, then hours


__all__ = ["FULLNESS", "age", "amount", "clock_time", "day", "duration", "say", "sentence"]
