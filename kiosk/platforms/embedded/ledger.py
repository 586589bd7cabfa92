"""The server's own book: capacity, holds, bookings exactly once by our code, cancellations, prints.

Every call is one BEGIN IMMEDIATE transaction on a file a second process may open too (WAL). What is asked twice is
answered twice the same.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import RLock

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from kiosk.application.errors import Refused
from kiosk.application.interfaces import (
    BookingOrder,
    BookingProof,
    CancelProof,
    ExchangeOrder,
    FoundBooking,
    FoundPart,
    Hold,
)
from kiosk.domain.catalogue import Offer
from kiosk.domain.money import Money

MIGRATIONS = ("0001_initial.sql", "0002_media_and_gift_cards.sql", "0003_exchanges.sql")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BUSY_S = 10.0
FIND_CHARS_MAX = 200  # people type blanks and hyphens; no code or secret is longer
CONFIRMED, FULFILLED, CANCELLED = "CONFIRMED", "FULFILLED", "CANCELLED"

DELETE_EXPIRED = "DELETE FROM hold WHERE expires_us <= ?"
INSERT_HOLD = """
INSERT INTO hold VALUES (?, ?, ?)
ON CONFLICT (id) DO UPDATE SET expires_us = excluded.expires_us, offer_ids = excluded.offer_ids
"""
INSERT_UNIT = "INSERT INTO unit VALUES (?, ?, ?, ?, ?)"
INSERT_BOOKING = "INSERT INTO booking VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_PART = "INSERT INTO part (code, part_id, offer_id, secret, position) VALUES (?, ?, ?, ?, ?)"
SELECT_BOOKING = (
    "SELECT sale_id, digest, channel, body, paid_minor, currency, sold_us, confirmed_us FROM booking WHERE code = ?"
)
SELECT_PARTS = """
SELECT part_id, offer_id, secret, cancelled_us,
    (SELECT count(*) FROM print p WHERE p.code = part.code AND p.part_id = part.part_id), sold_in
FROM part WHERE code = ? ORDER BY position
"""
SELECT_EXCHANGES = "SELECT body FROM exchange WHERE code = ? ORDER BY done_us, rowid"
CANCEL_PART = "UPDATE part SET cancelled_us = ?, reason = ? WHERE code = ? AND part_id = ? AND cancelled_us IS NULL"
TAKEN_UNITS = "SELECT count(*) FROM unit WHERE slot_id = ?"
LIVE_UNITS = """
SELECT count(*) FROM unit LEFT JOIN hold ON hold.id = unit.hold_id
WHERE slot_id = ? AND (code IS NOT NULL OR expires_us > ?)
"""
LIVE_SEATS = """
SELECT seat, code IS NULL FROM unit LEFT JOIN hold ON hold.id = unit.hold_id
WHERE slot_id = ? AND seat <> '' AND (code IS NOT NULL OR expires_us > ?)
"""


class Unit(Struct, frozen=True):
    """One seat or one place of a slot that a part needs."""

    slot_id: str
    part_id: str
    seat: str = ""


class Totals(Struct, frozen=True):
    """What the server has sold, for reconciliation; cancelled parts are counted apart."""

    bookings: int
    parts: int
    parts_cancelled: int
    paid: tuple[Money, ...]


class Ledger:
    """Keep the book in one SQLite file. `capacities` says how many units a slot has."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = RLock()
        self._db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
            self._db.execute(f"PRAGMA {pragma}")
        self._migrate()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def hold(
        self, hold_id: str, offers: tuple[Offer, ...], capacities: Mapping[str, int], now: datetime, hold_s: int
    ) -> Hold:
        """Take units under a hold id; again prolongs it, other offers replace the earlier ones.

        Raises:
            Refused: seat_taken or sold_out; an earlier hold of this id stays as it was.
        """
        expires = now + timedelta(seconds=hold_s)
        offer_ids = tuple(offer.id for offer in offers)
        with self._transaction(now):
            self._db.execute(INSERT_HOLD, (hold_id, microseconds(expires), json.dumps(offer_ids)))
            self._db.execute("DELETE FROM unit WHERE hold_id = ?", (hold_id,))
            take(self._db, units_of(offers), capacities, hold_id=hold_id, code=None)
        return Hold(hold_id, "", offer_ids, expires)

    def release(self, hold_id: str, now: datetime) -> None:
        """Give a hold back; an unknown one already is."""
        with self._transaction(now):
            self._db.execute("DELETE FROM hold WHERE id = ?", (hold_id,))

    def book(self, order: BookingOrder, capacities: Mapping[str, int], now: datetime) -> BookingProof:
        """Book an order exactly once, out of its hold or out of what is free.

        Raises:
            Refused: code_in_use, secret_in_use, bad_request; hold_expired, seat_taken or sold_out for capacity.
        """
        with self._transaction(now):
            known = self._db.execute("SELECT sale_id, digest FROM booking WHERE code = ?", (order.code,)).fetchone()
            if known is not None and known != (order.sale_id, order.digest):
                raise Refused("code_in_use", order.code)
            if known is None:
                self._insert(order, capacities, now)
            return self._proof(order.code)

    def find(self, code_or_secret: str) -> FoundBooking | None:
        """Find a booking by its code or a ticket secret."""
        typed = code_or_secret[:FIND_CHARS_MAX].strip().upper()
        compact = "".join(typed.split()).replace("-", "")
        with self._lock:
            for wanted in dict.fromkeys((typed, compact)):
                row = self._db.execute("SELECT code FROM part WHERE secret = ?", (wanted,)).fetchone()
                found = self._found(row[0] if row is not None else wanted)
                if found is not None:
                    return found
        return None

    def cancel(
        self, code: str, part_ids: tuple[str, ...], reason: str, now: datetime, *, of_sale: str = ""
    ) -> CancelProof:
        """Cancel parts, all when none are named, and free their units.

        Raises:
            Refused: not_found for an unknown code or part.
        """
        with self._transaction(now):
            known = {row[0]: row[3] for row in self._db.execute(SELECT_PARTS, (code,))}
            wanted = part_ids or tuple(known)
            self._check_owner(code, of_sale)
            if not known or not set(wanted) <= set(known):
                raise Refused("not_found", code)
            for part_id in wanted:
                self._db.execute(CANCEL_PART, (microseconds(now), reason[:200], code, part_id))
                self._db.execute("DELETE FROM unit WHERE code = ? AND part_id = ?", (code, part_id))
            cancelled_us = max(known[part_id] or microseconds(now) for part_id in wanted)
        return CancelProof(code, wanted, _time(cancelled_us))

    def _check_owner(self, code: str, of_sale: str) -> None:
        """Refuse where a code stands for another sale."""
        row = self._db.execute("SELECT sale_id FROM booking WHERE code = ?", (code,)).fetchone()
        if of_sale and row is not None and row[0] != of_sale:
            raise Refused("not_found", code)

    def record_print(self, code: str, part_id: str, copy: int, now: datetime) -> None:
        """Note a printed copy, once per number.

        Raises:
            Refused: not_found for an unknown ticket.
        """
        with self._transaction(now):
            if (
                self._db.execute("SELECT 1 FROM part WHERE code = ? AND part_id = ?", (code, part_id)).fetchone()
                is None
            ):
                raise Refused("not_found", code)
            self._db.execute(
                "INSERT OR IGNORE INTO print VALUES (?, ?, ?, ?)", (code, part_id, copy, microseconds(now))
            )

    def taken_units(self, slot_id: str, now: datetime) -> int:
        """Return how many units of a slot are held or sold."""
        with self._lock:
            return int(self._db.execute(LIVE_UNITS, (slot_id, microseconds(now))).fetchone()[0])

    def taken_seats(self, slot_id: str, now: datetime) -> dict[str, bool]:
        """Return the seats of a slot that are gone, with whether they are only held."""
        with self._lock:
            return {seat: bool(is_held) for seat, is_held in self._db.execute(LIVE_SEATS, (slot_id, microseconds(now)))}

    def bookings(self) -> tuple[FoundBooking, ...]:
        """Return every booking in the order they were confirmed."""
        with self._lock:
            codes = self._db.execute("SELECT code FROM booking ORDER BY confirmed_us, code").fetchall()
            return tuple(found for row in codes if (found := self._found(row[0])) is not None)

    def totals(self) -> Totals:
        """Return the sums a reconciliation compares."""
        with self._lock:
            bookings = self._db.execute("SELECT count(*) FROM booking").fetchone()[0]
            parts, cancelled = self._db.execute("SELECT count(*), count(cancelled_us) FROM part").fetchone()
            paid = self._db.execute("SELECT sum(paid_minor), currency FROM booking GROUP BY currency ORDER BY currency")
            return Totals(bookings, parts, cancelled, tuple(Money(*row) for row in paid))

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read several tables of one moment of ours."""
        with self._lock:
            yield self._db

    @contextmanager
    def writing(self, now: datetime) -> Iterator[sqlite3.Connection]:
        """Write in one durable transaction."""
        with self._transaction(now):
            yield self._db

    @contextmanager
    def _transaction(self, now: datetime) -> Iterator[None]:
        """Run one durable transaction that first drops what has expired."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._db.execute(DELETE_EXPIRED, (microseconds(now),))
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _migrate(self) -> None:
        with self._transaction_of_schema():
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version > len(MIGRATIONS):
                raise RuntimeError("the platform's book was written by a newer version of this program")
            for number, name in enumerate(MIGRATIONS[version:], version + 1):
                for statement in _statements((Path(__file__).parent / "migrations" / name).read_text(encoding="utf-8")):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {number}")

    @contextmanager
    def _transaction_of_schema(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _insert(self, order: BookingOrder, capacities: Mapping[str, int], now: datetime) -> None:
        parts = {part.id: offer.id for offer in order.offers for part in offer.parts}
        asked = {part.part_id: part.offer_id for part in order.parts}
        if not order.code or parts != asked or len(asked) != len(order.parts):
            raise Refused("bad_request", "the parts are not those of the offers")
        body = msgspec.json.encode(
            replace(order, purchaser="", mail="", answers=())
        )  # nobody asks for it here: not kept
        paid = (order.paid.minor, order.paid.currency)
        values = (
            order.code,
            order.sale_id,
            order.digest,
            order.channel,
            body,
            *paid,
            microseconds(order.sold_at),
            microseconds(now),
        )
        self._db.execute(INSERT_BOOKING, values)
        had_hold = self._db.execute("DELETE FROM hold WHERE id = ?", (order.hold_id,)).rowcount > 0
        try:
            take(self._db, units_of(order.offers), capacities, hold_id=None, code=order.code)
        except Refused as refusal:
            if order.hold_id and not had_hold:
                raise Refused("hold_expired", refusal.detail) from None
            raise
        for position, part in enumerate(order.parts):
            try:
                row = (order.code, part.part_id, part.offer_id, part.secret.upper(), position)
                self._db.execute(INSERT_PART, row)
            except sqlite3.IntegrityError:
                raise Refused("secret_in_use", part.part_id) from None

    def _proof(self, code: str) -> BookingProof:
        found = self._db.execute("SELECT sale_id, digest, confirmed_us FROM booking WHERE code = ?", (code,)).fetchone()
        return BookingProof(code, found[0], found[1], _state(self._parts(code)), _time(found[2]))

    def _parts(self, code: str) -> tuple[FoundPart, ...]:
        return tuple(
            FoundPart(part_id, offer_id, secret, _part_state(cancelled_us, prints), prints, sold_in)
            for part_id, offer_id, secret, cancelled_us, prints, sold_in in self._db.execute(SELECT_PARTS, (code,))
        )

    def _found(self, code: str) -> FoundBooking | None:
        row = self._db.execute(SELECT_BOOKING, (code,)).fetchone()
        if row is None:
            return None
        sale_id, digest, channel, body, paid_minor, currency, sold_us, _ = row
        parts, changes = self._parts(code), self._db.execute(SELECT_EXCHANGES, (code,)).fetchall()
        order = msgspec.json.decode(body, type=BookingOrder)
        offers = order.offers
        if changes:  # what the tickets are now, and not what all of them were changed from
            later = [offer for row in changes for offer in msgspec.json.decode(row[0], type=ExchangeOrder).offers]
            living = {part.offer_id for part in parts}
            by_id = {each.id: each for each in (*reversed(later), *reversed(offers))}  # the first has all parts
            offers = tuple(each for offer_id, each in by_id.items() if offer_id in living)
        paid = Money(paid_minor, currency)
        by_gift_card = sum(each.amount.minor for each in order.by_gift_card)
        return FoundBooking(
            code, sale_id, channel, offers, parts, paid, _time(sold_us), digest, _state(parts), by_gift_card
        )


def take(
    db: sqlite3.Connection,
    units: tuple[Unit, ...],
    capacities: Mapping[str, int],
    *,
    hold_id: str | None,
    code: str | None,
) -> None:
    """Take units for a hold or a booking; Refused(seat_taken | sold_out)."""
    for unit in units:
        try:
            db.execute(INSERT_UNIT, (unit.slot_id, unit.part_id, unit.seat, hold_id, code))
        except sqlite3.IntegrityError:
            raise Refused("seat_taken", unit.seat) from None
    for slot_id in {unit.slot_id for unit in units}:
        if db.execute(TAKEN_UNITS, (slot_id,)).fetchone()[0] > capacities.get(slot_id, 0):
            raise Refused("sold_out", slot_id)


def units_of(offers: tuple[Offer, ...]) -> tuple[Unit, ...]:
    """Return what offers need of a capacity."""
    return tuple(
        Unit(offer.occurrence.id, part.id, part.seat_id)
        for offer in offers
        for part in offer.parts
        if part.needs_capacity
    )


def _part_state(cancelled_us: int | None, prints: int) -> str:
    if cancelled_us is not None:
        return CANCELLED
    return FULFILLED if prints else CONFIRMED


def _state(parts: tuple[FoundPart, ...]) -> str:
    """Return the booking's state: cancelled when all parts are, fulfilled when all others are printed."""
    live = {part.state for part in parts} - {CANCELLED}
    if not live:
        return CANCELLED
    return FULFILLED if live == {FULFILLED} else CONFIRMED


def microseconds(moment: datetime) -> int:
    """Return a time as the book writes it."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def _time(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


def _statements(script: str) -> Iterator[str]:
    """Part a script into statements, so that they run inside the migration's own transaction."""
    pending = ""
    for line in script.splitlines():
        pending += line + "\n"
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
