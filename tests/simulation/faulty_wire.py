"""The way to the model and back, with everything that happens on such ways, drawn from a seed."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx

from tests.simulation.pretix_model import PretixModel

HANG_S = 7_200.0
# What may happen to one request, and how often beside the others.
FAULTS = {
    "request lost": 6, "answer lost": 8, "answer late": 3, "request late": 4, "doubled": 4, "doubled much later": 2,
    "portal": 4, "reset": 3, "answer cut": 2, "500 undone": 2, "500 done": 4, "bad gateway": 2, "busy": 2,
    "worker dies undone": 2, "worker dies done": 3, "request torn": 3,
}  # fmt: skip
PORTAL_STATUSES = (200, 302, 403, 404, 511)


@dataclass
class Weather:
    """How bad it is now: the share of requests that something happens to, and how slow the rest is."""

    fault_share: float
    latency_s: float
    is_cut: bool = False
    is_server_up: bool = True


class FaultyWire(httpx.AsyncBaseTransport):
    """Carry requests to the model on a virtual clock; what is on its way goes on when the terminal dies."""

    def __init__(self, model: PretixModel, chance: Random, weather: Weather) -> None:
        self.model = model
        self.chance = chance
        self.weather = weather
        self.faults = FAULTS
        self.generation = 0
        self.seen: dict[str, int] = {}
        self._on_the_way: set[asyncio.Task[Any]] = set()

    def restart_server(self) -> None:
        """Kill what the server has in work: nothing of it is done, and its keys stay locked."""
        self.generation += 1

    async def settle(self) -> None:
        """Wait until the last late copy has arrived."""
        while self._on_the_way:
            await asyncio.wait(tuple(self._on_the_way))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        weather = self.weather
        if weather.is_cut or not weather.is_server_up:
            await asyncio.sleep(0.01)
            raise httpx.ConnectError("cut")
        if self.chance.random() >= weather.fault_share:
            return await self._through(request)
        fault = self.chance.choices(tuple(self.faults), tuple(self.faults.values()))[0]
        self.seen[fault] = self.seen.get(fault, 0) + 1
        return await self._with_fault(fault, request)

    async def _with_fault(self, fault: str, request: httpx.Request) -> httpx.Response:  # noqa: C901, PLR0911, PLR0912 - a table
        match fault:
            case "request lost":
                return await self._hang()
            case "answer lost":
                self._away(self._serve(request, self._latency_s()))
                return await self._hang()
            case "answer late":
                answer = await self._through(request)
                await asyncio.sleep(self.chance.uniform(5, 40))
                return answer
            case "request late":
                self._away(self._serve(request, self.chance.uniform(5, 600)))
                return await self._hang()
            case "doubled" | "doubled much later":
                far_s = 5.0 if fault == "doubled" else 110_000.0
                self._away(self._serve(request, self.chance.uniform(0, far_s)))
                return await self._through(request)
            case "portal":
                return httpx.Response(self.chance.choice(PORTAL_STATUSES), html="<h1>Welcome to our network</h1>")
            case "reset":
                self._away(self._serve(request, self._latency_s()))
                raise httpx.ReadError("reset")
            case "request torn":
                self.model.tear(request)
                raise httpx.WriteError("reset")
            case "answer cut":
                answer = await self._through(request)
                return httpx.Response(answer.status_code, content=answer.content[: len(answer.content) // 2])
            case "bad gateway":
                return httpx.Response(502, html="<h1>Bad Gateway</h1>")
            case "busy":
                return httpx.Response(self.chance.choice((429, 503)), headers={"Retry-After": "5"})
            case "500 undone" | "500 done":
                return self.model.begin(request) or self.model.fail(request, is_committed=fault == "500 done")
            case _:
                answer_now = self.model.begin(request)
                if answer_now is not None:
                    return answer_now
                if fault == "worker dies done":
                    self.model.act(request)
                raise httpx.RemoteProtocolError("server disconnected")

    async def _through(self, request: httpx.Request) -> httpx.Response:
        """Bring it there and the answer back; what is under way is not called back by a caller who gives up."""
        return await asyncio.shield(self._away(self._serve(request, self._latency_s())))

    def _latency_s(self) -> float:
        return self.chance.uniform(0, self.weather.latency_s)

    async def _hang(self) -> httpx.Response:
        await asyncio.sleep(HANG_S)
        raise httpx.ReadTimeout("nothing came")

    def _away(self, work: Coroutine[Any, Any, httpx.Response]) -> "asyncio.Task[httpx.Response]":
        task = asyncio.ensure_future(work)
        self._on_the_way.add(task)
        task.add_done_callback(self._arrived)
        return task

    def _arrived(self, task: "asyncio.Task[httpx.Response]") -> None:
        self._on_the_way.discard(task)
        if not task.cancelled():
            task.exception()

    async def _serve(self, request: httpx.Request, delay_s: float) -> httpx.Response:
        await asyncio.sleep(delay_s)
        answer = self.model.begin(request)
        if answer is not None:
            return answer
        generation = self.generation
        await asyncio.sleep(self._latency_s())
        if generation != self.generation:
            raise httpx.RemoteProtocolError("server disconnected")
        return self.model.finish(request)
