"""Making change: which pieces of what is there give an amount exactly, with as few pieces as can be."""

from collections.abc import Mapping

AMOUNT_UNITS_MAX = 200_000
PIECES_MAX = 200


def pick_pieces(amount_minor: int, stock: Mapping[int, int]) -> tuple[int, ...] | None:
    """Return the values to pay out, largest first, or None where the stock cannot give the amount exactly."""
    if amount_minor == 0:
        return ()
    values = sorted((v for v, n in stock.items() if v > 0 and n > 0), reverse=True)
    unit = _greatest_unit(values)
    if amount_minor < 0 or unit == 0 or amount_minor % unit or amount_minor // unit > AMOUNT_UNITS_MAX:
        return None
    return _greedy(amount_minor, values, stock) or _fewest(amount_minor, unit, values, stock)


def _greatest_unit(values: list[int]) -> int:
    unit = 0
    for value in values:
        while value:
            unit, value = value, unit % value  # noqa: PLW2901 - Euclid
    return unit


def _greedy(amount: int, values: list[int], stock: Mapping[int, int]) -> tuple[int, ...] | None:
    picked: list[int] = []
    for value in values:
        count = min(amount // value, stock[value])
        picked += [value] * min(count, PIECES_MAX + 1)
        amount -= value * count
    return tuple(picked) if amount == 0 and len(picked) <= PIECES_MAX else None


def _fewest(amount: int, unit: int, values: list[int], stock: Mapping[int, int]) -> tuple[int, ...] | None:
    """Search where largest-first is stuck (60 from 50 + 20 + 20 + 20): fewest pieces for each reachable sum."""
    best: dict[int, tuple[int, ...]] = {0: ()}
    for value in values:
        for total, picked in tuple(best.items()):
            for count in range(1, min(stock[value], (amount - total) // value, PIECES_MAX - len(picked)) + 1):
                longer = picked + (value,) * count
                reached = total + value * count
                if reached not in best or len(longer) < len(best[reached]):
                    best[reached] = longer
        if len(best) > AMOUNT_UNITS_MAX // unit + 1:
            break
    return best.get(amount)
