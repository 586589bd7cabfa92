"""Rides, boards and changes, on ordinary and on odd days."""

from datetime import UTC, date, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kiosk.platforms.embedded.connections import Search, journeys
from kiosk.platforms.embedded.service_days import day_start
from kiosk.platforms.embedded.timetable import moment_at

BERLIN = ZoneInfo("Europe/Berlin")


def at(*fields: int) -> Any:
    return datetime(*fields, tzinfo=BERLIN)


def rides(timetable: Any, origin: Any, destination: Any, after: Any, limit: Any = 5) -> Any:
    found = islice(timetable.direct(timetable.number(origin), timetable.number(destination), after), limit)
    return [f"{moment_at(ride.departs, 'Europe/Berlin'):%d %H:%M}" for ride in found]


def ways(timetable: Any, way: str, after: Any, limit: int = 5, fare: Any = len) -> Any:
    origin, destination = way
    search = Search(timetable, timetable.number(origin), timetable.number(destination), fare, lambda _: 0)
    return [
        [
            (f"{moment_at(ride.departs, 'Europe/Berlin'):%H:%M}", f"{moment_at(ride.arrives, 'Europe/Berlin'):%H:%M}")
            for ride in found
        ]
        for found in journeys(search, after, limit)
    ]


def test_finds_direct_rides_today_and_tomorrow_but_never_backwards(small_feed: Any, timetable_of: Any) -> None:
    timetable = timetable_of(small_feed)
    assert rides(timetable, "A", "D", at(2026, 7, 1, 8, 0)) == ["01 08:00", "02 08:00"]
    assert rides(timetable, "A", "D", at(2026, 7, 1, 8, 0, 1)) == ["02 08:00"]
    assert rides(timetable, "D", "A", at(2026, 7, 1, 7, 0)) == []
    assert rides(timetable, "A", "D", at(2026, 12, 31, 9, 0)) == []


def test_a_trip_past_midnight_belongs_to_the_day_before(small_feed: Any, timetable_of: Any) -> None:
    text = small_feed["stop_times.txt"]
    for hour in ("08:0", "08:1", "08:2", "08:3", "08:4"):
        text = text.replace(hour, f"25{hour[2:]}")
    timetable = timetable_of(small_feed | {"stop_times.txt": text})
    assert rides(timetable, "A", "B", at(2026, 7, 2, 0, 30), 2) == ["02 01:00", "03 01:00"]
    # The first service day is 1 January: its trip runs on the 2nd.
    assert rides(timetable, "A", "B", at(2026, 1, 1, 0, 0), 1) == ["02 01:00"]


@pytest.mark.parametrize(
    ("day", "hours"),
    [((2026, 3, 29), 8), ((2026, 10, 25), 8), ((2026, 7, 1), 8)],
    ids=["23 hours", "25 hours", "24 hours"],
)
def test_the_morning_train_leaves_at_eight_on_every_day(
    day: Any, hours: Any, small_feed: Any, timetable_of: Any
) -> None:
    timetable = timetable_of(small_feed)
    ride = next(timetable.direct(timetable.number("A"), timetable.number("D"), at(*day)))
    assert moment_at(ride.departs, "Europe/Berlin") == at(*day, hours)


def test_a_service_day_begins_twelve_hours_before_its_noon() -> None:
    spring = date(2026, 3, 29).toordinal()
    assert day_start(spring, "Europe/Berlin") == int(datetime(2026, 3, 28, 22, 0, tzinfo=UTC).timestamp())


def test_the_board_shows_departures_but_no_arrivals(small_feed: Any, timetable_of: Any) -> None:
    timetable = timetable_of(small_feed)
    board = [
        timetable.run(ride.run)[0].line for ride in islice(timetable.board(timetable.number("C"), at(2026, 7, 1, 8)), 2)
    ]
    assert board == ["R 1", "R 2"]
    assert not list(timetable.board(timetable.number("D"), at(2026, 7, 1, 8)))


def test_respects_where_one_may_not_board_or_leave(small_feed: Any, timetable_of: Any) -> None:
    small_feed["stop_times.txt"] = (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n"
        "t1,08:00:00,08:00:00,A,1,0,1\nt1,08:10:00,08:10:00,B,2,1,0\nt1,08:20:00,08:20:00,C,3,0,1\nt1,08:30:00,08:30:00,D,4,0,0\n"
    )
    timetable = timetable_of(small_feed)
    after = at(2026, 7, 1, 7)
    assert rides(timetable, "A", "B", after, 1) == ["01 08:00"]
    assert rides(timetable, "B", "D", after, 1) == []
    assert rides(timetable, "A", "C", after, 1) == []


def test_a_loop_is_ridden_the_short_way(small_feed: Any, timetable_of: Any) -> None:
    small_feed["stop_times.txt"] = (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t1,08:00:00,08:00:00,A,1\nt1,08:10:00,08:10:00,B,2\nt1,08:20:00,08:20:00,A,3\nt1,08:25:00,08:25:00,C,4\n"
    )
    timetable = timetable_of(small_feed)
    assert ways(timetable, "AC", at(2026, 7, 1, 7), 1) == [[("08:20", "08:25")]]
    assert ways(timetable, "AA", at(2026, 7, 1, 7)) == []


def test_writes_frequencies_out_as_rides(small_feed: Any, timetable_of: Any) -> None:
    small_feed["frequencies.txt"] = (
        "trip_id,start_time,end_time,headway_secs\nt1,06:00:00,07:00:00,1200\nnone,1:00,2:00,60\n"
    )
    timetable = timetable_of(small_feed)
    assert rides(timetable, "A", "D", at(2026, 7, 1, 0)) == ["01 06:00", "01 06:20", "01 06:40", "02 06:00", "02 06:20"]


def test_finds_a_way_with_one_change(small_feed: Any, timetable_of: Any) -> None:
    timetable = timetable_of(small_feed)
    assert ways(timetable, "AE", at(2026, 7, 1, 7), 1) == [[("08:00", "08:20"), ("08:30", "08:45")]]
    assert ways(timetable, "AE", at(2026, 7, 1, 9), 1) == [[("08:00", "08:20"), ("08:30", "08:45")]]
    assert ways(timetable, "EA", at(2026, 7, 1, 7)) == []


def test_keeps_to_the_least_time_for_a_change(small_feed: Any, timetable_of: Any) -> None:
    header = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\n"
    for rule, is_possible in (("C,C,2,600", True), ("C,C,2,601", False), ("C,C,3,", False), ("x,C,2,9999", True)):
        small_feed["transfers.txt"] = f"{header}{rule}\n"
        assert bool(ways(timetable_of(small_feed), "AE", at(2026, 7, 1, 7))) == is_possible


def test_a_slow_way_is_shown_only_where_it_costs_less(small_feed: Any, timetable_of: Any) -> None:
    small_feed["trips.txt"] += "r2,s,t3,\n"
    small_feed["stop_times.txt"] += "t3,08:00:00,08:00:00,A,1\nt3,08:40:00,08:40:00,E,2\n"
    timetable = timetable_of(small_feed)
    assert ways(timetable, "AE", at(2026, 7, 1, 7), 1) == [[("08:00", "08:40")]]
    dearer_direct = ways(timetable, "AE", at(2026, 7, 1, 7), 2, lambda rides: 9 - len(rides))
    assert [len(way) for way in dearer_direct] == [2, 1]


def test_agencies_in_two_zones_keep_their_own_clocks(small_feed: Any, timetable_of: Any) -> None:
    small_feed["agency.txt"] += "2,Other,http://y.org,Europe/Lisbon\n"
    small_feed["routes.txt"] = small_feed["routes.txt"].replace("r2,1", "r2,2")
    timetable = timetable_of(small_feed)
    assert rides(timetable, "C", "E", at(2026, 7, 1, 7), 1) == ["01 09:30"]
    assert rides(timetable, "C", "D", at(2026, 7, 1, 7), 1) == ["01 08:21"]


def test_an_unknown_run_is_a_key_error(small_feed: Any, timetable_of: Any) -> None:
    with pytest.raises(KeyError):
        timetable_of(small_feed).run(99)
