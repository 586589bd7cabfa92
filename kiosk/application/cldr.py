"""CLDR as Babel knows it, read with the first amount, date or plural that needs it: the first page needs none."""

from typing import Any


def core() -> Any:
    """Return Babel's locales."""
    import babel.core  # noqa: PLC0415 - see above

    return babel.core


def dates() -> Any:
    """Return Babel's dates."""
    import babel.dates  # noqa: PLC0415

    return babel.dates


def numbers() -> Any:
    """Return Babel's numbers."""
    import babel.numbers  # noqa: PLC0415

    return babel.numbers
