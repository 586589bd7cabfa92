"""Bookings found again, by code, by ticket or by the medium they are on, whoever sold them."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from kiosk.application.errors import Refused, Unreachable
from kiosk.application.interfaces import FoundBooking, Medium, MediumKind
from kiosk.platforms.pretix import gift_card_mapping, mapping
from kiosk.platforms.pretix.catalogue import Snapshot
from kiosk.platforms.pretix.client import Client
from kiosk.platforms.pretix.foreign import Foreign, Reading
from kiosk.platforms.pretix.orders import UNREADABLE, Orders, readable

TYPES = {MediumKind.CHIP: "nfc_uid", MediumKind.CODE: "barcode"}
IDENTIFIER_MAX = 200


class Finding:
    """Find bookings of one organizer."""

    def __init__(
        self,
        client: Client,
        orders: Orders,
        catalogue: Callable[[], Awaitable[Snapshot]],
        *,
        platform_id: str,
        currency: str,
        now: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._orders = orders
        self._foreign = Foreign(client, catalogue)
        self._platform_id = platform_id
        self._currency = currency
        self._now = now

    async def find(self, code_or_secret: str, *, timeout_s: float) -> FoundBooking | None:
        """Find an order by its code, however it was typed, or by a whole ticket secret."""
        order = await self._orders.find(code_or_secret, timeout_s=timeout_s)
        return None if order is None else await self._found(order, timeout_s)

    async def medium(self, kind: MediumKind, identifier: str, *, timeout_s: float) -> Medium | None:
        """Return what is on a medium; reading makes no new one, whatever the organizer lets unknown chips become.

        Raises:
            Refused: medium_inactive, medium_expired.
        """
        row = await self._usable(kind, identifier, timeout_s)
        if row is None:
            return None
        linked = readable(lambda: mapping.linked_positions(row))
        bookings = [await self._of(code, ids, timeout_s) for code, ids in linked.items()]
        balance = readable(lambda: gift_card_mapping.balance(row.get("linked_giftcard")))
        return Medium(tuple(each for each in bookings if each is not None), balance)

    async def card_on(self, chip: str, timeout_s: float) -> dict[str, Any] | None:
        """Return the gift card on a chip as the server shows it; Refused as `medium`."""
        row = await self._usable(MediumKind.CHIP, chip, timeout_s)
        card = row.get("linked_giftcard") if row else None
        return card if isinstance(card, dict) else None

    async def _usable(self, kind: MediumKind, identifier: str, timeout_s: float) -> dict[str, Any] | None:
        row = await self._row(kind, identifier.strip(), timeout_s)
        if row is None:
            return None
        if not row.get("active", True):
            raise Refused("medium_inactive", "medium")
        expires = readable(lambda: mapping.window(row, "expires"))
        if expires is not None and expires <= self._now():
            raise Refused("medium_expired", "medium")
        return row

    async def _row(self, kind: MediumKind, identifier: str, timeout_s: float) -> dict[str, Any] | None:
        """Return a medium as the server shows it; readers write a UID in capitals or not."""
        if not 0 < len(identifier) <= IDENTIFIER_MAX or not (identifier.isascii() and identifier.isprintable()):
            return None
        path = f"{self._client.root}/reusablemedia/"
        for wanted in dict.fromkeys((identifier, identifier.upper(), identifier.lower())):
            asked = {
                "type": TYPES[kind], "identifier": wanted, "expand": ["linked_orderpositions", "linked_giftcard"],
            }  # fmt: skip
            for row in await self._client.pages(path, asked, timeout_s=timeout_s):
                if row.get("identifier") == wanted:
                    return row
        return None

    async def _of(self, code: str, ids: set[int], timeout_s: float) -> FoundBooking | None:
        """Return an order with those of its tickets that are on the medium, and their extras."""
        order = await self._orders.find(code, timeout_s=timeout_s)
        if order is None:
            return None
        found = await self._found(order, timeout_s)
        mine = tuple(
            part for part, row in zip(found.parts, order["positions"], strict=True)
            if row.get("id") in ids or row.get("addon_to") in ids
        )  # fmt: skip
        return replace(found, parts=mine)

    async def _found(self, order: dict[str, Any], timeout_s: float) -> FoundBooking:
        found = readable(lambda: mapping.found_booking(order, self._currency))
        reading = Reading(self._platform_id, self._currency, self._now(), timeout_s)
        try:
            others = await self._foreign.offers(order, {each.id for each in found.offers}, reading)
        except UNREADABLE as problem:
            raise Unreachable("unreachable", f"unreadable answer: {problem}") from problem
        return replace(found, offers=(*found.offers, *others)) if others else found
