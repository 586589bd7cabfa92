"""Voucher codes on the real server: what they take off, whom they let in, and how often."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kiosk.application.errors import Refused
from kiosk.application.interfaces import EventChoice
from kiosk.domain.catalogue import RiderCount
from tests.pretix.museum import Operator

USED = "SELECT redeemed FROM pretixbase_voucher WHERE code = ?"
SOLD_WITH = """SELECT p.price FROM pretixbase_orderposition p JOIN pretixbase_voucher v ON v.id = p.voucher_id
WHERE v.code = ? ORDER BY p.price"""


@pytest.fixture
def operator(stage: Any) -> Iterator[Operator]:
    made = Operator(stage)
    yield made
    made.http.close()


def offer(stage: Any, voucher: str, counts: dict[str, int], slot: str = "slot_id") -> Any:
    wanted = tuple(RiderCount(stage.facts[name], count) for name, count in counts.items())
    choice = EventChoice(stage.facts[slot], wanted, voucher=voucher)
    return stage.run(stage.platform.event_offer(choice, timeout_s=30))


def refusal(stage: Any, voucher: str, counts: dict[str, int], slot: str = "slot_id") -> str:
    with pytest.raises(Refused) as caught:
        offer(stage, voucher, counts, slot)
    return caught.value.key


def sold(stage: Any, code: str, made: Any) -> None:
    stage.run(stage.platform.hold(code, (made,), timeout_s=30))
    stage.run(stage.platform.book(stage.order(code, made, hold_id=code), timeout_s=30))


@pytest.mark.parametrize(
    ("mode", "value", "prices"),
    [
        ("set", "5.00", [500, 500, 500]), ("subtract", "7.00", [500, 500, 0]), ("percent", "33.00", [804, 804, 436]),
        ("none", None, [1200, 1200, 650]),
    ],
)  # fmt: skip
def test_takes_off_what_the_servers_own_shop_takes_off(
    stage: Any, operator: Operator, mode: str, value: str | None, prices: list[int]
) -> None:
    operator.voucher("SPRING", price_mode=mode, value=value, max_usages=4)
    made = offer(stage, "spring", {"adult": 2, "child": 1})
    assert [part.price.minor for part in made.parts] == prices
    positions = [
        {"item": int(part.product_id), "subevent": int(stage.slot_id.partition("@")[2]), "voucher": "SPRING"}
        for part in made.parts
    ]
    simulated = operator.do("POST", "orders/", status="p", payment_provider="boxoffice", sales_channel="api.kiosk",
                            locale="en", email=None, simulate=True, positions=positions)  # fmt: skip
    assert [round(float(each["price"]) * 100) for each in simulated["positions"]] == prices
    sold(stage, "VXCHR", made)
    assert [round(row[0] * 100) for row in stage.server.rows(SOLD_WITH, "SPRING")] == sorted(prices)
    assert stage.server.rows(USED, "SPRING") == [(3,)]
    assert stage.server.rows("SELECT count(*) FROM pretixbase_cartposition") == [(0,)]


def test_a_code_that_is_good_for_nothing_here_is_refused_before_anything_is_held(
    stage: Any, operator: Operator
) -> None:
    facts, past = stage.facts, (datetime.now(UTC) - timedelta(days=1)).isoformat()
    small = int(facts["small_slot_id"].partition("@")[2])
    operator.voucher("CHILDREN", item=int(facts["child"]))
    operator.voucher("AGED1", valid_until=past)
    operator.voucher("NOON1", subevent=small)
    operator.voucher("GROUPS", max_usages=9, min_usages=3)
    operator.voucher("ONLY1")
    sold(stage, "FRSTX", offer(stage, "ONLY1", {"adult": 1}))
    codes = ("CHILDREN", "AGED1", "NOON1", "GROUPS", "ONLY1", "nothing", " ")
    found = [refusal(stage, code, {"adult": 1}) for code in codes]
    assert found == [
        "voucher_not_here", "voucher_expired", "voucher_not_here", "voucher_least", "voucher_used", "voucher_unknown",
        "voucher_unknown",
    ]  # fmt: skip
    assert stage.server.rows("SELECT count(*) FROM pretixbase_cartposition") == [(0,)]
    assert offer(stage, "NOON1", {"adult": 1}, "small_slot_id").parts[0].voucher == "NOON1"
    assert [part.voucher for part in offer(stage, "CHILDREN", {"adult": 1, "child": 2}).parts] == ["", "CHILDREN", ""]
    assert [part.voucher for part in offer(stage, "groups", {"adult": 3}).parts] == ["GROUPS"] * 3


def test_a_code_counts_for_as_many_tickets_as_it_has_uses(stage: Any, operator: Operator) -> None:
    operator.voucher("TWICE", price_mode="set", value="1.00", max_usages=2)
    made = offer(stage, "TWICE", {"child": 4})
    assert [part.price.minor for part in made.parts] == [100, 100, 650, 650]
    sold(stage, "TWXUS", made)
    assert stage.server.rows(USED, "TWICE") == [(2,)]


def test_a_code_that_reserved_places_sells_them_when_the_rest_is_gone(stage: Any, operator: Operator) -> None:
    slot = int(stage.facts["small_slot_id"].partition("@")[2])
    operator.voucher("GUESTS", max_usages=2, block_quota=True, item=int(stage.facts["adult"]), subevent=slot)
    sold(stage, "LASTX", offer(stage, "", {"adult": 1}, "small_slot_id"))
    assert refusal(stage, "", {"adult": 1}, "small_slot_id") == "sold_out"
    found = stage.run(stage.platform.voucher(stage.facts["small_slot_id"], "guests", timeout_s=30))
    assert [(each.id, each.left) for each in found.products] == [(stage.facts["adult"], 2)]
    sold(stage, "GXEST", offer(stage, "GUESTS", {"adult": 2}, "small_slot_id"))
    assert refusal(stage, "GUESTS", {"adult": 1}, "small_slot_id") == "voucher_used"


def test_a_product_only_for_vouchers_is_sold_with_one_and_not_without(stage: Any, operator: Operator) -> None:
    facts = stage.facts
    operator.voucher("MEMBER", item=int(facts["hidden"]), price_mode="percent", value="50.00", max_usages=5)
    assert facts["hidden"] not in {each.id for each in stage.run(stage.platform.event_products(facts["slot_id"]))}
    found = stage.run(stage.platform.voucher(facts["slot_id"], "member", timeout_s=30))
    assert [(each.id, each.price.minor) for each in found.products] == [(facts["hidden"], 50)]
    assert (found.code, found.left, found.least) == ("MEMBER", 5, 1)
    assert refusal(stage, "", {"hidden": 1}) == "bad_request"
    sold(stage, "MEMBX", offer(stage, "MEMBER", {"hidden": 2, "adult": 1}))
    assert [row[0] for row in stage.server.rows(SOLD_WITH, "MEMBER")] == [0.5, 0.5]


def test_the_last_use_goes_to_whoever_holds_it(stage: Any, operator: Operator) -> None:
    operator.voucher("LAST1", price_mode="set", value="0.00")
    first, second = (offer(stage, "LAST1", {"adult": 1}) for _ in range(2))
    stage.run(stage.platform.hold("first", (first,), timeout_s=30))
    with pytest.raises(Refused) as caught:
        stage.run(stage.open().hold("second", (second,), timeout_s=30))
    assert caught.value.key == "voucher_used"
    stage.run(stage.platform.book(stage.order("FREEX", first, hold_id="first"), timeout_s=30))
    assert stage.server.rows("SELECT total, status FROM pretixbase_order") == [(0, "p")]


def test_a_budget_runs_out(stage: Any, operator: Operator) -> None:
    operator.voucher("FUND1", price_mode="set", value="0.00", max_usages=9, budget="15.00")
    made = offer(stage, "FUND1", {"adult": 2})
    assert [part.price.minor for part in made.parts] == [0, 900]
    sold(stage, "FXNDS", made)
    assert refusal(stage, "FUND1", {"adult": 1}) == "voucher_used"


def test_the_price_shown_while_counting_is_the_price_of_the_basket(stage: Any, operator: Operator) -> None:
    operator.voucher("SPRING", price_mode="percent", value="20.00", max_usages=2)
    stage.run(stage.platform.voucher(stage.slot_id, "spring", timeout_s=30))
    for voucher in ("", "SPRING"):
        for count in range(1, 6):
            counts = (RiderCount(stage.facts["adult"], count), RiderCount(stage.facts["guide"], 1))
            choice = EventChoice(stage.slot_id, counts, voucher=voucher)
            asked = len(stage.wire.sent)
            shown = stage.run(stage.platform.event_price(choice))
            assert len(stage.wire.sent) == asked
            assert shown == stage.run(stage.platform.event_offer(choice, timeout_s=30)).price
