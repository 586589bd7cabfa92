"""The bookings a platform refused after they were sold, and the ways out: send again, or settle with the customer.

A refused message is parked. Its sale is paid; where tickets of it came out, somebody holds paper that opens nothing, so
it is an alarm until a person has found a way out. What was settled leaves the queue and stays in the journal.
"""

from collections.abc import Mapping

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from kiosk.application.clock import Clock
from kiosk.application.codec import MESSAGE_TYPES, BookMessage, CancelOrder, ExchangeMessage
from kiosk.application.delivery import Tell
from kiosk.application.store_gateway import StoreGateway
from kiosk.domain.money import Money, total
from kiosk.domain.sale.booking import Booking
from kiosk.domain.sale.document import DocumentState
from kiosk.domain.sale.events import BookingRefused, CancelProven
from kiosk.domain.sale.sale import Sale
from offline_store import JournalEntry, JournalRow, ParkedMessage, Proven, QueuedMessage, Store

CONFLICTS_ID = "conflicts"  # stands in the journal where a sale's id stands
AGAIN, SETTLED = "conflicts:again", "conflicts:settled"
WAYS = ("refund", "reseat", "other_slot", "honoured")
NOTE_CHARS_MAX = 80
PARKED_MAX = 10_000  # more than a person ever settles
SENTENCES: Mapping[str, str] = {
    "sold_out": "The platform has no room for it. Make room there and send it again, or settle with the customer.",
    "sale_closed": "Its sale had ended on the platform. Open it there and send it again, or settle.",
    "seat_taken": "The platform gave its seat to somebody else. Seat the customer elsewhere, and note it.",
    "cancelled": "Somebody cancelled it on the platform. What did not come out was paid back; tell the customer.",
    "worth_changed": "Its old tickets were exchanged elsewhere meanwhile. What was paid went back; tell the customer.",
    "code_in_use": "The platform has another sale under its code. Settle with the customer and report it.",
    "not_allowed": "The platform did not let this terminal. Mend its rights there, then send it again.",
    "delivery.broke": "Sending it broke this program. Report it with the support bundle, then send it again.",
    "sale_unreadable": "Its sale cannot be read by this program. Bring it up to date or report it, then send it again.",
    "message_unreadable": "The message itself cannot be read. Look at the sale, and settle with the customer.",
}
OTHERWISE = "The platform refused it. Find out why there, then send it again, or settle with the customer."


class ConflictRefused(Exception):  # noqa: N818 - read as a verdict
    """A way out that is none here; `key` is a message key, the sentence is for people."""

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(sentence)
        self.key = key


class WayOut(Struct, frozen=True):
    """What a person did about it: its row in the journal, with `actor` and `at` from there."""

    key: str
    way: str
    note: str = ""
    sale_id: str = ""
    code: str = ""
    actor: str = ""
    at: str = ""


class Conflict(Struct, frozen=True):
    """One parked message: `printed` tickets of it are in somebody's hand, `paid_back` were never handed out."""

    key: str
    stream: str
    problem: str
    attempts: int
    sale_id: str
    code: str
    price: Money | None
    printed: int
    paid_back: int
    ways: tuple[WayOut, ...] = field(default=())

    @property
    def can_go_again(self) -> bool:
        """Say whether it may be sent once more: no booking whose money went back, nor what nobody can read."""
        is_dead = bool(self.paid_back) and _is_booking(self.key)  # a cancellation of just those may and must go
        return not is_dead and self.problem != "message_unreadable"

    @property
    def sentence(self) -> str:
        """Return what is to be done."""
        return SENTENCES.get(self.problem.partition(" ")[0], OTHERWISE)


class ConflictBook:
    """List what is parked, send it again, or note how it was settled."""

    def __init__(self, store: Store, tell: Tell, clock: Clock) -> None:
        self._store = store
        self._tell = tell
        self._clock = clock
        self._gateway = StoreGateway(store)

    async def all(self) -> tuple[Conflict, ...]:
        """Return every parked message, oldest first; what was parked only because its booking was is left out."""
        rows, parked = await self._store.read_sale(CONFLICTS_ID), await self._store.parked(PARKED_MAX)
        booked = {(each.stream, each.sale_id) for each in parked if _is_booking(each.key) and each.sale_id}
        heads = [each for each in parked if _is_booking(each.key) or (each.stream, each.sale_id) not in booked]
        return tuple([await self._conflict(each, rows) for each in heads])

    async def settled(self) -> tuple[WayOut, ...]:
        """Return what was settled with customers, oldest first."""
        return tuple(_way(each) for each in await self._store.read_sale(CONFLICTS_ID) if each.kind == SETTLED)

    async def settled_codes(self) -> frozenset[str]:
        """Return the booking codes a way out was noted for: their difference is explained."""
        return frozenset(each.code for each in await self.settled() if each.code)

    async def again(self, key: str, actor: str) -> Conflict:
        """Send a parked message once more under the same key, with what was parked behind it.

        Raises:
            ConflictRefused: nothing of that key is parked, or its money went back.
        """
        conflict = await self._parked(key)
        if not conflict.can_go_again:
            raise ConflictRefused("conflict.over", "It cannot be sent again. Settle it with the customer.")
        await self._note(actor, AGAIN, WayOut(key, AGAIN))
        for each in await self._together(conflict):
            await self._store.requeue(each.key)
        return conflict

    async def settle(self, key: str, way: str, actor: str, note: str = "") -> Conflict:
        """Note how it was settled with the customer; it leaves the queue, with what was parked behind it.

        Raises:
            ConflictRefused: nothing of that key is parked (any more).
        """
        if way not in WAYS:
            raise ConflictRefused("conflict.way", f"It is settled by one of: {', '.join(WAYS)}.")
        if len(note) > NOTE_CHARS_MAX or not note.isprintable():
            raise ConflictRefused("conflict.note", f"A note is one line of at most {NOTE_CHARS_MAX} characters.")
        conflict = await self._parked(key)
        await self._note(actor, SETTLED, WayOut(key, way, note, conflict.sale_id, conflict.code))
        await self._tell_sale(conflict)
        # From here on its difference is explained; should the power go now, it is settled a second time, no more.
        await self._store.record([(_queued(each), Proven(f"settled {way}")) for each in await self._together(conflict)])
        return conflict

    async def _tell_sale(self, conflict: Conflict) -> None:
        """Let its sale come to rest where it still waits: the platform will say no more of this message."""
        kind = MESSAGE_TYPES.get(conflict.key.partition(":")[0])
        if conflict.code and _is_booking(conflict.key):
            refused = BookingRefused(conflict.code, conflict.problem.partition(" ")[0], self._clock.now())
            await self._tell(conflict.sale_id, refused)
        elif conflict.code and kind is CancelOrder:
            await self._tell(conflict.sale_id, CancelProven(conflict.code, self._clock.now()))

    async def _together(self, conflict: Conflict) -> tuple[ParkedMessage, ...]:
        """Return the message of a conflict, then those parked behind it."""
        parked = await self._store.parked(PARKED_MAX)
        return tuple(each for each in parked if each.key == conflict.key or _is_behind(each, conflict))

    async def _parked(self, key: str) -> Conflict:
        found = next((each for each in await self.all() if each.key == key), None)
        if found is None:
            raise ConflictRefused("conflict.unknown", "Nothing is parked under that key. See: guichet conflict list")
        return found

    async def _note(self, actor: str, kind: str, way: WayOut) -> None:
        row = JournalRow(CONFLICTS_ID, actor, kind, msgspec.json.encode(way))
        await self._store.append((row,), finished=(CONFLICTS_ID,))

    async def _conflict(self, parked: ParkedMessage, rows: tuple[JournalEntry, ...]) -> Conflict:
        kept = await self._gateway.read(parked.sale_id)
        code = parked.key.partition(":")[2].partition(":")[0]
        booking = next((each for each in kept.sale.bookings if each.code == code), None) if kept else None
        ways = tuple(each for each in map(_way, rows) if each.key == parked.key)
        known = Conflict(
            parked.key, parked.stream, parked.problem, parked.attempts, parked.sale_id, "", None, 0, 0, ways
        )
        return known if kept is None or booking is None else _of_sale(known, kept.sale, booking)


def _of_sale(known: Conflict, sale: Sale, booking: Booking) -> Conflict:
    tickets = [each for each in sale.tickets if each.offer_id in booking.offer_ids]
    prices = tuple(sale.offer(offer_id).price for offer_id in booking.offer_ids)
    return replace(
        known,
        code=booking.code,
        price=total(prices, prices[0].currency) if prices else None,
        printed=sum(each.state is DocumentState.PRINTED for each in tickets),
        paid_back=sum(each.state is DocumentState.UNDELIVERED for each in tickets),
    )


def _is_booking(key: str) -> bool:
    return MESSAGE_TYPES.get(key.partition(":")[0]) in {BookMessage, ExchangeMessage}


def _is_behind(parked: ParkedMessage, conflict: Conflict) -> bool:
    same = (parked.stream, parked.sale_id) == (conflict.stream, conflict.sale_id)
    return same and bool(conflict.code) and parked.key != conflict.key


def _queued(parked: ParkedMessage) -> QueuedMessage:
    return QueuedMessage(parked.id, parked.key, parked.stream, parked.sale_id, b"", parked.attempts)


def _way(entry: JournalEntry) -> WayOut:
    return replace(msgspec.json.decode(entry.payload, type=WayOut), actor=entry.actor, at=entry.wall)
