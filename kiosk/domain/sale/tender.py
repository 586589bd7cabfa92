"""One attempt to pay, or one note, coin or payout of it: the transition tables of money.

A tender under its own reference is asked of a device once. From then on it is paid, not paid or unknown, and an
unknown one is asked after, never repeated.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from kiosk.domain.money import Money, total, zero
from kiosk.domain.sale.table import after


class TenderKind(StrEnum):
    """How a part of a sale is paid."""

    CARD = "card"
    CASH = "cash"
    GIFT_CARD = "gift_card"
    VOUCHER = "voucher"
    FREE = "free"
    CREDIT = "credit"  # what tickets to be exchanged are worth


# Whose device is asked once under a reference of ours: a payment device, or the platform that keeps the gift card.
BY_REFERENCE = frozenset({TenderKind.CARD, TenderKind.GIFT_CARD})


class PlatformCard(Struct, frozen=True):
    """A gift card by the platform's own number; its code is kept nowhere, `hint` is the end of it."""

    platform_id: str
    id: str
    hint: str = ""


class TenderState(StrEnum):
    """What is known of a tender."""

    NONE = "none"
    INTENT = "intent"  # durable; the device may have been asked
    PAID = "paid"
    DECLINED = "declined"  # certainly no charge
    UNKNOWN = "unknown"  # asked, no answer: the question is put again, the charge never
    PARKED = "parked"  # nobody can tell now; a claim slip, and the question for ever
    ABANDONED = "abandoned"
    LATE_PAID = "late_paid"  # an approval that came after we knew there was none
    VOID_INTENT = "void_intent"  # durable; the reversal may have been asked for
    VOID_UNKNOWN = "void_unknown"
    VOIDED = "voided"
    OWED = "owed"  # not given back by the machine: a claim slip holds it


class TenderMove(StrEnum):
    """What happens to a tender."""

    ASK = "ask"
    APPROVE = "approve"
    DECLINE = "decline"
    LOSE = "lose"  # no answer
    PARK = "park"
    ABANDON = "abandon"
    REVERSE = "reverse"
    REVERSED = "reversed"
    OWE = "owe"


_S = TenderState
_M = TenderMove
TENDER_TABLE: Mapping[tuple[TenderState, TenderMove], TenderState] = {
    (_S.NONE, _M.ASK): _S.INTENT,
    (_S.NONE, _M.ABANDON): _S.ABANDONED,
    (_S.INTENT, _M.APPROVE): _S.PAID,
    (_S.INTENT, _M.DECLINE): _S.DECLINED,
    (_S.INTENT, _M.LOSE): _S.UNKNOWN,
    (_S.UNKNOWN, _M.APPROVE): _S.PAID,
    (_S.UNKNOWN, _M.DECLINE): _S.DECLINED,
    (_S.UNKNOWN, _M.PARK): _S.PARKED,
    (_S.PARKED, _M.APPROVE): _S.PAID,
    (_S.PARKED, _M.DECLINE): _S.DECLINED,
    (_S.DECLINED, _M.APPROVE): _S.LATE_PAID,
    (_S.LATE_PAID, _M.REVERSE): _S.VOID_INTENT,
    (_S.PAID, _M.REVERSE): _S.VOID_INTENT,
    (_S.PAID, _M.OWE): _S.OWED,
    (_S.VOID_INTENT, _M.REVERSED): _S.VOIDED,
    (_S.VOID_INTENT, _M.LOSE): _S.VOID_UNKNOWN,
    (_S.VOID_INTENT, _M.OWE): _S.OWED,
    (_S.VOID_UNKNOWN, _M.REVERSED): _S.VOIDED,
    (_S.VOID_UNKNOWN, _M.OWE): _S.OWED,
}

IN_FLIGHT = frozenset({_S.INTENT, _S.UNKNOWN, _S.VOID_INTENT, _S.VOID_UNKNOWN})
CHARGED = frozenset({_S.PAID, _S.LATE_PAID, _S.VOID_INTENT, _S.VOID_UNKNOWN, _S.VOIDED, _S.OWED})


ASKS_MAX = 3  # questions without an answer, then a person decides


class PieceState(StrEnum):
    """What is known of one note or coin."""

    ACCEPT_INTENT = "accept_intent"
    STACKED = "stacked"
    RETURNED = "returned"
    UNKNOWN = "unknown"


class PieceMove(StrEnum):
    """What happens to a note or coin."""

    STACK = "stack"
    GIVE_BACK = "give_back"
    LOSE = "lose"


PIECE_TABLE: Mapping[tuple[PieceState, PieceMove], PieceState] = {
    (PieceState.ACCEPT_INTENT, PieceMove.STACK): PieceState.STACKED,
    (PieceState.ACCEPT_INTENT, PieceMove.GIVE_BACK): PieceState.RETURNED,
    (PieceState.ACCEPT_INTENT, PieceMove.LOSE): PieceState.UNKNOWN,
    (PieceState.UNKNOWN, PieceMove.STACK): PieceState.STACKED,
    (PieceState.UNKNOWN, PieceMove.GIVE_BACK): PieceState.RETURNED,
}


class Piece(Struct, frozen=True):
    """One note or coin under the cash unit's own count; `asks` counts questions without an answer."""

    id: str
    value: Money
    state: PieceState = PieceState.ACCEPT_INTENT
    asks: int = 0

    def can(self, move: PieceMove) -> bool:
        """Say whether the table knows the move here."""
        return (self.state, move) in PIECE_TABLE

    def moved(self, move: PieceMove) -> "Piece":
        """Return it after a move of the table."""
        return replace(self, state=after(PIECE_TABLE, self.state, move))


class PayoutState(StrEnum):
    """What is known of change or cash given back."""

    DISPENSE_INTENT = "dispense_intent"
    DISPENSED = "dispensed"
    SHORT = "short"
    UNKNOWN = "unknown"


class PayoutMove(StrEnum):
    """What happens to a payout."""

    PAY = "pay"
    FALL_SHORT = "fall_short"
    LOSE = "lose"


PAYOUT_TABLE: Mapping[tuple[PayoutState, PayoutMove], PayoutState] = {
    (PayoutState.DISPENSE_INTENT, PayoutMove.PAY): PayoutState.DISPENSED,
    (PayoutState.DISPENSE_INTENT, PayoutMove.FALL_SHORT): PayoutState.SHORT,
    (PayoutState.DISPENSE_INTENT, PayoutMove.LOSE): PayoutState.UNKNOWN,
    (PayoutState.UNKNOWN, PayoutMove.PAY): PayoutState.DISPENSED,
    (PayoutState.UNKNOWN, PayoutMove.FALL_SHORT): PayoutState.SHORT,
}


class Payout(Struct, frozen=True):
    """Cash that leaves the machine under our reference; `dispensed` is what certainly came out."""

    reference: str
    amount: Money
    dispensed: Money
    state: PayoutState = PayoutState.DISPENSE_INTENT
    asks: int = 0

    @property
    def is_open(self) -> bool:
        """Say whether the machine still works on it."""
        return self.state in {PayoutState.DISPENSE_INTENT, PayoutState.UNKNOWN}

    @property
    def can_lose(self) -> bool:
        """Say whether it was asked for the first time."""
        return self.state is PayoutState.DISPENSE_INTENT

    @property
    def missing(self) -> Money:
        """Return what has not certainly come out."""
        return self.amount - self.dispensed

    def moved(self, move: PayoutMove, dispensed: Money) -> "Payout":
        """Return it after a move of the table."""
        return replace(self, state=after(PAYOUT_TABLE, self.state, move), dispensed=dispensed)


class Tender(Struct, frozen=True):
    """One attempt to pay: `amount` is what it was asked for, under `reference`.

    `pieces`: notes and coins of a cash tender. `change`: what is too much of them. `refund`: cash given back.
    `returned` and `owed` say what of the amount went back or is held by a claim slip, `giving` what is on its way back
    to a gift card, the only one that takes a part. `is_cancelled`: a person took
    the wish back while the device worked; an approval is then reversed. `is_by_hand`: a clerk's drawer took the
    money. `is_refund`: what goes back of it is for tickets that were not delivered. `is_asked_after`, `is_checked`: a
    decline is, or was, asked after once more, since approvals come late. `asks` counts questions without an answer,
    `looks` those that found it still in progress. `device_reference`, `card_hint` and `receipt_lines` are the device's.
    `card`: the gift card.
    """

    kind: TenderKind
    reference: str
    amount: Money
    state: TenderState = TenderState.NONE
    pieces: tuple[Piece, ...] = ()
    change: Payout | None = None
    refund: Payout | None = None
    returned: Money | None = None
    owed: Money | None = None
    is_cancelled: bool = False
    is_by_hand: bool = False
    is_refund: bool = False
    is_asked_after: bool = False
    is_checked: bool = False
    asks: int = 0
    looks: int = 0
    cause: str = ""
    device_reference: str = ""
    card_hint: str = ""
    receipt_lines: tuple[str, ...] = field(default=())
    card: PlatformCard | None = None
    giving: Money | None = None

    @property
    def is_in_flight(self) -> bool:
        """Say whether a device still works on it or its answer is missing."""
        return self.state in IN_FLIGHT

    @property
    def is_charged(self) -> bool:
        """Say whether money certainly came in under it."""
        return self.state in CHARGED

    @property
    def inserted(self) -> Money:
        """Return the notes and coins that are certainly inside."""
        stacked = tuple(piece.value for piece in self.pieces if piece.state is PieceState.STACKED)
        return total(stacked, self.amount.currency)

    @property
    def taken(self) -> Money:
        """Return all money that certainly came in under it, change not yet deducted."""
        if self.kind is TenderKind.CASH:
            return self.inserted
        if self.kind is TenderKind.CREDIT and self.change is not None:
            return self.amount + self.change.amount
        return self.amount if self.is_charged else zero(self.amount.currency)

    @property
    def is_piece_open(self) -> bool:
        """Say whether a note or coin is on its way, or still asked after."""
        return any(
            piece.state is PieceState.ACCEPT_INTENT or (piece.state is PieceState.UNKNOWN and piece.asks < ASKS_MAX)
            for piece in self.pieces
        )

    @property
    def doubtful(self) -> Money:
        """Return what may have come in and nobody can tell: lost pieces, or a parked payment."""
        lost = tuple(each.value for each in self.pieces if each.state is PieceState.UNKNOWN and each.asks >= ASKS_MAX)
        parked = (self.amount,) if self.state is TenderState.PARKED else ()
        return total((*lost, *parked), self.amount.currency)

    @property
    def refundable(self) -> Money:
        """Return what could be given back: what came in without change and without what went back or is owed."""
        nothing = zero(self.amount.currency)
        gone = (self.change.amount if self.change else nothing) + (self.returned or nothing) + (self.owed or nothing)
        return self.taken - gone

    @property
    def credit(self) -> Money:
        """Return what it pays towards the sale now."""
        nothing = zero(self.amount.currency)
        if self.state is TenderState.PAID:
            return self.amount - (self.returned or nothing) - (self.owed or nothing)
        if self.kind is TenderKind.CASH and self.state is TenderState.INTENT:
            return min(self.inserted, self.amount)
        return nothing

    def moved(self, move: TenderMove) -> "Tender":
        """Return it after a move of the table."""
        return replace(self, state=after(TENDER_TABLE, self.state, move))

    def can(self, move: TenderMove) -> bool:
        """Say whether the table knows the move here."""
        return (self.state, move) in TENDER_TABLE
