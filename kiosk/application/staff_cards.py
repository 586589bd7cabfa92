"""The staff cards that open the technician's bench: names and keys sealed at rest; a card proves that it knows its key.

A card is never known by its number alone. What is kept is the key of each card, not the operator's master key: a
terminal that is carried off opens no other card. Only where the operator gives it to a terminal, so that cards can be
enrolled at its bench, is the master key kept, sealed as the cards are.
"""

import asyncio
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from hardware.card_reader import CardReader
from hardware.errors import DeviceError
from kiosk.application.inputs import CardNotUsable, CardRead, Input
from kiosk.application.sealed_file import SealBrokenError, SealedFile
from kiosk.application.service import Acts, Fact
from kiosk.application.service_access import ServiceAccess, Tried

CARDS_MAX = 200
NAME_CHARS_MAX = 40
TAKEN_NAMES = frozenset({"code", "command-line", "1"})  # they name other ways in
PROOF_S = 3.0
CREDENTIAL = "guichet-staff-key"
NOT_ENROLLED = "card_reader.not_enrolled"


class StaffCard(Struct, frozen=True):
    """One card: whose it is, its number in hex, its own key, and since when it is known."""

    name: str
    uid: str
    key: bytes
    added: datetime

    def __repr__(self) -> str:
        """Return whose it is, and nothing that opens anything."""
        return f"StaffCard({self.name!r}, {self.uid!r})"


class CardTried(Struct, frozen=True):
    """What became of a card held before the reader: the try, whose card it is, why it was refused."""

    tried: Tried
    name: str = ""
    cause: str = ""


class StaffCards:
    """The cards of one terminal. Every call uses the disk: call them on a thread."""

    def __init__(self, folder: Path) -> None:
        self._sealed = SealedFile(folder / "cards.sealed", folder / "cards.key", magic=b"GSC1", credential=CREDENTIAL)
        self._master = SealedFile(folder / "enrol.sealed", folder / "enrol.key", magic=b"GSE1", credential=CREDENTIAL)

    def master(self) -> bytes | None:
        """Return the operator's master key; None where this terminal was given none, or cannot open it."""
        try:
            return self._master.read()
        except SealBrokenError:
            return None

    def keep_master(self, key: bytes) -> None:
        """Keep the master key for enrolments at the bench. Raises OSError."""
        self._master.write(key)

    def forget_master(self) -> None:
        """Forget the master key. Raises OSError."""
        self._master.remove()

    def all(self) -> tuple[StaffCard, ...]:
        """Return every card, in the order they were added.

        Raises:
            SealBrokenError: they are there and cannot be opened.
        """
        plain = self._sealed.read()
        try:
            return () if plain is None else msgspec.json.decode(plain, type=tuple[StaffCard, ...])
        except msgspec.DecodeError:
            raise SealBrokenError("cards.sealed") from None

    def of_uid(self, uid: str) -> StaffCard | None:
        """Return the card of that number; none where the cards cannot be opened: then no card opens anything."""
        try:
            return next((each for each in self.all() if each.uid == uid), None)
        except SealBrokenError:
            return None

    def check(self, card: StaffCard) -> None:
        """Say whether a card can be added, in the place of one with its number.

        Raises:
            ValueError: the name is taken or no name, or there are too many cards.
            SealBrokenError: nobody can tell.
        """
        self._with(card)

    def add(self, card: StaffCard) -> None:
        """Add a card, in the place of one with its number. Raises as `check`, and OSError: it was not added."""
        self._sealed.write(msgspec.json.encode(self._with(card)))

    def _with(self, card: StaffCard) -> tuple[StaffCard, ...]:
        others = tuple(each for each in self.all() if each.uid != card.uid)
        name = card.name.strip()
        if not name or len(name) > NAME_CHARS_MAX or not name.isprintable() or name.casefold() in TAKEN_NAMES:
            raise ValueError(f"A card's name has 1 to {NAME_CHARS_MAX} letters and names a person.")
        if any(each.name.casefold() == name.casefold() for each in others):
            raise ValueError("Another card has that name. Remove it first, or give this one another.")
        if len(others) >= CARDS_MAX:
            raise ValueError(f"A terminal knows at most {CARDS_MAX} cards.")
        return (*others, msgspec.structs.replace(card, name=name))

    def known(self, who: str) -> StaffCard | None:
        """Return the card of that number, else of that name; None where there is none. Raises SealBrokenError."""
        cards, wanted = self.all(), who.casefold()
        by_number = (each for each in cards if each.uid.casefold() == wanted)
        return next(by_number, None) or next((each for each in cards if each.name.casefold() == wanted), None)

    def remove(self, who: str) -> StaffCard | None:
        """Remove the card of that number or name and return it; None where there is none.

        Raises:
            SealBrokenError, OSError: it was not removed.
        """
        gone = self.known(who)
        if gone is not None:
            self._sealed.write(msgspec.json.encode(tuple(each for each in self.all() if each.uid != gone.uid)))
        return gone


async def try_card(
    cards: StaffCards, access: ServiceAccess, acts: Acts, readers: tuple[CardReader, ...], read: Input
) -> CardTried:
    """Judge a card held before the reader, whatever it is; each is a try, counted before it is judged.

    Raises:
        OSError: the try cannot be counted; then it is not judged.
    """
    tried = await asyncio.to_thread(access.count)
    if not tried.is_judged:
        await acts.note("unknown", "sign_in_refused", {"is_locked": tried.locked_until is not None, "by": "card"})
        return CardTried(tried)
    card, cause = await _proven(cards, readers, read)
    if card is None:
        facts: dict[str, Fact] = {"is_locked": tried.locked_until is not None, "by": "card", "why": cause}
        await acts.note("unknown", "sign_in_refused", facts)
        return CardTried(tried, cause=cause)
    admitted = await asyncio.to_thread(access.admit)
    await acts.note(f"technician:{card.name}", "signed_in", {"by": "card", "card": card.uid})
    return CardTried(admitted, card.name)


async def _proven(cards: StaffCards, readers: tuple[CardReader, ...], read: Input) -> tuple[StaffCard | None, str]:
    """Return the card that proved its key, else why it is none."""
    if isinstance(read, CardNotUsable):
        return None, read.cause
    reader = next((each for each in readers if isinstance(read, CardRead) and each.device_id == read.device_id), None)
    if reader is None or not isinstance(read, CardRead):
        return None, NOT_ENROLLED
    card = await asyncio.to_thread(cards.of_uid, read.contents.uid)
    if card is None:
        return None, NOT_ENROLLED
    from hardware.card_reader import StaffCardRefused, prove_card  # noqa: PLC0415 - a start need not wait for it

    try:
        proof = await prove_card(
            reader, read.contents.card_seq, lambda uid: card.key if uid == card.uid else None, timeout_s=PROOF_S
        )
    except (StaffCardRefused, DeviceError) as refused:
        return None, refused.key
    return (card, "") if proof.uid == card.uid else (None, NOT_ENROLLED)
