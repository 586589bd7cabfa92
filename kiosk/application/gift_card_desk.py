"""Gift cards: effects to the platform that keeps the card, its answers to events."""

from collections.abc import Mapping
from datetime import datetime

from kiosk.application.bounding import bounded
from kiosk.application.clock import Clock
from kiosk.application.errors import OutcomeUnknown, PlatformError, Refused, Unreachable
from kiosk.application.interfaces import GiftCard, GiftCards, Platform
from kiosk.domain.money import Money
from kiosk.domain.sale.effects import CollectPayment, QueryPayment, ReversePayment
from kiosk.domain.sale.events import (
    Event,
    PaymentApproved,
    PaymentDeclined,
    PaymentUnknown,
    ReversalDone,
    ReversalRefused,
    ReversalUnknown,
    TenderChosen,
)
from kiosk.domain.sale.sale import Sale
from kiosk.domain.sale.tender import PlatformCard, TenderKind

HIDDEN = "••••"
AWAY = "gift_card.needs_the_network"
REFUSED = "gift_card.not_charged"
KNOWN = {"gift_card_too_little": "gift_card.too_little"}


def pay_with(card: GiftCard, platform_id: str, sale: Sale, at: datetime) -> TenderChosen:
    """Return the wish to take what is due of a sale off a gift card, or all that the card holds."""
    known = PlatformCard(platform_id, card.id, card.hint)
    return TenderChosen(TenderKind.GIFT_CARD, at, amount=min(card.balance, sale.due), card=known)


class GiftCardDesk:
    """Ask the platform of a gift card; it is the payment device of such a tender."""

    def __init__(self, platforms: Mapping[str, Platform], clock: Clock, *, write_s: float) -> None:
        self._platforms = platforms
        self._clock = clock
        self._write_s = write_s

    async def collect(self, effect: CollectPayment, card: PlatformCard) -> Event:
        """Charge once; what certainly did not happen is declined, what nobody answered for is unknown."""
        reference, now = effect.reference, self._clock.now
        cards = self._cards(card)
        if cards is None:
            return PaymentDeclined(reference, now(), AWAY, was_asked=False)
        try:
            call = cards.charge(card.id, reference, effect.amount, timeout_s=self._write_s)
            await bounded(call, self._write_s)
        except Unreachable:
            return PaymentDeclined(reference, now(), AWAY, was_asked=False)
        except Refused as no:
            return PaymentDeclined(reference, now(), KNOWN.get(no.key, REFUSED))
        except (OutcomeUnknown, TimeoutError):
            return PaymentUnknown(reference, now())
        return self._approved(effect.reference, effect.amount, card)

    async def query(self, effect: QueryPayment, card: PlatformCard) -> Event:
        """Ask what became of a charge; where there is none, none comes any more."""
        reference, cards = effect.reference, self._cards(card)
        if cards is None:
            return PaymentUnknown(reference, self._clock.now())
        try:
            charge = await bounded(cards.close(card.id, reference, timeout_s=self._write_s), self._write_s)
        except (PlatformError, TimeoutError):
            return PaymentUnknown(reference, self._clock.now())
        if charge is None:
            return PaymentDeclined(reference, self._clock.now(), REFUSED, was_asked=False)
        return self._approved(reference, charge.charged, card)

    async def reverse(self, effect: ReversePayment, card: PlatformCard) -> Event:
        """Give money back to the card under the same reference, once."""
        reference, cards = effect.reference, self._cards(card)
        if cards is None:
            return ReversalUnknown(reference, self._clock.now())
        try:
            call = cards.pay_back(card.id, reference, effect.amount, timeout_s=self._write_s)
            await bounded(call, self._write_s)
        except Refused as no:
            return ReversalRefused(reference, self._clock.now(), no.key)
        except (PlatformError, TimeoutError):
            return ReversalUnknown(reference, self._clock.now())
        return ReversalDone(reference, self._clock.now())

    def _cards(self, card: PlatformCard) -> GiftCards | None:
        platform = self._platforms.get(card.platform_id)
        return platform.gift_cards if platform else None

    def _approved(self, reference: str, amount: Money, card: PlatformCard) -> Event:
        return PaymentApproved(
            reference, amount, self._clock.now(), card_hint=f"{HIDDEN} {card.hint}", platform_id=card.platform_id
        )
