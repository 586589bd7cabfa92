"""How many of what the server still has for one slot: its quotas, and as of when."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from kiosk.platforms.pretix import mapping
from kiosk.platforms.pretix.products import Product


class Quota(Struct, frozen=True, gc=False):
    """One quota; `size` and `left` None: without limit."""

    id: int
    subevent: int | None
    items: frozenset[int]
    variations: frozenset[int]
    size: int | None
    left: int | None

    def covers(self, product: Product) -> bool:
        """Say whether a product of its slot counts against it."""
        return product.item in self.items and (product.variation is None or product.variation in self.variations)


class Room(Struct, frozen=True):
    """The quotas of one slot as of a moment; `is_live`: asked for just now."""

    quotas: tuple[Quota, ...]
    as_of: datetime
    is_live: bool = False

    def left(self, product: Product) -> int | None:
        """Return how many of a product are left (None: no limit); a product in no quota is not sold: 0."""
        return _left([each for each in self.quotas if each.covers(product)])

    def by_item(self) -> dict[int, list[Quota]]:
        """Return the quotas of each item."""
        found: dict[int, list[Quota]] = {}
        for quota in self.quotas:
            for item in quota.items:
                found.setdefault(item, []).append(quota)
        return found

    @property
    def size(self) -> int | None:
        """Return the size of the largest quota; None where none has one."""
        return max((each.size for each in self.quotas if each.size), default=None)


def left_of(product: Product, quotas: list[Quota]) -> int | None:
    """Return what the quotas of its item leave of a product; see `Room.left`."""
    return _left([each for each in quotas if each.covers(product)])


def _left(mine: list[Quota]) -> int | None:
    if not mine:
        return 0
    counted = [each.left for each in mine if each.left is not None]
    return max(0, min(counted)) if counted else None


class Quotas:
    """Read quotas; thousands of slots share few sets of products, so each set is kept once."""

    def __init__(self) -> None:
        self._sets: dict[frozenset[int], frozenset[int]] = {}

    def read(self, data: dict[str, Any]) -> Quota:
        """Return one quota of the server's list."""
        number = data.get("available_number")
        left = 0 if data.get("closed") else number if isinstance(number, int) else None
        size = data.get("size")
        return Quota(
            mapping.field(data, "id", int), data.get("subevent"), self._shared(data.get("items")),
            self._shared(data.get("variations")), size if isinstance(size, int) else None, left,
        )  # fmt: skip

    def _shared(self, numbers: Any) -> frozenset[int]:
        found = frozenset(each for each in numbers or () if isinstance(each, int))
        return self._sets.setdefault(found, found)
