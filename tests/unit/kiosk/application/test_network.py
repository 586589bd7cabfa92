"""The network thread: calls hop over and back, few at once, and none after the stop."""

import asyncio
import threading

import pytest

from kiosk.application.errors import Refused, Unreachable
from kiosk.application.network import REQUESTS_MAX, NetworkThread


def test_a_call_runs_on_the_network_thread_and_its_outcome_comes_back() -> None:
    async def story() -> None:
        network = NetworkThread()
        network.start()

        async def where() -> str:
            await asyncio.sleep(0)
            return threading.current_thread().name

        async def refused() -> str:
            raise Refused("sold_out")

        assert await network.run(where) == "network"
        with pytest.raises(Refused):
            await network.run(refused)
        assert await network.stop()
        assert await network.stop()

    asyncio.run(story())


def test_at_most_so_many_calls_are_in_flight() -> None:
    async def story() -> int:
        network = NetworkThread()
        network.start()
        running = most = 0

        async def call() -> None:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.005)
            running -= 1

        await asyncio.gather(*(network.run(call) for _ in range(20)))
        await network.stop()
        return most

    assert asyncio.run(story()) == REQUESTS_MAX


def test_cancelling_the_waiter_cancels_the_call() -> None:
    async def story() -> None:
        network = NetworkThread()
        network.start()
        began, ended = threading.Event(), threading.Event()

        async def call() -> None:
            began.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        task = asyncio.create_task(network.run(call))
        assert await asyncio.to_thread(began.wait, 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(ended.wait, 30)
        await network.stop()

    asyncio.run(story())


def test_after_the_stop_nothing_is_asked_and_what_waited_is_told() -> None:
    async def story() -> None:
        network = NetworkThread()
        network.start()
        began = threading.Event()

        async def call() -> None:
            began.set()
            await asyncio.Event().wait()

        task = asyncio.create_task(network.run(call))
        assert await asyncio.to_thread(began.wait, 30)
        assert await network.stop()
        with pytest.raises(asyncio.CancelledError):
            await task
        with pytest.raises(Unreachable):
            await network.run(call)

    asyncio.run(story())
