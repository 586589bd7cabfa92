"""A seat found by what is typed: first its row, then its number, as they stand on the ticket and in the hall. Pure."""

import unicodedata

from msgspec import Struct
from msgspec.structs import replace

from kiosk.domain.catalogue import Seat, SeatMap
from kiosk.ui.bridge import clean

TYPED_MAX = 6
DIGITS = ("1 2 3 4 5", "6 7 8 9 0")  # the key that deletes stands at the end of the last row
KEYS_PER_ROW = 10


class TypedSeat(Struct, frozen=True):
    """What is typed so far; `is_at_number` says that the next character belongs to the number."""

    row: str = ""
    number: str = ""
    is_at_number: bool = False

    @property
    def current(self) -> str:
        """Return what stands in the field that is typed into."""
        return self.number if self.is_at_number else self.row

    def typed(self, text: str) -> "TypedSeat":
        """Take characters into the current field; what does not fit is left out."""
        return self._with((self.current + plain(text))[:TYPED_MAX])

    def erased(self) -> "TypedSeat":
        """Take the last character back; from an empty number on, the row's."""
        if self.is_at_number and not self.number:
            return replace(self, is_at_number=False)
        return self._with(self.current[:-1])

    def _with(self, text: str) -> "TypedSeat":
        return replace(self, number=text) if self.is_at_number else replace(self, row=text)


def plain(text: str) -> str:
    """Return typed text as rows and numbers are compared: no control characters, no spaces, capitals, Latin digits."""
    folded = unicodedata.normalize("NFKC", clean(text)).upper()
    return "".join(str(unicodedata.digit(each)) if each.isdigit() else each for each in folded if not each.isspace())


def in_row(plan: SeatMap, row: str) -> tuple[Seat, ...]:
    """Return the seats of a row as it is typed."""
    return tuple(seat for seat in plan.seats if plain(seat.row) == plain(row))


def find(plan: SeatMap, typed: TypedSeat) -> Seat | None:
    """Return the seat typed, None where there is none."""
    return next((seat for seat in in_row(plan, typed.row) if plain(seat.number) == plain(typed.number)), None)


def span(names: list[str]) -> tuple[str, str]:
    """Return the first and the last of names in the order of the hall; "", "" of none."""
    ordered = sorted(dict.fromkeys(names), key=lambda each: (len(each), each))
    return (ordered[0], ordered[-1]) if ordered else ("", "")


def keys(plan: SeatMap) -> tuple[str, ...]:
    """Return the keys that rows and numbers of this hall need: digits, and letters in rows of ten."""
    letters = sorted({char for seat in plan.seats for char in plain(seat.row + seat.number)} - set("".join(DIGITS)))
    lines = (letters[at : at + KEYS_PER_ROW] for at in range(0, len(letters), KEYS_PER_ROW))
    return (*(" ".join(line) for line in lines), *DIGITS)
