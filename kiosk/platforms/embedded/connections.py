"""Journeys between two places: direct, and with one change.

Forward, every run leaving the origin in a window tells where it arrives when; backward, every run reaching the
destination tells where it could have been boarded; they are joined at the places both touch. A journey is dropped
when another leaves no earlier, arrives no later and costs no more.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from itertools import islice, takewhile
from operator import attrgetter
from typing import NamedTuple

from msgspec import Struct

from kiosk.platforms.embedded.timetable import NO_ALIGHTING, NO_BOARDING, Ride, Timetable

CHANGE_S = 240  # where the feed gives no time for a change
WAIT_MAX_S = 4 * 3600
WINDOW_S = 3 * 3600
WINDOWS = (WINDOW_S, 4 * WINDOW_S, 10 * WINDOW_S)
ARRIVALS_MAX = 20_000

Rides = tuple[Ride, ...]


class Arrival(NamedTuple):
    """A ride from a place of change to the destination."""

    departs: int
    arrives: int
    ride: Ride


class Search(Struct, frozen=True):
    """A question: from where to where; `fare` prices a journey, `fare_class` names what a run costs beside others."""

    timetable: Timetable
    origin: int
    destination: int
    fare: Callable[[Rides], int]
    fare_class: Callable[[int], int]


def journeys(search: Search, after: datetime, limit: int) -> tuple[Rides, ...]:
    """Return the next journeys in order of departure."""
    if search.origin == search.destination:
        return ()
    moment = int(after.timestamp())
    found: list[Rides] = []
    for window in WINDOWS:
        until = moment + window
        in_time = partial(_leaves_by, until=until)
        direct = takewhile(in_time, search.timetable.direct(search.origin, search.destination, after))
        changing = _with_change(search, after, until)
        found = _undominated([*((ride,) for ride in direct), *changing], search.fare)
        if len(found) >= limit:
            break
    return tuple(found[:limit]) or tuple(
        (ride,) for ride in islice(search.timetable.direct(search.origin, search.destination, after), limit)
    )


def _leaves_by(ride: Ride, until: int) -> bool:
    return ride.departs <= until


class _Onward:
    """The rides from one place on to the destination in one fare class, by departure."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self._best: list[int] = []

    def close(self) -> None:
        """Sort, once all arrivals are in."""
        self.arrivals.sort()
        self._best = _best_from(self.arrivals)

    def first_after(self, moment: int, not_run: int) -> Arrival | None:
        """Return the ride from `moment` on that arrives first, on another run than `not_run`."""
        index = bisect_left(self.arrivals, moment, key=attrgetter("departs"))
        while index < len(self.arrivals):
            found = self.arrivals[self._best[index]]
            if found.ride.run != not_run:
                return found
            index = self._best[index] + 1
        return None


def _with_change(search: Search, after: datetime, until: int) -> Iterator[Rides]:
    """Yield for each run that leaves the origin the earliest arrival in each fare class of the second ride."""
    timetable = search.timetable
    changes = timetable.reachable(search.origin) & timetable.reaching(search.destination)
    onward = _onward(search, changes - {search.origin, search.destination}, after, until)
    if not onward:
        return
    change_s = {place: timetable.least_change_s(place, CHANGE_S) for place in onward}
    for first in takewhile(partial(_leaves_by, until=until), timetable.board(search.origin, after)):
        calls = timetable.run(first.run)[1]
        start = first.arrives - calls[-1].arr
        best: dict[int, Rides] = {}
        for call in calls:
            needed = change_s.get(call.place)
            if (
                call.seq <= first.board_seq
                or needed is None
                or call.flags & NO_ALIGHTING
                or call.place == search.origin
            ):
                continue
            arrives = start + call.arr
            ride = Ride(first.departs, arrives, first.run, first.board_seq, call.seq, first.day)
            for fare_class, rides in onward[call.place].items():
                second = rides.first_after(arrives + needed, first.run)
                known = best.get(fare_class)
                if second is None or second.departs - arrives > WAIT_MAX_S:
                    continue
                # Among equal arrivals the longer time to change is the safer journey.
                if known is None or (second.arrives, arrives) < (known[1].arrives, known[0].arrives):
                    best[fare_class] = (ride, second.ride)
        yield from best.values()


def _onward(search: Search, changes: frozenset[int], after: datetime, until: int) -> dict[int, dict[int, _Onward]]:
    """Return by place of change and fare class what reaches the destination from `after` to hours past `until`."""
    timetable, moment = search.timetable, int(after.timestamp())
    onward: dict[int, dict[int, _Onward]] = defaultdict(lambda: defaultdict(_Onward))
    if not changes:
        return onward
    count = 0
    for last in timetable.arrivals(search.destination, after, until + 2 * WAIT_MAX_S):
        calls = timetable.run(last.run)[1]
        fare_class = search.fare_class(last.run)
        start = last.arrives - next(call.arr for call in calls if call.seq == last.alight_seq)
        for call in calls:
            if call.seq >= last.alight_seq:
                break
            departs = start + call.dep
            if departs >= moment and call.place in changes and not call.flags & NO_BOARDING:
                ride = Ride(departs, last.arrives, last.run, call.seq, last.alight_seq, last.day)
                onward[call.place][fare_class].arrivals.append(Arrival(departs, last.arrives, ride))
                count += 1
        if count > ARRIVALS_MAX:
            break
    for by_class in onward.values():
        for rides in by_class.values():
            rides.close()
    return onward


def _best_from(arrivals: list[Arrival]) -> list[int]:
    """Return for each index the index at or after it that arrives first (a later train may overtake)."""
    best = [0] * len(arrivals)
    index_best = len(arrivals) - 1
    for index in range(len(arrivals) - 1, -1, -1):
        if arrivals[index].arrives <= arrivals[index_best].arrives:
            index_best = index
        best[index] = index_best
    return best


def _undominated(found: list[Rides], fare: Callable[[Rides], int]) -> list[Rides]:
    """Keep direct rides, and changes that are sooner there, leave later, or cost less than all others."""
    kept: list[tuple[int, int, int, Rides]] = []
    for rides in sorted(found, key=lambda each: (-each[0].departs, each[-1].arrives, len(each))):
        key = (rides[0].departs, rides[-1].arrives, fare(rides), rides)
        is_beaten = any(dep >= key[0] and arr <= key[1] and cost <= key[2] for dep, arr, cost, _ in kept)
        if len(rides) == 1 or not is_beaten:
            kept.append(key)
    return [rides for *_, rides in reversed(kept)]
