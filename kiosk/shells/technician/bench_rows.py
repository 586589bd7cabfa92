"""Rows of the bench, made from what devices and store say; pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from hardware.health import Health
from hardware.trace import Direction, Exchange
from kiosk.application.supervision import Capabilities
from kiosk.application.word import Word
from kiosk.shells.technician.fault_words import FAULTS
from kiosk.shells.technician.words import (
    CAPABILITIES,
    FAMILIES,
    counter_name,
    device_name,
    need,
    remedy,
    state_mood,
    state_word,
)
from kiosk.ui.controls.staff_words import StaffWords

# for each family: the key, the test behind it and its word
TESTS: dict[str, tuple[tuple[str, str, Word], ...]] = {
    "printer": (
        ("P", "print", Word("Print test")),
        ("W", "drawer", Word("Open drawer")),
        ("N", "roll", Word("Book a new roll")),
    ),
    "payment_device": (("P", "pay", Word("Pay one cent, give it back")),),
    "card_reader": (("P", "card", Word("Read a card")),),
    "scanner": (("P", "scan", Word("Read a code")),),
    "cash": (("P", "counts", Word("Read the counts")), ("C", "count", Word("Count the cash"))),
    "display": (),
}


class DeviceRow(Struct, frozen=True):
    """One device."""

    number: str
    name: str
    sign: str
    condition: str
    mood: str
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


class WireRow(Struct, frozen=True):
    """One exchange on the wire: which way, what, how many bytes."""

    time: str
    way: str
    what: str
    octets: str


class EventRow(Struct, frozen=True):
    """Something that happened."""

    time: str
    mood: str
    word: str


def device_row(words: StaffWords, health: Health, role: str, at: int, now: datetime, *, is_chosen: bool) -> DeviceRow:
    """Return how a device stands."""
    return DeviceRow(
        str(at + 1),
        device_name(words, health, role),
        FAMILIES[health.family][1],
        state_word(words, health),
        state_mood(health),
        words.age(health.seen, now),
        is_chosen,
    )


WAYS = {Direction.OUT: Word("sent"), Direction.IN: Word("heard"), Direction.LINE: Word("line")}


def wire_rows(words: StaffWords, exchanges: tuple[Exchange, ...], zone: str, most: int) -> tuple[WireRow, ...]:
    """Return the last exchanges, newest first; what they say is the wire's own language and is not translated."""
    return tuple(
        WireRow(
            f"{each.at.astimezone(ZoneInfo(zone)):%H:%M:%S}",
            words.tell(WAYS[each.direction]),
            each.what + (f" · {each.times}×" if each.times > 1 else ""),  # noqa: RUF001 - times
            _bytes(words, each.octets),
        )
        for each in reversed(exchanges[-most:])
    )


def _bytes(words: StaffWords, count: int) -> str:
    if not count:
        return ""
    return words.say("1 byte") if count == 1 else words.say("{count} bytes", count=words.number(count))


def counter_rows(words: StaffWords, health: Health) -> tuple[FactRow, ...]:
    """Return what a device counts."""
    return tuple(FactRow(counter_name(words, name), words.number(value), "") for name, value in health.counters)


def capability_rows(words: StaffWords, capabilities: Capabilities) -> tuple[FactRow, ...]:
    """Return what travellers can do now, and why not."""
    return tuple(
        FactRow(words.tell(word), words.say("works"), "ok")
        if getattr(capabilities, name)
        else FactRow(words.tell(word), need(words, name, capabilities.reason(name)), "stop")
        for name, word in CAPABILITIES.items()
    )


def fault_rows(words: StaffWords, family: str, faults: tuple[tuple[str, str, bool], ...]) -> tuple[FaultRow, ...]:
    """Return the faults a device can show, each with what it does."""
    return tuple(FaultRow(name, words.tell(FAULTS[family][name]), is_on) for name, _, is_on in faults)


def test_rows(words: StaffWords, health: Health) -> tuple[TryRow, ...]:
    """Return what can be tried on a device."""
    return tuple(TryRow(key, test, words.tell(word)) for key, test, word in TESTS[health.family])


def first_remedy(words: StaffWords, healths: tuple[tuple[Health, str], ...]) -> tuple[str, str]:
    """Return (device, what to do) of the first that does not work, ("", "") where all do."""
    stopped = sorted((each for each in healths if remedy(words, each[0])), key=lambda each: each[0].is_working)
    return (device_name(words, *stopped[0]), remedy(words, stopped[0][0])) if stopped else ("", "")
