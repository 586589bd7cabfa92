"""pretix: sells the live catalogue of a pretix organizer over its REST interface."""

from kiosk.platforms.pretix.adapter import PretixPlatform
from kiosk.platforms.pretix.catalogue import Unsold
from kiosk.platforms.pretix.client import Access, Client
from kiosk.platforms.pretix.config import PretixConfig
from kiosk.platforms.pretix.joining import Ask, NotLinkedError, address_and_code, join, leave, renew
from kiosk.platforms.pretix.provisioning import Device, Terminal, initialize, revoke, roll
from kiosk.platforms.pretix.sealed_link import Link, SealBrokenError, SealedLink

__all__ = [
    "Access",
    "Ask",
    "Client",
    "Device",
    "Link",
    "NotLinkedError",
    "PretixConfig",
    "PretixPlatform",
    "SealBrokenError",
    "SealedLink",
    "Terminal",
    "Unsold",
    "address_and_code",
    "initialize",
    "join",
    "leave",
    "renew",
    "revoke",
    "roll",
]
