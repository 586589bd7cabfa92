"""What is offered reads in the traveller's language, and a journey says when it goes and how often one changes."""

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.catalogue import Availability, Fullness, Journey, Leg, Place, PlaceKind, Texts

START = datetime(2027, 3, 1, 9, tzinfo=UTC)
NAME = Texts("Hall", (("de", "Saal"), ("zh-Hant", "廳")))


@pytest.mark.parametrize(
    ("language", "text"), [("de", "Saal"), ("de-AT", "Saal"), ("zh-Hant", "廳"), ("zh", "Hall"), ("fr", "Hall")]
)
def test_a_text_falls_back_to_its_base_language_then_to_its_default(language: str, text: str) -> None:
    assert NAME.text(language) == text


def leg(hour: int) -> Leg:
    place = Place("p", NAME, PlaceKind.STATION, "Europe/Berlin")
    departs = START + timedelta(hours=hour)
    return Leg(f"trip-{hour}", "RE 1", "Hall", place, place, departs, departs + timedelta(minutes=40))


@pytest.mark.parametrize("count", [1, 3])
def test_a_journey_spans_its_legs(count: int) -> None:
    legs = tuple(leg(hour) for hour in range(count))
    journey = Journey("j", legs, None, Availability(Fullness.PLENTY, None, START))
    assert journey.departs == START
    assert journey.arrives == START + timedelta(hours=count - 1, minutes=40)
    assert journey.changes == count - 1
