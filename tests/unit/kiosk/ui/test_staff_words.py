"""What staff are told: ages, the link, and a word for whatever a device, a fault or a capability can say."""

import ast
import importlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hardware.cash import PieceOutcome
from hardware.health import ComponentState
from hardware.printer import PrintOutcome
from kiosk.application.fault_lab import PRINTER_FAULTS
from kiosk.application.remedies import REMEDY_CARDS
from kiosk.application.supervision import SILENT_CAUSE, Capabilities
from kiosk.application.terminal import StoreFigures, StreamFigure
from kiosk.shells.box_office.status_view_model import STATE_WORDS
from kiosk.shells.technician.fault_words import FAULTS
from kiosk.shells.technician.words import CAPABILITIES, COUNTERS, STATES, USUAL_NEEDS, counter_name, need
from kiosk.ui.controls.link_words import USUAL_WAIT, LinkWords, link_words
from kiosk.ui.controls.staff_words import StaffWords
from kiosk.ui.i18n import Speech

HARDWARE = Path(__file__).parents[4] / "hardware"
FAMILIES = {"payment_device": "payment_terminal"} | {
    name: name for name in ("cash", "scanner", "card_reader", "display")
}
NOW = datetime(2026, 11, 22, 14, 32, tzinfo=UTC)


def words(tag: str = "en") -> StaffWords:
    return StaffWords(Speech((tag,)))


def terminal(*, is_up: bool, since: datetime = NOW, confirms_offline: bool = True) -> Any:
    """Return as much of a terminal as the words of the link look at."""
    return SimpleNamespace(
        supervision=SimpleNamespace(platform_health=SimpleNamespace(is_reachable=is_up, since=since, problem="")),
        platform=SimpleNamespace(
            traits=SimpleNamespace(zone="UTC", confirms_offline=confirms_offline, sells_journeys=confirms_offline)
        ),
        clock=SimpleNamespace(now=lambda: NOW),
    )


def figures(sales: int, since: datetime | None, cause: str = "") -> StoreFigures:
    return StoreFigures((StreamFigure("p", sales, 0, cause),), 1, "", sales, since)


@pytest.mark.parametrize(
    ("span", "told"),
    [
        (timedelta(seconds=-5), "0 s ago"), (timedelta(seconds=99), "99 s ago"), (timedelta(seconds=100), "1 min ago"),
        (timedelta(minutes=99), "99 min ago"), (timedelta(minutes=100), "1 h ago"),
    ],
)  # fmt: skip
def test_an_age_is_told_in_the_coarsest_honest_unit(span: timedelta, told: str) -> None:
    assert words().age(NOW - span, NOW) == told


def test_while_the_link_is_down_it_is_told_since_when_what_waits_and_what_sells() -> None:
    down = terminal(is_up=False, since=NOW - timedelta(minutes=10))
    told = link_words(words(), down, figures(3, NOW - timedelta(minutes=2)))
    assert told.line == "Network away since 14:22 · 3 sales wait since 14:30 · journeys sell, seats and slots wait"
    assert told.mood == "info", "nobody has to do anything"
    assert link_words(words("de"), down, figures(1, NOW)).waiting == "1 Verkauf wartet seit 14:32"
    assert link_words(words(), down, figures(0, None)).waiting == "no sale waits"
    bound = terminal(is_up=False, confirms_offline=False)
    assert link_words(words(), bound, figures(0, None)).selling == "selling goes on when it is back"


def test_another_day_is_named() -> None:
    down = terminal(is_up=False, since=NOW - timedelta(days=1))
    assert link_words(words(), down, None) == LinkWords(
        "Network away since Sat 21 Nov 2026 14:32", "", "journeys sell, seats and slots wait", "info"
    )


def test_once_it_is_back_only_what_waits_long_is_worth_a_word() -> None:
    up = terminal(is_up=True)
    assert link_words(words(), up, figures(1, NOW - USUAL_WAIT / 2)) == LinkWords()
    assert link_words(words(), up, figures(0, None)) == LinkWords()
    late = link_words(words(), up, figures(2, NOW - USUAL_WAIT * 2))
    assert late.line == "Network is back · 2 sales wait since 14:31 · they go out now"
    held = link_words(words(), up, figures(2, NOW - USUAL_WAIT, "401"))
    assert held.mood == "stop"
    assert held.selling == "call a technician"


def test_before_the_platform_was_asked_nothing_is_said() -> None:
    fresh = terminal(is_up=True)
    fresh.supervision.platform_health = None
    assert link_words(words(), fresh, None) == LinkWords()


def test_every_fault_of_a_simulator_has_a_word() -> None:
    for family, folder in FAMILIES.items():
        faults = importlib.import_module(f"hardware.{folder}.simulator").FAULTS
        assert set(FAULTS[family]) == set(faults), family
    assert set(FAULTS["printer"]) == {str(each) for each in PRINTER_FAULTS}


def test_every_state_and_every_counter_has_a_word() -> None:
    assert set(STATES) == set(STATE_WORDS) == set(ComponentState)
    counted = set()
    for file in HARDWARE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "count" and node.args:
                counted |= {each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)}
    counted = {name for name in counted if isinstance(name, str) and not name.endswith("_")}
    counted |= {f"pieces_{each}" for each in PieceOutcome} | {f"jobs_{each}" for each in PrintOutcome}
    assert {name for name in counted if "_" in name or name in COUNTERS} <= set(COUNTERS)
    assert counter_name(words(), "new_counter") == "new_counter"


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_whatever_takes_a_capability_away_says_what_it_needs(capability: str) -> None:
    reasons = {*REMEDY_CARDS, SILENT_CAUSE, "platform_away", "printer.none", "cash.media_jammed", "display.none"}
    assert all(need(words(), capability, reason) for reason in reasons)
    assert capability in Capabilities.__struct_fields__
    assert set(USUAL_NEEDS) == set(CAPABILITIES)
