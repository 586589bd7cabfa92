"""Money, times, days and durations as people of a language write them (CLDR by Babel), in Latin digits."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, QLocale

from kiosk.application import cldr
from kiosk.domain.money import Money, exponent

LOCALES = {"zh": "zh_Hans_CN", "en": "en_GB", "de": "de_DE", "ar": "ar", "fr": "fr_FR"}
DIGITS = "latn"


def locale_of(tag: str) -> str:
    """Return the CLDR locale of a BCP 47 tag."""
    return LOCALES.get(tag, tag.replace("-", "_"))


def money(amount: Money, tag: str, *, is_short: bool = False) -> str:
    """Return an amount in its currency; short leaves out a fraction of zero."""
    digits = exponent(amount.currency)
    value = amount.minor / 10**digits
    whole = is_short and amount.minor % 10**digits == 0
    numbers = cldr.numbers()
    text: str = numbers.format_currency(
        int(value) if whole else value,
        amount.currency,
        locale=locale_of(tag),
        numbering_system=DIGITS,
        currency_digits=not whole and digits == numbers.get_currency_precision(amount.currency),
        format=_whole_pattern(tag, digits) if whole else None,
    )
    return text.replace("\u200f", "").strip()


def _whole_pattern(tag: str, digits: int) -> str:
    del digits
    return {"de": "#,##0 ¤", "ar": "#,##0 ¤", "fr": "#,##0 ¤"}.get(tag, "¤#,##0")


def clock(moment: datetime, zone: str) -> str:
    """Return the time of day where it happens, 24 hours as on station clocks."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


def local_day(moment: datetime, zone: str) -> date:
    """Return the day where it happens."""
    return moment.astimezone(ZoneInfo(zone)).date()


def long_day(day: date, tag: str) -> str:
    """Return a day with its weekday: Sunday 22 November.

    By Qt's CLDR, which is in memory, not Babel's: the first page shows a day and would wait for Babel's files.
    """
    pattern = {"zh": "M月d日dddd", "de": "dddd, d. MMMM"}.get(tag, "dddd d MMMM")
    return _latin(QLocale(locale_of(tag)).toString(QDate(day.year, day.month, day.day), pattern))


def day_and_month(day: date, tag: str) -> str:
    """Return a day without its weekday: 22 November."""
    pattern = {"en": "d MMMM", "zh": "M月d日", "de": "d. MMMM"}.get(tag, "d MMMM")
    return _latin(cldr.dates().format_date(day, pattern, locale=locale_of(tag)))


def short_day(day: date, tag: str) -> str:
    """Return a day short: 1 Dec."""
    return _latin(str(cldr.dates().format_skeleton("MMMd", day, locale=locale_of(tag))))


def near_day(day: date, tag: str) -> str:
    """Return a day of the coming months with its weekday, short: Sun 29 Nov."""
    pattern = {"zh": "M月d日 EEE", "de": "EEE d. MMM"}.get(tag, "EEE d MMM")
    return _latin(cldr.dates().format_date(day, pattern, locale=locale_of(tag)))


def weekdays(tag: str) -> tuple[str, ...]:
    """Return the short names of the days, Monday first."""
    monday = date(2024, 1, 1)
    return tuple(cldr.dates().format_date(monday + timedelta(days=at), "EEE", locale=locale_of(tag)) for at in range(7))


def number(value: float, tag: str) -> str:
    """Return a number with at most one decimal."""
    return str(cldr.numbers().format_decimal(value, format="#,##0.#", locale=locale_of(tag), numbering_system=DIGITS))


def hours_minutes(duration: timedelta) -> tuple[int, int]:
    """Return whole hours and minutes of a duration."""
    minutes = max(0, int(duration.total_seconds()) // 60)
    return minutes // 60, minutes % 60


def _latin(text: str) -> str:
    return text.translate({0x660 + digit: str(digit) for digit in range(10)})
