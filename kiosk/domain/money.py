"""Money as integer minor units with an ISO 4217 currency, and tax contained in it."""

from msgspec import Struct

# ISO 4217 minor-unit exponents that differ from 2 (the currencies whose coins are not hundredths).
EXPONENTS = {
    "BHD": 3, "CLP": 0, "DJF": 0, "GNF": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0, "KMF": 0, "KRW": 0,
    "KWD": 3, "LYD": 3, "OMR": 3, "PYG": 0, "RWF": 0, "TND": 3, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0,
    "XOF": 0, "XPF": 0,
}  # fmt: skip
MINOR_MAX = 10**12


class CurrencyMismatchError(ValueError):
    """Two currencies met in one sum."""


class Money(Struct, frozen=True, gc=False):
    """Hold an amount in minor units of an ISO 4217 currency; negative amounts are money given back."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):  # noqa: PLR2004
            raise ValueError(f"not an ISO 4217 code: {self.currency!r}")
        if abs(self.minor) > MINOR_MAX:
            raise ValueError("amount beyond any sale")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __mul__(self, count: int) -> "Money":
        return Money(self.minor * count, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other).minor

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency} in one sum")
        return other


def zero(currency: str) -> Money:
    """Return nothing, in a currency."""
    return Money(0, currency)


def total(amounts: "tuple[Money, ...]", currency: str) -> Money:
    """Sum amounts of one currency; an empty tuple sums to zero."""
    result = zero(currency)
    for amount in amounts:
        result += amount
    return result


def exponent(currency: str) -> int:
    """Return how many decimal digits the minor unit of a currency stands for (ISO 4217)."""
    return EXPONENTS.get(currency, 2)


def tax_contained(gross: Money, rate_permyriad: int) -> Money:
    """Return the tax inside a gross price, half away from zero; the rate is in hundredths of a percent."""
    divisor = 10_000 + rate_permyriad
    scaled = abs(gross.minor) * rate_permyriad
    tax = (2 * scaled + divisor) // (2 * divisor)
    return Money(tax if gross.minor >= 0 else -tax, gross.currency)
