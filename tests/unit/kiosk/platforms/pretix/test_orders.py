"""A booking is refused for good only when the server, asked again, shows no order under our code."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from kiosk.application.errors import OutcomeUnknown, PlatformError, Refused
from kiosk.application.interfaces import BookingOrder, PartOrder
from kiosk.domain.catalogue import Occurrence, OccurrenceKind, Offer, OfferPart, PartKind, Texts
from kiosk.domain.money import Money
from kiosk.platforms.pretix import Access, Client, mapping
from kiosk.platforms.pretix.orders import Orders

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
TAKEN = httpx.Response(400, json={"code": ["This order code is already in use."]})
SOLD_OUT = httpx.Response(400, json=['There is not enough quota available on quota "Q".'])
DENIED = httpx.Response(401, json={"detail": "Invalid token."})
PORTAL = httpx.Response(404, html="<h1>Log in first</h1>")
NONE = httpx.Response(200, json={"results": [], "next": None})


def order() -> BookingOrder:
    occurrence = Occurrence("e@1", OccurrenceKind.EVENT, Texts("E"), NOW, NOW + timedelta(hours=1), "UTC")
    parts = (OfferPart("p1", PartKind.ADMISSION, "1", Texts("A"), Money(1200, "EUR"), 700),)
    offer = Offer("o", "pretix", occurrence, parts, "EUR", NOW, NOW, NOW, NOW, Texts(""))
    return BookingOrder(
        "ABCDE", "sale", "", (offer,), (PartOrder("p1", "o", "S"),), Money(1200, "EUR"), NOW, "kiosk", "d"
    )


def there() -> httpx.Response:
    body = mapping.order_body(order(), (), "api.kiosk")
    positions = [{**each, "id": number} for number, each in enumerate(body["positions"])]
    found = {**body, "datetime": NOW.isoformat(), "total": "12.00", "positions": positions}
    return httpx.Response(200, json={"results": [found], "next": None})


def book(*answers: httpx.Response | Exception) -> Any:
    left: Iterator[httpx.Response | Exception] = iter(answers)

    def answer(_: httpx.Request) -> httpx.Response:
        said = next(left)
        if isinstance(said, Exception):
            raise said
        return said

    async def whole() -> Any:
        client = Client(Access("http://pretix", "org", "tok"), transport=httpx.MockTransport(answer))
        try:
            return await Orders(client, "EUR", "api.kiosk", lambda: NOW).book(order(), (), timeout_s=5)
        except PlatformError as problem:
            return problem
        finally:
            await client.close()

    return asyncio.run(whole())


@pytest.mark.parametrize("said", [TAKEN, SOLD_OUT, PORTAL, httpx.ReadTimeout("lost"), httpx.Response(500, html="!")])
def test_what_was_refused_or_lost_is_done_when_the_order_is_there(said: Any) -> None:
    assert book(said, there()).state == "CONFIRMED"


@pytest.mark.parametrize("look_up", [httpx.ConnectError("cut"), httpx.ReadTimeout("lost"), PORTAL, DENIED])
@pytest.mark.parametrize("said", [TAKEN, SOLD_OUT])
def test_a_refusal_that_cannot_be_looked_up_is_not_final(said: Any, look_up: Any) -> None:
    assert isinstance(book(said, look_up), OutcomeUnknown)


def test_a_refusal_is_final_when_there_is_no_order() -> None:
    assert isinstance(book(SOLD_OUT, NONE), Refused)


def test_a_token_taken_away_is_told_as_such() -> None:
    found = book(DENIED, DENIED)
    assert isinstance(found, Refused)
    assert found.key == "not_allowed"
