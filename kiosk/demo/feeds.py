"""Stories on feeds that others publish, played where their files are given; each with its tariff, place and date."""

from datetime import datetime
from pathlib import Path

from msgspec import Struct, structs

from kiosk.application.settings import Settings
from kiosk.demo.steps import Picture, See, Step, Story, Tap
from kiosk.demo.stories import BEGIN, BY_CARD, PAY, TAKE

TARIFFS = Path(__file__).parent / "data"
WHO: tuple[Step, ...] = (
    See("Who is travelling.*"),
    Tap("One more: Adult"),
    Tap("One more: Child"),
    Picture("who"),
    Tap("To basket"),
    See("Your basket"),
    Picture("basket"),
)


WHO_FREE: tuple[Step, ...] = (
    See("Who is travelling.*"),
    Tap("One more: Full fare"),
    Tap("One more: Child under 18"),
    Tap("To basket"),
    See("Your basket"),
    Picture("basket"),
)


class FeedStory(Struct, frozen=True):
    """A story on the feed `<feed>.zip`: where the kiosk stands and what time it is there."""

    feed: str
    place_id: str
    now: datetime
    story: Story

    def settings(self, base: Settings, folder: Path) -> Settings:
        """Return the settings of a kiosk on this feed."""
        tariff = TARIFFS / f"tariff-{self.feed}.toml"
        platform = structs.replace(base.platform, feed=str(folder / f"{self.feed}.zip"), tariff=str(tariff))
        return structs.replace(base, platform=platform, terminal=structs.replace(base.terminal, place_id=self.place_id))


FEED_STORIES = (
    FeedStory(
        "romania-rail", "10017", datetime.fromisoformat("2026-07-01T08:00:00+03:00"),
        Story(
            "rail", "On a national rail feed: two adults and a child from the capital to the coast",
            (
                *BEGIN, Tap("Constan.a, .*"), See("Which departure.*"), See(".*Cheapest.*"), Picture("departures"),
                Tap("Continue"), *WHO, *PAY, *BY_CARD, *TAKE,
            ),
            ("delivered",),
        ),
    ),
    FeedStory(
        "zakroczym-bus", "100", datetime.fromisoformat("2026-03-04T06:00:00+01:00"),
        Story(
            "bus", "On a town's bus feed: a short ride is free, and a sale all the same",
            (
                *BEGIN, Tap("Zakroczym Utrata, .*"), See("Which departure.*"), Picture("departures"), Tap("Continue"),
                *WHO_FREE, Tap("Pay"), See("Nothing to pay"), Picture("nothing-to-pay"),
                Tap("Get the tickets"), *TAKE,
            ),
            ("delivered",),
        ),
    ),
)  # fmt: skip
