"""Causes and remedies in the technician's words; codes come after words, never before."""

from collections.abc import Mapping

from hardware.health import ComponentState, Health
from kiosk.application.remedies import REMEDY_CARDS
from kiosk.application.word import Word
from kiosk.ui.controls.staff_words import StaffWords

PRINTER = Word("Printer")
FAMILIES: Mapping[str, tuple[Word, str]] = {
    "printer": (PRINTER, "printer"),
    "payment_device": (Word("Payment device"), "card"),
    "cash": (Word("Coins and notes"), "cash"),
    "scanner": (Word("Code reader"), "scan"),
    "card_reader": (Word("Card reader"), "card"),
    "display": (Word("Customer display"), "info"),
}
ROLES = {"tickets": Word("Ticket printer"), "receipts": Word("Receipt printer")}
_RESTART = Word("Switch it off and on, then read the status again.")
# for each state: its word, its mood and what to do
STATES: Mapping[ComponentState, tuple[Word, str, Word | None]] = {
    ComponentState.READY: (Word("Ready"), "ok", None),
    ComponentState.BUSY: (Word("Busy"), "ok", None),
    ComponentState.MEDIA_LOW: (Word("Paper or change low"), "warn", Word("Refill soon; it still works.")),
    ComponentState.MEDIA_EMPTY: (
        Word("Out of paper"), "stop", Word("Put in a new roll. Paper leaves the roll from below."),
    ),
    ComponentState.MEDIA_JAMMED: (Word("Jammed"), "stop", Word("Open it, take the stuck piece out and close it.")),
    ComponentState.MEDIA_PRESENT: (
        Word("Paper lies in the tray"), "warn", Word("Take the paper out of the tray."),
    ),
    ComponentState.USER_ACTION: (
        Word("Needs a hand"), "stop", Word("Close the cover until it clicks; clean the window."),
    ),
    ComponentState.HARDWARE_ERROR: (
        Word("Broken part"), "stop", Word("Switch it off and on. Replace it if that does not help."),
    ),
    ComponentState.SOFTWARE_ERROR: (Word("Speaks nonsense"), "stop", _RESTART),
    ComponentState.NOT_REACHABLE: (
        Word("Not connected"), "stop", Word("Check power and cable, then read the status again."),
    ),
    ComponentState.OUT_OF_SERVICE: (
        Word("Out of service"), "stop", Word("Put it into service when it is mended."),
    ),
}  # fmt: skip
CARD_PRESENT = (Word("Card on the reader"), "ok", None)
CAPABILITIES: Mapping[str, Word] = {
    "can_sell_journeys": Word("Journeys"),
    "can_sell_events": Word("Events"),
    "can_pick_up_by_scan": Word("Pick up by code"),
    "can_pick_up_by_card": Word("Pick up by card"),
    "can_pay_card": Word("Card"),
    "can_pay_cash": Word("Cash"),
    "can_print_receipts": Word("Receipt"),
}
# by the first part of the reason why a capability is off
NEEDS: Mapping[str, Word] = {
    "printer": Word("needs the printer"),
    "payment": Word("needs the payment device"),
    "payment_device": Word("needs the payment device"),
    "cash": Word("needs coins and notes"),
    "scanner": Word("needs the code reader"),
    "card_reader": Word("needs the card reader"),
    "platform_away": Word("needs the network"),
    "service": Word("out of service"),
}
# what a capability needs, where the reason fits any device
USUAL_NEEDS: Mapping[str, str] = {
    "can_sell_journeys": "printer",
    "can_sell_events": "printer",
    "can_pick_up_by_scan": "scanner",
    "can_pick_up_by_card": "card_reader",
    "can_pay_card": "payment_device",
    "can_pay_cash": "cash",
    "can_print_receipts": "printer",
}
COUNTERS: Mapping[str, Word] = {
    "papers_printed": Word("Papers printed"),
    "jobs_printed": Word("Papers printed"),
    "jobs_not_printed": Word("Papers not printed"),
    "jobs_unknown": Word("Papers of unknown outcome"),
    "payments_approved": Word("Payments approved"),
    "payments_declined": Word("Payments declined"),
    "reversals": Word("Payments given back"),
    "pieces_stacked": Word("Notes and coins taken"),
    "pieces_returned": Word("Notes and coins returned"),
    "pieces_unknown": Word("Notes and coins of unknown outcome"),
    "payouts": Word("Change paid out"),
    "codes_read": Word("Codes read"),
    "codes_refused": Word("Codes refused"),
    "cards_seen": Word("Cards seen"),
    "cards_read": Word("Cards read"),
    "cards_mute": Word("Cards without an answer"),
}


def device_name(words: StaffWords, health: Health, role: str) -> str:
    """Return what a person calls a device."""
    return words.tell(ROLES[role] if health.family == "printer" and role in ROLES else FAMILIES[health.family][0])


def _state(health: Health) -> tuple[Word, str, Word | None]:
    if health.family == "card_reader" and health.state is ComponentState.MEDIA_PRESENT:
        return CARD_PRESENT
    return STATES[health.state]


def state_word(words: StaffWords, health: Health) -> str:
    """Return the cause where it has a word, else the state."""
    card = REMEDY_CARDS.get(health.cause)
    return words.tell(card.word if card else _state(health)[0])


def state_mood(health: Health) -> str:
    """Return ok, warn or stop."""
    return _state(health)[1]


def remedy(words: StaffWords, health: Health) -> str:
    """Return what to do next; "" for a device that works."""
    card, usual = REMEDY_CARDS.get(health.cause), _state(health)[2]
    return words.tell(card.todo if card else usual) if usual else ""


def need(words: StaffWords, capability: str, reason: str) -> str:
    """Return what is missing for a capability that is off."""
    family = reason.partition(".")[0]
    return words.tell(NEEDS[family if family in NEEDS else USUAL_NEEDS[capability]])


def counter_name(words: StaffWords, name: str) -> str:
    """Return what a counter counts."""
    return words.tell(COUNTERS[name]) if name in COUNTERS else name
