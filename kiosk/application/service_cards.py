"""Staff cards, enrolled and revoked at the bench or at the control socket; each act is journalled with who did it."""

import asyncio
from collections.abc import Callable
from typing import Any

from hardware.card_reader import StaffCardRefused, card_key, prove_card
from hardware.errors import DeviceError
from kiosk.application.control import NotDone
from kiosk.application.inputs import CardRead, Input
from kiosk.application.sealed_file import SealBrokenError
from kiosk.application.service import noted_first
from kiosk.application.service_actor import TECHNICIAN
from kiosk.application.staff_cards import PROOF_S, StaffCard
from kiosk.application.terminal import Terminal
from offline_store import StoreError

WAIT_S = 60.0
KEY_BYTES = 16
UID_BYTES = 7
NOT_KEPT = (SealBrokenError, OSError, StoreError)
SEAL_BROKEN = "The staff cards of this terminal cannot be opened. Remove service/cards.sealed and enrol them anew."


async def enrol(terminal: Terminal, actor: str, name: str, key: bytes, read: CardRead, *, is_own: bool) -> StaffCard:
    """Let a card prove its key and enrol it under a name; `key` is the master key, or the card's own with `is_own`.

    Raises:
        NotDone: nothing was changed; key and sentence say why.
    """
    uid = bytes.fromhex(read.contents.uid)
    reader = next((each for each in terminal.devices.readers if each.device_id == read.device_id), None)
    if reader is None or len(uid) != UID_BYTES:
        raise NotDone("no_staff_card", "This is no staff card. Nothing was changed.")
    own = key if is_own else card_key(key, uid)
    try:
        proof = await prove_card(reader, read.contents.card_seq, lambda _: own, timeout_s=PROOF_S)
    except StaffCardRefused:
        raise NotDone("not_proven", "The card does not know that key. Nothing was changed.") from None
    except DeviceError:
        raise NotDone("card_gone", "The card was not read to its end. Hold it still, and ask again.") from None
    card, cards = StaffCard(name.strip(), proof.uid, own, terminal.clock.now()), terminal.staff_cards
    facts = {"name": card.name, "card": card.uid}
    try:
        await asyncio.to_thread(cards.check, card)
        await noted_first(terminal.acts, actor, "card_added", facts, lambda: cards.add(card))
    except ValueError as no:
        raise NotDone("bad_name", f"{no} Nothing was changed.") from None
    except NOT_KEPT as trouble:
        raise _not_kept(trouble) from None
    return card


async def revoke(terminal: Terminal, actor: str, who: str) -> StaffCard:
    """Remove a card by its name or number: it opens nothing from now on.

    Raises:
        NotDone: nothing was changed; key and sentence say why.
    """
    cards = terminal.staff_cards
    try:
        gone = await asyncio.to_thread(cards.known, who)
        if gone is None:
            raise NotDone("no_card", "No card of this terminal has that name. See: guichet service card list")
        facts, uid = {"name": gone.name, "card": gone.uid}, gone.uid
        await noted_first(terminal.acts, actor, "card_removed", facts, lambda: cards.remove(uid))
    except NOT_KEPT as trouble:
        raise _not_kept(trouble) from None
    return gone


def _not_kept(trouble: Exception) -> NotDone:
    if isinstance(trouble, SealBrokenError):
        return NotDone("seal_broken", SEAL_BROKEN)
    return NotDone("not_written", "The disk does not keep it now. Nothing was changed.")


async def add_card(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Wait for a card at a reader, let it prove its key, and enrol it under a name."""
    key, name = _key(arguments), str(arguments["name"])
    read, is_own = await _card(terminal), bool(arguments.get("is_own"))
    card = await enrol(terminal, str(TECHNICIAN), name, key, read, is_own=is_own)
    return {"name": card.name, "card": card.uid}


async def remove_card(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Remove a card by its name or number."""
    gone = await revoke(terminal, str(TECHNICIAN), str(arguments["name"]))
    return {"name": gone.name, "card": gone.uid}


async def keep_key(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Keep the operator's master key, sealed, so that cards can be enrolled at the bench."""
    key, cards = _key(arguments), terminal.staff_cards
    await _kept(terminal, "enrolment_key_kept", lambda: cards.keep_master(key))
    return {"enrols_at_the_bench": True}


async def forget_key(terminal: Terminal, _: dict[str, Any]) -> dict[str, Any]:
    """Forget the master key: cards are enrolled by command alone again."""
    await _kept(terminal, "enrolment_key_forgotten", terminal.staff_cards.forget_master)
    return {"enrols_at_the_bench": False}


async def _kept(terminal: Terminal, act: str, write: Callable[[], None]) -> None:
    try:
        await noted_first(terminal.acts, str(TECHNICIAN), act, {}, write)
    except NOT_KEPT as trouble:
        raise _not_kept(trouble) from None


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
