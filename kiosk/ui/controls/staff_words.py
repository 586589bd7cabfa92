"""What is said to the staff of one terminal: in one language, with figures as that language writes them."""

from datetime import datetime, timedelta

from msgspec import Struct

from kiosk.application import paper_words
from kiosk.application.settings import Settings
from kiosk.application.word import Word
from kiosk.domain.catalogue import Texts
from kiosk.domain.money import Money
from kiosk.ui import formatting
from kiosk.ui.i18n import Speech

SECONDS_MAX = 100  # two digits of seconds, then minutes
MINUTES_MAX = 100
MINUTE_S, HOUR_S = 60, 3600


class StaffWords(Struct, frozen=True):
    """Speak to the staff at one face."""

    speech: Speech

    @property
    def tag(self) -> str:
        """Return the language spoken, a BCP 47 tag."""
        return self.speech.tag

    def say(self, text: str, *, n: int = -1, **values: object) -> str:
        """Return an English text, always a literal, in the language spoken."""
        return self.speech.say(text, n=n, **values)

    def tell(self, text: Word, *, n: int = -1, **values: object) -> str:
        """Return a word of a table in the language spoken."""
        return self.speech.tell(text, n=n, **values)

    def text(self, texts: Texts) -> str:
        """Return a text of the platform."""
        return texts.text(self.tag)

    def amount(self, value: Money | None) -> str:
        """Return an amount with its sign, "" for none."""
        return "" if value is None else paper_words.money(value, self.tag)

    def number(self, value: float) -> str:
        """Return a number as it is written here; one decimal, where it has any."""
        return formatting.number(value, self.tag)

    def day(self, moment: datetime, zone: str) -> str:
        """Return a weekday and date where it happens."""
        return paper_words.day(moment, zone, self.tag)

    def near_day(self, moment: datetime, zone: str) -> str:
        """Return a weekday and day of the coming months where it happens, without the year."""
        return formatting.near_day(formatting.local_day(moment, zone), self.tag)

    def clock(self, moment: datetime, zone: str) -> str:
        """Return the time of day where it happens."""
        return formatting.clock(moment, zone)

    def duration(self, span: timedelta) -> str:
        """Return hours and minutes."""
        hours, minutes = formatting.hours_minutes(span)
        if not hours:
            return self.say("{minutes} min", minutes=minutes)
        return self.say("{hours} h {minutes}", hours=hours, minutes=f"{minutes:02d}")

    def age(self, since: datetime, now: datetime) -> str:
        """Return how old a figure is, in the coarsest honest unit."""
        seconds = max(0, int((now - since).total_seconds()))
        if seconds < SECONDS_MAX:
            return self.say("{seconds} s ago", seconds=seconds)
        if seconds < MINUTES_MAX * MINUTE_S:
            return self.say("{minutes} min ago", minutes=seconds // MINUTE_S)
        return self.say("{hours} h ago", hours=seconds // HOUR_S)


def staff_speech(settings: Settings) -> Speech:
    """Return the speech of a staff face: it can speak every language offered and begins in the staff's."""
    speech = Speech(settings.terminal.languages)
    speech.choose(settings.staff_language)
    return speech
