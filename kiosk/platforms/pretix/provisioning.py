"""A terminal becomes a device of a pretix organizer, changes its token, and ceases to be one."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from kiosk.application.errors import Unreachable
from kiosk.platforms.pretix import mapping

if TYPE_CHECKING:
    from kiosk.platforms.pretix.client import Client


class Terminal(Struct, frozen=True):
    """What the server is told about us."""

    brand: str
    model: str
    version: str


@dataclass(frozen=True, slots=True)
class Device:
    """What we are there; the token never shows in a repr."""

    organizer: str
    device_id: int
    unique_serial: str
    name: str
    token: str = field(repr=False)


async def initialize(client: "Client", token: str, terminal: Terminal, *, timeout_s: float) -> Device:
    """Trade the one-time token for a device; after a lost answer the same client asks again and is told the same.

    Raises:
        Unreachable, Refused(bad_request) for a token unknown or used, OutcomeUnknown: ask again.
    """
    body = {
        "token": token, "hardware_brand": terminal.brand, "hardware_model": terminal.model,
        "software_brand": "Guichet", "software_version": terminal.version,
    }  # fmt: skip
    return _device((await client.send("POST", "/api/v1/device/initialize", body, timeout_s=timeout_s)).body)


async def roll(client: "Client", *, timeout_s: float) -> Device:
    """Change the token; the old one is dead at once, yet the same client learns the new one by asking again."""
    return _device((await client.send("POST", "/api/v1/device/roll", {}, timeout_s=timeout_s)).body)


async def revoke(client: "Client", *, timeout_s: float) -> None:
    """Cease to be a device."""
    await client.send("POST", "/api/v1/device/revoke", {}, timeout_s=timeout_s)


def _device(body: Any) -> Device:
    try:
        text = {name: mapping.field(body, name, str) for name in ("organizer", "unique_serial", "name", "api_token")}
        number = mapping.field(body, "device_id", int)
    except mapping.AbsurdFieldError as problem:
        raise Unreachable("unreachable", str(problem)) from None
    return Device(text["organizer"], number, text["unique_serial"], text["name"], text["api_token"])
