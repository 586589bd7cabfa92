"""What becomes of queued messages, written in one transaction."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import assert_never

from offline_store import outbox
from offline_store.outbox import Later, Outcome, Proven, QueuedMessage, Refused, StreamBlocked


def write(
    conn: sqlite3.Connection,
    outcomes: Sequence[tuple[QueuedMessage, Outcome]],
    proven: Sequence[outbox.SentTuple],
    wall: str,
) -> Counter[outbox.Place]:
    """Take proven messages out, count tries, block streams, park what was refused; the caller owns the transaction.

    Return by how much each place of the queue grew or shrank.
    """
    changes = Counter[outbox.Place]()
    changes.subtract(outbox.prove(conn, proven))
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
                if outbox.park(conn, message.key, problem or "refused"):
                    changes.update({(message.stream, True): 1, (message.stream, False): -1})
            case _:
                assert_never(outcome)
    return changes
