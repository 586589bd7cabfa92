"""What a story is made of: what a person does at the window, what the world does to the machine, what must be seen."""

from msgspec import Struct

from kiosk.domain.sale.sale import Stage


class Tap(Struct, frozen=True):
    """Touch the thing whose accessible name matches (a regular expression over the whole name)."""

    name: str


class See(Struct, frozen=True):
    """Wait until something with this name is shown."""

    name: str
    wait_s: float = 30.0


class Type(Struct, frozen=True):
    """Type on the keyboard."""

    text: str


class Press(Struct, frozen=True):
    """Press a key by name."""

    key: str


class Picture(Struct, frozen=True):
    """Keep a picture of the page under this name."""

    name: str


class LookFrom(Struct, frozen=True):
    """Open another face of this terminal beside the page, wait until it says something, and keep a picture of it."""

    face: str
    says: str
    name: str


class InsertCash(Struct, frozen=True):
    """Put notes and coins into the cash unit, values in minor units."""

    values_minor: tuple[int, ...]


class PlayFault(Struct, frozen=True):
    """Start or end a fault of a simulator; `times` is how often it strikes, 0 until it is ended."""

    device_id: str
    fault: str
    is_on: bool = True
    times: int = 0


class PlayLink(Struct, frozen=True):
    """Play the link to the platform: up or down."""

    mode: str


class BookElsewhere(Struct, frozen=True):
    """Book a journey as another channel does; its code is what `ScanBooking` reads."""

    origin: str
    destination: str
    adults: int = 1


class ScanBooking(Struct, frozen=True):
    """Hold the code of the booking made elsewhere under the scanner."""


class AwaitStage(Struct, frozen=True):
    """Wait until the latest sale is at one of these stages."""

    stages: tuple[Stage, ...]
    wait_s: float = 60.0


class AwaitSynced(Struct, frozen=True):
    """Wait until nothing waits for the platform's proof any more."""

    wait_s: float = 60.0


class AwaitPaper(Struct, frozen=True):
    """Wait until the latest sale has a document of this kind on paper."""

    kind: str
    wait_s: float = 30.0


Step = (
    Tap | See | Type | Press | Picture | LookFrom | InsertCash | PlayFault | PlayLink | BookElsewhere | ScanBooking
    | AwaitStage | AwaitPaper | AwaitSynced
)  # fmt: skip


class Story(Struct, frozen=True):
    """One visit: its steps, and how its sales must end (one outcome per sale, in order of opening)."""

    name: str
    title: str
    steps: tuple[Step, ...]
    outcomes: tuple[str, ...]
