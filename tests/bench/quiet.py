"""A figure on a machine that others use too."""

from collections.abc import Callable

TRIES = 5


def best(measure: Callable[[], float], aim: float) -> float:
    """Measure until the aim is met, TRIES times at most, and return the best: what others do only adds to a figure."""
    found = measure()
    for _ in range(TRIES - 1):
        if found <= aim:
            break
        found = min(found, measure())
    return found
