"""The look in figures: contrast of every pair that is used, in every scheme, and an operator's colour."""

import re
from pathlib import Path

import pytest

from kiosk.ui.theme.signal_colour import contrast, signal_colour

THEME = Path(__file__).parents[4] / "kiosk" / "ui" / "theme" / "Theme.qml"
SCHEMES = {"light": 0, "dark": 1, "contrast": 2}
PICK = re.compile(r'readonly property color (\w+): pick\("(#\w+)", "(#\w+)", "(#\w+)"\)')
FIXED = re.compile(r'readonly property color (\w+): "(#\w{6})"')
TEXT_PAIRS = (
    ("ink", "ground"), ("ink", "surface"), ("ink", "sunk"), ("ink2", "ground"), ("ink2", "surface"), ("paper", "ink"),
    ("ok", "ground"), ("ok", "surface"), ("warn", "ground"), ("stop", "ground"), ("info", "ground"),
    ("ok", "okTint"), ("warn", "warnTint"), ("stop", "stopTint"), ("info", "infoTint"),
    ("ink", "okTint"), ("ink", "warnTint"), ("ink", "stopTint"), ("ink", "infoTint"),
    ("sillInk", "sill"), ("sillInk", "sillKey"), ("sillInk", "sillSunk"), ("sillInk2", "sill"),
    ("sillPaper", "sillInk"),
)  # fmt: skip
EDGE_PAIRS = (("edge", "ground"), ("edge", "surface"), ("sillEdge", "sill"), ("seatFront", "ground"),
              ("seatMiddle", "ground"), ("seatBack", "ground"))  # fmt: skip


def tokens(scheme: str) -> dict[str, str]:
    source = THEME.read_text(encoding="utf-8")
    picked = {name: colours[SCHEMES[scheme]] for name, *colours in PICK.findall(source)}
    return picked | dict(FIXED.findall(source))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_reaches_four_and_a_half_to_one(scheme: str) -> None:
    colours = tokens(scheme)
    short = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in TEXT_PAIRS}
    assert {pair: ratio for pair, ratio in short.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_edges_reach_three_to_one(scheme: str) -> None:
    colours = tokens(scheme)
    short = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in EDGE_PAIRS}
    assert {pair: ratio for pair, ratio in short.items() if ratio < 3} == {}


@pytest.mark.parametrize(
    ("operator", "signal", "word"),
    [
        ("#EB0000", "#EB0000", "#FFFFFF"),
        ("#0019A8", "#2459E3", "#FFFFFF"),
        ("#007A3D", "#007A3D", "#FFFFFF"),
        ("#F8C8DC", "#F8C8DC", "#12161C"),
    ],
)
def test_operators_colour_becomes_a_signal_that_can_be_read(operator: str, signal: str, word: str) -> None:
    found = signal_colour(operator)
    assert (found.colour, found.word) == (signal, word)
    assert found.word_ratio >= 4.55
    assert found.edge_ratio >= 3.05


def test_no_colour_stands_outside_the_theme() -> None:
    kiosk = THEME.parents[2]
    folders = [kiosk / "ui", kiosk / "shells" / "self_service"]
    pages = [page for folder in folders for page in folder.rglob("*.qml") if page != THEME]
    assert pages
    assert [str(page) for page in pages if re.search(r'"#[0-9A-Fa-f]{3,8}"', page.read_text(encoding="utf-8"))] == []
