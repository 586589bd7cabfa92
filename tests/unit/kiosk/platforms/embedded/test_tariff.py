"""What a ride costs, and how a wrong tariff file is refused."""

from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.catalogue import RiderCount
from kiosk.domain.money import Money
from kiosk.platforms.embedded import EmbeddedConfig, FileRefusedError, open_embedded
from kiosk.platforms.embedded.demo_network import demo_file
from kiosk.platforms.embedded.tariff import RideFacts, Tariff, UnknownRiderError
from kiosk.platforms.embedded.tariff_file import minor, read_tariff_file, texts

EXAMPLES = Path(__file__).parents[5] / "kiosk" / "demo" / "data"
IR_TO_PORT_LISSE = RideFacts(96_000, ("IR 35",))
FAMILY = (RiderCount("adult", 2), RiderCount("child", 1))


@pytest.fixture(scope="module")
def tariff() -> Any:
    return Tariff(read_tariff_file(demo_file("tariff.toml")))


def prices(tariff: Any, facts: Any, riders: Any) -> Any:
    return {each.product.id: each.minor for each in tariff.price(facts, riders)}


def test_prices_the_family_of_the_pictures(tariff: Any) -> None:
    found = prices(tariff, IR_TO_PORT_LISSE, FAMILY)
    assert found == {"family-day": 3540, "this-train": 3820, "single": 4100, "return": 7800}
    assert list(found) == sorted(found, key=found.__getitem__)


@pytest.mark.parametrize(
    ("km", "line", "price"),
    [(0, "S 4", 220), (4, "S 4", 220), (4.001, "S 4", 280), (96, "R 12", 1420), (96, "IC 8", 2100), (190, "R 1", 2300),
     (190.1, "R 1", 2620), (215, "R 1", 2620), (215.1, "R 1", 2940)],
)  # fmt: skip
def test_steps_by_distance_and_supplement(tariff: Any, km: Any, line: Any, price: Any) -> None:
    assert tariff.single_price(RideFacts(km * 1000, (line,))) == Money(price, "EUR")


def test_takes_the_dearest_supplement_once(tariff: Any) -> None:
    assert tariff.single_price(RideFacts(96_000, ("IR 1", "IC 8", "IR 2"))) == Money(2100, "EUR")


def test_offers_group_tickets_to_those_they_fit(tariff: Any) -> None:
    assert "family-day" not in prices(tariff, IR_TO_PORT_LISSE, (RiderCount("adult", 1),))
    assert "family-day" not in prices(tariff, IR_TO_PORT_LISSE, (RiderCount("adult", 3),))
    assert "family-day" not in prices(tariff, RideFacts(96_000, ("EN 401",)), FAMILY)
    assert "day-city" in prices(tariff, RideFacts(9_000, ("S 4",)), FAMILY)
    assert "day-city" not in prices(tariff, IR_TO_PORT_LISSE, FAMILY)


def test_makes_one_ticket_per_rider_and_one_for_a_group(tariff: Any) -> None:
    by_id = {each.product.id: each for each in tariff.price(IR_TO_PORT_LISSE, FAMILY)}
    assert [ticket.category_id for ticket in by_id["single"].tickets] == ["adult", "adult", "child"]
    assert [ticket.category_id for ticket in by_id["family-day"].tickets] == [""]


@pytest.mark.parametrize(
    "riders",
    [(), (RiderCount("adult", 0),), (RiderCount("ghost", 1),), (RiderCount("adult", -1),), (RiderCount("adult", 51),)],
)
def test_refuses_riders_it_cannot_price(tariff: Any, riders: Any) -> None:
    with pytest.raises(UnknownRiderError):
        tariff.price(IR_TO_PORT_LISSE, riders)


def test_a_free_fare_of_the_feed_is_a_price_and_a_missing_one_is_none() -> None:
    bus = Tariff(read_tariff_file(EXAMPLES / "tariff-zakroczym-bus.toml"))
    free = RideFacts(1_000, ("Z1",), Money(0, "PLN"))
    assert prices(bus, free, FAMILY) == {"single": 0}
    assert bus.price(RideFacts(1_000, ("Z1",)), FAMILY) == ()
    assert bus.single_price(RideFacts(1_000, ("Z1",), Money(100, "EUR"))) is None


def test_refuses_a_feed_whose_fares_are_no_prices(small_feed: Any, write_feed: Any, tmp_path: Any, clock: Any) -> None:
    small_feed["fare_products.txt"] = "fare_product_id,amount,currency\np,free,PLN\n"
    small_feed["fare_leg_rules.txt"] = "fare_product_id\np\n"
    tariff = EXAMPLES / "tariff-zakroczym-bus.toml"
    config = EmbeddedConfig(tmp_path / "p", feed=str(write_feed(small_feed)), tariff=tariff)
    with pytest.raises(FileRefusedError, match=r"fare_products\.txt"):
        open_embedded(config, clock)


def test_does_not_sell_beyond_the_last_band_without_steps(tmp_path: Any) -> None:
    tariff = Tariff(read_tariff_file(write(tmp_path, MINIMAL)))
    assert tariff.single_price(RideFacts(9_000, ())) == Money(250, "EUR")
    assert tariff.price(RideFacts(11_000, ()), (RiderCount("a", 1),)) == ()


MINIMAL = """
currency = "EUR"
tax_percent = 7
band = [{ until_km = 10, price = "2.50" }]
[[rider]]
id = "a"
name = { en = "Adult" }
[[product]]
id = "s"
kind = "single"
name = { en = "Single" }
validity = { en = "Today" }
"""


def write(folder: Any, text: Any) -> Any:
    path = folder / "tariff.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("wrong", "right", "sentence"),
    [
        ('"2.50"', "2.50", "price"),
        ('"2.50"', '"2,50"', "price"),
        ('"2.50"', '"2.505"', "2.505"),
        ("tax_percent = 7", "tax_percent = 700", "tax_percent"),
        ('currency = "EUR"', 'currency = "euro"', "currency"),
        ("until_km = 10", "until_km = -1", "until_km"),
        ('kind = "single"', 'kind = "day"', "kind single"),
        ('kind = "single"', 'kind = "lifetime"', "kind"),
        ("band = [", "bend = [", "bend"),
        ("[{ until_km = 10", '[{ until_km = 20, price = "3" }, { until_km = 10', "do not rise"),
        ('band = [{ until_km = 10, price = "2.50" }]', "", "no band"),
        ('id = "a"', 'id = "a"\nname = {}', "tariff.toml"),
        ("[[product]]", '[[rider]]\nid = "a"\nname = { en = "x" }\n[[product]]', "twice"),
    ],
)
def test_refuses_a_wrong_file_naming_what_to_correct(wrong: Any, right: Any, sentence: Any, tmp_path: Any) -> None:
    assert wrong in MINIMAL
    with pytest.raises(FileRefusedError, match=sentence):
        Tariff(read_tariff_file(write(tmp_path, MINIMAL.replace(wrong, right, 1))))


def test_refuses_a_file_that_is_not_there_or_too_large(tmp_path: Any) -> None:
    with pytest.raises(FileRefusedError, match="cannot be opened"):
        read_tariff_file(tmp_path / "none.toml")
    with pytest.raises(FileRefusedError, match="too large"):
        read_tariff_file(write(tmp_path, "#" * 1_100_000))


@pytest.mark.parametrize(
    ("price", "currency", "units"), [("2.50", "EUR", 250), ("4", "EUR", 400), ("7", "JPY", 7), ("1.234", "KWD", 1234)]
)
def test_reads_prices_in_minor_units(price: Any, currency: Any, units: Any) -> None:
    assert minor(price, currency) == units


def test_texts_default_to_english_else_to_the_first() -> None:
    assert texts({"de": "Hallo", "en": "Hello"}).default == "Hello"
    assert texts({"pl": "Bilet"}).text("zh") == "Bilet"


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("tariff-*.toml")), ids=lambda path: path.name)
def test_every_shipped_tariff_can_be_read(path: Any) -> None:
    assert Tariff(read_tariff_file(path)).categories
