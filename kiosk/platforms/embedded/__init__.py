"""The embedded platform: sells a GTFS timetable and a programme of events with no server, playing the server itself."""

from kiosk.platforms.embedded.adapter import EmbeddedPlatform
from kiosk.platforms.embedded.config import EmbeddedConfig, FileRefusedError
from kiosk.platforms.embedded.ledger import Totals
from kiosk.platforms.embedded.link import Link, LinkMode, LinkState
from kiosk.platforms.embedded.opening import open_embedded, open_link
from kiosk.platforms.embedded.timetable import CatalogueFacts

__all__ = [
    "CatalogueFacts",
    "EmbeddedConfig",
    "EmbeddedPlatform",
    "FileRefusedError",
    "Link",
    "LinkMode",
    "LinkState",
    "Totals",
    "open_embedded",
    "open_link",
]
