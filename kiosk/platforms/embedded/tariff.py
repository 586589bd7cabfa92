"""Prices of a tariff: what a ride costs one rider, and which tickets are valid for a group of riders. Pure."""

from bisect import bisect_left

from msgspec import Struct

from kiosk.domain.catalogue import RiderCategory, RiderCount, Texts
from kiosk.domain.money import Money
from kiosk.platforms.embedded.tariff_file import Rider, TariffFile, TariffProduct, minor, texts

RIDERS_MAX = 50


class RideFacts(Struct, frozen=True):
    """What a tariff needs to know of a journey; `fare` is the feed's own price where it has one."""

    distance_m: float
    lines: tuple[str, ...]
    fare: Money | None = None


class PricedRider(Struct, frozen=True):
    """One ticket of a product: who for and how much; a group ticket names nobody."""

    category_id: str
    category_name: Texts
    price: Money


class PricedProduct(Struct, frozen=True):
    """A product that is valid for the asked riders, with one entry per ticket."""

    product: TariffProduct
    tickets: tuple[PricedRider, ...]

    @property
    def minor(self) -> int:
        """Return the gross sum."""
        return sum(each.price.minor for each in self.tickets)


class UnknownRiderError(ValueError):
    """A rider category the tariff does not have, or a count it does not sell."""


class Tariff:
    """Price journeys by a tariff file."""

    def __init__(self, file: TariffFile) -> None:
        self.file = file
        self.currency = file.currency
        self.tax_permyriad = round(file.tax_percent * 100)
        self._limits_km = [band.until_km for band in file.band]
        self._prices = [minor(band.price, file.currency) for band in file.band]
        self._riders = {rider.id: rider for rider in file.rider}
        self._names = {rider.id: texts(rider.name) for rider in file.rider}
        self._supplements: dict[str, int] = {}
        self.single = next(product for product in file.product if product.kind == "single")

    @property
    def categories(self) -> tuple[RiderCategory, ...]:
        """Return who can travel, in the order of the file."""
        return tuple(
            RiderCategory(each.id, self._names[each.id], each.age_min, each.age_max) for each in self.file.rider
        )

    def single_price(self, facts: RideFacts) -> Money | None:
        """Return what the first category pays for a plain single, None where the tariff has no price."""
        base = self._base(facts)
        return None if base is None else self._share(base, self.single.percent, self.file.rider[0].percent)

    def price(self, facts: RideFacts, riders: tuple[RiderCount, ...]) -> tuple[PricedProduct, ...]:
        """Return every valid product, cheapest first.

        Raises:
            UnknownRiderError: nobody travels, too many do, or a category is not in the tariff.
        """
        group = self._group(riders)
        base = self._base(facts)
        if base is None:
            return ()
        valid = [product for product in self.file.product if self._fits(product, facts, group)]
        priced = [PricedProduct(product, self._tickets(product, base, group)) for product in valid]
        return tuple(sorted(priced, key=lambda each: each.minor))

    def _group(self, riders: tuple[RiderCount, ...]) -> tuple[Rider, ...]:
        if any(each.count < 0 or each.category_id not in self._riders for each in riders):
            raise UnknownRiderError("a rider category is not in the tariff")
        if not 0 < sum(each.count for each in riders) <= RIDERS_MAX:
            raise UnknownRiderError(f"from one to {RIDERS_MAX} riders can be priced")
        return tuple(self._riders[each.category_id] for each in riders for _ in range(each.count))

    def _base(self, facts: RideFacts) -> int | None:
        """Return the full price of a single in minor units: bands or the feed's fare, and the dearest supplement."""
        by_source = self._distance_price(facts) if self.file.use == "distance" else self._feed_price(facts)
        return None if by_source is None else by_source + max(map(self.supplement, facts.lines), default=0)

    def supplement(self, line: str) -> int:
        """Return what a line costs on top of the base price."""
        if line not in self._supplements:
            fitting = (each for each in self.file.supplement if line.startswith(each.lines))
            self._supplements[line] = max((minor(each.price, self.currency) for each in fitting), default=0)
        return self._supplements[line]

    def _feed_price(self, facts: RideFacts) -> int | None:
        return None if facts.fare is None or facts.fare.currency != self.currency else facts.fare.minor

    def _distance_price(self, facts: RideFacts) -> int | None:
        km = facts.distance_m / 1000 * self.file.detour_percent / 100
        index = bisect_left(self._limits_km, km)
        if index < len(self._prices):
            return self._prices[index]
        beyond = self.file.beyond
        if beyond is None:
            return None
        steps = -int(-(km - self._limits_km[-1]) // beyond.step_km)
        return self._prices[-1] + steps * minor(beyond.price, self.currency)

    def _fits(self, product: TariffProduct, facts: RideFacts, group: tuple[Rider, ...]) -> bool:
        full = sum(rider.percent >= 100 for rider in group)  # noqa: PLR2004 - percent
        return (
            (product.until_km is None or facts.distance_m <= product.until_km * 1000)
            and not any(line.startswith(product.not_on) for line in facts.lines if product.not_on)
            and len(group) >= product.riders_min
            and full <= product.full_riders_max
            and len(group) - full <= product.reduced_riders_max
        )

    def _tickets(self, product: TariffProduct, base: int, group: tuple[Rider, ...]) -> tuple[PricedRider, ...]:
        full = base if product.price is None else minor(product.price, self.currency)
        percent = 100.0 if product.price is not None else product.percent
        if product.kind == "group":
            return (PricedRider("", Texts(""), self._share(full, percent, 100)),)
        return tuple(
            PricedRider(rider.id, self._names[rider.id], self._share(full, percent, rider.percent)) for rider in group
        )

    def _share(self, base: int, product_percent: float, rider_percent: float) -> Money:
        """Return base times both shares, rounded half up to the tariff's step; whole numbers, so no float creeps in."""
        step = self.file.rounding_minor
        scaled = base * round(product_percent * 100) * round(rider_percent * 100)
        divisor = 100_000_000 * step
        return Money((2 * scaled + divisor) // (2 * divisor) * step, self.currency)
