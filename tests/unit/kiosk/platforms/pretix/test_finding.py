"""A booking in a shape no server of this kind gives is told as an answer that cannot be read; the terminal goes on."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from kiosk.application.errors import Unreachable
from kiosk.application.interfaces import FoundBooking, MediumKind
from kiosk.platforms.pretix.catalogue import Snapshot
from kiosk.platforms.pretix.finding import Finding

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ROW: dict[str, Any] = {"id": 7, "secret": "s7", "item": 3, "price": "12.00", "subevent": None}
ORDER: dict[str, Any] = {
    "code": "ABCDE", "status": "p", "event": "museum", "datetime": NOW.isoformat(), "total": "12.00",
    "sales_channel": "web", "positions": [ROW],
}  # fmt: skip
OURS: dict[str, Any] = {"sale_id": "sale", "digest": "d", "paid": 1200, "currency": "EUR", "sold_at": NOW.isoformat()}
EVENT: dict[str, Any] = {"name": {"en": "Museum"}, "date_from": NOW.isoformat(), "timezone": "Europe/Berlin"}


class Server:
    """A server of which every answer is what the test says."""

    root = "/o"

    def __init__(self, order: dict[str, Any], event: Any = EVENT) -> None:
        self.order = order
        self.event = event

    async def find(self, _: str, *, timeout_s: float) -> Any:
        del timeout_s
        return self.order

    async def get(self, _: str, *, timeout_s: float) -> Any:
        del timeout_s
        return type("Answer", (), {"body": self.event})

    async def pages(self, _: str, asked: Any, *, timeout_s: float) -> Any:
        del timeout_s
        linked = [{"id": 7, "order": {"code": "ABCDE"}}]
        return [{"identifier": asked["identifier"], "linked_orderpositions": linked}]


def found(order: dict[str, Any], event: Any = EVENT) -> FoundBooking | None:
    return asyncio.run(finding(order, event).find("ABCDE", timeout_s=5))


def finding(order: dict[str, Any], event: Any = EVENT) -> Finding:
    async def catalogue() -> Snapshot:
        return Snapshot({}, (), NOW)

    server: Any = Server(order, event)
    return Finding(server, server, catalogue, platform_id="pretix", currency="EUR", now=lambda: NOW)


def test_a_booking_of_another_channel_is_read() -> None:
    booking = found(ORDER)
    assert booking is not None
    assert [part.product_name.default for part in booking.offers[0].parts] == ["Museum"]


@pytest.mark.parametrize(
    "order",
    [
        ORDER | {"positions": [ROW | {"seat": "A1"}]},
        ORDER | {"positions": [ROW | {"price": "twelve"}]},
        ORDER | {"positions": ["s7"]},
        ORDER | {"positions": None},
        ORDER | {"api_meta": OURS | {"parts": [["p", "o"]]}},
    ],
)
def test_an_order_that_cannot_be_read_is_told_as_one(order: dict[str, Any]) -> None:
    with pytest.raises(Unreachable):
        found(order)


@pytest.mark.parametrize("event", [None, [], "museum", EVENT | {"date_from": 12}, EVENT | {"timezone": "\x00"}])
def test_an_event_that_cannot_be_read_is_told_as_one(event: Any) -> None:
    with pytest.raises(Unreachable):
        found(ORDER, event)


def test_a_ticket_of_ours_whose_row_has_no_number_is_on_no_medium() -> None:
    rows = [{name: each for name, each in ROW.items() if name != "id"}]
    order = ORDER | {"positions": rows, "api_meta": OURS | {"parts": [["p", "o", "s7"]]}}
    asked = finding(order).medium(MediumKind.CHIP, "04AA", timeout_s=5)
    with pytest.raises(Unreachable):
        asyncio.run(asked)
