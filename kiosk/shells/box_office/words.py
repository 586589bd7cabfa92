"""Put message keys into the clerk's words."""

from collections.abc import Mapping

from kiosk.application.interfaces import Medium
from kiosk.application.word import Word
from kiosk.domain.catalogue import Fullness
from kiosk.ui.controls.staff_words import StaffWords

# What the till, the platform and the devices report, as a sentence that says what to do.
SENTENCES: Mapping[str, Word] = {
    "hold.one_event": Word("Different events are sold one after the other. Pay for one, then choose the other."),
    "hold.sold_out": Word("Sold out a moment ago. Choose another time or category."),
    "hold.seat_taken": Word("One of these seats was just sold. Choose others."),
    "hold.hold_expired": Word("The reservation ran out. Take it again."),
    "hold.sale_closed": Word("Sales for this have closed. Choose another."),
    "hold.unreachable": Word("The network is away and this needs a seat or slot. Sell something that needs none."),
    "hold.voucher_used": Word("The code was used up a moment ago. Choose again without it."),
    "voucher_unknown": Word("No such code here. Check it letter by letter."),
    "voucher_expired": Word("This code has expired."),
    "voucher_used": Word("This code has been used already."),
    "voucher_not_here": Word("This code is not for this time or these tickets."),
    "voucher_least": Word("This code is for more tickets at once."),
    "voucher_budget": Word("This code does not go together with the group price. Sell fewer at once."),
    "sale.unanswered": Word("A question of the organizer is not answered. Take the ticket out and choose it again."),
    "exchange_count": Word("That is not as many tickets as before. Choose as many, or take old ones out with Del."),
    "not_live": Word("A ticket of it is cancelled or not paid."),
    "worth_changed": Word("A ticket of it was exchanged, or its price changed, meanwhile. Look the booking up again."),
    "used": Word("A ticket of it was let in already."),
    "other_event": Word("Tickets stay in their event there. Cancel them and sell anew."),
    "exchange.cheaper": Word("This costs less, and nothing is given back here. Choose another."),
    "exchange.gift_card": Word("This costs less, and a gift card is not paid out in cash. Choose another."),
    "exchange.other_platform": Word("Tickets stay on their platform. Cancel them and sell anew."),
    "sold_out": Word("Not that many are left. Choose fewer or another time."),
    "seat_taken": Word("One of these seats was just sold. Choose others."),
    "sale_closed": Word("Sales for this have closed. Choose another."),
    "bad_request": Word("This cannot be sold together. Change the choice."),
    "not_found": Word("Nothing found. Check the code and try again."),
    "medium_unknown": Word("Nobody has put anything on this card."),
    "medium_empty": Word("This card is known, and no ticket is on it."),
    "medium_inactive": Word("This card is blocked by the organizer. Look its tickets up by booking code."),
    "medium_expired": Word("This card has expired. Look its tickets up by booking code."),
    "pickup.cancelled": Word("This booking was cancelled. There is nothing to print."),
    "pickup.unpaid": Word("This booking is not paid yet. Nothing is printed."),
    "pickup.not_found": Word("Nothing found. Check the code and try again."),
    "pickup.needs_the_network": Word("The network is away. Journeys without a seat still sell; seats and slots wait."),
    "unknown_offer": Word("This price is no longer offered. Choose again."),
    "sale.basket_full": Word("One sale holds at most 50 tickets. Sell these first."),
    "sale.other_currency": Word("One sale holds one currency. Sell this separately."),
    "sale.basket_empty": Word("Choose something first."),
    "sale.offer_expired": Word("A price ran out. Take it out and choose it again."),
    "sale.hold_too_short": Word("The reservation is too short for a card payment. Take it again."),
    "sale.handed_too_little": Word("That is less than the total."),
    "sale.no_vouchers": Word("Vouchers are not taken here yet. Take cash or card."),
    "card_no_gift_card": Word(
        "There is no gift card on that card. Finish this sale, then read it again for its tickets."
    ),
    "gift_card_expired": Word("This gift card has expired. Take cash or card."),
    "gift_card_empty": Word("Nothing is left on this gift card. Take cash or card."),
    "gift_card_currency": Word("This gift card is for another currency. Take cash or card."),
    "gift_card_test": Word("This gift card is only for tests. Take cash or card."),
    "gift_card_real": Word("In training only gift cards for tests are taken."),
    "gift_card.needs_the_network": Word("The network is away. Nothing was taken off the gift card; take cash or card."),
    "gift_card.not_charged": Word("Nothing was taken off the gift card. Try again, or take cash or card."),
    "gift_card.too_little": Word("The gift card holds less by now. Nothing was taken off it; read it once more."),
    "payment.declined": Word("The card was not charged. Try again, another card, or cash."),
    "payment.cancelled": Word("Cancelled. The card was not charged."),
    "payment.timeout": Word("No card was shown. Nothing was charged."),
    "payment.out_of_service": Word("The card device is out of service. Nothing was charged; take cash."),
    "platform.away": Word("The network is away. Journeys without a seat still sell; seats and slots wait."),
    "printer.paper_out": Word("The printer is out of paper. Put in a roll: printing goes on by itself."),
    "printer.cover_open": Word("The printer is open. Close it: printing goes on by itself."),
}
FINDS_NOTHING = frozenset({
    "not_found", "medium_inactive", "medium_expired", "gift_card_expired", "gift_card_empty", "gift_card_currency",
    "gift_card_test", "gift_card_real",
})  # fmt: skip
FALLBACK = Word("That did not work. Nothing was charged; try once more.")
FULLNESS: Mapping[Fullness, Word] = {
    Fullness.PLENTY: Word("Plenty"),
    Fullness.FILLING: Word("Filling up"),
    Fullness.NEARLY_FULL: Word("Nearly full"),
    Fullness.FULL: Word("Full"),
}
# Keys that carry a name and not a sign, as keyboards of the language print it.
KEYS: Mapping[str, Word] = {
    "Enter": Word("Enter"),
    "Esc": Word("Esc"),
    "Tab": Word("Tab"),
    "Del": Word("Del"),
    "PgDn": Word("PgDn"),
    "Space": Word("Space"),
}


def key_name(words: StaffWords, key: str) -> str:
    """Return a key as it is printed on the keyboards of the language."""
    return words.tell(KEYS[key]) if key in KEYS else key


def sentence(words: StaffWords, key: str) -> str:
    """Return the sentence of a message key; an unknown key gives the calm one, never the key."""
    return words.tell(SENTENCES.get(key, FALLBACK)) if key else ""


def nothing_on(words: StaffWords, found: Medium | None, *, is_chip: bool) -> str:
    """Return why there is nothing to print under a code or on a card; a gift card tells what it holds."""
    if found is None:
        return sentence(words, "medium_unknown" if is_chip else "not_found")
    if found.balance is None:
        return sentence(words, "medium_empty")
    return words.say("This card is a gift card. It holds {amount}.", amount=words.amount(found.balance))


def fullness(words: StaffWords, how: Fullness) -> str:
    """Return how full something is, "" where nobody knows."""
    return words.tell(FULLNESS[how]) if how in FULLNESS else ""


__all__ = ["FINDS_NOTHING", "FULLNESS", "KEYS", "SENTENCES", "fullness", "key_name", "nothing_on", "sentence"]
