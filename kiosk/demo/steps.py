"""What a story is made of: what a person does at the window, what the world does to the machine, what must be seen."""

from dataclasses import dataclass

from kiosk.domain.sale.sale import Stage


@dataclass(frozen=True, slots=True)
class Tap:
    """Touch the thing whose accessible name matches (a regular expression over the whole name)."""

    name: str


@dataclass(frozen=True, slots=True)
class See:
    """Wait until something with this name is shown."""

    name: str
    wait_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Type:
    """Type on the keyboard."""

    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """Press a key by name."""

    key: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Keep a picture of the page under this name."""

    name: str


@dataclass(frozen=True, slots=True)
class InsertCash:
    """Put notes and coins into the cash unit, values in minor units."""

    values_minor: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlayFault:
    """Start or end a fault of a simulator; `times` is how often it strikes, 0 until it is ended."""

    device_id: str
    fault: str
    is_on: bool = True
    times: int = 0


@dataclass(frozen=True, slots=True)
class PlayLink:
    """Play the link to the platform: up or down."""

    mode: str


@dataclass(frozen=True, slots=True)
class BookElsewhere:
    """Book a journey as another channel does; its code is what `ScanBooking` reads."""

    origin: str
    destination: str
    adults: int = 1


@dataclass(frozen=True, slots=True)
class ScanBooking:
    """Hold the code of the booking made elsewhere under the scanner."""


@dataclass(frozen=True, slots=True)
class AwaitStage:
    """Wait until the latest sale is at one of these stages."""

    stages: tuple[Stage, ...]
    wait_s: float = 60.0


@dataclass(frozen=True, slots=True)
class AwaitSynced:
    """Wait until nothing waits for the platform's proof any more."""

    wait_s: float = 60.0


@dataclass(frozen=True, slots=True)
class AwaitPaper:
    """Wait until the latest sale has a document of this kind on paper."""

    kind: str
    wait_s: float = 30.0


Step = (
    Tap | See | Type | Press | Picture | InsertCash | PlayFault | PlayLink | BookElsewhere | ScanBooking | AwaitStage
    | AwaitPaper | AwaitSynced
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Story:
    """One visit: its steps, and how its sales must end (one outcome per sale, in order of opening)."""

    name: str
    title: str
    steps: tuple[Step, ...]
    outcomes: tuple[str, ...]
