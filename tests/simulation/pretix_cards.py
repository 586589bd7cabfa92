"""Gift cards and reusable media of the model, with the real server's sentences."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from tests.simulation.pretix_sales import Said

TOO_LITTLE = {"value": ["The gift card does not have sufficient credit for this operation."]}
MEDIUM_KNOWN = "A medium with the same identifier and type already exists in your organizer account."


class Cards:
    """Cards by number, what moved on each, and media by kind and identifier."""

    def __init__(self, positions: Callable[[int], dict[str, Any] | None], now: Callable[[], datetime]) -> None:
        """`positions` returns a position by its number."""
        self._positions = positions
        self._now = now
        self._numbers = count(1)
        self.cards: dict[int, dict[str, Any]] = {}
        self.moves: dict[int, list[dict[str, Any]]] = {}
        self.media: dict[tuple[str, str], dict[str, Any]] = {}

    # ---- gift cards

    def issue(self, body: dict[str, Any]) -> Said:
        """Make a card."""
        number = next(self._numbers)
        card = {
            "id": number, "secret": body["secret"], "currency": body["currency"], "expires": body.get("expires"),
            "testmode": body.get("testmode", False), "conditions": None, "issuer": "guichet",
        }  # fmt: skip
        self.cards[number], self.moves[number] = card, []
        self._move(number, Decimal(body["value"]), None, None)
        return Said(201, self._shown(card))

    def found(self, params: dict[str, str]) -> list[dict[str, Any]]:
        """Return the cards of a code, however it is written."""
        code = params.get("secret", "").casefold()
        return [self._shown(each) for each in self.cards.values() if each["secret"].casefold() == code]

    def transact(self, number: int, body: dict[str, Any]) -> Said:
        """Move money on a card, as often as it is told, never below nothing."""
        if number not in self.cards:
            return Said(404, {"detail": "No GiftCard matches the given query."})
        try:
            value = Decimal(str(body.get("value")))
        except ArithmeticError:
            return Said(400, ["A valid number is required."])
        if self._value(number) + value < 0:
            return Said(409, TOO_LITTLE)
        self._move(number, value, body.get("text", ""), body.get("info", {}))
        return Said(200, self._shown(self.cards[number]))

    def transactions(self, number: int) -> list[dict[str, Any]] | None:
        """Return what moved on a card; None where there is no such card."""
        return self.moves.get(number)

    def _move(self, number: int, value: Decimal, text: str | None, info: Any) -> None:
        self.moves[number].append({
            "id": next(self._numbers), "datetime": self._now().isoformat(), "value": f"{value:.2f}", "event": None,
            "order": None, "text": text, "info": info, "acceptor": "guichet",
        })  # fmt: skip

    def _value(self, number: int) -> Decimal:
        return sum((Decimal(each["value"]) for each in self.moves[number]), Decimal(0))

    def _shown(self, card: dict[str, Any]) -> dict[str, Any]:
        return {**card, "value": f"{self._value(card['id']):.2f}"}

    # ---- media

    def make_medium(self, body: dict[str, Any]) -> Said:
        """Make a medium."""
        mark = (body["type"], body["identifier"])
        if mark in self.media:
            return Said(400, {"identifier": [MEDIUM_KNOWN]})
        self.media[mark] = {
            "id": next(self._numbers), "type": mark[0], "identifier": mark[1], "active": body.get("active", True),
            "expires": body.get("expires"), "linked_orderpositions": body.get("linked_orderpositions", []),
            "linked_giftcard": body.get("linked_giftcard"), "info": {}, "notes": None,
        }  # fmt: skip
        return Said(201, self.media[mark])

    def found_media(self, params: dict[str, str]) -> list[dict[str, Any]]:
        """Return the media of a kind and identifier, with what is linked to them."""
        found = self.media.get((params.get("type", ""), params.get("identifier", "")))
        return [self._expanded(found)] if found else []

    def _expanded(self, medium: dict[str, Any]) -> dict[str, Any]:
        rows, card = [self._positions(number) for number in medium["linked_orderpositions"]], medium["linked_giftcard"]
        return {
            **medium,
            "linked_orderpositions": [
                {**each, "order": {"code": each["order"], "event": each["event"]}} for each in rows if each
            ],
            "linked_giftcard": self._shown(self.cards[card]) if card else None,
        }  # fmt: skip
