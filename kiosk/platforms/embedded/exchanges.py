"""Exchanges on the server's side: new tickets in the place of old ones, in one transaction, once per sale."""

from collections.abc import Mapping
from datetime import datetime
from sqlite3 import Connection, IntegrityError

import msgspec

from kiosk.application.errors import Refused
from kiosk.application.interfaces import BookingProof, ExchangeOrder
from kiosk.domain.money import total
from kiosk.platforms.embedded.ledger import CONFIRMED, Ledger, microseconds, take, units_of

SELECT_EXCHANGE = "SELECT digest FROM exchange WHERE sale_id = ?"
SELECT_OWNER = "SELECT sale_id FROM booking WHERE code = ?"
SELECT_LIVE = "SELECT part_id FROM part WHERE code = ? AND cancelled_us IS NULL"
INSERT_EXCHANGE = "INSERT INTO exchange VALUES (?, ?, ?, ?, ?)"
UPDATE_PART = """
UPDATE part SET secret = ?, sold_in = CASE sold_in WHEN '' THEN offer_id ELSE sold_in END, offer_id = ?
WHERE code = ? AND part_id = ?
"""


class Exchanges:
    """The exchanges of one book."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def check(self, code: str, part_ids: tuple[str, ...]) -> None:
        """Refuse what is not alive; Refused(not_found | not_live)."""
        with self._ledger.reading() as db:
            _check_live(db, code, set(part_ids))

    def exchange(self, order: ExchangeOrder, capacities: Mapping[str, int], now: datetime) -> BookingProof:
        """Exchange exactly once.

        Raises:
            Refused: not_found, not_live, worth_changed, bad_request, secret_in_use, seat_taken, sold_out; then all is
                as before.
        """
        with self._ledger.writing(now) as db:
            known = db.execute(SELECT_EXCHANGE, (order.sale_id,)).fetchone()
            if known is None:
                self._exchange(db, order, capacities, now)
            elif known[0] != order.digest:
                raise Refused("code_in_use", order.code)
        return BookingProof(order.code, order.sale_id, order.digest, CONFIRMED, now)

    def _exchange(self, db: Connection, order: ExchangeOrder, capacities: Mapping[str, int], now: datetime) -> None:
        _check(db, order)
        self._check_worth(order)
        db.execute("DELETE FROM hold WHERE id = ?", (order.hold_id,))
        if not order.keeps_place:
            for part in order.parts:
                db.execute("DELETE FROM unit WHERE code = ? AND part_id = ?", (order.code, part.part_id))
            take(db, units_of(order.offers), capacities, hold_id=None, code=order.code)
        for part in order.parts:
            try:
                db.execute(UPDATE_PART, (part.secret.upper(), part.offer_id, order.code, part.part_id))
            except IntegrityError:
                raise Refused("secret_in_use", part.part_id) from None
            db.execute("DELETE FROM print WHERE code = ? AND part_id = ?", (order.code, part.part_id))
        body = msgspec.json.encode(order)
        db.execute(INSERT_EXCHANGE, (order.code, order.sale_id, order.digest, body, microseconds(now)))

    def _check_worth(self, order: ExchangeOrder) -> None:
        """Refuse tickets that another terminal exchanged since: their difference was settled there."""
        found, wanted = self._ledger.find(order.code), {part.part_id for part in order.parts}
        prices = {(offer.id, part.id): part.price for offer in found.offers for part in offer.parts} if found else {}
        chosen = (each for each in found.parts if each.part_id in wanted) if found else ()
        worth = total(tuple(prices[each.offer_id, each.part_id] for each in chosen), order.credit.currency)
        if worth != order.credit:
            raise Refused("worth_changed", order.code)


def _check(db: Connection, order: ExchangeOrder) -> None:
    """Refuse what is no exchange of live tickets of that booking."""
    owner = db.execute(SELECT_OWNER, (order.code,)).fetchone()
    if owner is not None and order.of_sale and owner[0] != order.of_sale:
        raise Refused("not_found", order.code)
    wanted = {part.part_id for part in order.parts}
    _check_live(db, order.code, wanted)
    if wanted != {part.id for offer in order.offers for part in offer.parts}:
        raise Refused("bad_request", "the parts are not those of the offers")


def _check_live(db: Connection, code: str, wanted: set[str]) -> None:
    if db.execute(SELECT_OWNER, (code,)).fetchone() is None:
        raise Refused("not_found", code)
    if not wanted or not wanted <= {row[0] for row in db.execute(SELECT_LIVE, (code,))}:
        raise Refused("not_live", code)
