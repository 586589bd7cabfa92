"""A terminal becomes a device of a pretix organizer, changes its token, and ceases to be one."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from kiosk.application.errors import Refused, Unreachable
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


async def initialize(client: "Client", token: str, terminal: Terminal, *, timeout_s: float, key: str = "") -> Device:
    """Trade the one-time token for a device; after a lost answer whoever has the same `key` is told the same again.

    Raises:
        Unreachable, Refused(bad_request) for a token unknown or used, OutcomeUnknown: ask again.
    """
    body = {
        "token": token, "hardware_brand": terminal.brand, "hardware_model": terminal.model,
        "software_brand": "Guichet", "software_version": terminal.version,
    }  # fmt: skip
    return _device((await client.send("POST", "/api/v1/device/initialize", body, timeout_s=timeout_s, key=key)).body)


async def roll(client: "Client", *, timeout_s: float, key: str = "") -> Device:
    """Change the token; the old one is dead at once, yet with it and the same `key` the new one is told again."""
    return _device((await client.send("POST", "/api/v1/device/roll", {}, timeout_s=timeout_s, key=key)).body)


async def is_pretix(client: "Client", *, timeout_s: float) -> bool:
    """Say whether the address is a pretix: it alone answers a question here with a refusal in JSON.

    Raises:
        Unreachable: nothing answers, or its certificate is wrong.
    """
    try:
        await client.get("/api/v1/device/initialize", timeout_s=timeout_s)
    except Refused as no:
        return "not allowed" in no.detail
    except Unreachable as away:
        if not away.detail.startswith(("answered", "RemoteProtocolError")):
            raise
    return False


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
