"""The stages on which every platform is held to the same promises. A new platform adds a factory to FACTORIES."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from kiosk.application.interfaces import BookingOrder, EventChoice, MediumKind, PartOrder, Platform
from kiosk.domain.catalogue import Offer, RiderCount
from kiosk.domain.money import Money, total
from kiosk.platforms.embedded import EmbeddedConfig, LinkMode, open_embedded
from kiosk.platforms.pretix import Access, Client, PretixConfig, PretixPlatform
from tests.simulation.model_link import ModelLink
from tests.simulation.pretix_model import PretixModel
from tests.simulation.programme import programme

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class SteppedClock:
    """Tell a time that moves only when told to."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment

    def mono_ns(self) -> int:
        return int(self.moment.timestamp() * 1e9)

    def step(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Stage:
    """A platform with what its tests may count on; empty ids where it does not sell such a thing.

    `cut` and `join` take the wire away and give it back; `lose_answer` loses the next answer after the server acted.
    """

    platform: Platform
    clock: SteppedClock
    cut: Callable[[], None]
    join: Callable[[], None]
    lose_answer: Callable[[], None]
    slot_id: str
    product_id: str
    seated_slot_id: str = ""
    open_slot_id: str = ""
    origin_id: str = ""
    destination_id: str = ""
    hold_s: int = 600
    channel: str = "kiosk"
    put_on_medium: Callable[..., None] = lambda *_, **__: None
    issue: Callable[..., None] = lambda *_, **__: None

    def slot_offer(self, count: int = 1) -> Offer:
        return self.run(self.platform.event_offer(self.choice(self.slot_id, count), timeout_s=5))

    def choice(self, slot_id: str, count: int, **more: Any) -> EventChoice:
        return EventChoice(slot_id, (RiderCount(self.product_id, count),), **more)

    def journey_offer(self) -> Offer:
        found = self.run(self.platform.departures(self.origin_id, self.destination_id, after=self.clock.now(), limit=1))
        return self.run(self.platform.journey_offers(found.journeys[0].id, (RiderCount("adult", 1),)))[0]

    def order(self, code: str, *offers: Offer, hold_id: str = "") -> BookingOrder:
        parts = tuple(
            PartOrder(part.id, offer.id, sha256(f"{code}{part.id}".encode()).hexdigest()[:26].upper())
            for offer in offers
            for part in offer.parts
        )
        paid = total(tuple(offer.price for offer in offers), offers[0].currency)
        digest = sha256(repr((code, offers)).encode()).hexdigest()
        return BookingOrder(code, f"sale-{code}", hold_id, offers, parts, paid, self.clock.now(), self.channel, digest)

    @staticmethod
    def run(call: Awaitable[Any]) -> Any:
        async def whole() -> Any:
            return await call

        return asyncio.run(whole())


def embedded_stage(folder: Path, catalogue: Path) -> Iterator[Stage]:
    clock = SteppedClock()
    platform = open_embedded(EmbeddedConfig(folder, catalogue_dir=catalogue), clock)
    slot = next(
        each
        for each in asyncio.run(platform.slots("museum-of-light", on=date(2026, 11, 24)))
        if each.availability.left and each.availability.left > 10
    )
    yield Stage(
        platform, clock,
        cut=lambda: platform.link.set(LinkMode.DOWN), join=lambda: platform.link.set(LinkMode.UP),
        lose_answer=lambda: platform.link.set(LinkMode.LOST_ANSWER, calls=1),
        slot_id=slot.id, product_id="adult", seated_slot_id="winters-tale@20261128T1930",
        open_slot_id="museum-day@20261124T1000", origin_id="aldermoor-central", destination_id="port-lisse",
        put_on_medium=lambda identifier, order=None, *, parts=(), kind=MediumKind.CHIP, **more: platform.media.link(
            kind, identifier, clock.now(), parts=[(order.code, each.part_id) for each in parts], **more
        ),
        issue=lambda code, minor, *, currency="EUR", expires=None: platform.gift_cards.issue(
            Money(minor, currency), code=code, expires=expires
        ),
    )  # fmt: skip
    platform.close()


def pretix_model_stage(folder: Path, catalogue: Path) -> Iterator[Stage]:
    """The pretix adapter before the model that is held to the real server's recorded answers."""
    del folder, catalogue
    clock = SteppedClock()
    model = PretixModel(programme(clock.now(), size=15), clock.now)
    link = ModelLink(model)
    client = Client(Access("http://model", "guichet", model.device.token), transport=link)
    config = PretixConfig("pretix", "Museum", "EUR", "Europe/Berlin", "api.kiosk", b"0123456789abcdef")
    platform = PretixPlatform(config, client, clock)
    facts = model.programme.facts
    yield Stage(
        platform, clock, cut=lambda: link.set_cut(is_cut=True), join=lambda: link.set_cut(is_cut=False),
        lose_answer=link.lose_answer, slot_id=facts["slot_id"], product_id=facts["adult"],
        seated_slot_id=facts["seated_slot_id"], channel="api.kiosk",
        put_on_medium=lambda identifier, order=None, **more: _put(model, identifier, order, **more),
        issue=lambda code, minor, *, currency="EUR", expires=None: model.cards.issue({
            "secret": code, "value": f"{minor / 100:.2f}", "currency": currency,
            "expires": expires.isoformat() if expires else None,
        }),
    )  # fmt: skip
    asyncio.run(platform.close())


def _put(
    model: PretixModel, identifier: str, order: BookingOrder | None, *, parts: Iterable[PartOrder] = (),
    kind: MediumKind = MediumKind.CHIP, is_active: bool = True, expires: datetime | None = None, card: str = "",
) -> None:  # fmt: skip
    cards = {each["secret"]: number for number, each in model.cards.cards.items()}
    rows = {each["secret"]: each["id"] for each in (model.sales.orders[order.code]["positions"] if order else ())}
    model.cards.make_medium({
        "type": "nfc_uid" if kind is MediumKind.CHIP else "barcode", "identifier": identifier, "active": is_active,
        "expires": expires.isoformat() if expires else None,
        "linked_orderpositions": [rows[each.secret] for each in parts], "linked_giftcard": cards.get(card),
    })  # fmt: skip


FACTORIES = {"embedded": embedded_stage, "pretix_model": pretix_model_stage}


@pytest.fixture(scope="session")
def catalogue_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("catalogue")


@pytest.fixture(params=sorted(FACTORIES))
def stage(request: pytest.FixtureRequest, tmp_path: Path, catalogue_dir: Path) -> Iterator[Stage]:
    yield from FACTORIES[request.param](tmp_path, catalogue_dir)
