"""Journeys between two places: direct, and with one change.

Forward, every run leaving the origin in a window tells where it arrives when; backward, every run reaching the
destination tells where it could have been boarded; they are joined at the places both touch. A journey is dropped
when another leaves no earlier, arrives no later and costs no more.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice, takewhile
from typing import NamedTuple

from kiosk.platforms.embedded.timetable import NO_ALIGHTING, NO_BOARDING, Ride, Timetable

CHANGE_S = 240  # where the feed gives no time for a change
WAIT_MAX_S = 4 * 3600
WINDOW_S = 3 * 3600
WINDOWS = (WINDOW_S, 4 * WINDOW_S, 10 * WINDOW_S)
ARRIVALS_MAX = 20_000

Rides = tuple[Ride, ...]
Fare = Callable[[Rides], int]


class Arrival(NamedTuple):
    """A ride from a place of change to the destination."""

    departs: int
    arrives: int
    ride: Ride


def journeys(
    timetable: Timetable, origin: int, destination: int, after: datetime, limit: int, fare: Fare
) -> tuple[Rides, ...]:
    """Return the next journeys in order of departure; `fare` prices one for the comparison."""
    if origin == destination:
        return ()
    moment = int(after.timestamp())
    found: list[Rides] = []
    for window in WINDOWS:
        until = moment + window
        direct = [
            (ride,)
            for ride in takewhile(lambda ride: ride.departs <= until, timetable.direct(origin, destination, after))
        ]
        changing = [*_with_change(timetable, origin, destination, after, until)]
        found = _undominated([*direct, *changing], fare)
        if len(found) >= limit:
            break
    else:
        if not found:
            found = [(ride,) for ride in islice(timetable.direct(origin, destination, after), limit)]
    return tuple(found[:limit])


def _with_change(timetable: Timetable, origin: int, destination: int, after: datetime, until: int) -> Iterator[Rides]:
    onward: dict[int, list[Arrival]] = {}
    _collect_arrivals(timetable, destination, after, until, onward)
    for arrivals in onward.values():
        arrivals.sort()
    best_of = {place: _best_from(arrivals) for place, arrivals in onward.items()}
    change_s = {place: timetable.least_change_s(place, CHANGE_S) for place in onward}
    for first in takewhile(lambda ride: ride.departs <= until, timetable.board(origin, after)):
        start = first.arrives - timetable.run(first.run)[1][-1].arr
        best: Rides | None = None
        for call in timetable.run(first.run)[1]:
            needed = change_s.get(call.place)
            if call.seq <= first.board_seq or needed is None or call.flags & NO_ALIGHTING or call.place == origin:
                continue
            arrives = start + call.arr
            second = _first_after(onward[call.place], best_of[call.place], arrives + needed, first.run)
            if second is None or second.ride.departs - arrives > WAIT_MAX_S:
                continue
            ride = Ride(first.departs, arrives, first.run, first.board_seq, call.seq, first.day)
            # Among equal arrivals the longer time to change is the safer journey.
            if best is None or (second.arrives, arrives) < (best[1].arrives, best[0].arrives):
                best = (ride, second.ride)
        if best is not None:
            yield best


def _collect_arrivals(
    timetable: Timetable, destination: int, after: datetime, until: int, onward: dict[int, list[Arrival]]
) -> None:
    moment = int(after.timestamp())
    count = 0
    for last in timetable.arrivals(destination, after, until + 2 * WAIT_MAX_S):
        calls = timetable.run(last.run)[1]
        start = last.arrives - next(call.arr for call in calls if call.seq == last.alight_seq)
        for call in calls:
            if call.seq >= last.alight_seq:
                break
            departs = start + call.dep
            if departs < moment or call.flags & NO_BOARDING or call.place == destination:
                continue
            ride = Ride(departs, last.arrives, last.run, call.seq, last.alight_seq, last.day)
            onward.setdefault(call.place, []).append(Arrival(departs, last.arrives, ride))
            count += 1
        if count > ARRIVALS_MAX:
            return


def _best_from(arrivals: list[Arrival]) -> list[int]:
    """Return for each index the index at or after it that arrives first (a later train may overtake)."""
    best = [0] * len(arrivals)
    index_best = len(arrivals) - 1
    for index in range(len(arrivals) - 1, -1, -1):
        if arrivals[index].arrives <= arrivals[index_best].arrives:
            index_best = index
        best[index] = index_best
    return best


def _first_after(arrivals: list[Arrival], best: list[int], moment: int, not_run: int) -> Arrival | None:
    index = bisect_left(arrivals, moment, key=lambda each: each.departs)
    while index < len(arrivals):
        found = arrivals[best[index]]
        if found.ride.run != not_run:
            return found
        index = best[index] + 1
    return None


def _undominated(found: list[Rides], fare: Fare) -> list[Rides]:
    """Keep direct rides, and changes that are sooner there, leave later, or cost less than all others."""
    kept: list[tuple[int, int, int, Rides]] = []
    for rides in sorted(found, key=lambda each: (-each[0].departs, each[-1].arrives, len(each))):
        key = (rides[0].departs, rides[-1].arrives, fare(rides), rides)
        is_beaten = any(dep >= key[0] and arr <= key[1] and cost <= key[2] for dep, arr, cost, _ in kept)
        if len(rides) == 1 or not is_beaten:
            kept.append(key)
    return [rides for *_, rides in reversed(kept)]
