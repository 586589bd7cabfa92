"""Causes and remedies in the technician's words; codes come after words, never before."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from hardware.health import ComponentState, Health
from kiosk.application.remedies import REMEDY_CARDS

CONTEXT = "Technician"
FAMILIES: Mapping[str, tuple[str, str]] = {
    "printer": ("Printer", "printer"),
    "payment_device": ("Payment device", "card"),
    "cash": ("Coins and notes", "cash"),
    "scanner": ("Code reader", "scan"),
    "card_reader": ("Card reader", "card"),
    "display": ("Customer display", "info"),
}
ROLES = {"tickets": "Ticket printer", "receipts": "Receipt printer"}
# for each state: its word, its mood and what to do
STATES: Mapping[ComponentState, tuple[str, str, str]] = {
    ComponentState.READY: ("Ready", "ok", ""),
    ComponentState.BUSY: ("Busy", "ok", ""),
    ComponentState.MEDIA_LOW: ("Paper or change low", "warn", "Refill soon; it still works."),
    ComponentState.MEDIA_EMPTY: ("Out of paper", "stop", "Put in a new roll. Paper leaves the roll from below."),
    ComponentState.MEDIA_JAMMED: ("Jammed", "stop", "Open it, take the stuck piece out and close it."),
    ComponentState.MEDIA_PRESENT: ("Paper lies in the tray", "warn", "Take the paper out of the tray."),
    ComponentState.USER_ACTION: ("Needs a hand", "stop", "Close the cover until it clicks; clean the window."),
    ComponentState.HARDWARE_ERROR: ("Broken part", "stop", "Switch it off and on. Replace it if that does not help."),
    ComponentState.SOFTWARE_ERROR: ("Speaks nonsense", "stop", "Switch it off and on, then read the status again."),
    ComponentState.NOT_REACHABLE: ("Not connected", "stop", "Check power and cable, then read the status again."),
    ComponentState.OUT_OF_SERVICE: ("Out of service", "stop", "Put it into service when it is mended."),
}
CARD_PRESENT = ("Card on the reader", "ok", "")
CAPABILITIES: Mapping[str, str] = {
    "can_sell_journeys": "Journeys",
    "can_sell_events": "Events",
    "can_pick_up_by_scan": "Pick up by code",
    "can_pick_up_by_card": "Pick up by card",
    "can_pay_card": "Card",
    "can_pay_cash": "Cash",
    "can_print_receipts": "Receipt",
}


def say(text: str, *values: object) -> str:
    """Translate a text of this face and fill its places {0}, {1}."""
    return QCoreApplication.translate(CONTEXT, text).format(*values)


def device_name(health: Health, role: str) -> str:
    """Return what a person calls a device."""
    return say(ROLES[role] if health.family == "printer" and role in ROLES else FAMILIES[health.family][0])


def _state(health: Health) -> tuple[str, str, str]:
    if health.family == "card_reader" and health.state is ComponentState.MEDIA_PRESENT:
        return CARD_PRESENT
    return STATES[health.state]


def state_word(health: Health) -> str:
    """Return the cause where it has a word, else the state."""
    card = REMEDY_CARDS.get(health.cause)
    return say(card.word if card else _state(health)[0])


def state_mood(health: Health) -> str:
    """Return ok, warn or stop."""
    return _state(health)[1]


def remedy(health: Health) -> str:
    """Return what to do next; "" for a device that works."""
    card, usual = REMEDY_CARDS.get(health.cause), _state(health)[2]
    return say(card.todo if card else usual) if usual else ""
