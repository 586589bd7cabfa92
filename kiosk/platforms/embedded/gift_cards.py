"""Gift cards on the server's side of the link: a book of entries, each under its reference, none ever changed."""

import secrets
from datetime import datetime

from kiosk.application.code_hint import hint_of
from kiosk.application.errors import Refused
from kiosk.application.interfaces import GiftCard, GiftCharge, MediumKind
from kiosk.domain.money import Money
from kiosk.platforms.embedded.config import Clock
from kiosk.platforms.embedded.ledger import Ledger, microseconds
from kiosk.platforms.embedded.link import Link
from kiosk.platforms.embedded.media import Media
from kiosk.platforms.embedded.other_channel import CODE_ALPHABET

CODE_CHARS = 10
INSERT_CARD = "INSERT INTO gift_card (code, currency, expires_us) VALUES (?, ?, ?) RETURNING id"
INSERT_ENTRY = "INSERT INTO gift_entry VALUES (?, ?, ?, ?, ?)"
SELECT_CARD = "SELECT id, code, currency, expires_us FROM gift_card WHERE code = ?"
SELECT_CODE = "SELECT code FROM gift_card WHERE id = ?"
SELECT_ENTRIES = "SELECT kind, minor FROM gift_entry WHERE card = ? AND reference = ?"
SELECT_VALUE = "SELECT coalesce(sum(minor), 0) FROM gift_entry WHERE card = ?"


class EmbeddedGiftCards:
    """The gift cards of one book; implements kiosk.application.interfaces.GiftCards."""

    def __init__(self, ledger: Ledger, media: Media, link: Link, clock: Clock, currency: str) -> None:
        self._ledger = ledger
        self._media = media
        self._link = link
        self._clock = clock
        self._currency = currency

    def issue(self, amount: Money, *, code: str = "", expires: datetime | None = None) -> str:
        """Sell a card on the server's side and return its code."""
        code = code.upper() or "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_CHARS))
        now, ends = self._clock.now(), None if expires is None else microseconds(expires)
        with self._ledger.writing(now) as db:
            (number,) = db.execute(INSERT_CARD, (code, amount.currency, ends)).fetchone()
            db.execute(INSERT_ENTRY, (number, "", "issue", amount.minor, microseconds(now)))
        return code

    async def card(self, code: str, *, timeout_s: float) -> GiftCard:
        """Return the card of a code."""
        return await self._link.ask(lambda: self._card(code), timeout_s=timeout_s)

    async def card_on(self, chip: str, *, timeout_s: float) -> GiftCard:
        """Return the card on a chip."""
        return await self._link.ask(lambda: self._card_on(chip), timeout_s=timeout_s)

    async def charge(self, card_id: str, reference: str, amount: Money, *, timeout_s: float) -> None:
        """Take an amount off, once."""
        await self._link.send(lambda: self._charge(int(card_id), reference, amount), timeout_s=timeout_s)

    async def charge_of(self, card_id: str, reference: str, *, timeout_s: float) -> GiftCharge | None:
        """Return what the card's book says."""
        return await self._link.ask(lambda: self._charge_of(int(card_id), reference), timeout_s=timeout_s)

    async def close(self, card_id: str, reference: str, *, timeout_s: float) -> GiftCharge | None:
        """Return what was taken, and let nothing be taken any more."""
        return await self._link.send(lambda: self._close(int(card_id), reference), timeout_s=timeout_s)

    async def pay_back(self, card_id: str, reference: str, amount: Money, *, timeout_s: float) -> None:
        """Give back what was taken, or a part of it, once."""
        await self._link.send(lambda: self._pay_back(int(card_id), reference, amount), timeout_s=timeout_s)

    # ---- the server's side

    def _card(self, code: str) -> GiftCard:
        with self._ledger.reading() as db:
            row = db.execute(SELECT_CARD, (code.strip().upper(),)).fetchone()
            if row is None:
                raise Refused("gift_card_unknown", "gift card")
            number, known, currency, expires_us = row
            balance = Money(db.execute(SELECT_VALUE, (number,)).fetchone()[0], currency)
        if currency != self._currency:
            raise Refused("gift_card_currency", currency)
        if expires_us is not None and expires_us <= microseconds(self._clock.now()):
            raise Refused("gift_card_expired", "gift card")
        if balance.minor <= 0:
            raise Refused("gift_card_empty", "gift card")
        return GiftCard(str(number), hint_of(known), balance)

    def _card_on(self, chip: str) -> GiftCard:
        number = self._media.card_of(MediumKind.CHIP, chip, self._clock.now())
        with self._ledger.reading() as db:
            row = db.execute(SELECT_CODE, (number,)).fetchone()
        if row is None:
            raise Refused("gift_card_unknown", "chip")
        return self._card(row[0])

    def _entries(self, card: int, reference: str) -> dict[str, int]:
        with self._ledger.reading() as db:
            return dict(db.execute(SELECT_ENTRIES, (card, reference)).fetchall())

    def _charge(self, card: int, reference: str, amount: Money) -> None:
        now = self._clock.now()
        with self._ledger.writing(now) as db:
            known = self._entries(card, reference)
            if "closed" in known:
                raise Refused("gift_card_closed", reference)
            if "charge" in known:
                return
            if db.execute(SELECT_VALUE, (card,)).fetchone()[0] < amount.minor:
                raise Refused("gift_card_too_little", reference)
            db.execute(INSERT_ENTRY, (card, reference, "charge", -amount.minor, microseconds(now)))

    def _charge_of(self, card: int, reference: str) -> GiftCharge | None:
        known = self._entries(card, reference)
        if "charge" not in known:
            return None
        return GiftCharge(Money(-known["charge"], self._currency), Money(known.get("back", 0), self._currency))

    def _close(self, card: int, reference: str) -> GiftCharge | None:
        now = self._clock.now()
        with self._ledger.writing(now) as db:
            known = self._entries(card, reference)
            if not known:
                db.execute(INSERT_ENTRY, (card, reference, "closed", 0, microseconds(now)))
        return self._charge_of(card, reference)

    def _pay_back(self, card: int, reference: str, amount: Money) -> None:
        now = self._clock.now()
        with self._ledger.writing(now) as db:
            known = self._entries(card, reference)
            if "charge" not in known or amount.minor > -known["charge"]:
                raise Refused("not_found", reference)
            if "back" not in known:
                db.execute(INSERT_ENTRY, (card, reference, "back", amount.minor, microseconds(now)))
