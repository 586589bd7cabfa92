"""A last bound around a device or platform that does not keep its own."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")
GRACE_S = 5.0  # drivers and adapters name their own time-out; this one is for one that hangs


async def bounded(call: Awaitable[T], timeout_s: float) -> T:
    """Await a call for its own time-out and a grace.

    Raises:
        TimeoutError: it kept neither.
    """
    async with asyncio.timeout(timeout_s + GRACE_S):
        return await call
