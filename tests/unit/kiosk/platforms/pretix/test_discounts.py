"""Discounts as the server's own shop works them out: who counts, who is reduced, and no line serves twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kiosk.platforms.pretix.discounts import Line, Rule, reduced, rules

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def rule(**more: Any) -> Rule:
    data = {
        "id": 7, "active": True, "position": 1, "condition_all_products": True, "condition_min_count": 2,
        "benefit_discount_matching_percent": "10.00", **more,
    }  # fmt: skip
    return rules([data], "EUR", "api.kiosk")[0]


def prices(lines: list[tuple[int, int]] | list[Line], *open_rules: Rule) -> list[int]:
    told = [each if isinstance(each, Line) else Line(*each, None) for each in lines]
    return [price for price, _ in reduced(told, open_rules)]


def test_reduces_all_that_count_from_the_least_number_on() -> None:
    assert prices([(1, 1000)], rule()) == [1000]
    assert prices([(1, 1000), (2, 505)], rule()) == [900, 455]
    assert reduced([Line(1, 1000, None), Line(2, 500, None)], [rule()]) == [(900, 7), (450, 7)]


def test_counts_only_the_items_named_and_reduces_others_where_it_says_so() -> None:
    only = rule(condition_all_products=False, condition_limit_products=[1])
    assert prices([(1, 1000), (2, 1000)], only) == [1000, 1000]
    assert prices([(1, 1000), (1, 1000), (2, 1000)], only) == [900, 900, 1000]
    other = rule(
        condition_all_products=False, condition_limit_products=[1], benefit_same_products=False,
        benefit_limit_products=[2],
    )  # fmt: skip
    assert prices([(1, 1000), (1, 1000), (2, 1000)], other) == [1000, 1000, 900]


def test_extras_count_and_are_reduced_only_where_it_says_so() -> None:
    lines = [Line(1, 1000, None), Line(3, 500, 0)]
    assert prices(lines, rule()) == [900, 450]
    assert prices(lines, rule(condition_apply_to_addons=False)) == [1000, 500]
    other = rule(
        condition_min_count=1, condition_apply_to_addons=False, benefit_same_products=False,
        benefit_limit_products=[1, 3], benefit_apply_to_addons=False,
    )  # fmt: skip
    assert prices(lines, other) == [900, 500]


def test_of_full_groups_only_the_cheapest_are_reduced() -> None:
    free = rule(
        condition_min_count=4, benefit_only_apply_to_cheapest_n_matches=1, benefit_discount_matching_percent="100.00"
    )
    lines = [(1, 1000), (2, 600), (1, 1000), (2, 600), (1, 1000), (2, 600), (1, 1000), (2, 600), (1, 1000)]
    assert sum(prices(lines, free)) == 5 * 1000 + 2 * 600
    assert prices(lines[:3], free) == [1000, 600, 1000]


def test_from_a_least_value_on_all_are_reduced() -> None:
    value = rule(condition_min_count=0, condition_min_value="20.00")
    assert prices([(1, 1000), (1, 999)], value) == [1000, 999]
    assert prices([(1, 1000), (1, 1000)], value) == [900, 900]


def test_a_line_that_served_one_discount_serves_no_other() -> None:
    first, second = rule(id=1, condition_min_count=2), rule(id=2, condition_min_count=1)
    assert reduced([Line(1, 1000, None)] * 2, [first, second]) == [(900, 1), (900, 1)]
    assert reduced([Line(1, 1000, None)], [first, second]) == [(900, 2)]


def test_a_discount_for_different_dates_holds_for_one_date_only_where_one_ticket_is_enough() -> None:
    assert prices([(1, 1000)] * 3, rule(subevent_mode="distinct")) == [1000] * 3
    assert prices([(1, 1000)] * 3, rule(subevent_mode="distinct", condition_min_count=1)) == [900] * 3


@pytest.mark.parametrize(
    ("more", "is_kept"),
    [
        ({"active": False}, False), ({"all_sales_channels": False, "limit_sales_channels": ["web"]}, False),
        ({"all_sales_channels": False, "limit_sales_channels": ["api.kiosk"]}, True), ({}, True),
    ],
)  # fmt: skip
def test_a_discount_of_another_channel_is_none(more: dict[str, Any], *, is_kept: bool) -> None:
    assert bool(rules([{"id": 1, "active": True, "condition_min_count": 1, **more}], "EUR", "api.kiosk")) is is_kept


def test_a_discount_holds_in_its_time_and_for_its_dates() -> None:
    hour = timedelta(hours=1)
    for name, first, later in (("available_from", NOW - hour, NOW + hour), ("available_until", NOW + hour, NOW - hour)):
        assert rule(**{name: first.isoformat()}).is_open(NOW, None)
        assert not rule(**{name: later.isoformat()}).is_open(NOW, None)
    for name, first, later in (
        ("subevent_date_from", NOW - hour, NOW + hour), ("subevent_date_until", NOW + hour, NOW - hour),
    ):  # fmt: skip
        assert rule(**{name: first.isoformat()}).is_open(NOW, NOW)
        assert not rule(**{name: later.isoformat()}).is_open(NOW, NOW)
        assert rule(**{name: later.isoformat()}).is_open(NOW, None)
