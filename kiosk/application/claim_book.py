"""The claims of this terminal: which are open, what each is worth now, and that each is settled once.

A slip out there promises what was known when it was printed; since then the payment device may have spoken. So what
counts is the sale as it stands now, and what is still in doubt is not paid out: it is asked about for ever.
"""

import asyncio
from typing import Annotated

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from kiosk.application.store_gateway import CLAIM_MADE, CLAIMS_ID, ClaimMade, StoreGateway
from kiosk.application.store_words import store_sentence
from kiosk.domain.money import Money, total
from kiosk.domain.sale.identity import ALPHABET, CODE_CHARS
from offline_store import JournalEntry, JournalRow, Store, StoreError

CLAIM_SETTLED = "claims:settled"
NOTE_CHARS_MAX = 80
TYPED_CHARS_MAX = 40
WAYS = ("cash", "bank", "card", "ticket")  # how a claim can be settled, "ticket": a new ticket was given for it

_IN_DOUBT = (
    "claim.in_doubt",
    "It is not known yet whether this money came in. The terminal asks on; try again tomorrow.",
)
_SETTLED = ("claim.settled", "This claim is settled already: nothing is due.")


class ClaimRefused(Exception):  # noqa: N818 - read as a verdict
    """A claim cannot be settled; `key` is a message key, the sentence is for people."""

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(sentence)
        self.key = key


class Settlement(Struct, frozen=True):
    """One payment of what a claim promises: its row in the journal, with `actor` and `at` from there."""

    claim: str
    minor: Annotated[int, msgspec.Meta(gt=0)]
    currency: str
    way: str
    note: str = ""
    actor: str = ""
    at: str = ""

    @property
    def money(self) -> Money:
        """Return what was paid."""
        return Money(self.minor, self.currency)


class ClaimStanding(Struct, frozen=True):
    """A claim as it stands now: `doubtful` is not known to be the customer's yet, `due` can be paid out."""

    id: str
    sale_id: str
    codes: tuple[str, ...]
    reasons: tuple[str, ...]
    owed: Money
    doubtful: Money
    settlements: tuple[Settlement, ...] = field(default=())

    @property
    def due(self) -> Money:
        """Return what is still to be paid."""
        paid = tuple(each.money for each in self.settlements)
        return self.owed - total(paid, self.owed.currency)

    @property
    def is_open(self) -> bool:
        """Say whether anything may still come of it."""
        return self.due.minor > 0 or self.doubtful.minor > 0


class ClaimBook:
    """Find, list and settle the claims in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._gateway = StoreGateway(store)
        self._settling = asyncio.Lock()

    async def find(self, code: str) -> ClaimStanding:
        """Return the claim of a code as it is typed: groups, hyphens and small letters do not matter.

        Raises:
            ClaimRefused: no claim of this terminal has it.
        """
        claim_id = claim_code(code)
        rows = await self._store.read_sale(CLAIMS_ID)
        sale_id = _sales_of(rows).get(claim_id)
        if sale_id is None:
            raise ClaimRefused("claim.unknown", "No claim of this terminal has that code. Read it again from the slip.")
        return await self._standing(claim_id, sale_id, rows)

    async def all(self) -> tuple[ClaimStanding, ...]:
        """Return every claim ever made here, oldest first."""
        rows = await self._store.read_sale(CLAIMS_ID)
        return tuple([await self._standing(claim, sale, rows) for claim, sale in _sales_of(rows).items()])

    async def settle(self, code: str, way: str, actor: str, note: str = "") -> ClaimStanding:
        """Note durably, BEFORE the money leaves the hand, that a claim is paid; return how it stands then.

        Raises:
            ClaimRefused: unknown, settled already, in doubt, or the disk refused.
        """
        if way not in WAYS:
            raise ClaimRefused("claim.way", f"A claim is settled by one of: {', '.join(WAYS)}.")
        if len(note) > NOTE_CHARS_MAX or not note.isprintable():
            raise ClaimRefused("claim.note", f"A note is one line of at most {NOTE_CHARS_MAX} characters.")
        async with self._settling:
            claim = await self.find(code)
            if claim.due.minor == 0:
                raise ClaimRefused(*(_IN_DOUBT if claim.doubtful.minor else _SETTLED))
            paid = Settlement(claim.id, claim.due.minor, claim.due.currency, way, note)
            row = JournalRow(CLAIMS_ID, actor, CLAIM_SETTLED, msgspec.json.encode(paid))
            try:
                await self._store.append((row,), finished=(CLAIMS_ID,), is_irreversible=True)
            except StoreError as trouble:
                # A commit that raised may have persisted: only the disk knows, and then it is settled by us.
                if not await self._is_settled_since(claim):
                    raise ClaimRefused("claim.not_written", store_sentence(trouble)) from None
            return await self.find(claim.id)

    async def _is_settled_since(self, claim: ClaimStanding) -> bool:
        try:
            return len((await self.find(claim.id)).settlements) > len(claim.settlements)
        except StoreError:
            return False

    async def _standing(self, claim_id: str, sale_id: str, rows: tuple[JournalEntry, ...]) -> ClaimStanding:
        kept = await self._gateway.read(sale_id)
        claim = kept.sale.claim if kept else None
        if kept is None or claim is None:
            raise ClaimRefused(
                "claim.unreadable", "The sale behind this claim cannot be read. Run: guichet store verify"
            )
        settled = (_settled(each) for each in rows if each.kind == CLAIM_SETTLED)
        return ClaimStanding(
            claim_id, sale_id, tuple(each.code for each in kept.sale.bookings), tuple(map(str, claim.reasons)),
            claim.owed, claim.doubtful, tuple(each for each in settled if each.claim == claim_id),
        )  # fmt: skip


def claim_code(text: str) -> str:
    """Return a claim's code from what was typed.

    Raises:
        ClaimRefused: it cannot be one.
    """
    code = "".join(text.upper().replace("-", " ").split()) if len(text) <= TYPED_CHARS_MAX else ""
    if len(code) != CODE_CHARS or not set(code) <= set(ALPHABET):
        raise ClaimRefused("claim.code", f"A claim code has {CODE_CHARS} letters and digits, as on the slip.")
    return code


def _sales_of(rows: tuple[JournalEntry, ...]) -> dict[str, str]:
    """Return claim → sale in the order they were made; a restart may have noted one again."""
    made = (msgspec.json.decode(each.payload, type=ClaimMade) for each in rows if each.kind == CLAIM_MADE)
    return {each.claim: each.sale for each in made}


def _settled(entry: JournalEntry) -> Settlement:
    return replace(msgspec.json.decode(entry.payload, type=Settlement), actor=entry.actor, at=entry.wall)
