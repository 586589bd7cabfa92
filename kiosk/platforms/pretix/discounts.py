"""The automatic discounts of an event, worked out here as the server works them out for its own shop.

The server (2026.8) applies them to orders of the interface only in part: there each discount reaches the last position
alone. So prices are computed here and sent with the discount they hold; the server keeps a price that is given.
Of an offer for one date: `mixed` and `same` are the same, `distinct` holds only where one ticket is enough.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import Any

from msgspec import Struct

from kiosk.platforms.pretix import mapping

HUNDRED_PERCENT = 10_000


class Line(Struct, frozen=True):
    """One position: its item, gross price, and the index of the ticket that carries it (None: a ticket itself).

    `is_vouched`: a voucher made it cheaper already.
    """

    item: int
    price: int
    host: int | None
    is_vouched: bool = False


class Rule(Struct, frozen=True):
    """One discount; `items` and `benefit` None: all, and the same ones that count."""

    id: int
    items: frozenset[int] | None
    counts_extras: bool
    count_min: int
    value_min: int
    permyriad: int
    cheapest: int | None
    benefit: frozenset[int] | None
    reduces_extras: bool
    is_distinct: bool
    opens: datetime | None
    closes: datetime | None
    dates_from: datetime | None
    dates_until: datetime | None
    counts_vouched: bool = True
    reduces_vouched: bool = True

    def is_open(self, now: datetime, starts: datetime | None) -> bool:
        """Say whether it holds now, for a date of a series that starts then (None: no series)."""
        is_now = (self.opens is None or self.opens <= now) and (self.closes is None or now <= self.closes)
        if starts is None:
            return is_now
        is_late = self.dates_from is None or starts >= self.dates_from
        return is_now and is_late and (self.dates_until is None or starts <= self.dates_until)


def rules(rows: Sequence[dict[str, Any]], currency: str, channel: str) -> tuple[Rule, ...]:
    """Return the discounts of a channel in the order in which the server tries them."""
    found = [
        (each.get("position") or 0, _rule(each, currency))
        for each in rows
        if each.get("active")
        and (each.get("all_sales_channels", True) or channel in (each.get("limit_sales_channels") or []))
    ]
    return tuple(rule for _, rule in sorted(found, key=lambda pair: (pair[0], pair[1].id)))


def _rule(data: dict[str, Any], currency: str) -> Rule:
    def items(name: str) -> frozenset[int]:
        return frozenset(each for each in data.get(name) or [] if isinstance(each, int))

    def moment(name: str) -> datetime | None:
        return mapping.moment(data[name], name) if data.get(name) else None

    return Rule(
        mapping.field(data, "id", int),
        None if data.get("condition_all_products", True) else items("condition_limit_products"),
        bool(data.get("condition_apply_to_addons", True)), data.get("condition_min_count") or 0,
        mapping.money(data.get("condition_min_value") or "0", currency, "condition_min_value").minor,
        mapping.permyriad(data.get("benefit_discount_matching_percent") or "0"),
        data.get("benefit_only_apply_to_cheapest_n_matches"),
        None if data.get("benefit_same_products", True) else items("benefit_limit_products"),
        bool(data.get("benefit_apply_to_addons", True)), data.get("subevent_mode") == "distinct",
        moment("available_from"), moment("available_until"), moment("subevent_date_from"),
        moment("subevent_date_until"), not data.get("condition_ignore_voucher_discounted"),
        not data.get("benefit_ignore_voucher_discounted"),
    )  # fmt: skip


def reduced(lines: Sequence[Line], open_rules: Sequence[Rule]) -> list[tuple[int, int]]:
    """Return for each line its price and the discount in it (0: none); a line serves one discount only."""
    served: dict[int, tuple[int, int]] = {}
    for rule in open_rules:
        free = {index: line for index, line in enumerate(lines) if index not in served}
        served |= {index: (price, rule.id) for index, price in _applied(rule, free).items()}
    found = [served.get(index, (line.price, 0)) for index, line in enumerate(lines)]
    return [(price, rule_id if price != line.price else 0) for (price, rule_id), line in zip(found, lines, strict=True)]


def _applied(rule: Rule, lines: Mapping[int, Line]) -> dict[int, int]:
    """Return the prices of the lines that serve a discount, reduced or not."""
    counted = [
        index for index, line in lines.items()
        if (rule.items is None or line.item in rule.items) and (rule.counts_extras or line.host is None)
        and (rule.counts_vouched or not line.is_vouched)
    ]  # fmt: skip
    reducible = counted
    if rule.benefit is not None:
        reducible = [
            index for index, line in lines.items()
            if line.item in rule.benefit and (rule.reduces_extras or line.host is None)
            and (rule.reduces_vouched or not line.is_vouched)
        ]  # fmt: skip
    if rule.is_distinct:
        return {index: price for each in counted for index, price in _by_count(rule, lines, [each], [each]).items()}
    if rule.count_min:
        return _by_count(rule, lines, counted, reducible)
    if sum(lines[index].price for index in counted) < rule.value_min:
        return {}
    return {index: _less(rule, lines[index].price) for index in reducible}


def _by_count(rule: Rule, lines: Mapping[int, Line], counted: list[int], reducible: list[int]) -> dict[int, int]:
    least = max(rule.count_min, 1)
    if len(counted) < least:
        return {}
    if rule.cheapest:
        # Groups: of ten tickets at "buy 4, the cheapest free" eight serve, and two of them are free.
        counted, reducible = [sorted(each, key=lambda at: _rank(lines, at)) for each in (counted, reducible)]
        groups = min(len(counted) // least, ceil(len(reducible) / rule.cheapest))
        counted, reducible = counted[: groups * least], reducible[: groups * rule.cheapest]
    prices = {index: lines[index].price for index in counted}
    return prices | {index: _less(rule, lines[index].price) for index in reducible}


def _rank(lines: Mapping[int, Line], index: int) -> tuple[int, int, int]:
    """Rank the cheapest first, of equal ones the last; extras by their place behind their ticket."""
    line = lines[index]
    before = sum(other < index and each.host == line.host for other, each in lines.items())
    return line.price, 0 if line.host is None else before, -index


def _less(rule: Rule, price: int) -> int:
    """Return a price less the discount, half a minor unit rounded up, as the server rounds."""
    return (price * (HUNDRED_PERCENT - rule.permyriad) + HUNDRED_PERCENT // 2) // HUNDRED_PERCENT
