"""How a transition table is read: (state, move) → state, and nothing that is not in it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

S = TypeVar("S", bound=StrEnum)
M = TypeVar("M", bound=StrEnum)


class IllegalMoveError(ValueError):
    """A move that the table does not know: a fault of ours, never of a person or a device."""


def after(table: Mapping[tuple[S, M], S], state: S, move: M) -> S:
    """Return the state that follows.

    Raises:
        IllegalMoveError: the table does not know the move.
    """
    try:
        return table[state, move]
    except KeyError:
        raise IllegalMoveError(f"{move} in {state}") from None
