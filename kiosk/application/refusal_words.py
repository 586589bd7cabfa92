"""Why nothing was sold, for whoever asked for a sale without a screen; the faces have words of their own."""

from collections.abc import Mapping

# By the last word of the key: that a seat is taken is the same whether the platform, a hold or the sale says so.
REASONS: Mapping[str, str] = {
    "already_printed": "These tickets are printed already.",
    "bad_request": "The platform does not sell this combination. Change the number, the ticket or the time.",
    "basket_empty": "There is nothing in the basket.",
    "basket_full": "One sale holds no more tickets than this. Sell in two.",
    "cancelled": "It was cancelled.",
    "cancelled_by_customer": "The payment was stopped at the device.",
    "code_in_use": "The platform has another order under that code. Sell again: the next code is a new one.",
    "declined": "The card was declined.",
    "declined_by_issuer": "The bank of the card said no.",
    "gift_card_closed": "The charge was asked about and ruled out.",
    "gift_card_currency": "The gift card is for another currency.",
    "gift_card_empty": "Nothing is left on the gift card.",
    "gift_card_expired": "The gift card has expired.",
    "gift_card_real": "In training only gift cards for tests are taken.",
    "gift_card_test": "The gift card is only for tests.",
    "gift_card_too_little": "The gift card holds less than that.",
    "gift_card_unknown": "The platform does not know that gift card.",
    "hold_too_short": "The time of the hold is running out.",
    "medium_empty": "That card is known, and there is no ticket on it.",
    "medium_expired": "That card has expired.",
    "medium_inactive": "The organizer has blocked that card.",
    "medium_unknown": "Nothing is stored for that card.",
    "needs_the_network": "This needs the platform, which cannot be reached.",
    "no_answer": "The payment device does not answer.",
    "no_change": "There is no change for this amount.",
    "not_charged": "Nothing was taken off the gift card.",
    "not_found": "The platform knows nothing under that name or code.",
    "nothing_found": "No booking was looked up.",
    "of_another_platform": "A basket with tickets of another platform cannot be paid by gift card.",
    "offer_expired": "The price is too old.",
    "one_event": "One sale is for one event of this platform.",
    "only_gift_card": "That card is a gift card, and there is no ticket on it.",
    "other_currency": "One sale holds one currency.",
    "out_of_service": "The device it needs is out of service.",
    "outcome_unknown": "The platform did not answer in time.",
    "platform_no_answer": "The platform did not answer in time.",
    "platform_unreachable": "The platform cannot be reached.",
    "sale_closed": "The sale for this time is closed.",
    "seat_taken": "A seat is taken. Choose another one.",
    "sold_out": "There are not enough places left.",
    "too_little": "The gift card holds less by now.",
    "unanswered": "Something the organizer asks is not answered. Give it with --answer.",
    "unpaid": "This booking is not paid yet.",
    "unreachable": "The platform cannot be reached.",
    "voucher_budget": "The voucher does not go together with the group price.",
    "voucher_expired": "The voucher is no longer valid.",
    "voucher_least": "The voucher is for more tickets at once.",
    "voucher_not_here": "The voucher is not for this time or these tickets.",
    "voucher_unknown": "The platform does not know that voucher.",
    "voucher_used": "The voucher has been used already.",
    "wait": "The last payment is still being asked about.",
}


def not_sold(key: str) -> str:
    """Return the sentence that nothing was sold, and why; the key stays in it for who looks it up."""
    reason = REASONS.get(key.rpartition(".")[2], "")
    return f"{reason} Nothing was sold and nothing charged ({key}).".lstrip()
