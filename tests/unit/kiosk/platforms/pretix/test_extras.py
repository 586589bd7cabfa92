"""Extras find their tickets whenever there is a way to seat them all."""

from itertools import permutations

import pytest

from kiosk.application.errors import Refused
from kiosk.domain.catalogue import EventProduct, Texts
from kiosk.domain.money import Money
from kiosk.platforms.pretix.extras import hosts
from kiosk.platforms.pretix.products import ExtraRule, Product


def product(name: str, *, is_extra: bool = False, **rule: object) -> Product:
    shown = EventProduct(name, Texts(name), "", Money(100, "EUR"), 700, is_addon=is_extra)
    extras = {"food": ExtraRule(**rule)} if rule else {}  # type: ignore[arg-type]
    return Product(shown, 1, None, None, None, extras, "food" if is_extra else "tickets")


ADULT = product("adult", most=2)
CHILD = product("child", most=2, may_repeat=True)
VIP = product("vip", least=1, most=1)
LUNCH, CAKE = product("lunch", is_extra=True), product("cake", is_extra=True)


def test_each_extra_goes_to_a_ticket_with_room_whatever_the_order() -> None:
    for extras in permutations((LUNCH, LUNCH, CAKE, CAKE, CAKE)):
        found = hosts([CHILD, ADULT, ADULT, *extras])
        assert found[:3] == [None, None, None]
        assert sorted(found[3:]).count(0) <= 2  # type: ignore[type-var]
        assert not any(extras[a] is extras[b] and found[3 + a] == found[3 + b] != 0 for a in range(5) for b in range(a))


def test_a_required_extra_is_there_although_another_ticket_could_have_had_it() -> None:
    for extras in permutations((LUNCH, CAKE, CAKE)):
        found = hosts([ADULT, VIP, *extras])
        assert found.count(1) == 1
        assert found.count(0) == 2


@pytest.mark.parametrize(
    "units",
    [
        [ADULT, LUNCH, LUNCH], [VIP], [VIP, ADULT], [VIP, VIP, CAKE], [LUNCH], [product("plain"), CAKE],
        [CHILD, LUNCH, LUNCH, CAKE], [],
    ],
)  # fmt: skip
def test_refuses_what_cannot_be_seated(units: list[Product]) -> None:
    with pytest.raises(Refused):
        hosts(units)
