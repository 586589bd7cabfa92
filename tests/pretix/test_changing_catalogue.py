"""What the operator changes on the real server is seen at the next reading, which asks for little else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kiosk.application.errors import Refused
from kiosk.application.interfaces import EventChoice
from kiosk.domain.catalogue import RiderCount
from tests.pretix.museum import Operator


@pytest.fixture
def operator(stage: Any) -> Any:
    made = Operator(stage)
    yield made
    made.http.close()


def test_changes_are_seen_and_little_else_is_read(stage: Any, operator: Operator) -> None:
    day = datetime.fromisoformat(f"{stage.facts['day']}T08:00:00+00:00") + timedelta(days=1)
    made = operator.slots(day, 60)
    _, whole = operator.seen()
    stage.clock.step(120)
    _, asked = operator.seen()
    assert asked < whole
    adult = stage.facts["adult"]
    operator.do("PATCH", f"items/{adult}/", default_price="13.00")
    operator.do("PATCH", f"subevents/{made[0]}/", date_from=(day + timedelta(days=2)).isoformat(),
                date_to=(day + timedelta(days=2, hours=1)).isoformat())  # fmt: skip
    operator.do("PATCH", f"subevents/{made[1]}/", active=False)
    quota = operator.do("GET", f"quotas/?subevent={made[2]}")["results"][0]["id"]
    operator.do("DELETE", f"quotas/{quota}/")
    operator.do("DELETE", f"subevents/{made[2]}/")
    (new,) = operator.slots(day + timedelta(days=3), 1)
    found, _ = operator.seen()
    assert found.products[adult].shown.price.minor == 1300
    assert found.slots[f"museum@{made[0]}"].starts == day + timedelta(days=2)
    assert f"museum@{made[1]}" not in found.slots
    assert f"museum@{made[2]}" not in found.slots
    choice = EventChoice(f"museum@{new}", (RiderCount(adult, 2),))
    assert stage.run(stage.platform.event_offer(choice, timeout_s=30)).price.minor == 2600
    gone = EventChoice(f"museum@{made[2]}", (RiderCount(adult, 1),))
    with pytest.raises(Refused):
        stage.run(stage.platform.event_offer(gone, timeout_s=30))
    day_of_new = (day + timedelta(days=3)).date()
    (slot,) = stage.run(stage.platform.slots("museum", on=day_of_new))
    assert (slot.id, slot.availability.left, slot.availability.is_stale) == (f"museum@{new}", 9, False)


def test_two_changes_in_one_second_are_both_seen(stage: Any, operator: Operator) -> None:
    operator.seen()
    for price in ("20.00", "21.00", "22.00"):
        operator.do("PATCH", f"items/{stage.facts['child']}/", default_price=price)
        found, _ = operator.seen()
        assert found.products[stage.facts["child"]].shown.price.minor == int(float(price) * 100)


def test_a_changed_tax_rule_counts_at_once(stage: Any, operator: Operator) -> None:
    found, _ = operator.seen()
    was = found.products[stage.facts["adult"]].shown.tax_permyriad
    rule = operator.do("GET", f"items/{stage.facts['adult']}/")["tax_rule"]
    operator.do("PATCH", f"taxrules/{rule}/", rate="9.00")
    found, _ = operator.seen()
    assert (was, found.products[stage.facts["adult"]].shown.tax_permyriad) == (700, 900)


def test_everything_is_read_again_on_the_next_business_day(stage: Any, operator: Operator) -> None:
    """A change that leaves no trace the server tells of, written past its interface."""
    operator.slots(datetime.now(UTC) + timedelta(days=20), 55)
    _, whole = operator.seen()
    stage.server.change("UPDATE pretixbase_item SET default_price = 3 WHERE id = ?", int(stage.facts["child"]))
    stage.clock.step(600)
    found, asked = operator.seen()
    assert (asked < whole, found.products[stage.facts["child"]].shown.price.minor) == (True, 650)
    stage.clock.step(86_400)
    found, asked = operator.seen()
    assert (asked, found.products[stage.facts["child"]].shown.price.minor) == (whole, 300)
