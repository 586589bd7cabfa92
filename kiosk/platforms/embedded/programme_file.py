"""The programme file: venues, halls, and events that repeat on weekdays, read and checked (docs/tariff.md)."""

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from kiosk.platforms.embedded.config import FileRefusedError
from kiosk.platforms.embedded.feed_values import is_zone
from kiosk.platforms.embedded.tariff_file import Identity, Percent, Price, Words, check_prices, read_toml

REMEDY = "Correct it as docs/tariff.md describes"
SEATS_MAX = 100_000


class Venue(Struct, frozen=True, forbid_unknown_fields=True):
    """Where events happen."""

    id: Identity
    name: Words
    zone: str


class Area(Struct, frozen=True, forbid_unknown_fields=True):
    """Rows of one price category, front to back, by their number of seats."""

    category: Identity
    best_row: str
    rows: Annotated[tuple[Annotated[int, Meta(ge=1, le=2_000)], ...], Meta(min_length=1, max_length=500)]


class Hall(Struct, frozen=True, forbid_unknown_fields=True):
    """A hall with one aisle in the middle; rows are numbered from the stage; `accessible` lists "row-seat"."""

    id: Identity
    area: Annotated[tuple[Area, ...], Meta(min_length=1, max_length=20)]
    curve: Annotated[float, Meta(ge=0, le=0.1)] = 0.0
    accessible: tuple[str, ...] = ()


class Category(Struct, frozen=True, forbid_unknown_fields=True):
    """A price area of an event's hall."""

    id: Identity
    name: Words
    tone: Literal["front", "middle", "back"]
    price: Price


class ProgrammeProduct(Struct, frozen=True, forbid_unknown_fields=True):
    """Who a ticket is for; in a hall its price is `percent` of the seat's, elsewhere it is `price`."""

    id: Identity
    name: Words
    category: str = ""
    price: Price | None = None
    percent: Percent = 100
    tax_percent: Annotated[float, Meta(ge=0, le=100)] | None = None
    is_addon: bool = False


class ProgrammeEvent(Struct, frozen=True, forbid_unknown_fields=True):
    """An event on weekdays (1 is Monday) at times; `sold_percent` is what other channels have sold already."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    kind: Literal["seated", "slot", "open"]
    venue: Identity
    name: Words
    description: Words
    validity: Words
    weekdays: tuple[Annotated[int, Meta(ge=1, le=7)], ...]
    times: Annotated[tuple[Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")], ...], Meta(min_length=1)]
    minutes: Annotated[int, Meta(ge=1, le=1440)]
    product: Annotated[tuple[ProgrammeProduct, ...], Meta(min_length=1, max_length=50)]
    tax_percent: Annotated[float, Meta(ge=0, le=100)]
    hall: str = ""
    category: tuple[Category, ...] = ()
    capacity: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    sold_percent: Annotated[int, Meta(ge=0, le=100)] = 0


class ProgrammeFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    venue: tuple[Venue, ...] = ()
    hall: tuple[Hall, ...] = ()
    event: tuple[ProgrammeEvent, ...] = ()


def read_programme_file(path: Path) -> ProgrammeFile:
    """Read a programme file and check that its parts fit together.

    Raises:
        FileRefusedError: a key or a reference is wrong; the sentence names it.
    """
    file = read_toml(path, ProgrammeFile)
    for venue in file.venue:
        if not is_zone(venue.zone):
            raise FileRefusedError(path.name, f"the venue {venue.id} names an unknown time zone", REMEDY)
    venues, halls = {venue.id for venue in file.venue}, {hall.id: hall for hall in file.hall}
    for event in file.event:
        trouble = _trouble(event, venues, halls)
        if trouble:
            raise FileRefusedError(path.name, f"the event {event.id} {trouble}", REMEDY)
    seats = [category.price for event in file.event for category in event.category]
    products = [product.price for event in file.event for product in event.product if product.price is not None]
    check_prices(path.name, (*seats, *products), file.currency)
    return file


def _trouble(event: ProgrammeEvent, venues: set[str], halls: dict[str, Hall]) -> str:
    hall = halls.get(event.hall)
    areas = {area.category for area in hall.area} if hall is not None else set()
    seats = sum(sum(area.rows) for area in hall.area) if hall is not None else 0
    is_seated = event.kind == "seated"
    troubles = {
        "names a venue that is not in the file": event.venue not in venues,
        "has seats and names no hall of the file": is_seated and hall is None,
        "has other price categories than its hall": is_seated and areas != {each.id for each in event.category},
        f"has more than {SEATS_MAX} seats": seats > SEATS_MAX,
        "has a product without a price": any(
            each.price is None and (each.is_addon or not is_seated) for each in event.product
        ),
        "has time slots and no capacity": event.kind == "slot" and event.capacity == 0,
        "has nothing but add-ons": all(each.is_addon for each in event.product),
    }
    return next((trouble for trouble, is_so in troubles.items() if is_so), "")
