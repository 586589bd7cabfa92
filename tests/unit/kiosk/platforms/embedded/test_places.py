"""Finding a place while typing, in any script, with slips."""

import asyncio
from typing import Any

import pytest

from kiosk.platforms.embedded.folding import fold, fold_with_origins


def search(demo: Any, text: Any, language: Any = "en", limit: Any = 6) -> Any:
    return [(hit.place.id, hit.is_near) for hit in asyncio.run(demo.places(text, language=language, limit=limit))]


def first(demo: Any, text: Any, language: Any = "en") -> Any:
    return search(demo, text, language)[0]


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("port lis", "port-lisse"), ("LISSE p", "port-lisse"), ("muhl", "muhlbach"), ("MÜHL", "muhlbach"),
        ("lodz", "lodz-wood"), ("蓝", "lanshan"), ("山", "lanshan"), ("lanshan", "lanshan"),
        ("yulan yuan", "yulan-garden"), ("الخليج", "khalij"), ("خليج", "khalij"), ("مطار", "montclair-airport"),
        ("st allans", "st-allans-bridge"), ("st. a", "st-allans-bridge"), ("阿尔德", "aldermoor-central"),
        ("constanța", "constanta-road"), ("constanţa", "constanta-road"),
    ],
)  # fmt: skip
def test_finds_by_the_beginning_of_any_word_in_any_script(demo: Any, typed: Any, place: Any) -> None:
    assert (place, False) in search(demo, typed)


def test_words_come_before_insides_and_stations_before_stops(demo: Any) -> None:
    found = [place for place, _ in search(demo, "lan", limit=20)]
    assert found[0] == "lanshan"
    assert found.index("langholt") < found.index("landing-quay") < found.index("st-allans-bridge")


@pytest.mark.parametrize(
    ("typed", "place"),
    [("rivreside", "riverside"), ("belmar", "bellmar"), ("Riversyde", "riverside"), ("khaliij", "khalij")],
)
def test_asks_whether_a_near_miss_was_meant(demo: Any, typed: Any, place: Any) -> None:
    assert first(demo, typed) == (place, True)


@pytest.mark.parametrize("text", ["qqqqqq", "!!!", "\x00", "\u202e\u202d", "'; DROP TABLE place; --", "zz"])
def test_finds_nothing_in_nonsense(demo: Any, text: Any) -> None:
    assert search(demo, text) == []


def test_bounds_what_is_typed(demo: Any) -> None:
    assert search(demo, "riverside" * 10_000) == []


def test_shows_the_travellers_language_and_marks_what_matched(demo: Any) -> None:
    hit = asyncio.run(demo.places("bridge", language="en", limit=1))[0]
    assert (hit.shown, hit.shown[slice(*hit.match)]) == ("St. Allans Bridge", "Bridge")
    hit = asyncio.run(demo.places("港", language="zh", limit=1))[0]
    assert hit.shown[slice(*hit.match)] == "港"
    hit = asyncio.run(demo.places("muhlb", language="en", limit=1))[0]
    assert hit.shown[slice(*hit.match)] == "Mühlb"
    assert asyncio.run(demo.places("lanshan", language="zh", limit=1))[0].match == (0, 0)


def test_the_popular_places_come_first_and_never_the_one_we_stand_at(demo: Any) -> None:
    assert [place for place, _ in search(demo, "")][:3] == ["port-lisse", "lanshan", "riverside"]
    assert "aldermoor-central" not in [place for place, _ in search(demo, "", limit=200)]
    assert search(demo, "", limit=0) == []


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łódź  Wood!", "lodz wood"),
        ("Straße", "strasse"),
        ("Ærø", "aero"),
        ("مُدُنٌ", "مدن"),
        ("  ", ""),
        ("e\u0301", "e"),
        ("İ", "i"),
    ],
)
def test_folds_to_what_people_type(text: Any, folded: Any) -> None:
    assert fold(text) == folded
    found, origins = fold_with_origins(text)
    assert len(found) == len(origins)
