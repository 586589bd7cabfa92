"""Rides of the timetable as journeys and occurrences of the catalogue, and back from a journey's id."""

from datetime import datetime
from functools import lru_cache
from itertools import pairwise

from kiosk.application.errors import Refused
from kiosk.domain.catalogue import Availability, Fullness, Journey, Leg, Occurrence, OccurrenceKind, Place, Texts
from kiosk.domain.money import Money
from kiosk.platforms.embedded.config import FileRefusedError
from kiosk.platforms.embedded.connections import Rides
from kiosk.platforms.embedded.demo_traffic import Traffic
from kiosk.platforms.embedded.feed_places import distance_m
from kiosk.platforms.embedded.feed_source import ASK_AGAIN
from kiosk.platforms.embedded.service_days import day_start
from kiosk.platforms.embedded.tariff import RideFacts, Tariff
from kiosk.platforms.embedded.tariff_file import minor
from kiosk.platforms.embedded.timetable import Ride, Timetable, moment_at

LEGS_MAX = 4


class Journeys:
    """Translate between the timetable and the catalogue. `version` marks ids, so that an old feed's id is refused."""

    def __init__(self, timetable: Timetable, tariff: Tariff, version: str, traffic: Traffic | None) -> None:
        self._timetable = timetable
        self._tariff = tariff
        self._version = version
        self._traffic = traffic
        self._fares = _leg_fares(timetable, tariff.file.fare_rider) if tariff.file.use == "gtfs-fares" else ()
        self._pair_m = lru_cache(maxsize=65_536)(self._between_stops_m)

    def place(self, number: int) -> Place:
        """Return a place by its number."""
        return self._timetable.places[number].place

    def journey(self, rides: Rides, as_of: datetime) -> Journey:
        """Return rides as a journey with its lowest single price."""
        legs = tuple(self._leg(ride) for ride in rides)
        price = self._tariff.single_price(self.facts(rides))
        if self._traffic is None:
            return Journey(self._id(rides), legs, price, Availability(Fullness.UNKNOWN, None, as_of))
        fullness, delay_min = self._traffic.of(rides[0].day, legs)
        return Journey(self._id(rides), legs, price, Availability(fullness, None, as_of), delay_min)

    def rides(self, journey_id: str) -> Rides:
        """Return the rides of a journey id.

        Raises:
            Refused: not_found for an id that names nothing in this timetable.
        """
        try:
            version, *parts = journey_id.split("_")
            rides = tuple(self._ride(*map(int, part.split("."))) for part in parts)
        except (ValueError, KeyError, TypeError, StopIteration, OverflowError):
            raise Refused("not_found", "journey") from None
        if version != self._version or not 0 < len(rides) <= LEGS_MAX:
            raise Refused("not_found", "journey of another timetable")
        return rides

    def occurrence(self, rides: Rides, journey_id: str) -> Occurrence:
        """Return what pages and paper show of a journey."""
        legs = tuple(self._leg(ride) for ride in rides)
        first, last = legs[0], legs[-1]
        return Occurrence(
            id=journey_id, kind=OccurrenceKind.TRIP, title=arrow(first.origin.name, last.destination.name),
            starts=first.departs, ends=last.arrives, zone=first.origin.zone, origin=first.origin,
            destination=last.destination, line=first.line, track=first.track,
            via=tuple(leg.origin.name for leg in legs[1:]),
        )  # fmt: skip

    def facts(self, rides: Rides) -> RideFacts:
        """Return what the tariff needs to know."""
        lines = tuple(self._timetable.run(ride.run)[0].line for ride in rides)
        return RideFacts(sum(self._length_m(ride) for ride in rides), lines, self._fare(rides))

    def cost(self, rides: Rides) -> int:
        """Return the single price in minor units for comparing journeys; 0 where there is none."""
        price = self._tariff.single_price(self.facts(rides))
        return 0 if price is None else price.minor

    def fare_class(self, run: int) -> int:
        """Return what tells a run's price from that of others on the same way: its supplement in minor units."""
        return self._tariff.supplement(self._timetable.run(run)[0].line)

    def _leg(self, ride: Ride) -> Leg:
        run, calls = self._timetable.run(ride.run)
        board = next(call for call in calls if call.seq == ride.board_seq)
        alight = next(call for call in calls if call.seq == ride.alight_seq)
        origin, destination = self.place(board.place), self.place(alight.place)
        track = self._timetable.track(board.stop)
        departs, arrives = moment_at(ride.departs, origin.zone), moment_at(ride.arrives, destination.zone)
        return Leg(run.trip_id, run.line, run.headsign, origin, destination, departs, arrives, track)

    def _id(self, rides: Rides) -> str:
        parts = (f"{each.run}.{each.day}.{each.board_seq}.{each.alight_seq}" for each in rides)
        return "_".join((self._version, *parts))

    def _ride(self, run_number: int, day: int, board_seq: int, alight_seq: int) -> Ride:
        run, calls = self._timetable.run(run_number)
        by_seq = {call.seq: call for call in calls}
        if run.service not in self._timetable.days.running(day) or board_seq >= alight_seq:
            raise KeyError(journey_part(run_number, day))
        start = day_start(day, run.zone)
        return Ride(
            start + by_seq[board_seq].dep, start + by_seq[alight_seq].arr, run_number, board_seq, alight_seq, day
        )

    def _length_m(self, ride: Ride) -> float:
        calls = [c.stop for c in self._timetable.run(ride.run)[1] if ride.board_seq <= c.seq <= ride.alight_seq]
        return sum(self._pair_m(one, other) for one, other in pairwise(calls))

    def _between_stops_m(self, one: int, other: int) -> float:
        here, there = self._timetable.position(one), self._timetable.position(other)
        return 0.0 if here is None or there is None else distance_m(*here, *there)

    def _fare(self, rides: Rides) -> Money | None:
        """Return the lowest leg fare of the feed between the areas of both ends, None where it has none."""
        if not self._fares:
            return None
        origin, destination = self._areas(rides[0], rides[0].board_seq), self._areas(rides[-1], rides[-1].alight_seq)
        prices = [
            price
            for from_area, to_area, price in self._fares
            if from_area in {"", *origin} and to_area in {"", *destination}
        ]
        return min(prices, key=lambda each: each.minor, default=None)

    def _areas(self, ride: Ride, seq: int) -> frozenset[str]:
        return self._timetable.areas(next(call.stop for call in self._timetable.run(ride.run)[1] if call.seq == seq))


def _leg_fares(timetable: Timetable, rider: str) -> tuple[tuple[str, str, Money], ...]:
    """Return (from area, to area, price) of the feed's fares for a rider category and for everybody."""
    fares = []
    for from_area, to_area, product, fare_rider, _, amount, currency in timetable.leg_fares():
        if fare_rider in {"", rider}:
            try:
                fares.append((from_area, to_area, Money(minor(amount, currency), currency)))
            except ValueError:
                trouble = f"the amount of {product[:40]!r} is not a price in {currency[:10]!r}"
                raise FileRefusedError("fare_products.txt", trouble, ASK_AGAIN) from None
    return tuple(fares)


def journey_part(run: int, day: int) -> str:
    """Name a part of a journey in a message."""
    return f"run {run} on day {day}"


def arrow(origin: Texts, destination: Texts) -> Texts:
    """Return "A → B" in every language that names one of the two."""
    languages = dict.fromkeys(tag for tag, _ in (*origin.others, *destination.others) if "-" not in tag)
    return Texts(
        f"{origin.default} → {destination.default}",
        tuple((tag, f"{origin.text(tag)} → {destination.text(tag)}") for tag in languages),
    )
