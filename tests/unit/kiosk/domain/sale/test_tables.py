"""The tables, the page drawn from them, and the closed union of events."""

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from kiosk.domain.money import Money
from kiosk.domain.sale import events
from kiosk.domain.sale.identity import booking_code, ticket_secret
from kiosk.domain.sale.step import HANDLERS, NoSaleError, step
from kiosk.domain.sale.table import IllegalMoveError
from kiosk.domain.sale.tender import Piece, PieceMove, Tender, TenderKind, TenderMove

ROOT = Path(__file__).parents[5]


def test_the_page_of_states_is_drawn_from_the_tables() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "packaging" / "draw_states.py", "--check"], check=False, env={"PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 0, "run packaging/draw_states.py"


def test_every_event_has_a_handler() -> None:
    assert set(HANDLERS) | {events.SaleOpened} == set(get_args(events.Event))


def test_a_sale_begins_by_being_opened() -> None:
    with pytest.raises(NoSaleError):
        step(None, events.CustomerLeft())


def test_a_move_outside_the_table_is_a_fault_of_ours() -> None:
    with pytest.raises(IllegalMoveError):
        Tender(TenderKind.CARD, "r", Money(1, "EUR")).moved(TenderMove.APPROVE)
    with pytest.raises(IllegalMoveError):
        Piece("p", Money(1, "EUR")).moved(PieceMove.STACK).moved(PieceMove.GIVE_BACK)


def test_codes_and_secrets_follow_from_the_seed_alone() -> None:
    assert booking_code("a", "rail") == booking_code("a", "rail") != booking_code("b", "rail")
    secrets = {ticket_secret("a", f"o{i}", f"p{j}") for i in range(20) for j in range(20)}
    assert len(secrets) == 400
    assert all(len(secret) == 26 for secret in secrets)
