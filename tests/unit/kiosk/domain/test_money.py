"""Money adds up in one currency and holds its tax to the cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.money import (
    MINOR_MAX,
    CurrencyMismatchError,
    Money,
    exponent,
    tax_contained,
    total,
    zero,
)

amounts = st.integers(-(10**9), 10**9)


@pytest.mark.parametrize("code", ["eur", "EU", "EURO", "ÄÖÜ", ""])
def test_refuses_what_is_no_currency_code(code: str) -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(1, code)


def test_refuses_amounts_beyond_any_sale() -> None:
    with pytest.raises(ValueError, match="beyond any sale"):
        Money(MINOR_MAX + 1, "EUR")


@given(amounts, amounts)
def test_adds_subtracts_and_compares_as_its_minor_units(one: int, other: int) -> None:
    left, right = Money(one, "EUR"), Money(other, "EUR")
    assert (left + right).minor == one + other
    assert (left - right).minor == one - other
    assert (-left).minor == -one
    assert (left * 3).minor == 3 * one
    assert (left < right) is (one < other)
    assert (left <= right) is (one <= other)
    assert total((left, right), "EUR") == left + right


def test_two_currencies_never_meet_in_one_sum() -> None:
    with pytest.raises(CurrencyMismatchError):
        total((Money(1, "EUR"), Money(1, "RON")), "EUR")
    assert zero("RON").minor == 0


def test_knows_currencies_without_and_with_three_decimals() -> None:
    assert [exponent(code) for code in ("JPY", "EUR", "KWD")] == [0, 2, 3]


@given(amounts, st.integers(0, 5000))
def test_tax_is_the_nearest_cent_and_the_same_for_money_given_back(gross: int, rate: int) -> None:
    tax = tax_contained(Money(gross, "EUR"), rate).minor
    exact = gross * rate / (10_000 + rate)
    assert abs(tax - exact) <= 0.5 + 1e-6 * abs(exact)
    assert tax_contained(Money(-gross, "EUR"), rate).minor == -tax
