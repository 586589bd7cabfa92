"""Reusable media on the server's side: a chip or a printed code, with the tickets and the gift card behind it."""

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from kiosk.application.errors import Refused
from kiosk.application.interfaces import FoundBooking, Medium, MediumKind
from kiosk.domain.money import Money
from kiosk.platforms.embedded.ledger import Ledger, microseconds

UPSERT_MEDIUM = """
INSERT INTO medium VALUES (?, ?, ?, ?, (SELECT id FROM gift_card WHERE code = ?))
ON CONFLICT (kind, identifier) DO UPDATE SET is_active = excluded.is_active, expires_us = excluded.expires_us,
    card = coalesce(excluded.card, medium.card)
"""
INSERT_MEDIUM_PART = "INSERT OR IGNORE INTO medium_part VALUES (?, ?, ?, ?)"
SELECT_MEDIUM = "SELECT is_active, expires_us, card FROM medium WHERE kind = ? AND identifier = ?"
SELECT_MEDIUM_PARTS = "SELECT code, part_id FROM medium_part WHERE kind = ? AND identifier = ? ORDER BY rowid"
SELECT_BALANCE = """
SELECT currency, coalesce((SELECT sum(minor) FROM gift_entry WHERE card = gift_card.id), 0) FROM gift_card WHERE id = ?
"""


class Media:
    """The media of one book."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def link(
        self,
        kind: MediumKind,
        identifier: str,
        now: datetime,
        *,
        parts: Iterable[tuple[str, str]] = (),
        card: str = "",
        is_active: bool = True,
        expires: datetime | None = None,
    ) -> None:
        """Put tickets (code, part) and a gift card on a medium, which is made where there is none."""
        mark, ends = (kind.value, identifier.upper()), None if expires is None else microseconds(expires)
        with self._ledger.writing(now) as db:
            db.execute(UPSERT_MEDIUM, (*mark, int(is_active), ends, card.upper()))
            db.executemany(INSERT_MEDIUM_PART, [(*mark, *each) for each in parts])

    def medium(self, kind: MediumKind, identifier: str, now: datetime) -> Medium | None:
        """Return what is on a medium.

        Raises:
            Refused: medium_inactive, medium_expired.
        """
        mark = (kind.value, identifier.strip().upper())
        with self._ledger.reading() as db:
            if db.execute(SELECT_MEDIUM, mark).fetchone() is None:
                return None
            card = self.card_of(kind, identifier, now)
            linked = db.execute(SELECT_MEDIUM_PARTS, mark).fetchall()
            balance = db.execute(SELECT_BALANCE, (card,)).fetchone() if card is not None else None
        bookings = tuple(self._of(code, linked) for code in dict.fromkeys(code for code, _ in linked))
        return Medium(bookings, Money(balance[1], balance[0]) if balance else None)

    def card_of(self, kind: MediumKind, identifier: str, now: datetime) -> int | None:
        """Return the number of the gift card on a medium; None where there is no card or no medium.

        Raises:
            Refused: medium_inactive, medium_expired.
        """
        with self._ledger.reading() as db:
            row = db.execute(SELECT_MEDIUM, (kind.value, identifier.strip().upper())).fetchone()
        is_active, expires_us, card = row or (1, None, None)
        if not is_active:
            raise Refused("medium_inactive", "medium")
        if expires_us is not None and expires_us <= microseconds(now):
            raise Refused("medium_expired", "medium")
        return None if card is None else int(card)

    def _of(self, code: str, linked: list[tuple[str, str]]) -> FoundBooking:
        """Return a booking with those of its tickets that are on the medium, and their extras."""
        found = self._ledger.find(code)
        if found is None:
            raise Refused("not_found", code)
        mine = {part_id for each, part_id in linked if each == code}
        mine |= {part.id for offer in found.offers for part in offer.parts if part.addon_to in mine}
        return replace(found, parts=tuple(part for part in found.parts if part.part_id in mine))
