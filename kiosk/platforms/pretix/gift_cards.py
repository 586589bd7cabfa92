"""Gift cards of the server: charged by its number of the card, each entry under our reference.

The server takes an amount off as often as it is told, so it is told once, the reference being the idempotency key and a
part of the entry. In doubt the key is sealed (`told_once`) and the card's own book says what happened.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from kiosk.application.code_hint import hint_of
from kiosk.application.errors import OutcomeUnknown, Refused, Unreachable
from kiosk.application.interfaces import GiftCard, GiftCharge
from kiosk.domain.money import Money
from kiosk.platforms.pretix import gift_card_mapping, mapping
from kiosk.platforms.pretix.client import Client
from kiosk.platforms.pretix.orders import readable
from kiosk.platforms.pretix.told_once import ToldOnce

CODE_MAX = 190
ACCEPTED = {"include_accepted": "true"}  # those of other organizers that this one accepts count too


class PretixGiftCards:
    """The gift cards one organizer accepts; `on_chip` returns the card linked to a chip, as the server shows it."""

    def __init__(
        self,
        client: Client,
        on_chip: Callable[[str, float], Awaitable[dict[str, Any] | None]],
        now: Callable[[], datetime],
        *,
        currency: str,
        is_training: bool,
    ) -> None:
        self._client = client
        self._on_chip = on_chip
        self._now = now
        self._currency = currency
        self._is_training = is_training
        self._once = ToldOnce(client)

    async def card(self, code: str, *, timeout_s: float) -> GiftCard:
        """Return the card of a code."""
        wanted = code.strip()
        if not 0 < len(wanted) <= CODE_MAX or not (wanted.isascii() and wanted.isprintable()):
            raise Refused("gift_card_unknown", "gift card")
        path = f"{self._client.root}/giftcards/"
        rows = await self._client.pages(path, {**ACCEPTED, "secret": wanted}, timeout_s=timeout_s)
        found = [each for each in rows if str(each.get("secret")).casefold() == wanted.casefold()]
        if len(found) != 1:  # two organizers may have given the same code to two cards: then nobody can tell
            raise Refused("gift_card_unknown", "gift card")
        return self._checked(found[0])

    async def card_on(self, chip: str, *, timeout_s: float) -> GiftCard:
        """Return the card on a chip."""
        row = await self._on_chip(chip, timeout_s)
        if row is None:
            raise Refused("gift_card_unknown", "chip")
        return self._checked(row)

    async def charge(self, card_id: str, reference: str, amount: Money, *, timeout_s: float) -> None:
        """Take an amount off, once."""
        body = gift_card_mapping.entry(reference, amount, is_back=False)
        await self._client.send("POST", self._path(card_id), body, timeout_s=timeout_s, key=reference)

    async def charge_of(self, card_id: str, reference: str, *, timeout_s: float) -> GiftCharge | None:
        """Return what the card's book says of a reference."""
        path = f"{self._client.root}/giftcards/{card_id}/transactions/"
        rows = await self._client.pages(path, ACCEPTED, timeout_s=timeout_s)
        charged, back = readable(lambda: gift_card_mapping.entries(rows, reference, self._currency))
        return None if charged is None else GiftCharge(charged, back)

    async def close(self, card_id: str, reference: str, *, timeout_s: float) -> GiftCharge | None:
        """Return what was taken; where that is nothing, seal the key under which it could still be."""
        found = await self.charge_of(card_id, reference, timeout_s=timeout_s)
        if found is not None:
            return found
        if await self._once.seal(self._path(card_id), reference, timeout_s=timeout_s):
            return await self.charge_of(card_id, reference, timeout_s=timeout_s)
        return await self._surely(card_id, reference, timeout_s)  # the answer to the charge itself: done meanwhile

    async def _surely(self, card_id: str, reference: str, timeout_s: float) -> GiftCharge:
        found = await self.charge_of(card_id, reference, timeout_s=timeout_s)
        if found is None:
            raise OutcomeUnknown("outcome_unknown", "a charge was answered and is not shown")
        return found

    async def pay_back(self, card_id: str, reference: str, amount: Money, *, timeout_s: float) -> None:
        """Give back what was taken, or a part of it, once."""
        body = gift_card_mapping.entry(reference, amount, is_back=True)

        async def is_back() -> bool:
            found = await self.charge_of(card_id, reference, timeout_s=timeout_s)
            if found is None:
                raise Refused("not_found", reference)
            return found.back.minor > 0

        try:
            await self._once.tell(f"{reference}-back", self._path(card_id), body, is_back, timeout_s=timeout_s)
        except Unreachable as away:
            raise OutcomeUnknown("outcome_unknown", away.detail) from None

    def _path(self, card_id: str) -> str:
        return f"{self._client.root}/giftcards/{card_id}/transact/?include_accepted=true"

    def _checked(self, row: dict[str, Any]) -> GiftCard:
        """Return a card that can pay here; the server itself checks none of this."""
        balance = readable(lambda: gift_card_mapping.balance(row))
        expires = readable(lambda: mapping.window(row, "expires"))
        is_test = bool(row.get("testmode"))
        faults = (
            (balance is None or balance.currency != self._currency, "gift_card_currency"),
            (is_test and not self._is_training, "gift_card_test"),
            (self._is_training and not is_test, "gift_card_real"),
            (expires is not None and expires <= self._now(), "gift_card_expired"),
            (balance is not None and balance.minor <= 0, "gift_card_empty"),
        )
        fault = next((key for is_so, key in faults if is_so), "")
        if fault or balance is None:
            raise Refused(fault, "gift card")
        number = readable(lambda: mapping.field(row, "id", int))
        return GiftCard(str(number), hint_of(str(row.get("secret") or "")), balance)
