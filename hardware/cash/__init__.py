"""Cash units: they take notes and coins piece by piece and pay out change, each with a known outcome."""

from hardware.cash.change import pick_pieces
from hardware.cash.interface import CashUnit, DispenseResult, PieceOffered, PieceOutcome, PieceResult
from hardware.cash.ledger import CashBook, Payout, Piece, read_cash_book
from hardware.cash.simulator import CashSimulator

__all__ = [
    "CashBook",
    "CashSimulator",
    "CashUnit",
    "DispenseResult",
    "Payout",
    "Piece",
    "PieceOffered",
    "PieceOutcome",
    "PieceResult",
    "pick_pieces",
    "read_cash_book",
]
