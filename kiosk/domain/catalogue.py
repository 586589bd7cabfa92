"""What can be sold: places, occurrences, products, offers, seats. Words are OSDM's where OSDM has one."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from kiosk.domain.money import Money, total


class Texts(Struct, frozen=True, gc=False):
    """Hold one text in several languages: `default`, then (BCP 47 tag, text) pairs."""

    default: str
    others: tuple[tuple[str, str], ...] = ()

    def text(self, language: str) -> str:
        """Return the text in a language, in its base language, or the default."""
        by_tag = dict(self.others)
        return by_tag.get(language) or by_tag.get(language.split("-", maxsplit=1)[0]) or self.default


class PlaceKind(StrEnum):
    """What sort of place a traveller is looking at."""

    STATION = "station"
    STOP = "stop"
    VENUE = "venue"


class Place(Struct, frozen=True):
    """Name where something starts, ends or happens (OSDM StopPlace); `zone` is its IANA time zone."""

    id: str
    name: Texts
    kind: PlaceKind
    zone: str
    latitude: float | None = None
    longitude: float | None = None


class PlaceHit(Struct, frozen=True):
    """Report one search hit; `match` is the matched slice (start, end) of the shown name, `is_near` a guess."""

    place: Place
    shown: str
    match: tuple[int, int]
    is_near: bool = False


class OccurrenceKind(StrEnum):
    """A dated thing is ridden, attended, or open (valid on a day without a promised capacity)."""

    TRIP = "trip"
    EVENT = "event"
    OPEN = "open"


class Occurrence(Struct, frozen=True):
    """Describe a dated thing one can ride or attend, as far as page and paper show it.

    Times carry an offset; `zone` is the IANA zone they are shown in. Trips fill `origin`, `destination`
    and `line`; events fill `venue`. `via` names the places of change.
    """

    id: str
    kind: OccurrenceKind
    title: Texts
    starts: datetime
    ends: datetime
    zone: str
    origin: Place | None = None
    destination: Place | None = None
    venue: Place | None = None
    line: str = ""
    track: str = ""
    via: tuple[Texts, ...] = ()


class Fullness(StrEnum):
    """How full, as a traveller understands it."""

    PLENTY = "plenty"
    FILLING = "filling"
    NEARLY_FULL = "nearly_full"
    FULL = "full"
    UNKNOWN = "unknown"


class Availability(Struct, frozen=True):
    """Say how many are left (None: not counted), as of when; `is_stale` marks a figure not to be relied on."""

    fullness: Fullness
    left: int | None
    as_of: datetime
    is_stale: bool = False


class Leg(Struct, frozen=True):
    """One ride without a change."""

    trip_id: str
    line: str
    headsign: str
    origin: Place
    destination: Place
    departs: datetime
    arrives: datetime
    track: str = ""


class Journey(Struct, frozen=True):
    """A way from A to B in one or more legs, with the lowest price for one adult where a tariff gives one."""

    id: str
    legs: tuple[Leg, ...]
    price_from: Money | None
    availability: Availability
    delay_min: int = 0

    @property
    def departs(self) -> datetime:
        """Return the first departure."""
        return self.legs[0].departs

    @property
    def arrives(self) -> datetime:
        """Return the last arrival."""
        return self.legs[-1].arrives

    @property
    def changes(self) -> int:
        """Return how often one changes."""
        return len(self.legs) - 1


class RiderCategory(Struct, frozen=True):
    """Who travels or attends, at what age (inclusive bounds in years, None: open)."""

    id: str
    name: Texts
    age_min: int | None = None
    age_max: int | None = None


class RiderCount(Struct, frozen=True):
    """How many of one category."""

    category_id: str
    count: int


class EventKind(StrEnum):
    """How one gets in: on a numbered seat, in a time slot, or any time on the day."""

    SEATED = "seated"
    SLOT = "slot"
    OPEN = "open"


class Event(Struct, frozen=True):
    """Something one attends, with its slots behind it; `price_from` is the lowest current price."""

    id: str
    name: Texts
    kind: EventKind
    venue: Place
    description: Texts
    price_from: Money | None
    next_starts: datetime | None


class Slot(Struct, frozen=True):
    """One dated entry of an event."""

    id: str
    event_id: str
    starts: datetime
    ends: datetime
    zone: str
    availability: Availability
    price_from: Money | None


class QuestionKind(StrEnum):
    """What an answer is: free text, a number, an agreement, one or some of a list, a date or a time."""

    TEXT = "text"
    LINES = "lines"
    NUMBER = "number"
    YES_NO = "yes_no"
    ONE_OF = "one_of"
    SOME_OF = "some_of"
    DATE = "date"
    TIME = "time"
    MOMENT = "moment"
    PHONE = "phone"
    COUNTRY = "country"


class AnswerOption(Struct, frozen=True, gc=False):
    """One of the answers to choose from."""

    id: str
    text: Texts


class Question(Struct, frozen=True, gc=False):
    """Something asked of whoever a ticket is for, only after an answer of `depends_values` where it depends on one.

    `least` and `most` are bounds of numbers and dates as they are written, empty where open.
    """

    id: str
    text: Texts
    kind: QuestionKind
    is_required: bool = False
    options: tuple[AnswerOption, ...] = ()
    depends_on: str = ""
    depends_values: tuple[str, ...] = ()
    least: str = ""
    most: str = ""
    chars_min: int | None = None
    chars_max: int | None = None


class EventProduct(Struct, frozen=True, gc=False):
    """A product of an event: who it is for, what it costs, and whether it is added to another.

    `left` is as of `as_of` (None: the platform does not count). `questions` are asked for each one sold.
    """

    id: str
    name: Texts
    category_id: str
    price: Money
    tax_permyriad: int
    seat_category_id: str = ""
    is_addon: bool = False
    count_max: int = 20
    left: int | None = None
    as_of: datetime | None = None
    questions: tuple[Question, ...] = ()


class SeatState(StrEnum):
    """Whether a seat can be had."""

    FREE = "free"
    TAKEN = "taken"
    HELD = "held"


class Seat(Struct, frozen=True, gc=False):
    """A numbered seat; x and y are in seat pitches from the stage's left front corner."""

    id: str
    row: str
    number: str
    category_id: str
    x: float
    y: float
    state: SeatState = SeatState.FREE
    is_accessible: bool = False


class SeatCategory(Struct, frozen=True):
    """A price area of a hall; `tone` is front, middle or back and picks shape and colour."""

    id: str
    name: Texts
    price: Money
    tone: str


class SeatMap(Struct, frozen=True):
    """All seats of one slot as of a moment."""

    slot_id: str
    categories: tuple[SeatCategory, ...]
    seats: tuple[Seat, ...]
    as_of: datetime


class PartKind(StrEnum):
    """OSDM's offer parts."""

    ADMISSION = "admission"
    RESERVATION = "reservation"
    ANCILLARY = "ancillary"


class OfferPart(Struct, frozen=True):
    """One line that becomes one ticket or one ancillary of it: gross price, tax inside it, holder's category.

    `needs_capacity` is true when selling it needs the platform's promise (seat, slot, quota); such a part
    is not sold while the platform is away unless a hold was made before. `addon_to` names the part it adds to,
    `discount_id` the platform's own discount in the price, for its books. `asks`: the questions without whose answer it
    is not sold. `voucher`: the code whose terms it is sold on.
    """

    id: str
    kind: PartKind
    product_id: str
    product_name: Texts
    price: Money
    tax_permyriad: int
    category_id: str = ""
    category_name: Texts = Texts("")
    seat_id: str = ""
    seat_row: str = ""
    seat_number: str = ""
    seat_category: Texts = Texts("")
    needs_capacity: bool = False
    addon_to: str = ""
    discount_id: str = ""
    asks: tuple[str, ...] = ()
    voucher: str = ""


class Voucher(Struct, frozen=True):
    """A code as it stands for one slot: what it is good for, at its prices, how often still and at least at once."""

    code: str
    products: tuple[EventProduct, ...]
    left: int
    least: int = 1
    until: datetime | None = None


class Offer(Struct, frozen=True):
    """A priced, bookable combination with an expiry; `validity` is the operator's own sentence."""

    id: str
    platform_id: str
    occurrence: Occurrence
    parts: tuple[OfferPart, ...]
    currency: str
    expires: datetime
    priced_at: datetime
    valid_from: datetime
    valid_until: datetime
    validity: Texts

    @property
    def price(self) -> Money:
        """Return the gross sum of its parts."""
        return total(tuple(part.price for part in self.parts), self.currency)

    @property
    def needs_capacity(self) -> bool:
        """Say whether any part needs the platform's promise."""
        return any(part.needs_capacity for part in self.parts)
