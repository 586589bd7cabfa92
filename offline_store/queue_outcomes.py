"""What becomes of queued messages, written in one transaction."""

import sqlite3
from collections.abc import Sequence
from typing import assert_never

from offline_store import outbox
from offline_store.outbox import Later, Outcome, Proven, QueuedMessage, Refused, StreamBlocked


def write(
    conn: sqlite3.Connection,
    outcomes: Sequence[tuple[QueuedMessage, Outcome]],
    proven: Sequence[outbox.SentTuple],
    wall: str,
) -> None:
    """Take proven messages out, count tries, block streams, park what was refused; the caller owns the transaction."""
    outbox.prove(conn, proven)
    for message, outcome in outcomes:
        match outcome:
            case Proven():
                outbox.unblock(conn, message.stream)
            case Later():
                outbox.count_try(conn, message.key)
            case StreamBlocked(cause):
                outbox.count_try(conn, message.key)
                outbox.block(conn, message.stream, cause, wall)
            case Refused(problem):
                outbox.park(conn, message.key, problem or "refused")
            case _:
                assert_never(outcome)
