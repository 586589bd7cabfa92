"""The courier: order, patience, and never a message lost."""

import asyncio
from random import Random

import pytest

from offline_store import (
    Courier,
    CourierLimits,
    JournalRow,
    Later,
    NotWritten,
    OutboxMessage,
    Proven,
    Refused,
    StoreClosed,
    StreamBlocked,
)

ROW = JournalRow("s1", "system", "Sold")


class Platform:
    """Answers as told by key, Proven otherwise; remembers what came in which order."""

    def __init__(self, **answers):
        self.answers = {key: list(value) for key, value in answers.items()}
        self.seen = []

    async def __call__(self, message):
        self.seen.append(message.key)
        await asyncio.sleep(0)
        left = self.answers.get(message.key)
        answer = left.pop(0) if left else Proven("ok")
        if isinstance(answer, BaseException):
            raise answer
        return answer


class Sleeps:
    """Sleeps that take no time and are remembered."""

    def __init__(self):
        self.lengths = []

    async def __call__(self, length):
        self.lengths.append(length)
        await asyncio.sleep(0)


async def fill(store, *keys, stream="p"):
    await store.append([ROW], [OutboxMessage(key, stream, key.encode()) for key in keys])


async def until_empty(store, courier):
    running = asyncio.create_task(courier.run())
    async with asyncio.timeout(30):
        while any(figure.ready for figure in await store.stream_figures()):
            await asyncio.sleep(0.001)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def test_messages_of_a_stream_go_in_the_order_written(run, opened):
    async def story():
        async with await opened() as store:
            keys = [f"k{n:03}" for n in range(25)]
            await fill(store, *keys)
            platform, heard = Platform(), []
            courier = Courier(
                store, platform, limits=CourierLimits(batch_max=10), on_outcome=lambda m, o: heard.append((m.key, o))
            )
            await courier.drain()
            assert platform.seen == keys
            assert heard == [(key, Proven("ok")) for key in keys]
            assert await store.stream_figures() == ()

    run(story())


def test_a_lost_answer_asks_again_with_the_same_key_and_growing_waits(run, opened):
    async def story():
        async with await opened() as store:
            await fill(store, "a", "b")
            platform = Platform(a=[Later(), TimeoutError(), ValueError("odd"), Later(7.5)])
            sleeps = Sleeps()
            await until_empty(store, Courier(store, platform, chance=Random(1), sleep=sleeps))
            assert platform.seen == ["a"] * 5 + ["b"]
            first, second, third, named = sleeps.lengths
            assert 0.5 <= first <= 1 <= second <= 2 <= third <= 4
            assert named == 7.5

    run(story())


def test_a_refusal_is_parked_and_the_stream_goes_on(run, opened):
    async def story():
        async with await opened() as store:
            await fill(store, "a", "b")
            await Courier(store, Platform(a=[Refused("sold out")])).drain()
            assert [(m.key, m.problem) for m in await store.parked()] == [("a", "sold out")]
            assert (await store.stream_figures())[0].ready == 0

    run(story())


def test_a_blocked_stream_keeps_all_and_others_flow(run, opened):
    async def story():
        async with await opened() as store:
            await fill(store, "a", "b")
            await fill(store, "c", stream="q")
            platform = Platform(a=[StreamBlocked("token refused")])
            sleeps = Sleeps()
            await Courier(store, platform, sleep=sleeps).drain()
            figure = (await store.stream_figures())[0]
            assert (figure.stream, figure.ready, figure.blocked_cause) == ("p", 2, "token refused")
            await until_empty(store, Courier(store, platform, sleep=sleeps))
            assert sorted(platform.seen) == ["a", "a", "b", "c"]
            assert await store.stream_figures() == ()

    run(story())


def test_a_new_message_wakes_the_courier(run, opened):
    async def story():
        async with await opened() as store:
            platform = Platform()
            running = asyncio.create_task(Courier(store, platform).run())
            await asyncio.sleep(0)
            await fill(store, "late")
            async with asyncio.timeout(30):
                while await store.proof("late") is None:
                    await asyncio.sleep(0.001)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            assert platform.seen == ["late"]

    run(story())


def test_a_nudge_ends_a_long_wait(run, opened):
    async def story():
        async with await opened() as store:
            await fill(store, "a")
            courier = Courier(store, Platform(a=[Later(200)]))
            running = asyncio.create_task(courier.run())
            async with asyncio.timeout(30):
                while (await store.ready("p", 1)).messages[0].attempts == 0:
                    await asyncio.sleep(0.001)
                while await store.proof("a") is None:
                    courier.nudge()
                    await asyncio.sleep(0.001)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    run(story())


def test_a_cancelled_courier_writes_what_it_knows(run, opened):
    async def story():
        async with await opened() as store:
            await fill(store, "a", "b")
            reached = asyncio.Event()

            async def deliver(message):
                if message.key == "b":
                    reached.set()
                    await asyncio.Event().wait()
                return Proven("ok")

            running = asyncio.create_task(Courier(store, deliver).run())
            await reached.wait()
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
            assert await store.proof("a") == "ok"
            assert [m.key for m in (await store.ready("p", 9)).messages] == ["b"]

    run(story())


def test_a_slow_platform_is_not_waited_for_without_end(run, opened):
    async def story():
        async with await opened() as store:
            await fill(store, "a")

            async def deliver(_message):
                await asyncio.Event().wait()

            await Courier(store, deliver, limits=CourierLimits(deliver_timeout_s=0.01)).drain()
            assert (await store.ready("p", 1)).messages[0].attempts == 1

    run(story())


def test_a_message_that_breaks_its_delivery_is_set_aside_and_can_be_sent_again(run, opened):
    """One that finds nobody is asked again for ever; one that is at fault itself must not hold up the others."""

    async def story():
        async with await opened() as store:
            await fill(store, "a", "b")
            platform = Platform(
                a=[OSError(), KeyError("x"), KeyError("x"), Later(), KeyError("x"), KeyError("x"), KeyError("x")]
            )
            limits = CourierLimits(broken_max=3)
            courier = Courier(store, platform, sleep=Sleeps(), limits=limits)
            await until_empty(store, courier)
            assert platform.seen == ["a"] * 7 + ["b"]
            assert [(each.key, each.problem) for each in await store.parked()] == [("a", "delivery.broke KeyError")]
            assert await store.requeue("a")
            await until_empty(store, courier)
            assert platform.seen[-1] == "a"
            assert await store.parked() == ()

    run(story())


def test_outcomes_that_cannot_be_written_are_asked_again(run, opened, monkeypatch):
    async def story():
        async with await opened() as store:
            await fill(store, "a")
            platform, real, fails = Platform(), store.record, [NotWritten("store.disk")]

            async def record(outcomes):
                if fails:
                    raise fails.pop()
                await real(outcomes)

            monkeypatch.setattr(store, "record", record)
            await until_empty(store, Courier(store, platform, sleep=Sleeps()))
            assert platform.seen == ["a", "a"]

    run(story())


def test_the_courier_ends_with_the_store(run, opened):
    async def story():
        store = await opened()
        await fill(store, "a")
        courier = Courier(store, Platform(a=[StreamBlocked("401")]))
        running = asyncio.create_task(courier.run())
        async with asyncio.timeout(30):
            while (await store.ready("p", 1)).messages[0].attempts == 0:
                await asyncio.sleep(0.001)
            await store.close()
            courier.nudge()
            await running
        with pytest.raises(StoreClosed):
            await store.head()

    run(story())


def test_a_store_that_closes_before_an_outcome_is_written_ends_the_stream(run, opened, monkeypatch):
    async def story():
        async with await opened() as store:
            await fill(store, "a")
            platform = Platform()

            async def record(_outcomes):
                raise StoreClosed("store.closed")

            monkeypatch.setattr(store, "record", record)
            with pytest.raises(ExceptionGroup) as raised:
                await Courier(store, platform, sleep=Sleeps()).drain()
            assert [type(each) for each in raised.value.exceptions] == [StoreClosed]
            assert platform.seen == ["a"]
            assert (await store.ready("p", 1)).messages[0].key == "a"

    run(story())


def test_a_delivery_cancelled_before_its_first_answer_writes_nothing(run, opened):
    async def story():
        async with await opened() as store:
            await fill(store, "a")
            reached = asyncio.Event()

            async def deliver(_message):
                reached.set()
                await asyncio.Event().wait()

            running = asyncio.create_task(Courier(store, deliver).run())
            await reached.wait()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            assert (await store.ready("p", 1)).messages[0].attempts == 0
            await store.record(())

    run(story())
