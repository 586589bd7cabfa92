"""The courier: brings every message to its platform, in order per stream, until the platform has proven it.

It knows nothing of HTTP: `deliver` does, and answers Proven, Later, StreamBlocked or Refused. A message may be
delivered more than once (a lost answer, a crash before the proof was written), always under the same key; the platform
side makes that once.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from random import Random
from typing import Protocol, assert_never

from msgspec import Struct

from offline_store.errors import NotWritten, StoreClosed, StoreError
from offline_store.outbox import Later, Outcome, Proven, QueuedMessage, Refused, StreamBlocked
from offline_store.store import Store

_log = logging.getLogger(__name__)
# A wire, a disk or a full queue: troubles of the world, which pass, and no fault of the message.
NOBODY_THERE = (TimeoutError, OSError, StoreError)


class Deliver(Protocol):
    """Bring one message to its platform and say what came of it."""

    async def __call__(self, message: QueuedMessage) -> Outcome:
        """Deliver; a time-out and what `NOBODY_THERE` names count as Later: the same key will be asked again.

        Any other exception does too, but only a few times in a row: then the message is parked.
        """
        ...


class CourierLimits(Struct, frozen=True):
    """Bounds of the courier; times in seconds.

    `broken_max`: how often in a row one message may break its delivery (not: find nobody) before it is set aside.
    """

    batch_max: int = 100
    in_flight_max: int = 4
    deliver_timeout_s: float = 60.0
    backoff_first_s: float = 1.0
    backoff_s_max: float = 300.0
    blocked_retry_s: float = 900.0
    broken_max: int = 5


class _Held(Exception):  # noqa: N818 - not an error: the stream has to wait
    """The stream has to wait `wait_s` before anything more goes."""

    def __init__(self, wait_s: float) -> None:
        super().__init__()
        self.wait_s = wait_s


class Courier:
    """Drain the outbox for as long as `run` runs."""

    def __init__(
        self,
        store: Store,
        deliver: Deliver,
        *,
        chance: Random | None = None,
        limits: CourierLimits | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        on_outcome: Callable[[QueuedMessage, Outcome], None] | None = None,
    ) -> None:
        """`on_outcome` is called on this loop after an outcome was written; it must return at once."""
        self._store = store
        self._deliver = deliver
        self._chance = chance or Random()  # noqa: S311 - jitter, not a secret
        self._limits = limits or CourierLimits()
        self._sleep = sleep
        self._on_outcome = on_outcome
        self._gate = asyncio.Semaphore(self._limits.in_flight_max)
        self._failures: dict[str, int] = {}
        self._broken: dict[str, int] = {}
        self._running: set[str] = set()
        self._wake = asyncio.Event()
        self._nudge = asyncio.Event()

    async def run(self) -> None:
        """Drain, wait for new messages, drain again; ends when cancelled or when the store is closed."""
        loop = asyncio.get_running_loop()
        unsubscribe = self._store.subscribe(lambda: loop.call_soon_threadsafe(self._wake.set))
        self._wake.set()
        try:
            async with asyncio.TaskGroup() as group:
                await self._dispatch(group)
        finally:
            unsubscribe()

    def nudge(self) -> None:
        """Try again now whatever waits: the platform is back, a token was renewed. Call it on the courier's loop."""
        self._nudge.set()
        self._nudge = asyncio.Event()
        self._wake.set()

    async def drain(self) -> None:
        """Go once through every stream until it is empty or has to wait, then return."""
        async with asyncio.TaskGroup() as group:
            for stream in await self._store.ready_streams():
                group.create_task(self._drain_once(stream))

    async def _dispatch(self, group: asyncio.TaskGroup) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                streams = await self._store.ready_streams()
            except StoreClosed:
                return
            for stream in streams:
                if stream not in self._running:
                    self._running.add(stream)
                    group.create_task(self._serve(stream))

    async def _serve(self, stream: str) -> None:
        """Drain one stream, waiting as it has to, until nothing is left; then look whether something came meanwhile."""
        try:
            while (wait_s := await self._drain_stream(stream)) is not None:
                await self._wait(wait_s)
        except StoreClosed:
            _log.info("store closed, stream %s rests", stream)
        finally:
            self._running.discard(stream)
        self._wake.set()

    async def _drain_once(self, stream: str) -> None:
        await self._drain_stream(stream)

    async def _drain_stream(self, stream: str) -> float | None:
        """Send what is ready in order; return how long to wait, None when nothing is left."""
        while True:
            batch = await self._store.ready(stream, self._limits.batch_max)
            if not batch.messages:
                return batch.wait_s
            try:
                await self._send(batch.messages)
            except _Held as held:
                return held.wait_s
            except NotWritten as problem:
                if isinstance(problem, StoreClosed):
                    raise
                _log.warning("outcome of stream %s not written: %s", stream, problem.key)
                return self._backoff_s(stream)

    async def _send(self, messages: tuple[QueuedMessage, ...]) -> None:
        """Deliver messages one after the other; whatever ends that, what is known is written before."""
        outcomes: list[tuple[QueuedMessage, Outcome]] = []
        wait_s: float | None = None
        try:
            for message in messages:
                outcome = await self._ask(message)
                outcomes.append((message, outcome))
                wait_s = self._wait_after(message.stream, outcome)
                if wait_s is not None:
                    break
        finally:
            await self._store.record(outcomes)
        if self._on_outcome is not None:
            for message, outcome in outcomes:
                self._on_outcome(message, outcome)
        if wait_s is not None:
            raise _Held(wait_s)

    async def _ask(self, message: QueuedMessage) -> Outcome:
        try:
            async with self._gate, asyncio.timeout(self._limits.deliver_timeout_s):
                outcome = await self._deliver(message)
        except NOBODY_THERE as problem:  # nothing is known: the same key again, for as long as it takes
            _log.warning("delivery of message %d came to no answer: %s", message.id, type(problem).__name__)
            return Later()
        except Exception as problem:  # noqa: BLE001 - one message must not hold up all behind it for ever
            return self._broke(message, problem)
        self._broken.pop(message.key, None)
        return outcome

    def _broke(self, message: QueuedMessage, problem: Exception) -> Outcome:
        """Ask again a few times, then set the message aside, where a person sees it and can send it again."""
        count = self._broken.pop(message.key, 0) + 1
        name = type(problem).__name__
        _log.warning("delivery of message %d broke, %d of %d: %s", message.id, count, self._limits.broken_max, name)
        if count >= self._limits.broken_max:
            return Refused(f"delivery.broke {name}")
        self._broken[message.key] = count
        return Later()

    def _wait_after(self, stream: str, outcome: Outcome) -> float | None:
        match outcome:
            case Proven() | Refused():
                self._failures.pop(stream, None)
                return None
            case Later(after_s):
                backoff_s = self._backoff_s(stream)
                return backoff_s if after_s is None else min(max(after_s, 0.0), self._limits.backoff_s_max)
            case StreamBlocked():
                return self._limits.blocked_retry_s
            case _:
                assert_never(outcome)

    def _backoff_s(self, stream: str) -> float:
        """Return a wait that doubles with each failure in a row, with half of it left to chance."""
        count = self._failures.get(stream, 0)
        self._failures[stream] = count + 1
        full_s = min(self._limits.backoff_first_s * 2.0 ** min(count, 30), self._limits.backoff_s_max)
        return full_s * (0.5 + self._chance.random() / 2)

    async def _wait(self, wait_s: float) -> None:
        """Sleep, or less if nudged."""
        nudged = asyncio.ensure_future(self._nudge.wait())
        slept = asyncio.ensure_future(self._sleep(wait_s))
        try:
            await asyncio.wait((nudged, slept), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (nudged, slept):
                task.cancel()
