"""Looking for devices on request, each find with the lines of settings that would use it."""

import asyncio
import json
import socket
from collections.abc import Mapping
from ipaddress import IPv4Network
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from kiosk.application.service import Fact
from kiosk.application.service_actor import TECHNICIAN
from kiosk.application.settings import DeviceSettings, Settings
from kiosk.application.terminal import Terminal

if TYPE_CHECKING:
    from hardware.discovery import Candidate, Find

ROLE_NAMES = {
    "printer": "printer",
    "payment_terminal": "payment-device",
    "scanner": "scanner",
    "card_reader": "card-reader",
    "display": "display",
}
DEFAULT_PORTS = {"printer.escpos.tcp": 9100, "payment_terminal.zvt": 20007}


class Use(Struct, frozen=True):
    """A driver for a find, and the lines that put it into the settings."""

    kind: str
    lines: str


class Sighting(Struct, frozen=True):
    """One find as people are told of it; `device_id` is that of the device in the settings it is, "" for none."""

    way: str
    place: str
    name: str
    note: str
    device_id: str
    uses: tuple[Use, ...]


async def find(terminal: Terminal, actor: str) -> tuple[tuple[Sighting, ...], tuple[str, ...], tuple[str, ...]]:
    """Look for devices and journal it; return the sightings, the networks looked through, and the ways not gone."""
    from hardware.discovery import find_devices  # noqa: PLC0415 - only when it is asked for

    settings = terminal.settings
    named = settings.service.find_network
    in_use = await asyncio.to_thread(addresses, settings)
    seen = await find_devices(networks=(IPv4Network(named),) if named else None, in_use=in_use)
    taken = {each.device_id for each in settings.devices}
    sightings = tuple(_sighting(each, settings, taken) for each in seen.finds)
    facts: dict[str, Fact] = {"found": len(sightings), "networks": ", ".join(seen.networks)}
    await terminal.acts.note(actor, "devices_looked_for", facts)
    return sightings, seen.networks, seen.missed


async def found(terminal: Terminal, _: dict[str, Any]) -> dict[str, Any]:
    """Answer at the control socket."""
    sightings, networks, missed = await find(terminal, str(TECHNICIAN))
    return {"finds": msgspec.to_builtins(sightings), "networks": list(networks), "missed": list(missed)}


def _sighting(find: "Find", settings: Settings, taken: set[str]) -> Sighting:
    device_id = next((each for each in (_in_settings(one, settings) for one in find.candidates) if each), "")
    uses = () if device_id else tuple(Use(each.kind, lines(each, taken)) for each in find.candidates)
    return Sighting(find.way, find.place, find.name, find.note, device_id, uses)


def lines(candidate: "Candidate", taken: set[str]) -> str:
    """Return the TOML that names a device of this kind, with an id no other has; the id is taken from then on."""
    stem = ROLE_NAMES[candidate.kind.partition(".")[0]]
    device_id = next(each for each in (stem, *(f"{stem}-{n}" for n in range(2, 999))) if each not in taken)
    taken.add(device_id)
    options = ", ".join(f"{name} = {json.dumps(value)}" for name, value in candidate.options.items())
    return f'[[devices]]\nkind = "{candidate.kind}"\ndevice_id = "{device_id}"\noptions = {{ {options} }}'


def _in_settings(candidate: "Candidate", settings: Settings) -> str:
    """Return the id of the device in the settings that leads to the same place; drivers of one line count as one."""
    return next((each.device_id for each in settings.devices if _is_same(candidate, each)), "")


def _is_same(candidate: "Candidate", device: DeviceSettings) -> bool:
    if candidate.kind == "card_reader.pcsc":
        wanted = str(device.options.get("name_prefix", ""))
        return device.kind == candidate.kind and str(candidate.options["name_prefix"]).startswith(wanted)
    return _place(candidate.kind, candidate.options) == _place(device.kind, device.options) != ()


def _place(kind: str, options: Mapping[str, Any]) -> tuple[str, ...]:
    if "path" in options:
        return ("path", str(Path(str(options["path"])).resolve()))
    if "host" in options or kind in DEFAULT_PORTS:
        return ("net", str(options.get("host", "127.0.0.1")), str(options.get("port", DEFAULT_PORTS.get(kind, 0))))
    return ()


def addresses(settings: Settings) -> frozenset[tuple[str, int]]:
    """Return where the devices of the settings are, those named by a name too; asks the resolver, and blocks."""
    told = [
        (str(each.options.get("host", "127.0.0.1")), int(each.options.get("port", DEFAULT_PORTS[each.kind])))
        for each in settings.devices
        if each.kind in DEFAULT_PORTS
    ]
    return frozenset(each for host, port in told for each in ((host, port), *_resolved(host, port)))


def _resolved(host: str, port: int) -> list[tuple[str, int]]:
    try:
        found = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []  # a name nobody knows: nothing stands there
    return [(str(address[0]), port) for *_, address in found]
