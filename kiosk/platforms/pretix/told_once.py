"""Telling the server once what it would do as often as it is told: entries on a gift card, payments of an order.

Each try goes under a key of its own name. A try nobody answered is sealed first: a request that cannot be done is sent
under the same key, the server keeps that refusal, and answers with it what of the try is still on its way. Only then
what the server shows is the whole truth, and the next try goes under the next key. A key that its worker left locked
when it died is taken for sealed after a while: nothing that comes under it is done any more.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from kiosk.application.errors import OutcomeUnknown, Refused
from kiosk.platforms.pretix.client import Client

KEYS_MAX = 5
SEALED = frozenset({"bad_request", "not_found", "gift_card_too_little"})
IMPOSSIBLE = {"value": "none", "amount": "none"}
LOCKED = "answered 409"
LOCKED_FOR_S = 300.0  # longer than any worker works on one request


class ToldOnce:
    """Remember which tries of this run are in doubt."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._tries: dict[str, int] = {}
        self._locked: dict[str, float] = {}

    async def tell(
        self, name: str, path: str, body: Any, is_known: Callable[[], Awaitable[bool]], *, timeout_s: float
    ) -> None:
        """Tell it unless the server shows it already.

        Raises:
            OutcomeUnknown: no word that can be relied on; tell it again.
        """
        tries = self._tries.get(name, 0)
        is_done = bool(tries) and not await self.seal(path, _key(name, tries - 1), timeout_s=timeout_s)
        if not is_done and not await is_known():  # what is done may be shown a moment later
            await self._send(name, path, body, timeout_s)
        self._tries.pop(name, None)

    async def _send(self, name: str, path: str, body: Any, timeout_s: float) -> None:
        tries = self._tries.get(name, 0)
        for number in range(tries, tries + KEYS_MAX):
            self._tries[name] = number + 1
            try:
                await self._client.send("POST", path, body, timeout_s=timeout_s, key=_key(name, number))
            except Refused as no:
                if no.key not in SEALED:
                    raise OutcomeUnknown("outcome_unknown", no.detail) from None
                continue  # sealed in an earlier life, or torn on its way: nothing comes under that key any more
            return
        raise OutcomeUnknown("outcome_unknown", "refused under every key")

    async def seal(self, path: str, key: str, *, timeout_s: float) -> bool:
        """Use a key up; False where the request it was made for is answered under it: that was done."""
        try:
            await self._client.send("POST", path, IMPOSSIBLE, timeout_s=timeout_s, key=key)
        except Refused as no:
            if no.key not in SEALED:
                raise OutcomeUnknown("outcome_unknown", no.detail) from None
            return True
        except OutcomeUnknown as doubt:
            if doubt.detail == LOCKED and self._locked_s(key) >= LOCKED_FOR_S:
                return True
            raise
        return False

    def _locked_s(self, key: str) -> float:
        """Return since when a key is known as locked, by a time that no clock on the wall can move."""
        now_s = asyncio.get_running_loop().time()
        return now_s - self._locked.setdefault(key, now_s)


def _key(name: str, number: int) -> str:
    return f"{name}-{number}"
