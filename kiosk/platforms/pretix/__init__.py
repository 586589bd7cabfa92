"""pretix: sells the live catalogue of a pretix organizer over its REST interface."""

from kiosk.platforms.pretix.adapter import PretixConfig, PretixPlatform
from kiosk.platforms.pretix.catalogue import Unsold
from kiosk.platforms.pretix.client import Access, Client
from kiosk.platforms.pretix.provisioning import Device, Terminal, initialize, revoke, roll

__all__ = [
    "Access",
    "Client",
    "Device",
    "PretixConfig",
    "PretixPlatform",
    "Terminal",
    "Unsold",
    "initialize",
    "revoke",
    "roll",
]
