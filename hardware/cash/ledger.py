"""The book of a simulated cash unit: every piece and every payout, and from them what lies in it."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from hardware.cash.interface import PieceOutcome
from hardware.ledger_file import LedgerFile, Record, read_ledger


class Piece(Struct, frozen=True):
    """A note or coin that was offered; `outcome` is None while it lies in escrow."""

    piece_id: str
    value_minor: int
    outcome: PieceOutcome | None = None


class Payout(Struct, frozen=True):
    """Change asked for under a reference; `paid_minor` is what truly came out."""

    reference: str
    amount_minor: int
    paid_minor: int = 0
    cause: str = ""


class CashBook:
    """Pieces and payouts replayed from records; pure but for what is given to it."""

    def __init__(self, stock: Mapping[int, int]) -> None:
        self.pieces: dict[str, Piece] = {}
        self.payouts: dict[str, Payout] = {}
        self.stock = dict(stock)

    def take(self, record: Record) -> None:
        """Apply one record."""
        match record["event"]:
            case "stock":
                self.stock[int(record["value_minor"])] = int(record["pieces"])
            case "offered":
                piece_id = str(record["piece_id"])
                self.pieces[piece_id] = Piece(piece_id, int(record["value_minor"]))
            case "piece":
                self._settle_piece(str(record["piece_id"]), PieceOutcome(str(record["outcome"])))
            case "payout":
                reference = str(record["reference"])
                self.payouts[reference] = Payout(reference, int(record["amount_minor"]))
            case "paid":
                self._pay(str(record["reference"]), int(record["value_minor"]))
            case "short":
                reference = str(record["reference"])
                old = self.payouts[reference]
                self.payouts[reference] = Payout(reference, old.amount_minor, old.paid_minor, str(record["cause"]))
            case other:
                raise ValueError(f"a cash book holds an entry of unknown kind {other!r}")

    @property
    def taken_minor(self) -> int:
        """Return the value of all pieces kept."""
        return sum(p.value_minor for p in self.pieces.values() if p.outcome is PieceOutcome.STACKED)

    @property
    def paid_minor(self) -> int:
        """Return the value of all change paid out."""
        return sum(p.paid_minor for p in self.payouts.values())

    def _settle_piece(self, piece_id: str, outcome: PieceOutcome) -> None:
        piece = self.pieces[piece_id]
        self.pieces[piece_id] = Piece(piece_id, piece.value_minor, outcome)
        if outcome is PieceOutcome.STACKED and piece.outcome is not PieceOutcome.STACKED:
            self.stock[piece.value_minor] = self.stock.get(piece.value_minor, 0) + 1

    def _pay(self, reference: str, value_minor: int) -> None:
        old = self.payouts[reference]
        self.payouts[reference] = Payout(reference, old.amount_minor, old.paid_minor + value_minor, old.cause)
        self.stock[value_minor] = self.stock.get(value_minor, 0) - 1


class CashLedger:
    """A `CashBook` on an append-only file."""

    def __init__(self, path: Path, stock: Mapping[int, int]) -> None:
        self._file = LedgerFile(path)
        self.book = read_cash_book(path)
        if not self.book.stock:
            for value_minor, pieces in sorted(stock.items()):
                self.write({"event": "stock", "value_minor": value_minor, "pieces": pieces})

    def write(self, record: Record) -> None:
        """Sync one record to the disk, then apply it."""
        self._file.append(record)
        self.book.take(record)

    def close(self) -> None:
        """Let go of the file; idempotent."""
        self._file.close()


def read_cash_book(path: Path) -> CashBook:
    """Return what a cash unit's file says, without opening it for writing."""
    book = CashBook({})
    for record in read_ledger(path):
        book.take(record)
    return book
