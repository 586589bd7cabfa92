"""What a customer has put together and not yet paid."""

from msgspec import Struct
from msgspec.structs import replace

from kiosk.domain.catalogue import Offer
from kiosk.domain.money import Money, total

PARTS_MAX = 50


class BasketFullError(ValueError):
    """More parts than one sale may hold."""


class Basket(Struct, frozen=True):
    """Hold offers in the order they were chosen, all in one currency."""

    currency: str
    offers: tuple[Offer, ...] = ()

    @property
    def price(self) -> Money:
        """Return the gross sum."""
        return total(tuple(offer.price for offer in self.offers), self.currency)

    @property
    def part_count(self) -> int:
        """Return how many parts it holds."""
        return sum(len(offer.parts) for offer in self.offers)

    @property
    def platform_ids(self) -> tuple[str, ...]:
        """Return the platforms it spans, in order of first appearance."""
        return tuple(dict.fromkeys(offer.platform_id for offer in self.offers))

    def with_offer(self, offer: Offer) -> "Basket":
        """Add an offer; the same offer id replaces the earlier one.

        Raises:
            BasketFullError: more than PARTS_MAX parts.
            CurrencyMismatchError: another currency than the basket's.
        """
        kept = tuple(each for each in self.offers if each.id != offer.id)
        basket = replace(self, offers=(*kept, offer))
        total((offer.price,), self.currency)
        if basket.part_count > PARTS_MAX:
            raise BasketFullError(f"{basket.part_count} parts, at most {PARTS_MAX}")
        return basket

    def without_offer(self, offer_id: str) -> "Basket":
        """Remove an offer; an unknown id changes nothing."""
        return replace(self, offers=tuple(each for each in self.offers if each.id != offer_id))
