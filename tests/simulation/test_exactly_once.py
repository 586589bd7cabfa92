"""Whatever happens to wire, server, terminal and clocks: each sale is on the server once, and nothing wrong passes.

A seed that failed is lived through again by `tests.simulation.world.live(seed)`.
"""

import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from tests.simulation.audit import violations
from tests.simulation.faulty_wire import FAULTS
from tests.simulation.terminal import Design
from tests.simulation.world import live
from tests.simulation.wrong_designs import WRONG

PIECE = 50
SEEDS = 2_000
SOAK_SEEDS = 100_000
Found = tuple[dict[int, tuple[str, ...]], Counter[str]]


def some(first: int) -> Found:
    """Live through some seeds; return those with violations, and what happened how often."""
    bad, happened = {}, Counter[str]()
    for seed in range(first, first + PIECE):
        account = live(seed)
        happened.update(account.faults, sales=len(account.sales), messages=len(account.written), seeds=1)
        happened.update(proven=len(account.sent), parked=len(account.parked), starts=account.starts)
        if found := violations(account):
            bad[seed] = found
    return bad, happened


def many(first: int, count: int) -> Found:
    bad, happened = {}, Counter[str]()
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for part, counted in pool.map(some, range(first, first + count, PIECE)):
            bad.update(part)
            happened.update(counted)
    return bad, happened


def hold_every_seed(first: int, count: int, record_property: Callable[[str, object], None]) -> None:
    bad, happened = many(first, count)
    record_property("seeds", f"{first} to {first + count - 1}")
    for name in ("sales", "messages", "proven", "parked", "starts"):
        record_property(name, happened[name])
    record_property("faults", sum(happened[each] for each in FAULTS))
    print(f"seeds {first} to {first + count - 1}: {len(bad)} with violations; {dict(happened)}")  # noqa: T201
    assert bad == {}
    assert happened["seeds"] == count
    assert min(happened[each] for each in FAULTS) > count / 10, "a fault that never happens proves nothing"
    assert happened["parked"] > count / 10
    assert happened["starts"] > 2 * count


@pytest.mark.timeout(900)  # a minute on two idle cores; other work may have them
def test_every_sale_is_there_once_in_two_thousand_worlds(record_property: Callable[[str, object], None]) -> None:
    hold_every_seed(0, SEEDS, record_property)


@pytest.mark.soak
def test_every_sale_is_there_once_in_a_hundred_thousand_worlds(record_property: Callable[[str, object], None]) -> None:
    hold_every_seed(SEEDS, SOAK_SEEDS, record_property)


@pytest.mark.parametrize("design", WRONG, ids=lambda design: design.name)
def test_a_wrong_design_is_caught(design: Design, record_property: Callable[[str, object], None]) -> None:
    for seed in range(SEEDS):
        if found := violations(live(seed, design)):
            record_property("caught at seed", seed)
            print(f"{design.name}: caught at seed {seed}: {found[0]}")  # noqa: T201 - the evidence
            return
    pytest.fail(f"{design.name} passed {SEEDS} seeds")


def test_a_seed_lives_the_same_life_again() -> None:
    first, again = live(7), live(7)
    assert (first.written, first.faults, first.told, first.sent) == (
        again.written,
        again.faults,
        again.told,
        again.sent,
    )
    assert list(first.model.sales.orders) == list(again.model.sales.orders)
