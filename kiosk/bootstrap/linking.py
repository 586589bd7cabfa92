"""Joining a pretix, taking a new token and leaving it, as the commands ask for it; refusals become one sentence."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from kiosk.application.control import NotDone
from kiosk.bootstrap.platforms import SEAL_BROKEN, pretix_ask, sealed_link
from kiosk.bootstrap.starting import CannotStart, Start, make_folder
from kiosk.bootstrap.store import open_store
from offline_store import RetentionPolicy

WORDS = {
    "bad_code": "That is no one-time code of a device. Copy it again, or scan the whole QR code that pretix shows.",
    "bad_address": "That is no address of a server. Give it as pretix shows it, such as https://tickets.example.org",
    "bad_authorities": "The certificates in platform.ca_file cannot be used ({detail}). Name a PEM file there.",
    "not_safe": "That address is not encrypted. Give one that begins with https://",
    "linked_already": "This terminal is linked to {detail} already. Leave it first: guichet platform unlink",
    "other_address": "The settings name another server in platform.url: {detail}. Mend the one or the other.",
    "other_organizer": "The code is for the organizer “{detail}”; the settings name another in platform.organizer, or "
    "this terminal still owes sales to another. Nothing was linked; the device there is revoked, make a new one.",
    "not_pretix": "Something answers at that address, and it is not a pretix. Check the address.",
    "code_unknown": "The server does not know that code. Copy it again from the device's page in pretix.",
    "code_used": "That code was used already. Make a new device in pretix, and revoke this one there.",
    "code_revoked": "That device was revoked. Make a new one in pretix.",
    "unreachable": "The server was not reached ({detail}). Nothing was changed; check the network and the address.",
    "answer_lost": "The server's answer was lost ({detail}). Give the same command again: it will be told the same.",
    "not_linked": "This terminal is not linked to a pretix. Link it first: guichet platform link URL CODE",
    "still_owed": "Something sold here has not reached the server. Start the terminal and let it bring that first.",
    "revoked": "The server no longer knows this terminal: its device was revoked. "
    "Unlink, make a new device in pretix, and link again.",
}
CERTIFICATE = (
    "The server's certificate is {detail}: it may not be the server it says it is. Nothing was sent to it. "
    "Check the address, this machine's clock, and platform.ca_file."
)
T = TypeVar("T")


def joined(start: Start, first: str, second: str) -> dict[str, Any]:
    """Link this terminal to a server with a one-time code; return what it is there, without what lets in."""
    from kiosk.platforms import pretix  # noqa: PLC0415 - only where it is needed

    make_folder(start.data)
    sealed, ask = sealed_link(start.data), pretix_ask(start.settings)

    async def join() -> Any:
        url, code = pretix.address_and_code(first, second)
        return await pretix.join(sealed, ask, url, code)

    return _told(_done(join()))


def renewed(start: Start) -> dict[str, Any]:
    """Take a new token; a terminal that runs takes it up with its next request."""
    from kiosk.platforms import pretix  # noqa: PLC0415

    return _told(_done(pretix.renew(sealed_link(start.data), pretix_ask(start.settings))))


def left(start: Start) -> dict[str, Any]:
    """Leave the server: personal data of finished sales is forgotten.

    Refused while a sale is still owed to it, unless the server has revoked the device: a new link brings the sale.
    """
    from kiosk.platforms import pretix  # noqa: PLC0415

    async def leave() -> bool:
        async with open_store(start) as store:
            owes = any(each.ready + each.parked for each in await store.stream_figures())
            is_revoked = await pretix.leave(sealed_link(start.data), pretix_ask(start.settings), owes=owes)
            await store.retain(RetentionPolicy(0, start.settings.store.proof_days))
            return is_revoked

    return {"is_linked": False, "is_revoked_there": _done(leave())}


def linked(start: Start) -> dict[str, Any]:
    """Return what this terminal is linked to, without what lets in."""
    from kiosk.platforms import pretix  # noqa: PLC0415

    try:
        link = sealed_link(start.data).read()
    except pretix.SealBrokenError as broken:
        raise CannotStart(SEAL_BROKEN.format(file=broken)) from None
    return _told(link) if link is not None and link.token else {"is_linked": False}


def _told(link: Any) -> dict[str, Any]:
    return {
        "is_linked": True, "url": link.url, "organizer": link.organizer, "name": link.organizer_name,
        "device": link.device_name, "serial": link.unique_serial,
    }  # fmt: skip


def _done(work: Coroutine[Any, Any, T]) -> T:
    """Do it; every refusal becomes its sentence."""
    from kiosk.platforms import pretix  # noqa: PLC0415

    try:
        return asyncio.run(work)
    except pretix.SealBrokenError as broken:
        raise CannotStart(SEAL_BROKEN.format(file=broken)) from None
    except pretix.NotLinkedError as no:
        fault = no.detail.removeprefix("certificate ")
        words = CERTIFICATE if fault != no.detail else WORDS[no.key]
        raise NotDone(no.key, words.format(detail=fault)) from None
