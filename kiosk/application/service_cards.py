"""Staff cards as a technician asks for them at the control socket: add, remove, list; each act is journalled."""

import asyncio
from typing import Any

from hardware.card_reader import StaffCardRefused, card_key, prove_card
from hardware.errors import DeviceError
from kiosk.application.control import NotDone
from kiosk.application.inputs import CardRead, Input
from kiosk.application.sealed_file import SealBrokenError
from kiosk.application.service_actor import TECHNICIAN
from kiosk.application.staff_cards import PROOF_S, StaffCard
from kiosk.application.terminal import Terminal

WAIT_S = 60.0
KEY_BYTES = 16
UID_BYTES = 7
SEAL_BROKEN = "The staff cards of this terminal cannot be opened. Remove service/cards.sealed and enrol them anew."


async def add_card(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Wait for a card at a reader, let it prove its key, and enrol it under a name.

    `key` is the operator's master key, of which the card's own is derived, or the card's own with `is_own`.
    """
    key, name = _key(arguments), str(arguments["name"])
    read = await _card(terminal)
    uid = bytes.fromhex(read.contents.uid)
    if len(uid) != UID_BYTES:
        raise NotDone("no_staff_card", "This is no staff card. Nothing was changed.")
    own = key if arguments.get("is_own") else card_key(key, uid)
    reader = next(each for each in terminal.devices.readers if each.device_id == read.device_id)
    try:
        proof = await prove_card(reader, read.contents.card_seq, lambda _: own, timeout_s=PROOF_S)
    except StaffCardRefused:
        raise NotDone("not_proven", "The card does not know that key. Nothing was changed.") from None
    except DeviceError:
        raise NotDone("card_gone", "The card was not read to its end. Hold it still, and ask again.") from None
    card = StaffCard(name, proof.uid, own, terminal.clock.now())
    try:
        await asyncio.to_thread(terminal.staff_cards.add, card)
    except ValueError as no:
        raise NotDone("bad_name", f"{no} Nothing was changed.") from None
    except SealBrokenError:
        raise NotDone("seal_broken", SEAL_BROKEN) from None
    await terminal.acts.note(str(TECHNICIAN), "card_added", {"name": name, "card": proof.uid})
    return {"name": name, "card": proof.uid}


async def remove_card(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Remove a card by its name or number: it opens nothing from now on."""
    try:
        gone = await asyncio.to_thread(terminal.staff_cards.remove, str(arguments["name"]))
    except SealBrokenError:
        raise NotDone("seal_broken", SEAL_BROKEN) from None
    if gone is None:
        raise NotDone("no_card", "No card of this terminal has that name. See: guichet service card list")
    await terminal.acts.note(str(TECHNICIAN), "card_removed", {"name": gone.name, "card": gone.uid})
    return {"name": gone.name, "card": gone.uid}


async def list_cards(terminal: Terminal, _: dict[str, Any]) -> dict[str, Any]:
    """Return whose cards open the bench."""
    try:
        cards = await asyncio.to_thread(terminal.staff_cards.all)
    except SealBrokenError:
        raise NotDone("seal_broken", SEAL_BROKEN) from None
    return {"cards": [{"name": each.name, "card": each.uid, "added": each.added.isoformat()} for each in cards]}


def _key(arguments: dict[str, Any]) -> bytes:
    try:
        key = bytes.fromhex(str(arguments["key"]))
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise NotDone("bad_key", "A key has 32 hexadecimal digits. Nothing was changed.")
    return key


async def _card(terminal: Terminal) -> CardRead:
    """Wait for a card at any reader; no page sees it."""
    if not terminal.devices.readers:
        raise NotDone("no_reader", "This terminal has no card reader.")
    found: asyncio.Future[CardRead] = asyncio.get_running_loop().create_future()

    def catch(read: Input) -> bool:
        if isinstance(read, CardRead) and not found.done():
            found.set_result(read)
            return True
        return False

    end = terminal.inputs.catch(catch)
    try:
        return await asyncio.wait_for(found, WAIT_S)
    except TimeoutError:
        raise NotDone("no_card", f"No card was held before the reader within {WAIT_S:g} s.") from None
    finally:
        end()
