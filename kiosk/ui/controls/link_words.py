"""What staff are told while the link to the platform is down, and until what waited has gone out: calm and exact."""

from datetime import datetime, timedelta

from msgspec import Struct

from kiosk.application.terminal import StoreFigures, Terminal
from kiosk.application.word import Word
from kiosk.ui.controls.staff_words import StaffWords

USUAL_WAIT = timedelta(seconds=15)  # a sale's messages that have waited longer than this are worth a word
PLATFORM = Word("@staff.platform")


class LinkWords(Struct, frozen=True):
    """What a face says of the link; all empty while there is nothing to say."""

    state: str = ""
    waiting: str = ""
    selling: str = ""
    mood: str = "ok"

    @property
    def line(self) -> str:
        """Return it in one line."""
        return " · ".join(part for part in (self.state, self.waiting, self.selling) if part)


def link_words(words: StaffWords, terminal: Terminal, figures: StoreFigures | None) -> LinkWords:
    """Return since when the link is down, what waits and since when, and what can be sold meanwhile."""
    health, now = terminal.supervision.platform_health, terminal.clock.now()
    count = figures.waiting_sales if figures else 0
    oldest = figures.waiting_since if figures else None
    waiting = words.say("%n sale(s) wait since {time}", n=count, time=_time(words, terminal, oldest)) if oldest else ""
    if health is None:
        return LinkWords()
    if not health.is_reachable:
        state = words.say("Network away since {time}", time=_time(words, terminal, health.since))
        nothing = words.say("no sale waits") if figures else ""
        return LinkWords(state, waiting or nothing, words.tell(selling(terminal)), "info")
    if figures is not None and figures.is_blocked:
        return LinkWords(words.say("The platform takes no sales now"), waiting, words.say("call a technician"), "stop")
    if oldest is None or now - oldest < USUAL_WAIT:
        return LinkWords()
    return LinkWords(words.say("Network is back"), waiting, words.say("they go out now"), "info")


def selling(terminal: Terminal) -> Word:
    """Return what can be sold, and what not, while the link is down."""
    traits = terminal.platform.traits
    if traits.confirms_offline and traits.sells_journeys:
        return Word("journeys sell, seats and slots wait")
    return Word("selling goes on when it is back")


def _time(words: StaffWords, terminal: Terminal, moment: datetime) -> str:
    """Return the time of day, with the day where that is another one."""
    zone = terminal.platform.traits.zone
    time, today = words.clock(moment, zone), words.day(terminal.clock.now(), zone)
    day = words.day(moment, zone)
    return time if day == today else f"{day} {time}"
