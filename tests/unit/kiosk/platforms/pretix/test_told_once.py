"""Told once, whatever the server shows when, and however the clock on the wall is set."""

import asyncio
from typing import Any, cast

import pytest

from kiosk.application.errors import OutcomeUnknown, Refused
from kiosk.platforms.pretix.client import Client
from kiosk.platforms.pretix.told_once import LOCKED_FOR_S, ToldOnce
from tests.simulation.virtual_time import VirtualLoop

PATH, BODY = "/giftcards/1/transact/", {"value": "5.00"}


class Server:
    """Do what it is told, replay what a key was answered, and lose the answers it is asked to lose."""

    def __init__(self) -> None:
        self.done: list[Any] = []
        self.answers: dict[str, bool] = {}
        self.losing, self.is_locked = 0, False

    async def send(self, _method: str, _path: str, body: Any, *, timeout_s: float, key: str) -> None:
        if self.is_locked:
            raise OutcomeUnknown("outcome_unknown", "answered 409")
        if key not in self.answers:
            self.answers[key] = body == BODY
            self.done += [body] if body == BODY else []
        if self.losing:
            self.losing -= 1
            raise OutcomeUnknown("outcome_unknown", f"lost after {timeout_s} s")
        if not self.answers[key]:
            raise Refused("bad_request", "no value")


def telling(server: Server) -> ToldOnce:
    return ToldOnce(cast("Client", server))


def test_what_was_answered_under_its_key_is_not_told_again_though_it_is_not_shown_yet() -> None:
    """A server may show what it wrote a moment later: the answer under the key is proof enough."""
    server = Server()
    server.losing = 1

    async def is_known() -> bool:
        return False

    async def story() -> None:
        once = telling(server)
        with pytest.raises(OutcomeUnknown):
            await once.tell("REF-back", PATH, BODY, is_known, timeout_s=1)
        await once.tell("REF-back", PATH, BODY, is_known, timeout_s=1)
        assert server.done == [BODY]

    asyncio.run(story())


def test_a_locked_key_counts_as_sealed_by_time_that_passed_and_not_by_a_clock_that_was_set() -> None:
    server = Server()
    server.is_locked = True

    async def story() -> None:
        once = telling(server)
        with pytest.raises(OutcomeUnknown):
            await once.seal(PATH, "REF", timeout_s=1)
        await asyncio.sleep(LOCKED_FOR_S - 1)
        with pytest.raises(OutcomeUnknown):
            await once.seal(PATH, "REF", timeout_s=1)
        await asyncio.sleep(2)
        assert await once.seal(PATH, "REF", timeout_s=1)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(story())
