"""Gift cards at the counter: found by a code that was scanned or typed, or by the chip in a card."""

from kiosk.application.errors import Refused
from kiosk.application.interfaces import GiftCard
from kiosk.application.terminal import Terminal

NO_GIFT_CARD = frozenset({"gift_card_unknown", "bad_request"})


async def gift_card_of(terminal: Terminal, code: str, chip: str = "") -> GiftCard | None:
    """Return the gift card of a code, or on a chip; None where it is none, and so something else.

    Raises:
        PlatformError: it is one and cannot pay, or nobody can tell.
    """
    cards, timeout_s = terminal.platform.gift_cards, terminal.settings.timeouts.platform_read_s
    if cards is None:
        return None
    try:
        return await (cards.card_on(chip, timeout_s=timeout_s) if chip else cards.card(code, timeout_s=timeout_s))
    except Refused as no:
        if no.key in NO_GIFT_CARD:
            return None
        raise
