"""Choose the best free seats: together, near the middle, in a good row, leaving no single seat alone. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from operator import attrgetter

from msgspec import Struct

from kiosk.domain.catalogue import Seat, SeatState

NEIGHBOUR_PITCH = 1.2  # farther apart than this in a row is an aisle
ROW_WEIGHT = 3.0  # one row off the best costs as much as three seats off the middle
LONELY_COST = 4.0
SPLIT_COST = 20.0


class _Block(Struct, frozen=True):
    """Neighbouring free seats of a row; `y` is where the row's middle lies."""

    seats: tuple[Seat, ...]
    y: float


def best_seats(seats: Iterable[Seat], count: int, *, centre: float, best_y: float) -> tuple[Seat, ...]:
    """Return `count` free seats, or none when there are not enough; `centre` and `best_y` are in seat pitches.

    Seats for wheelchairs are given only where no others are left.
    """
    known = tuple(seats)
    rows_y: dict[str, float] = {}
    for seat in known:
        rows_y[seat.row] = min(seat.y, rows_y.get(seat.row, seat.y))
    free = [seat for seat in known if seat.state is SeatState.FREE]
    common = [seat for seat in free if not seat.is_accessible]
    pool = common if len(common) >= count else free
    if count <= 0 or len(pool) < count:
        return ()
    blocks = _blocks(pool, rows_y)
    return _together(blocks, count, centre, best_y) or _apart(blocks, count, centre, best_y)


def _blocks(seats: list[Seat], rows_y: dict[str, float]) -> list[_Block]:
    rows: dict[str, list[Seat]] = defaultdict(list)
    for seat in seats:
        rows[seat.row].append(seat)
    blocks = []
    for name, row in rows.items():
        row.sort(key=attrgetter("x"))
        start = 0
        for index in range(1, len(row) + 1):
            if index == len(row) or row[index].x - row[index - 1].x > NEIGHBOUR_PITCH:
                blocks.append(_Block(tuple(row[start:index]), rows_y[name]))
                start = index
    return blocks


def _together(blocks: list[_Block], count: int, centre: float, best_y: float) -> tuple[Seat, ...]:
    best: tuple[float, float, str, tuple[Seat, ...]] | None = None
    for block in blocks:
        for start in range(len(block.seats) - count + 1):
            chosen = block.seats[start : start + count]
            cost = _cost(chosen, block.y, centre, best_y) + _lonely(start, len(block.seats) - count - start)
            key = (round(cost, 6), chosen[0].x, chosen[0].row, chosen)
            if best is None or key[:3] < best[:3]:
                best = key
    return () if best is None else best[3]


def _apart(blocks: list[_Block], count: int, centre: float, best_y: float) -> tuple[Seat, ...]:
    """Fill from as few blocks as can be: the largest first, near ones before far ones."""
    anchor = min(blocks, key=lambda block: (-len(block.seats), _cost(block.seats, block.y, centre, best_y)))
    y, x = anchor.y, _middle(anchor.seats)

    def farness(block: _Block) -> float:
        return abs(block.y - y) * ROW_WEIGHT + abs(_middle(block.seats) - x) + SPLIT_COST / len(block.seats)

    chosen: list[Seat] = []
    for block in (anchor, *sorted((each for each in blocks if each is not anchor), key=farness)):
        wanted = min(count - len(chosen), len(block.seats))
        chosen += _together([block], wanted, x if chosen else centre, best_y)
        if len(chosen) == count:
            break
    return tuple(chosen)


def _middle(seats: tuple[Seat, ...]) -> float:
    return (seats[0].x + seats[-1].x) / 2


def _cost(seats: tuple[Seat, ...], y: float, centre: float, best_y: float) -> float:
    return abs(_middle(seats) - centre) + abs(y - best_y) * ROW_WEIGHT


def _lonely(before: int, after: int) -> float:
    return LONELY_COST * ((before == 1) + (after == 1))
