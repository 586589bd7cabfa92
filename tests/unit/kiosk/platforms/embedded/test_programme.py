"""What is on, which seats are best, and how a wrong programme file is refused."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.application.errors import Refused
from kiosk.application.interfaces import EventChoice
from kiosk.domain.catalogue import EventKind, PartKind, RiderCount, Seat, SeatState
from kiosk.platforms.embedded.config import FileRefusedError
from kiosk.platforms.embedded.demo_network import demo_file
from kiosk.platforms.embedded.programme import Programme
from kiosk.platforms.embedded.programme_file import read_programme_file
from kiosk.platforms.embedded.seating import best_seats

SHOW = "winters-tale@20261128T1930"


def offer(demo: Any, slot_id: Any, products: Any, **more: Any) -> Any:
    choice = EventChoice(slot_id, tuple(RiderCount(*each) for each in products), **more)
    return asyncio.run(demo.event_offer(choice, timeout_s=5))


def refused(demo: Any, *args: Any, **more: Any) -> Any:
    with pytest.raises(Refused) as caught:
        offer(demo, *args, **more)
    return caught.value.key


def test_the_theatre_has_600_seats_in_three_areas(demo: Any) -> None:
    seats = asyncio.run(demo.seat_map(SHOW, timeout_s=5)).seats
    assert Counter(seat.category_id for seat in seats) == {"front": 192, "middle": 220, "back": 188}
    assert len({seat.id for seat in seats}) == 600
    assert sum(seat.is_accessible for seat in seats) == 8
    assert min(seat.x for seat in seats) >= 0
    assert {SeatState.FREE, SeatState.TAKEN} == {seat.state for seat in seats}


@pytest.mark.parametrize("year", [2020, 2026, 2031, 2099])
def test_something_is_on_every_day_for_ever(year: Any, demo: Any, clock: Any) -> None:
    for day in (date(year, 2, 28), date(year, 10, 25), date(year, 12, 31)):
        clock.moment = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
        events = asyncio.run(demo.events(on=day, limit=10))
        assert {EventKind.SEATED, EventKind.OPEN} <= {event.kind for event in events}
        assert all(event.next_starts.date() == day for event in events)


def test_lists_what_is_on_soonest_first_and_nothing_that_is_over(demo: Any, clock: Any) -> None:
    events = asyncio.run(demo.events(on=None, limit=10))
    assert [event.next_starts for event in events] == sorted(event.next_starts for event in events)
    clock.moment = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
    assert asyncio.run(demo.events(on=date(2026, 11, 22), limit=10)) == ()


def test_the_museum_is_closed_on_mondays(demo: Any) -> None:
    assert asyncio.run(demo.slots("museum-of-light", on=date(2026, 11, 23))) == ()
    assert len(asyncio.run(demo.slots("museum-of-light", on=date(2026, 11, 24)))) == 16


def test_a_slot_counts_down_as_it_is_held(demo: Any) -> None:
    slots = asyncio.run(demo.slots("museum-of-light", on=date(2026, 11, 24)))
    slot = next(each for each in slots if each.availability.left)
    asyncio.run(demo.hold("h", (offer(demo, slot.id, [("adult", 2), ("child", 1)]),), timeout_s=5))
    again = next(
        each for each in asyncio.run(demo.slots("museum-of-light", on=date(2026, 11, 24))) if each.id == slot.id
    )
    assert again.availability.left == slot.availability.left - 3


def test_an_add_on_belongs_to_an_admission_and_has_its_own_tax(demo: Any) -> None:
    slots = asyncio.run(demo.slots("museum-of-light", on=date(2026, 11, 24)))
    slot = next(each for each in slots if each.availability.left)
    found = offer(demo, slot.id, [("adult", 2), ("child", 1), ("audio-guide", 1)])
    *admissions, guide = found.parts
    assert (guide.kind, guide.addon_to, guide.tax_permyriad) == (PartKind.ANCILLARY, admissions[0].id, 1900)
    assert not guide.needs_capacity
    assert {part.tax_permyriad for part in admissions} == {700}
    assert found.price.minor == 2 * 1200 + 0 + 400
    assert refused(demo, slot.id, [("audio-guide", 1)]) == "bad_request"


def test_the_best_two_in_front_are_in_the_middle_of_row_six(demo: Any) -> None:
    found = offer(demo, SHOW, [("adult.front", 2)], best_count=2, seat_category_id="front")
    assert [(part.seat_row, part.seat_number) for part in found.parts] == [("6", "16"), ("6", "17")]
    assert found.price.minor == 9600


def test_people_are_priced_by_the_seats_they_get(demo: Any) -> None:
    free = [seat for seat in asyncio.run(demo.seat_map(SHOW, timeout_s=5)).seats if seat.state is SeatState.FREE]
    back = next(seat.id for seat in free if seat.category_id == "back")
    front = next(seat.id for seat in free if seat.category_id == "front")
    found = offer(demo, SHOW, [("adult.front", 1), ("child.front", 1)], seat_ids=(back, front))
    assert [(part.seat_id, part.category_id, part.price.minor) for part in found.parts] == [
        (back, "child", 1200), (front, "adult", 4800),
    ]  # fmt: skip
    assert refused(demo, SHOW, [("adult.front", 1)], seat_ids=(back, front)) == "bad_request"
    assert refused(demo, SHOW, [], seat_ids=("99-1",)) == "bad_request"
    assert refused(demo, SHOW, [], seat_ids=(back, back)) == "bad_request"


def test_refuses_more_than_there_are_and_what_has_begun(demo: Any, clock: Any) -> None:
    assert refused(demo, SHOW, [("adult.front", 51)]) == "bad_request"
    assert refused(demo, "museum-of-light@20261122T1000", [("adult", 1)]) == "sale_closed"
    clock.moment = datetime(2026, 11, 28, 18, 30, tzinfo=UTC)
    assert refused(demo, SHOW, [], best_count=2) == "sale_closed"


def test_a_seat_sold_elsewhere_before_cannot_be_held_under_a_forged_offer(demo: Any) -> None:
    taken = next(s for s in asyncio.run(demo.seat_map(SHOW, timeout_s=5)).seats if s.state is SeatState.TAKEN)
    good = offer(demo, SHOW, [], best_count=1)
    forged = replace(good, parts=(replace(good.parts[0], seat_id=taken.id),))
    with pytest.raises(Refused) as caught:
        asyncio.run(demo.hold("h", (forged,), timeout_s=5))
    assert caught.value.key == "seat_taken"


def hall(rows: Any, taken: Any = (), accessible: Any = ()) -> list[Seat]:
    return [
        Seat(f"{y}-{x}", str(y), str(x), "c", float(x + (2 if x >= width // 2 else 0)), float(y),
             SeatState.TAKEN if (y, x) in taken else SeatState.FREE, (y, x) in accessible)
        for y, width in enumerate(rows) for x in range(width)
    ]  # fmt: skip


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    rows=st.lists(st.integers(1, 9), min_size=1, max_size=5), count=st.integers(1, 8),
    taken=st.sets(st.tuples(st.integers(0, 4), st.integers(0, 8)), max_size=25),
)  # fmt: skip
def test_best_seats_are_free_distinct_and_together_where_that_can_be(rows: Any, count: Any, taken: Any) -> None:
    seats = hall(rows, taken)
    free = [seat for seat in seats if seat.state is SeatState.FREE]
    chosen = best_seats(seats, count, centre=4, best_y=1)
    if len(free) < count:
        assert chosen == ()
        return
    assert len({seat.id for seat in chosen}) == count
    assert all(seat.state is SeatState.FREE for seat in chosen)
    runs = {(seat.row, seat.x) for seat in free}
    can_be_together = any(all((row, x + step) in runs for step in range(count)) for row, x in runs)
    is_together = (
        len({seat.row for seat in chosen}) == 1 and max(s.x for s in chosen) - min(s.x for s in chosen) == count - 1
    )
    assert is_together == can_be_together


def test_wheelchair_places_are_kept_for_those_who_need_them() -> None:
    seats = hall([4], accessible={(0, 0), (0, 1)})
    assert {seat.id for seat in best_seats(seats, 2, centre=0, best_y=0)} == {"0-2", "0-3"}
    assert len(best_seats(seats, 3, centre=0, best_y=0)) == 3


def test_leaves_no_seat_alone_where_it_costs_nothing_much() -> None:
    chosen = best_seats(hall([8], taken={(0, 4), (0, 5), (0, 6), (0, 7)}), 2, centre=1.0, best_y=0)
    assert {seat.id for seat in chosen} in ({"0-0", "0-1"}, {"0-2", "0-3"})


def test_a_stadium_takes_no_longer_than_a_look_at_each_seat_a_few_times() -> None:
    seats = hall([500] * 100)
    start = process_time()
    known = sum(seat.x + seat.y for seat in seats for _ in range(20))
    look = process_time() - start
    start = process_time()
    assert len(best_seats(seats, 6, centre=250, best_y=50)) == 6
    assert known
    assert process_time() - start < 30 * look


@pytest.mark.parametrize(
    ("wrong", "right", "sentence"),
    [
        ('venue = "venue-city-theatre"', 'venue = "nowhere"', "names a venue"),
        ('hall = "city-theatre"', 'hall = "none"', "names no hall"),
        ('id = "back"', 'id = "balcony"', "other price categories"),
        ('zone = "Europe/Berlin"', 'zone = "Europe/Nowhere"', "time zone"),
        ("capacity = 60", "", "no capacity"),
        ('price = "12.00"', "", "without a price"),
        ("weekdays = [1,", "weekdays = [8,", "weekdays"),
        ('times = ["19:30"]', 'times = ["25:30"]', "times"),
    ],
)
def test_refuses_a_wrong_programme_naming_what_to_correct(wrong: Any, right: Any, sentence: Any, tmp_path: Any) -> None:
    text = demo_file("programme.toml").read_text(encoding="utf-8")
    assert wrong in text
    path = tmp_path / "programme.toml"
    path.write_text(text.replace(wrong, right, 1), encoding="utf-8")
    with pytest.raises(FileRefusedError, match=sentence):
        read_programme_file(path)


def test_what_is_sold_beforehand_is_the_same_every_time() -> None:
    ones = [Programme(read_programme_file(demo_file("programme.toml"))) for _ in range(2)]
    days = [date(2026, 1, 1) + timedelta(days=ahead) for ahead in range(60)]
    sold = [[slot.sold_before for day in days for slot in one.slots("museum-of-light", day)] for one in ones]
    assert sold[0] == sold[1]
    assert 60 in sold[0]
