"""Draw docs/states.md from the transition tables, or say with --check whether it is still true."""

import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from kiosk.domain.sale.booking import STOCK_TABLE, SYNC_TABLE
from kiosk.domain.sale.document import DOCUMENT_TABLE
from kiosk.domain.sale.sale import STAGES
from kiosk.domain.sale.tender import PAYOUT_TABLE, PIECE_TABLE, TENDER_TABLE

TARGET = Path(__file__).parents[1] / "docs" / "states.md"
HEAD = """# States of a sale

Drawn from the tables in `kiosk/domain/sale` by `packaging/draw_states.py`; a test holds this page to them.
A move that no table names does not exist: an event that would need it changes nothing.
"""
TABLES: tuple[tuple[str, str, Mapping[tuple[StrEnum, StrEnum], StrEnum]], ...] = (
    ("Tender", "One attempt to pay, under its own reference.", TENDER_TABLE),  # type: ignore[arg-type]
    ("Note or coin", "Each piece of a cash tender.", PIECE_TABLE),  # type: ignore[arg-type]
    ("Payout", "Change, or cash given back, under our reference.", PAYOUT_TABLE),  # type: ignore[arg-type]
    ("Booking: stock", "What a platform reserves for us.", STOCK_TABLE),  # type: ignore[arg-type]
    ("Booking: sync", "What a platform knows of what was sold.", SYNC_TABLE),  # type: ignore[arg-type]
    ("Document", "A ticket, receipt or claim slip.", DOCUMENT_TABLE),  # type: ignore[arg-type]
)


def drawn() -> str:
    """Return the page."""
    lines = [HEAD]
    for title, sentence, table in TABLES:
        lines += [f"## {title}", "", sentence, "", "```mermaid", "stateDiagram-v2"]
        lines += [f"    {before} --> {after}: {move}" for (before, move), after in table.items()]
        lines += ["```", ""]
    lines += ["## Stage", "", "What a page shows; the first whose condition holds, in this order.", ""]
    lines += [f"{number}. {stage}" for number, (stage, _) in enumerate(STAGES, 1)]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the page, or compare."""
    if "--check" in sys.argv[1:]:
        return 0 if TARGET.read_text(encoding="utf-8") == drawn() else 1
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(drawn(), encoding="utf-8")
    print(f"drew {TARGET.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
