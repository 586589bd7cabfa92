"""The running till: events → steps → one durable transaction → publish → effects.

It runs on whatever asyncio loop `run` is awaited on, in the order of the events; those that wait together are written
together. `post` and `open_sale` return at once and must be called on that loop. What cannot be made durable has not
happened.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from msgspec.structs import replace

from kiosk.application.clock import Clock
from kiosk.application.codec import UnknownVersionError, UnreadableError
from kiosk.application.identities import Identities
from kiosk.application.performer import Performer
from kiosk.application.purchaser import Purchaser, sealed_fields
from kiosk.application.store_gateway import NOTHING_PERSONAL, StoreGateway, Written
from kiosk.domain.sale import rules
from kiosk.domain.sale.document import DocumentState
from kiosk.domain.sale.effects import AwaitPrinter, Effect, FindBooking, StartTimer
from kiosk.domain.sale.events import (
    Actor,
    BookingFound,
    BookingProven,
    CancelProven,
    Channel,
    Event,
    FromPeople,
    PurchaserGiven,
    Restarted,
    SaleKind,
    SaleOpened,
    SaleTerms,
)
from kiosk.domain.sale.sale import Sale
from kiosk.domain.sale.step import step
from offline_store import DuplicateKey, NotWritten

_log = logging.getLogger(__name__)
Listener = Callable[[Sale], None]
TOGETHER_MAX = 32  # events written in one transaction
TOUCHES_MAX = 500  # touches that wait; a flood beyond it is not for a person
FINISHED_KEPT_MAX = 50  # finished sales a page may still show
LateAnswer = BookingProven | CancelProven  # comes after the end where a person sent a refused booking again
RETRY_S = 1.0  # between two tries to write an answer down
STOP_WAIT_S = 10.0  # for devices in the middle of something; recovery takes over what lasts longer
CANNOT_WRITE = "store.cannot_write"


@dataclass(slots=True)
class _Posted:
    """An event on its way, with personal data to be sealed beside it; `told` is set when durable or without change."""

    sale_id: str
    event: Event
    told: asyncio.Future[None] | None = None
    personal: Mapping[str, bytes] = field(default_factory=lambda: NOTHING_PERSONAL, repr=False)


class _Taken(NamedTuple):
    """An event and what it changes, not yet written."""

    posted: _Posted
    before: Sale | None
    after: Sale
    effects: tuple[Effect, ...]


class Till:
    """Move all open sales of this terminal."""

    def __init__(
        self,
        gateway: StoreGateway,
        performer: Performer,
        identities: Identities,
        clock: Clock,
        terms: SaleTerms,
        *,
        currency: str,
    ) -> None:
        self._gateway = gateway
        self._performer = performer
        self._identities = identities
        self._clock = clock
        self._terms = terms
        self._currency = currency
        self._sales: dict[str, Sale] = {}
        self._rows: dict[str, int] = {}
        self._listeners: list[Listener] = []
        self._queue: asyncio.Queue[_Posted | None] = asyncio.Queue()
        self._tasks: dict[asyncio.Task[None], bool] = {}
        self._timers: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._ended = asyncio.Event()

    # ---- what people and pages use

    def open_sale(self, kind: SaleKind, channel: Channel, actor: Actor, language: str, *, of_sale: str = "") -> str:
        """Begin a sale and return its id at once; it is published when it is durable."""
        sale_id = self._identities.sale_id()
        seed = self._identities.seed()
        now = self._clock.now()
        self.post(
            sale_id,
            SaleOpened(sale_id, kind, channel, actor, language, self._currency, now, seed, self._terms, of_sale),
        )
        return sale_id

    def name_purchaser(self, sale_id: str, whom: Purchaser) -> None:
        """Say for whom a sale is, before it is held; said again, it takes the place of what was said."""
        fields = sealed_fields(whom)
        names = tuple(name for name, value in fields.items() if value)
        self.post(sale_id, PurchaserGiven(names, whom.answered), fields)

    def post(self, sale_id: str, event: Event, personal: Mapping[str, bytes] = NOTHING_PERSONAL) -> None:
        """Take an event, with personal data to be sealed beside it; one that no longer fits changes nothing."""
        if isinstance(event, FromPeople) and self._queue.qsize() >= TOUCHES_MAX:
            _log.warning("touch dropped: %d events wait", self._queue.qsize())
            return
        self._queue.put_nowait(_Posted(sale_id, event, personal=personal))

    async def tell(self, sale_id: str, event: Event) -> None:
        """Take an event and return when it is durable (or changed nothing).

        Raises:
            UnknownVersionError, UnreadableError: the sale is finished, and this program cannot read its rows.
        """
        told: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait(_Posted(sale_id, event, told))
        await told

    def sale(self, sale_id: str) -> Sale | None:
        """Return a sale as last published; finished ones are kept for a while."""
        return self._sales.get(sale_id)

    def open_sales(self) -> tuple[Sale, ...]:
        """Return the sales that are not finished, oldest first."""
        return tuple(sale for sale in self._sales.values() if not sale.is_finished)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener with each sale that changed, on the loop; return how to end it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    # ---- the loop

    async def run(self) -> None:
        """Take up the sales found open, then serve until `stop`; the place is a TaskGroup of bootstrap.

        Raises:
            RuleBrokenError: a sale broke a rule; nothing of that step was written, a restart recovers the rest.
        """
        try:
            async with asyncio.TaskGroup() as group:
                await self._take_up()
                while posted := await self._next():
                    await self._take_all(posted, group)
                for task in self._tasks:
                    task.cancel()
        finally:
            self._let_go()
            self._ended.set()

    async def stop(self) -> None:
        """Take no more waits, let devices in the middle of something end, and return when `run` has."""
        for task, is_wait in tuple(self._tasks.items()):
            if is_wait:
                task.cancel()
        working = [task for task, is_wait in self._tasks.items() if not is_wait]
        if working:
            await asyncio.wait(working, timeout=STOP_WAIT_S)
        self._queue.put_nowait(None)
        await self._ended.wait()

    def _let_go(self) -> None:
        while not self._queue.empty():
            posted = self._queue.get_nowait()
            if posted is not None and posted.told is not None and not posted.told.done():
                posted.told.cancel()

    async def _take_up(self) -> None:
        """Read the journal and decide every open sale (design, table of recovery)."""
        for kept in await self._gateway.open_sales():
            self._sales[kept.sale.id] = kept.sale
            self._rows[kept.sale.id] = kept.rows
            self._queue.put_nowait(_Posted(kept.sale.id, Restarted(self._clock.now())))

    async def _next(self) -> list[_Posted]:
        """Wait for an event and return it with those that wait behind it; none when the till is to stop.

        Personal data is read back for the messages of later steps, so nothing comes behind it before it is written.
        """
        first = await self._queue.get()
        found = [] if first is None else [first]
        while found and len(found) < TOGETHER_MAX and not found[-1].personal and not self._queue.empty():
            following = self._queue.get_nowait()
            if following is None:
                self._queue.put_nowait(None)  # the end comes after what was posted before it
                break
            found.append(following)
        return found

    async def _take_all(self, posted: Sequence[_Posted], group: asyncio.TaskGroup) -> None:
        """Write what events change in one transaction; where that is refused, what each changes in one of its own."""
        known = [each for each in posted if await self._is_known(each, group)]
        taken: list[_Taken] = []
        unchanged = [each for each in known if not self._step(each, taken)]
        try:
            if taken:
                await self._keep(taken)
        except DuplicateKey:
            raise  # an identity was used twice: stop before anything is sold under it
        except NotWritten as problem:
            if len(known) > 1:  # a touch refused must not keep an answer from being written
                for each in known:
                    await self._take_all((each,), group)
                return
            _log.warning("step of sale %s not written: %s", taken[0].after.id, problem.key)
            self._not_kept(taken[0], group)
            return
        for step_taken in taken:
            self._publish(step_taken.after)
            self._told(step_taken.posted)
            self._begin(step_taken.after, step_taken.effects, group)
        for each in unchanged:  # what it found unchanged may have been on its way to the disk
            self._told(each)

    async def _is_known(self, posted: _Posted, group: asyncio.TaskGroup) -> bool:
        """Say whether there is a sale to move now: one long finished is read again for a late answer."""
        is_late = posted.sale_id not in self._rows and isinstance(posted.event, LateAnswer)
        return not is_late or await self._take_back(posted, group)

    def _step(self, posted: _Posted, taken: list[_Taken]) -> bool:
        """Add what an event changes, after what was taken before it; False for one that changes nothing."""
        unwritten = next((each.after for each in reversed(taken) if each.after.id == posted.sale_id), None)
        before = unwritten or self._sales.get(posted.sale_id)
        if before is None and not isinstance(posted.event, SaleOpened):
            return False  # of a sale that is long finished
        if isinstance(posted.event, BookingFound):
            posted.event = self._with_own_prints(posted.event, taken)
        after, effects = step(before, posted.event)
        if after == before and not effects:
            if after.is_finished and unwritten is None:
                self._rows.pop(after.id, None)  # it is read again for its next late answer
            return False
        rules.check_step(before, after, effects)
        taken.append(_Taken(posted, before, after, effects))
        return True

    async def _take_back(self, posted: _Posted, group: asyncio.TaskGroup) -> bool:
        """Read a finished sale again: a person had its booking sent once more, and the platform answers."""
        try:
            kept = await self._gateway.read(posted.sale_id)
        except NotWritten as problem:
            _log.warning("sale %s cannot be read for an answer: %s", posted.sale_id, problem.key)
            self._spawn(group, self._retry(posted), is_wait=True)
            return False
        except (UnknownVersionError, UnreadableError) as problem:
            _log.error("sale %s cannot be read, its answer is set aside: %s", posted.sale_id, problem)
            if posted.told is not None and not posted.told.done():
                posted.told.set_exception(problem)  # its message is parked for a person; all other sales go on
            return False
        if kept is not None:
            self._sales[posted.sale_id] = kept.sale
            self._rows[posted.sale_id] = kept.rows
        return True

    def _with_own_prints(self, found: BookingFound, taken: Sequence[_Taken]) -> BookingFound:
        """Count what came out here as printed, though the platform may not have heard of it yet."""
        printed = {
            document.secret: document.copy + 1
            for sale in (self._sales | {each.after.id: each.after for each in taken}).values()
            for document in sale.tickets
            if document.state is DocumentState.PRINTED
        }
        tickets = tuple(
            replace(each, print_count=max(each.print_count, printed.get(each.secret, 0))) for each in found.tickets
        )
        return replace(found, tickets=tickets)

    async def _keep(self, taken: list[_Taken]) -> None:
        rows, written = dict(self._rows), []
        for each in taken:
            before = rows.get(each.after.id, 0)
            written.append(Written(each.after, each.posted.event, each.effects, before, each.posted.personal))
            rows[each.after.id] = before + 1
        await self._gateway.keep(written)
        self._rows = rows

    def _not_kept(self, taken: _Taken, group: asyncio.TaskGroup) -> None:
        """A touch has not happened and is told so; an answer stays true and is written down as soon as that works."""
        if isinstance(taken.posted.event, FromPeople):
            self._tell_listeners(replace(taken.before or taken.after, problem=CANNOT_WRITE))
            self._told(taken.posted)
            return
        self._spawn(group, self._retry(taken.posted), is_wait=True)

    async def _retry(self, posted: _Posted) -> None:
        await asyncio.sleep(RETRY_S)
        self._queue.put_nowait(posted)

    def _begin(self, sale: Sale, effects: tuple[Effect, ...], group: asyncio.TaskGroup) -> None:
        for effect in effects:
            key = (sale.id, _wait_name(effect))
            is_wait = bool(key[1]) or getattr(effect, "after_s", 0.0) > 0
            task = self._spawn(group, self._performer.perform(sale, effect, self.post), is_wait=is_wait)
            if key[1]:
                earlier = self._timers.pop(key, None)
                if earlier is not None:
                    earlier.cancel()
                self._timers[key] = task
        if sale.is_finished:
            self._forget(sale.id)

    def _spawn(
        self, group: asyncio.TaskGroup, work: Coroutine[None, None, None], *, is_wait: bool
    ) -> asyncio.Task[None]:
        task = group.create_task(work)
        self._tasks[task] = is_wait
        task.add_done_callback(lambda done: self._tasks.pop(done, None))
        return task

    def _forget(self, sale_id: str) -> None:
        """End what a finished sale still waits for, and keep only the last finished ones."""
        for key in [key for key in self._timers if key[0] == sale_id]:
            self._timers.pop(key).cancel()
        self._rows.pop(sale_id, None)
        finished = [each.id for each in self._sales.values() if each.is_finished]
        for each in finished[:-FINISHED_KEPT_MAX]:
            del self._sales[each]

    def _publish(self, sale: Sale) -> None:
        self._sales[sale.id] = sale
        self._tell_listeners(sale)

    def _tell_listeners(self, sale: Sale) -> None:
        for listener in tuple(self._listeners):
            listener(sale)

    @staticmethod
    def _told(posted: _Posted) -> None:
        if posted.told is not None and not posted.told.done():
            posted.told.set_result(None)


def _wait_name(effect: Effect) -> str:
    """Return the name of a wait, of which a sale has one at a time; "" for what is work."""
    match effect:
        case StartTimer(timer):
            return timer.value
        case FindBooking():
            return "find"  # a late answer about the card before must not take the place of this one's
        case AwaitPrinter():
            return "printer"
        case _:
            return ""
