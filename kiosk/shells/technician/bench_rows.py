"""Rows of the bench, made from what devices and store say; pure."""

from datetime import datetime

from msgspec import Struct

from hardware.health import Health
from kiosk.application.supervision import Capabilities
from kiosk.shells.technician.words import CAPABILITIES, FAMILIES, device_name, remedy, say, state_mood, state_word

# for each family: the key, the test behind it and its word
TESTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "printer": (("P", "print", "Print test"), ("W", "drawer", "Open drawer"), ("N", "roll", "Book a new roll")),
    "payment_device": (("P", "pay", "Pay one cent, give it back"),),
    "card_reader": (("P", "card", "Read a card"),),
    "scanner": (("P", "scan", "Read a code"),),
    "cash": (("P", "counts", "Read the counts"), ("C", "count", "Count the cash")),
    "display": (),
}


class DeviceRow(Struct, frozen=True):
    """One device."""

    number: str
    name: str
    sign: str
    condition: str
    mood: str
    counter: str
    seen: str
    isChosen: bool


class FactRow(Struct, frozen=True):
    """A fact with its name."""

    name: str
    value: str
    mood: str = "ok"


class TryRow(Struct, frozen=True):
    """A test of the device shown."""

    key: str
    test: str
    word: str


class FaultRow(Struct, frozen=True):
    """A fault of a simulator, by name."""

    name: str
    what: str
    isOn: bool


class EventRow(Struct, frozen=True):
    """Something that happened."""

    time: str
    mood: str
    word: str


def device_row(health: Health, role: str, at: int, now: datetime, *, is_chosen: bool) -> DeviceRow:
    """Return how a device stands."""
    counter = f"{health.counters[0][1]} {health.counters[0][0].replace('_', ' ')}" if health.counters else ""
    return DeviceRow(
        str(at + 1),
        device_name(health, role),
        FAMILIES[health.family][1],
        state_word(health),
        state_mood(health),
        counter,
        say("{0} s ago", max(0, int((now - health.seen).total_seconds()))),
        is_chosen,
    )


def counter_rows(health: Health) -> tuple[FactRow, ...]:
    """Return what a device counts."""
    return tuple(FactRow(name.replace("_", " ").capitalize(), f"{value:,}") for name, value in health.counters)


def capability_rows(capabilities: Capabilities) -> tuple[FactRow, ...]:
    """Return what travellers can do now, and why not."""
    return tuple(
        FactRow(say(word), say("works"), "ok")
        if getattr(capabilities, name)
        else FactRow(say(word), say("needs {0}", capabilities.reason(name).split(".")[0].replace("_", " ")), "stop")
        for name, word in CAPABILITIES.items()
    )


def first_remedy(healths: tuple[tuple[Health, str], ...]) -> tuple[str, str]:
    """Return (device, what to do) of the first that does not work, ("", "") where all do."""
    stopped = sorted((each for each in healths if remedy(each[0])), key=lambda each: each[0].is_working)
    return (device_name(*stopped[0]), remedy(stopped[0][0])) if stopped else ("", "")
