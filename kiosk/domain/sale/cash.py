"""Notes and coins: each has an intent before it is taken and an outcome after."""

from msgspec.structs import replace

from kiosk.domain.money import Money, zero
from kiosk.domain.sale.effects import (
    AcceptPiece,
    CollectCash,
    DispenseCash,
    GiveBackPiece,
    OpenDrawer,
    QueryPiece,
    StopCash,
)
from kiosk.domain.sale.events import CashStopped, PieceOffered, PieceReturned, PieceStacked, PieceUnknown
from kiosk.domain.sale.sale import Sale, Step
from kiosk.domain.sale.tender import (
    ASKS_MAX,
    Payout,
    PayoutMove,
    Piece,
    PieceMove,
    PieceState,
    Tender,
    TenderKind,
    TenderMove,
    TenderState,
)

PIECE_GAP_S = 1.0
PIECES_MAX = 200


def begin_cash(sale: Sale, tender: Tender, handed: Money | None) -> Step:
    """Open the slot, or book what a clerk took by hand with the change that goes back at once."""
    if handed is None:
        return sale.with_tender(tender), (CollectCash(tender.reference, tender.amount),)
    piece = Piece("hand", handed).moved(PieceMove.STACK)
    tender = replace(tender, pieces=(piece,), is_by_hand=True).moved(TenderMove.APPROVE)
    back = handed - tender.amount
    if back.minor > 0:
        payout = Payout(f"{tender.reference}C", back, zero(back.currency)).moved(PayoutMove.PAY, back)
        tender = replace(tender, change=payout)
    return sale.with_tender(tender), (OpenDrawer(),)


def close_cash(tender: Tender) -> Tender:
    """End a cash tender with what is in: that is its amount, or it was none."""
    if tender.inserted.minor == 0:
        return replace(tender.moved(TenderMove.DECLINE), is_checked=True)
    return replace(tender.moved(TenderMove.APPROVE), amount=min(tender.inserted, tender.amount))


def _open_tender(sale: Sale, reference: str) -> Tender | None:
    return next(
        (
            each
            for each in sale.tenders
            if (each.reference, each.kind, each.state) == (reference, TenderKind.CASH, TenderState.INTENT)
        ),
        None,
    )


def piece_offered(sale: Sale, event: PieceOffered) -> Step:
    """Take a piece, or give it back where change or time would run out."""
    tender = _open_tender(sale, event.reference)
    if tender is None or tender.is_cancelled or any(piece.id == event.piece_id for piece in tender.pieces):
        return sale, ()
    refusal = _why_not(sale, tender, event)
    if refusal:
        return replace(sale, problem=refusal), (GiveBackPiece(event.reference, event.piece_id),)
    tender = replace(tender, pieces=(*tender.pieces, Piece(event.piece_id, event.value)))
    return replace(sale.with_tender(tender), problem=""), (AcceptPiece(event.reference, event.piece_id),)


def _why_not(sale: Sale, tender: Tender, event: PieceOffered) -> str:
    if event.value.currency != tender.amount.currency:
        return "cash.other_currency"
    if tender.is_piece_open or len(tender.pieces) >= PIECES_MAX:
        return "sale.wait"
    if not sale.outlasts(sale.terms.cash_timeout_s + sale.terms.hold_margin_s):
        return "sale.hold_too_short"
    if not event.can_change and (tender.inserted + event.value) > tender.amount:
        return "cash.no_change"
    return ""


def _piece_moved(sale: Sale, reference: str, piece_id: str, move: PieceMove) -> Sale:
    for tender in sale.tenders:
        for piece in tender.pieces:
            if (tender.reference, piece.id) == (reference, piece_id) and piece.can(move) and tender.is_piece_open:
                moved = tuple(piece.moved(move) if each.id == piece_id else each for each in tender.pieces)
                return sale.with_tender(replace(tender, pieces=moved))
    return sale


def piece_stacked(sale: Sale, event: PieceStacked) -> Step:
    """Note that it is inside."""
    return _piece_moved(sale, event.reference, event.piece_id, PieceMove.STACK), ()


def piece_returned(sale: Sale, event: PieceReturned) -> Step:
    """Note that it went back."""
    return _piece_moved(sale, event.reference, event.piece_id, PieceMove.GIVE_BACK), ()


def piece_unknown(sale: Sale, event: PieceUnknown) -> Step:
    """Ask where it is; after ASKS_MAX the slot closes and the claim slip names it."""
    for tender in sale.tenders:
        for piece in tender.pieces:
            if (tender.reference, piece.id) == (event.reference, event.piece_id) and tender.is_piece_open:
                return _piece_lost(sale, tender, piece)
    return sale, ()


def _piece_lost(sale: Sale, tender: Tender, piece: Piece) -> Step:
    lost = piece.moved(PieceMove.LOSE) if piece.can(PieceMove.LOSE) else replace(piece, asks=piece.asks + 1)
    pieces = tuple(lost if each.id == piece.id else each for each in tender.pieces)
    if lost.asks < ASKS_MAX:
        again = QueryPiece(tender.reference, piece.id, PIECE_GAP_S * lost.asks)
        return sale.with_tender(replace(tender, pieces=pieces)), (again,)
    return sale.with_tender(replace(tender, pieces=pieces, is_cancelled=True)), (StopCash(tender.reference),)


def cash_stopped(sale: Sale, event: CashStopped) -> Step:
    """Close the tender: the unit takes no money (any more)."""
    tender = _open_tender(sale, event.reference)
    if tender is None:
        return sale, ()
    return replace(sale.with_tender(replace(tender, is_cancelled=True)), problem=event.cause), ()


def finish_cash(sale: Sale, tender: Tender) -> Step:
    """Close a slot that has enough, or whose customer wants no more of it."""
    stop = () if tender.is_cancelled else (StopCash(tender.reference),)
    return sale.with_tender(close_cash(tender)), stop


def is_cash_complete(tender: Tender) -> bool:
    """Say whether an open cash tender is to be closed now."""
    return (
        tender.kind is TenderKind.CASH
        and tender.state is TenderState.INTENT
        and not tender.is_piece_open
        and (tender.is_cancelled or tender.inserted >= tender.amount)
    )


def pay_change(sale: Sale, tender: Tender) -> Step:
    """Begin to pay out what was too much."""
    payout = Payout(f"{tender.reference}C", tender.inserted - tender.amount, zero(tender.amount.currency))
    return sale.with_tender(replace(tender, change=payout)), (DispenseCash(payout.reference, payout.amount),)


def is_change_due(tender: Tender) -> bool:
    """Say whether a paid cash tender holds more than its amount and nothing was done about it."""
    return (
        tender.kind is TenderKind.CASH
        and tender.state is TenderState.PAID
        and tender.change is None
        and tender.inserted > tender.amount
    )


def lose_pieces(tender: Tender) -> tuple[Tender, tuple[QueryPiece, ...]]:
    """After a restart: nobody saw what became of pieces on their way, so ask."""
    pieces = tuple(
        piece.moved(PieceMove.LOSE) if piece.state is PieceState.ACCEPT_INTENT else piece for piece in tender.pieces
    )
    asked = tuple(
        QueryPiece(tender.reference, piece.id)
        for piece in pieces
        if piece.state is PieceState.UNKNOWN and piece.asks < ASKS_MAX
    )
    return replace(tender, pieces=pieces), asked
