"""The tariff file of an operator (docs/tariff.md), read and checked. Prices are decimal strings in the currency."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from kiosk.domain.catalogue import Texts
from kiosk.domain.money import MINOR_MAX, exponent
from kiosk.platforms.embedded.config import FileRefusedError
from kiosk.platforms.embedded.text_cleaning import clean_text

FILE_BYTES_MAX = 1_000_000
SENTENCE_CHARS_MAX = 300

Words = Annotated[dict[str, str], Meta(min_length=1, max_length=40)]
Price = Annotated[str, Meta(pattern=r"^[0-9]{1,9}([.][0-9]{1,3})?$")]
Identity = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$")]
Percent = Annotated[float, Meta(ge=0, le=10_000)]


class Band(Struct, frozen=True, forbid_unknown_fields=True):
    """One distance step: a ride of up to `until_km` costs `price`."""

    until_km: Annotated[float, Meta(gt=0, le=20_000)]
    price: Price


class Beyond(Struct, frozen=True, forbid_unknown_fields=True):
    """What each further step beyond the last band costs."""

    step_km: Annotated[float, Meta(gt=0, le=1_000)]
    price: Price


class Supplement(Struct, frozen=True, forbid_unknown_fields=True):
    """What lines whose name begins with one of `lines` cost on top, once per journey, per adult."""

    lines: Annotated[tuple[str, ...], Meta(min_length=1, max_length=50)]
    price: Price


class Rider(Struct, frozen=True, forbid_unknown_fields=True):
    """A rider category and the share of the adult price it pays."""

    id: Identity
    name: Words
    percent: Percent = 100
    age_min: Annotated[int, Meta(ge=0, le=150)] | None = None
    age_max: Annotated[int, Meta(ge=0, le=150)] | None = None


class TariffProduct(Struct, frozen=True, forbid_unknown_fields=True):
    """A ticket: for one rider each (single, return, day) or one for all (group).

    `percent` is of the single price, unless `price` fixes it. `days` counts service days, each until 03:00 of the
    next day; 0 is "this ride only".
    """

    id: Identity
    kind: Literal["single", "return", "day", "group"]
    name: Words
    validity: Words
    percent: Percent = 100
    price: Price | None = None
    days: Annotated[int, Meta(ge=0, le=366)] = 1
    until_km: float | None = None
    not_on: tuple[str, ...] = ()
    riders_min: Annotated[int, Meta(ge=1, le=50)] = 1
    full_riders_max: Annotated[int, Meta(ge=0, le=50)] = 50
    reduced_riders_max: Annotated[int, Meta(ge=0, le=50)] = 50


class TariffFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file; `use` takes the single price from distance bands or from the feed's own leg fares."""

    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    tax_percent: Annotated[float, Meta(ge=0, le=100)]
    rider: Annotated[tuple[Rider, ...], Meta(min_length=1, max_length=20)]
    product: Annotated[tuple[TariffProduct, ...], Meta(min_length=1, max_length=20)]
    use: Literal["distance", "gtfs-fares"] = "distance"
    name: str = ""
    band: Annotated[tuple[Band, ...], Meta(max_length=500)] = ()
    beyond: Beyond | None = None
    supplement: Annotated[tuple[Supplement, ...], Meta(max_length=50)] = ()
    rounding_minor: Annotated[int, Meta(ge=1, le=100_000)] = 1
    detour_percent: Annotated[float, Meta(ge=100, le=300)] = 100
    fare_rider: str = ""
    popular: tuple[str, ...] = ()


Read = TypeVar("Read", bound=Struct)


def read_toml(path: Path, kind: type[Read]) -> Read:
    """Decode a TOML file of a kind.

    Raises:
        FileRefusedError: cannot be read, is no TOML, or a key is wrong; the sentence names the key.
    """
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise FileRefusedError(path.name, "is too large for such a file", "Check the path in the settings")
        return msgspec.toml.decode(path.read_bytes(), type=kind)
    except OSError as problem:
        raise FileRefusedError(
            str(path), f"cannot be opened ({problem.strerror})", "Check the path and its rights"
        ) from None
    except (msgspec.DecodeError, ValueError) as problem:
        if isinstance(problem, FileRefusedError):
            raise
        raise FileRefusedError(path.name, str(problem)[:300], "Correct it as docs/tariff.md describes") from None


def read_tariff_file(path: Path) -> TariffFile:
    """Read a tariff file and check what its keys mean together."""
    file = read_toml(path, TariffFile)
    troubles = {
        "the bands do not rise": [each.until_km for each in file.band] != sorted({each.until_km for each in file.band}),
        "a rider id appears twice": len({each.id for each in file.rider}) != len(file.rider),
        "a product id appears twice": len({each.id for each in file.product}) != len(file.product),
        "there is no band to price a distance": file.use == "distance" and not file.band,
        "no product of kind single is listed": not any(each.kind == "single" for each in file.product),
    }
    for trouble, is_so in troubles.items():
        if is_so:
            raise FileRefusedError(path.name, trouble, "Correct it as docs/tariff.md describes")
    products = [each.price for each in file.product if each.price is not None]
    beyond = [] if file.beyond is None else [file.beyond.price]
    bands = [each.price for each in file.band]
    supplements = [each.price for each in file.supplement]
    check_prices(path.name, (*bands, *beyond, *supplements, *products), file.currency)
    return file


def check_prices(file: str, prices: Iterable[str], currency: str) -> None:
    """Refuse a file with a price that its currency cannot pay."""
    for price in prices:
        try:
            minor(price, currency)
        except ValueError as problem:
            raise FileRefusedError(file, str(problem), "Correct it as docs/tariff.md describes") from None


def minor(price: str, currency: str) -> int:
    """Return a decimal price in minor units; more digits than the currency has are cut by refusal.

    Raises:
        ValueError: not a price of this currency.
    """
    try:
        scaled = Decimal(price).scaleb(exponent(currency))
    except InvalidOperation:
        raise ValueError(f"{price!r} is not a price") from None
    if scaled != scaled.to_integral_value() or abs(scaled) > MINOR_MAX:
        raise ValueError(f"{price!r} is not a price in {currency}")
    return int(scaled)


def texts(words: dict[str, str], default: str = "en") -> Texts:
    """Return words by language with a default: English where there is some, else the first."""
    cleaned = {language: clean_text(text, SENTENCE_CHARS_MAX) for language, text in words.items()}
    first = cleaned.get(default) or next(iter(cleaned.values()))
    return Texts(first, tuple(sorted(cleaned.items())))
