"""Holds and releases of one id wait for each other, and nothing is kept of an id that nobody works on."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from kiosk.application.clock import SystemClock
from kiosk.application.platform_desk import PlatformDesk
from kiosk.domain.sale.effects import MakeHold, ReleaseHold

EXPIRES = datetime(2026, 11, 28, tzinfo=UTC) + timedelta(minutes=10)
SALE: Any = SimpleNamespace(offer=lambda offer_id: offer_id)


class Platform:
    """A platform that notes when it begins and ends what it is asked."""

    def __init__(self) -> None:
        self.noted: list[str] = []

    async def hold(self, hold_id: str, offers: object, *, timeout_s: float) -> Any:
        del offers, timeout_s
        await self._work(f"hold {hold_id}")
        return SimpleNamespace(expires=EXPIRES)

    async def release(self, hold_id: str, *, timeout_s: float) -> None:
        del timeout_s
        await self._work(f"release {hold_id}")

    async def _work(self, what: str) -> None:
        self.noted.append(f"{what} begins")
        await asyncio.sleep(0)
        self.noted.append(f"{what} ends")


def desk_of(platform: Platform) -> PlatformDesk:
    platforms: Any = {"p": platform}
    return PlatformDesk(platforms, SystemClock(), read_s=5, write_s=5)


def test_hold_and_release_of_one_id_never_overtake_each_other() -> None:
    async def story() -> None:
        platform = Platform()
        desk = desk_of(platform)
        work = (
            desk.make_hold(SALE, MakeHold("p", "1", ("a",))),
            desk.release_hold(SALE, ReleaseHold("p", "1")),
            desk.make_hold(SALE, MakeHold("p", "1", ("a",))),
            desk.make_hold(SALE, MakeHold("p", "2", ("a",))),
        )
        await asyncio.gather(*work)
        of_one = [each for each in platform.noted if " 1 " in each]
        assert of_one == [f"{act} 1 {when}" for act in ("hold", "release", "hold") for when in ("begins", "ends")]
        assert platform.noted.index("hold 2 begins") < platform.noted.index("hold 1 ends"), "another id need not wait"

    asyncio.run(story())


def test_a_year_of_holds_leaves_nothing_behind() -> None:
    async def story() -> None:
        desk = desk_of(Platform())
        for number in range(500):
            await desk.make_hold(SALE, MakeHold("p", str(number), ("a",)))
        assert len(desk._locks) == 0

    asyncio.run(story())
