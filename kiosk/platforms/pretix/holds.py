"""Holds are cart positions of the server under unguessable names; it prolongs none, so they are made anew."""

import hmac
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from kiosk.application.errors import OutcomeUnknown, Refused, Unreachable
from kiosk.application.interfaces import Hold
from kiosk.domain.catalogue import Offer
from kiosk.platforms.pretix import mapping
from kiosk.platforms.pretix.client import Client
from kiosk.platforms.pretix.orders import once


class Holds:
    """Make holds and give them back; `key` makes their names unguessable, whoever of our runs made them."""

    def __init__(self, client: Client, platform_id: str, channel: str, key: bytes) -> None:
        self._client = client
        self._platform_id = platform_id
        self._channel = channel
        self._key = key
        self._made: dict[str, str] = {}

    def cart_id(self, hold_id: str) -> str:
        """Return the server's name of a hold."""
        return hmac.new(self._key, hold_id.encode(), sha256).hexdigest()[:48] + "@api"

    async def hold(self, hold_id: str, offers: tuple[Offer, ...], expires: datetime, *, timeout_s: float) -> Hold:
        """Reserve; asked again the hold is made anew."""
        slugs = {mapping.target(offer.occurrence.id).event for offer in offers}
        if len(slugs) != 1:  # an order is for one event, and it must not turn out after the payment
            raise Refused("one_event" if slugs else "bad_request", ", ".join(sorted(slugs)))
        (slug,) = slugs
        if hold_id in self._made:
            await self.release(hold_id, (self._made[hold_id],), timeout_s=timeout_s)
        self._made[hold_id] = slug
        try:
            await self._hold(hold_id, slug, offers, expires, timeout_s)
        except (Refused, Unreachable):
            await self.release(hold_id, (slug,), timeout_s=timeout_s)
            raise
        return Hold(hold_id, self._platform_id, tuple(offer.id for offer in offers), expires)

    async def give_back(
        self, hold_id: str, every_event: Callable[[], Awaitable[Iterable[str]]], *, timeout_s: float
    ) -> None:
        """Give a hold back; one of an earlier run is looked for in every event."""
        known = self._made.get(hold_id)
        await self.release(hold_id, (known,) if known else await every_event(), timeout_s=timeout_s)

    async def release(self, hold_id: str, slugs: Iterable[str], *, timeout_s: float) -> None:
        """Delete what is held under a name in some events."""
        cart_id = self.cart_id(hold_id)
        for slug in slugs:
            path = f"{self._client.root}/events/{slug}/cartpositions/"
            for each in await self._client.pages(path, timeout_s=timeout_s):
                if each.get("cart_id") == cart_id and each.get("addon_to") is None:
                    await once(self._client, f"{path}{each['id']}/", timeout_s)
        self.used(hold_id)

    def used(self, hold_id: str) -> None:
        """Forget a hold that an order consumed."""
        self._made.pop(hold_id, None)

    async def _hold(
        self, hold_id: str, slug: str, offers: tuple[Offer, ...], expires: datetime, timeout_s: float
    ) -> None:
        more = {"cart_id": self.cart_id(hold_id), "sales_channel": self._channel, "expires": expires.isoformat()}
        body = [{**line, **more} for offer in offers for line in _lines(offer)]
        path = f"{self._client.root}/events/{slug}/cartpositions/bulk_create/"
        answer = (await self._client.send("POST", path, body, timeout_s=timeout_s)).body
        results = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(results, list) or len(results) != len(body):
            raise OutcomeUnknown("outcome_unknown", "holds were answered otherwise")
        refused = [each.get("errors") for each in results if not each.get("success")]
        if refused:
            raise Refused(mapping.refusal_key(refused), str(refused)[:300])


def _lines(offer: Offer) -> list[dict[str, Any]]:
    """Return one cart position per ticket with its extras inside."""
    lines = []
    for number, part in enumerate(offer.parts):
        if not part.addon_to:
            addons = [mapping.position(offer, at) for at, each in enumerate(offer.parts) if each.addon_to == part.id]
            lines.append({**mapping.position(offer, number), "addons": addons})
    return lines
