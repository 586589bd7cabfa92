"""What a device says of itself, in the component states of IATA CUSS 2."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field


class ComponentState(StrEnum):
    """CUSS 2 component states, as far as a ticket terminal meets them."""

    READY = "ready"
    BUSY = "busy"
    MEDIA_LOW = "media_low"  # works, but consumables run out
    MEDIA_EMPTY = "media_empty"
    MEDIA_JAMMED = "media_jammed"
    MEDIA_PRESENT = "media_present"  # something lies in the tray or the slot
    USER_ACTION = "user_action"  # a cover is open, a card is in upside down
    HARDWARE_ERROR = "hardware_error"
    SOFTWARE_ERROR = "software_error"  # speaks nonsense, or our driver gave up
    NOT_REACHABLE = "not_reachable"
    OUT_OF_SERVICE = "out_of_service"  # a technician said so


WORKING = frozenset({ComponentState.READY, ComponentState.BUSY, ComponentState.MEDIA_LOW, ComponentState.MEDIA_PRESENT})


class Health(Struct, frozen=True):
    """A device's state with its cause and remedy as message keys; `since` is when this state began.

    `cause` and `remedy` are keys such as "printer.paper_out". `counters` are (name, value) such as
    ("tickets_printed", 412). `detail` is scrubbed free text.
    """

    device_id: str
    family: str  # printer, payment_device, card_reader, scanner, cash, display
    state: ComponentState
    since: datetime
    seen: datetime
    cause: str = ""
    remedy: str = ""
    is_simulated: bool = False
    model: str = ""
    firmware: str = ""
    counters: tuple[tuple[str, int], ...] = field(default=())
    detail: str = ""

    @property
    def is_working(self) -> bool:
        """Say whether a flow may rely on it."""
        return self.state in WORKING
