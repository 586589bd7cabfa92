"""Everything a face gets: one running terminal, joined by bootstrap."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct, field

from hardware.card_reader import CardReader
from hardware.cash import CashUnit
from hardware.display import CustomerDisplay
from hardware.payment_terminal import PaymentTerminal
from hardware.printer import Printer
from hardware.scanner import Scanner
from hardware.trace import WireTrace
from kiosk.application.alarms import Alarms
from kiosk.application.claim_book import ClaimBook
from kiosk.application.clock import Clock
from kiosk.application.conflict_book import ConflictBook
from kiosk.application.inputs import Inputs
from kiosk.application.interfaces import Platform
from kiosk.application.paper import ClaimSigner
from kiosk.application.reconciliation import Books
from kiosk.application.service import Acts, OutOfService
from kiosk.application.service_access import ServiceAccess
from kiosk.application.settings import Settings
from kiosk.application.settings_intake import SettingsIntake
from kiosk.application.staff_cards import StaffCards
from kiosk.application.supervision import Supervision
from kiosk.application.supplies import Supplies
from kiosk.application.till import Till
from kiosk.application.watchdog import Watchdog


class Devices(Protocol):
    """What hangs on this terminal."""

    def all(self) -> tuple[Any, ...]:
        """Return every device."""
        ...

    def device(self, device_id: str) -> Any | None:
        """Return the device of that id."""
        ...

    @property
    def printers(self) -> tuple[Printer, ...]:
        """Return the printers, the ticket printer first."""
        ...

    @property
    def payment(self) -> PaymentTerminal | None:
        """Return the payment device."""
        ...

    @property
    def cash(self) -> CashUnit | None:
        """Return the cash unit."""
        ...

    @property
    def scanners(self) -> tuple[Scanner, ...]:
        """Return the scanners."""
        ...

    @property
    def readers(self) -> tuple[CardReader, ...]:
        """Return the card readers."""
        ...

    @property
    def display(self) -> CustomerDisplay | None:
        """Return the customer display."""
        ...

    @property
    def traces(self) -> Mapping[str, WireTrace]:
        """Return what went over the wire of each device that has one, by its id."""
        ...


class StreamFigure(Struct, frozen=True):
    """How one stream of the queue stands; `blocked_cause` is empty while it flows."""

    stream: str
    ready: int
    parked: int
    blocked_cause: str = ""


class StoreFigures(Struct, frozen=True):
    """What staff may know of the store: queue per stream, where the journal ends, its head in hex.

    `waiting_sales` still owe the platform something, the longest of them since `waiting_since`.
    """

    streams: tuple[StreamFigure, ...]
    journal_seq: int
    journal_head: str
    waiting_sales: int = 0
    waiting_since: datetime | None = None

    @property
    def queue_depth(self) -> int:
        """Return how many messages wait for the platform's proof."""
        return sum(stream.ready + stream.parked for stream in self.streams)

    @property
    def parked(self) -> int:
        """Return how many of them the platform refused: each waits for a person."""
        return sum(stream.parked for stream in self.streams)

    @property
    def is_blocked(self) -> bool:
        """Say whether the platform takes nothing from this terminal until a person acts."""
        return any(stream.blocked_cause for stream in self.streams)


class StoreReader(Protocol):
    """The store as faces may see it: to look at, to copy and to forget a person in, never to write."""

    async def figures(self) -> StoreFigures:
        """Return how the store stands."""
        ...

    async def findings(self) -> tuple[str, ...]:
        """Verify both journals; return what is wrong, nothing if all is well."""
        ...

    async def export(self, target: Path) -> tuple[Path, ...]:
        """Write journal, queue figures and proofs as JSON lines into a folder."""
        ...

    async def backup(self, target: Path, recovery_key: bytes) -> tuple[Path, ...]:
        """Write a backup into an empty folder; return its files."""
        ...

    async def forget(self, sale_id: str, actor: str) -> None:
        """Make the personal data of a finished sale unreadable everywhere."""
        ...


class Terminal(Struct, frozen=True):
    """One running terminal. `platform` is awaited on the loop of the face; its work runs on the network thread."""

    till: Till
    platform: Platform
    supervision: Supervision
    settings: Settings
    clock: Clock
    devices: Devices
    store: StoreReader
    books: Books
    claims: ClaimBook
    conflicts: ConflictBook
    acts: Acts
    out_of_service: OutOfService
    alarms: Alarms
    access: ServiceAccess
    staff_cards: StaffCards
    supplies: Supplies
    intake: SettingsIntake
    inputs: Inputs
    watchdog: Watchdog
    signer: ClaimSigner
    data_dir: Path
    settings_problem: str = ""
    play_link: Callable[[bool], None] | None = None  # takes the link to a simulated platform down, and up again
    store_repaired: tuple[str, ...] = field(default=())

    @property
    def is_training(self) -> bool:
        """Say whether this terminal only practises: DEMO on screen and paper."""
        return self.settings.terminal.is_training
