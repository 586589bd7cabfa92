"""Every answer of the wire is one of three outcomes, and a key belongs to one body until it is answered."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from kiosk.application.errors import OutcomeUnknown, Refused, Unreachable
from kiosk.platforms.pretix import Access, Client

Answerer = Callable[[httpx.Request], httpx.Response]


def ask(answer: Answerer, *calls: Callable[[Client], Any]) -> list[Any]:
    """Make calls one after the other; return results, or the exceptions of our own family."""

    async def whole() -> list[Any]:
        client = Client(Access("http://pretix", "org", "tok"), transport=httpx.MockTransport(answer))
        found = []
        for call in calls:
            try:
                found.append(await call(client))
            except (Unreachable, Refused, OutcomeUnknown) as problem:
                found.append(problem)
        await client.close()
        return found

    return asyncio.run(whole())


def read(client: Client) -> Any:
    return client.get("/x/", timeout_s=30)


def write(client: Client, body: Any = None) -> Any:
    return client.send("POST", "/x/", body or {"a": 1}, timeout_s=30)


@pytest.mark.parametrize(
    ("status", "reading", "writing"),
    [
        (401, Unreachable, OutcomeUnknown), (403, Unreachable, OutcomeUnknown), (404, Unreachable, OutcomeUnknown),
        (400, Unreachable, OutcomeUnknown), (409, Unreachable, OutcomeUnknown), (429, Unreachable, Unreachable),
        (500, Unreachable, OutcomeUnknown), (503, Unreachable, OutcomeUnknown), (302, Unreachable, OutcomeUnknown),
    ],
)  # fmt: skip
def test_sorts_pages_by_what_may_have_happened(status: int, reading: type, writing: type) -> None:
    found = ask(lambda _: httpx.Response(status, html="<h1>Oops</h1>"), read, write)
    assert [type(each) for each in found] == [reading, writing]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_only_the_server_itself_refuses_and_it_speaks_json(status: int) -> None:
    found = ask(lambda _: httpx.Response(status, json={"detail": "no"}), read, write)
    assert [type(each) for each in found] == [Refused, Refused]


@pytest.mark.parametrize(
    ("problem", "writing"),
    [(httpx.ConnectError("x"), Unreachable), (httpx.ReadTimeout("x"), OutcomeUnknown),
     (httpx.ReadError("x"), OutcomeUnknown)],
)  # fmt: skip
def test_what_was_not_sent_did_not_happen(problem: Exception, writing: type) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise problem

    assert [type(each) for each in ask(fail, read, write)] == [Unreachable, writing]


def test_a_page_of_a_captive_portal_is_no_answer() -> None:
    found = ask(lambda _: httpx.Response(200, html="<h1>Welcome</h1>"), read, write)
    assert [type(each) for each in found] == [Unreachable, OutcomeUnknown]


def test_a_key_stays_with_its_body_until_answered() -> None:
    keys, statuses = [], iter(["lost", 201, 201, 400, 201])

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["X-Idempotency-Key"])
        status = next(statuses)
        if isinstance(status, str):
            raise httpx.ReadTimeout(status)
        return httpx.Response(status, json={})

    ask(answer, write, write, lambda client: write(client, {"b": 2}), write, write)
    assert keys[0] == keys[1]
    assert len(set(keys[1:])) == 4


def test_a_refusal_of_what_was_sent_before_is_asked_again_under_a_new_key() -> None:
    """A request torn on its way is refused to nobody, and the refusal is stored under its key."""
    stored: dict[str, int] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        key = request.headers["X-Idempotency-Key"]
        if not stored:
            stored[key] = 400
            raise httpx.ReadError("torn")
        status = stored.setdefault(key, 201)
        return httpx.Response(status, json={})

    assert [type(each).__name__ for each in ask(answer, write, write)] == ["OutcomeUnknown", "Answer"]
    assert list(stored.values()) == [400, 201]
    refusing = ask(lambda _: httpx.Response(400, json={}), write)
    assert [type(each) for each in refusing] == [Refused]


def test_reads_all_pages_and_refuses_what_is_no_list() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["page"])
        return httpx.Response(200, json={"results": [{"id": page}], "next": "more" if page < 3 else None})

    def pages(client: Client) -> Any:
        return client.pages("/x/", timeout_s=30)

    assert ask(answer, pages) == [[{"id": 1}, {"id": 2}, {"id": 3}]]
    assert isinstance(ask(lambda _: httpx.Response(200, json=[1]), pages)[0], Unreachable)


def test_asks_four_at_a_time_and_shows_no_token() -> None:
    busy, most = 0, 0

    async def answer(_: httpx.Request) -> httpx.Response:
        nonlocal busy, most
        busy, most = busy + 1, max(most, busy + 1)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        busy -= 1
        return httpx.Response(200, json={})

    async def whole() -> None:
        client = Client(Access("http://pretix", "org", "tok"), transport=httpx.MockTransport(answer))
        await asyncio.gather(*(read(client) for _ in range(20)))
        await client.close()

    asyncio.run(whole())
    assert most == 4
    assert "tok" not in repr(Access("http://pretix", "org", "tok"))
