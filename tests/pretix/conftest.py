"""A real pretix of the pinned version for the tests, and the handles the conformance suite wants on it."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx
import pytest

from kiosk.application.interfaces import BookingOrder, EventChoice, MediumKind, PartOrder
from kiosk.domain.catalogue import RiderCount
from kiosk.domain.money import total
from kiosk.platforms.pretix import Access, Client, PretixConfig, PretixPlatform
from tests.pretix import postgresql
from tests.pretix.seeding import Seeder
from tests.pretix.servers import Server, Sqlite, python_with_pretix, running


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("pretix")
    with running(python_with_pretix(), folder, Sqlite(folder)) as made:
        yield made


@pytest.fixture(scope="session")
def server_on_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("pretix-on-postgresql")
    with postgresql.cluster() as database, running(python_with_pretix(), folder, database, workers=2) as made:
        yield made


class Wire(httpx.AsyncBaseTransport):
    """Carry requests; can be cut, and can lose the answer to the next write, and to the look-up after it."""

    def __init__(self) -> None:
        self.real = httpx.AsyncHTTPTransport()
        self.is_cut = False
        self.loses = 0
        self.loses_look_up = False
        self.sent: list[tuple[str, str]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_cut:
            raise httpx.ConnectError("cut")
        self.sent.append((request.method, request.headers.get("X-Idempotency-Key", "")))
        response = await self.real.handle_async_request(request)
        is_look_up = request.method == "GET" and self.loses_look_up and not self.loses
        if (self.loses and request.method != "GET") or is_look_up:
            self.loses -= 0 if is_look_up else 1
            self.loses_look_up = self.loses_look_up and not is_look_up
            await response.aread()
            await response.aclose()
            raise httpx.ReadTimeout("lost")
        return response

    async def aclose(self) -> None:
        await self.real.aclose()


class SteppedClock:
    """Stand at the moment the test began and move only when told to."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC)
        self.stepped_s = 0.0

    def now(self) -> datetime:
        return self.moment

    def step(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
        self.stepped_s += seconds


class SteppedLoop(asyncio.SelectorEventLoop):
    """A loop for which as much time has passed as for the clock on the wall."""

    def __init__(self, clock: SteppedClock) -> None:
        self._stepped = clock
        super().__init__()

    def time(self) -> float:
        """Return the seconds that passed, the stepped ones too."""
        return super().time() + self._stepped.stepped_s


class Stage:
    """A platform on the real server with the same handles as the conformance suite's stages."""

    seated_slot_id = ""
    open_slot_id = ""

    def __init__(self, server: Server) -> None:
        self.server, self.facts = server, server.facts
        self.wire, self.clock = Wire(), SteppedClock()
        self.runner = asyncio.Runner(loop_factory=lambda: SteppedLoop(self.clock))
        self.slot_id, self.product_id = self.facts["slot_id"], self.facts["adult"]
        self.seated_slot_id = self.facts["seated_slot_id"]
        self.platform = self.open()

    def open(self) -> PretixPlatform:
        client = Client(Access(self.server.url, "guichet", self.facts["token"]), transport=self.wire)
        config = PretixConfig("pretix", "Museum", "EUR", "Europe/Berlin", "api.kiosk", b"0123456789abcdef")
        return PretixPlatform(config, client, self.clock)

    def run(self, call: Any) -> Any:
        async def whole() -> Any:
            return await call

        return self.runner.run(whole())

    def cut(self) -> None:
        self.wire.is_cut = True

    def join(self) -> None:
        self.wire.is_cut = False

    def lose_answer(self) -> None:
        """Lose the answer to the next write, and the look-up by which the adapter would find out at once."""
        self.wire.loses, self.wire.loses_look_up = 1, True

    def choice(self, slot_id: str, count: int, **more: Any) -> EventChoice:
        return EventChoice(slot_id, (RiderCount(self.product_id, count),), **more)

    def slot_offer(self, count: int = 1) -> Any:
        return self.run(self.platform.event_offer(self.choice(self.slot_id, count), timeout_s=30))

    def day(self) -> date:
        return date.fromisoformat(self.facts["day"])

    def make(self, path: str, body: dict[str, Any] | None = None, **more: Any) -> Any:
        """Make something of the organizer's as its team does."""
        seeder = Seeder(self.server.url)
        with closing(seeder.http):
            return seeder.make(path, **(body or {}), **more)

    def put_on_medium(
        self, identifier: str, _: BookingOrder | None = None, *, parts: Iterable[PartOrder] = (),
        kind: MediumKind = MediumKind.CHIP, is_active: bool = True, expires: datetime | None = None,
        card: str = "",
    ) -> None:  # fmt: skip
        """Put tickets on a medium, as the organizer does."""
        rows = self.server.rows("SELECT secret, id FROM pretixbase_orderposition")
        numbers, cards = dict(rows), dict(self.server.rows("SELECT secret, id FROM pretixbase_giftcard"))
        self.make(
            "/reusablemedia/", type="nfc_uid" if kind is MediumKind.CHIP else "barcode", identifier=identifier,
            active=is_active, expires=expires.isoformat() if expires else None, linked_giftcard=cards.get(card),
            linked_orderpositions=[numbers[each.secret] for each in parts],
        )  # fmt: skip

    def issue(self, code: str, minor: int, *, currency: str = "EUR", expires: datetime | None = None) -> None:
        """Give a gift card out, as the organizer does."""
        self.make("/giftcards/", {
            "secret": code, "value": f"{minor / 100:.2f}", "currency": currency,
            "expires": expires.isoformat() if expires else None,
        })  # fmt: skip

    def order(self, code: str, *offers: Any, hold_id: str = "") -> BookingOrder:
        parts = tuple(
            PartOrder(part.id, offer.id, sha256(f"{code}{offer.id}{part.id}".encode()).hexdigest()[:26].upper())
            for offer in offers
            for part in offer.parts
        )
        paid = total(tuple(offer.price for offer in offers), offers[0].currency)
        digest = sha256(repr((code, offers)).encode()).hexdigest()
        return BookingOrder(code, f"sale-{code}", hold_id, offers, parts, paid, self.clock.now(), "api.kiosk", digest)


@pytest.fixture
def stage(server: Server) -> Iterator[Stage]:
    yield from staged(server)


@pytest.fixture
def stage_on_postgresql(server_on_postgresql: Server) -> Iterator[Stage]:
    yield from staged(server_on_postgresql)


def staged(server: Server) -> Iterator[Stage]:
    server.reset()
    made = Stage(server)
    yield made
    made.run(made.platform.close())
    made.runner.close()
