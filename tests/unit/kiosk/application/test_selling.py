"""What is to be sold is read from words; what is not understood is refused in words."""

from datetime import UTC, datetime

import msgspec
import pytest

from kiosk.application.control import NotDone
from kiosk.application.ordering import moment, order_of

NOW = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)  # 23:30 in Berlin


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "2026-03-01T22:30:00+00:00"),
        ("23:45", "2026-03-01T23:45:00+01:00"),
        ("2026-03-02T08:05", "2026-03-02T08:05:00+01:00"),
        ("2026-03-02T08:05:00+05:00", "2026-03-02T08:05:00+05:00"),
    ],
)
def test_a_time_is_read_in_the_zone_of_the_place(text: str, expected: str) -> None:
    assert moment(text, NOW, "Europe/Berlin").isoformat() == expected


@pytest.mark.parametrize("text", ["soon", "25:00", "8", "2026-13-01", "12:3x", "\x00", "9" * 500])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(NotDone, match="A time is written"):
        moment(text, NOW, "Europe/Berlin")


@pytest.mark.parametrize(
    "arguments",
    [
        {"origin": 3},
        {"origin": "x" * 300},
        {"riders": {"adult": 51}},
        {"riders": {"adult": -1}},
        {"riders": {"adult": "2"}},
        {"seats": ["a"] * 51},
        {"tender": "gold"},
        {"language": "<b>"},
        {"unknown": 1},
    ],
)
def test_a_hostile_order_is_refused_at_the_edge(arguments: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        order_of(arguments)


def test_an_order_has_sensible_defaults() -> None:
    order = order_of({"event": "museum-day"})
    assert (order.tender, order.language, order.riders) == ("card", "en", {})
