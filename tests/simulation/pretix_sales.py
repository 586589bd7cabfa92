"""Orders, holds, quotas and seats of the model, with the real server's sentences."""

import json
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import count
from string import ascii_uppercase, digits
from typing import Any

from tests.simulation.programme import Programme

LETTERS = frozenset(ascii_uppercase + digits) - {"I", "O"}
NO_QUOTA = 'There is not enough quota available on quota "{}" to perform the operation.'
NO_SEAT = 'The selected seat "{}" is not available.'
NO_SUCH_SEAT = "The specified seat does not exist."
NO_PK = 'Invalid pk "{}" - object does not exist.'
TICKET_USED = "You cannot assign a position secret that already exists."
CODE_USED = "This order code is already in use."
CODE_STRANGE = "This order code contains invalid characters."
LAST_ONE = "This operation would leave the order empty. Please cancel the order itself instead."


@dataclass
class Said:
    """A status and a body, written as JSON at most once."""

    status: int
    body: Any = None

    @cached_property
    def raw(self) -> bytes:
        return b"" if self.body is None else json.dumps(self.body).encode()


class Carts:
    """Cart positions: holds that end by themselves."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.rows: dict[int, dict[str, Any]] = {}

    def listed(self, slug: str) -> list[dict[str, Any]]:
        """Return all of an event, expired ones too."""
        return [each for each in self.rows.values() if each["event"] == slug]

    def live(self) -> list[dict[str, Any]]:
        """Return what still holds something."""
        now = self._now()
        return [each for each in self.rows.values() if datetime.fromisoformat(each["expires"]) > now]

    def remove(self, number: int) -> None:
        """Remove a position and its extras."""
        for each in [number, *(at for at, row in self.rows.items() if row["addon_to"] == number)]:
            self.rows.pop(each, None)


class Sales:
    """What was sold and what is held."""

    def __init__(self, programme: Programme, now: Callable[[], datetime]) -> None:
        self._programme = programme
        self._now = now
        self._numbers = count(1)
        self.carts = Carts(now)
        self.orders: MutableMapping[str, dict[str, Any]] = {}
        self.secrets: MutableMapping[str, str] = {}
        self.codes: MutableMapping[int, str] = {}
        self.used: dict[int, int] = {}
        self.sold_seats: dict[str, int] = {}
        self.quotas = {slug: rows.quotas for slug, rows in programme.events.items()}
        self._rates = {each["id"]: each["tax_rate"] for rows in programme.events.values() for each in rows.items}

    # ---- what is left

    def covering(self, slug: str, line: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the quotas a line counts against."""
        return [
            each for each in self.quotas[slug]
            if line["item"] in each["items"] and each["subevent"] == line.get("subevent")
        ]  # fmt: skip

    def left(self, quota: dict[str, Any], slug: str) -> int | None:
        """Return what a quota leaves; None without limit."""
        if quota["size"] is None:
            return None
        held = sum(
            quota in self.covering(slug, each) for each in self.carts.live() if each["event"] == slug
        )  # fmt: skip
        return max(0, quota["size"] - self.used.get(quota["id"], 0) - held)

    def shown_quota(self, slug: str, quota: dict[str, Any]) -> dict[str, Any]:
        """Return a quota with what it leaves."""
        number = self.left(quota, slug)
        return {**quota, "available": number is None or number > 0, "available_number": number}

    def seat_shower(self) -> Callable[[dict[str, Any]], dict[str, Any]]:
        """Return what shows a seat with who has it now."""
        held = {each["seat"]: each["id"] for each in self.carts.live() if each["seat"]}
        return lambda seat: {
            **seat, "orderposition": self.sold_seats.get(seat["seat_guid"]),
            "cartposition": held.get(seat["seat_guid"]), "voucher": None,
        }  # fmt: skip

    # ---- holds

    def hold(self, slug: str, body: list[dict[str, Any]]) -> Said:
        """Hold line by line; each succeeds or fails for itself."""
        results = []
        for line in body:
            errors = self._hold(slug, line)
            results.append({"success": errors is None, "data": None, "errors": errors})
        return Said(200, {"results": results})

    def release(self, slug: str, number: int) -> Said:
        """Give one hold back."""
        if self.carts.rows.get(number, {}).get("event") != slug:
            return Said(404, {"detail": "No CartPosition matches the given query."})
        self.carts.remove(number)
        return Said(204)

    def _hold(self, slug: str, line: dict[str, Any]) -> dict[str, Any] | None:
        if not line["cart_id"].endswith("@api"):
            return {"cart_id": ["Cart ID should end in @api or be empty."]}
        if self._unknown(slug, line):
            return self._unknown(slug, line)
        if line.get("seat") and (problem := self._seat_problem(slug, line["seat"])):
            return {"seat": [problem]}
        lines = [line, *line.get("addons", [])]
        if (full := self._full(slug, lines)) is not None:
            return {"non_field_errors": [NO_QUOTA.format(full)]}
        host: int | None = None
        for each in lines:
            row = {
                "id": next(self._numbers), "event": slug, "cart_id": line["cart_id"], "expires": line["expires"],
                "item": each["item"], "subevent": each.get("subevent"), "price": each["price"],
                "seat": each.get("seat"), "addon_to": host,
            }  # fmt: skip
            self.carts.rows[row["id"]] = row
            host = host or row["id"]
        return None

    def _full(self, slug: str, lines: list[dict[str, Any]]) -> str | None:
        for quota in self.quotas[slug]:
            number = self.left(quota, slug)
            if number is not None and sum(quota in self.covering(slug, each) for each in lines) > number:
                return str(quota["name"])
        return None

    def _unknown(self, slug: str, line: dict[str, Any]) -> dict[str, list[str]]:
        rows = self._programme.events[slug]
        found: dict[str, list[str]] = {}
        if line["item"] not in {each["id"] for each in rows.items}:
            found["item"] = [NO_PK.format(line["item"])]
        slot = line.get("subevent")
        if slot is not None and slot not in {each["id"] for each in rows.subevents}:
            found["subevent"] = [NO_PK.format(slot)]
        return found

    def _seat_problem(self, slug: str, guid: str, mine: frozenset[str] = frozenset()) -> str:
        seat = next((each for each in self._programme.events[slug].seats if each["seat_guid"] == guid), None)
        if seat is None:
            return NO_SUCH_SEAT
        held = any(each["seat"] == guid and each["cart_id"] not in mine for each in self.carts.live())
        if held or seat["blocked"] or guid in self.sold_seats:
            return NO_SEAT.format(f"{seat['zone_name']}, Row {seat['row_name']}, Seat {seat['seat_number']}")
        return ""

    # ---- orders

    def order(self, slug: str, body: dict[str, Any]) -> Said:
        """Book everything or nothing."""
        problems = self._field_problems(slug, body)
        if problems:
            return Said(400, problems)
        room = self._room_problems(slug, body)
        if any(room):
            return Said(400, {"positions": room})
        for number in [at for at, each in self.carts.rows.items() if each["cart_id"] in body.get("consume_carts", [])]:
            self.carts.rows.pop(number, None)
        made = self._made(slug, body)
        self.orders[made["code"]] = made
        return Said(201, made)

    def _field_problems(self, slug: str, body: dict[str, Any]) -> dict[str, Any]:
        code, lines = body["code"], body["positions"]
        if not lines:
            return {"positions": ["An order cannot be empty."]}
        found: dict[str, Any] = {}
        if len(code) < 5:
            found["code"] = ["Ensure this field has at least 5 characters."]
        elif not set(code) <= LETTERS:
            found["code"] = [CODE_STRANGE]
        elif code in self.orders:
            found["code"] = [CODE_USED]
        if body["sales_channel"] not in self._programme.channels:
            found["sales_channel"] = [f"Object with identifier={body['sales_channel']} does not exist."]
        wrong = [
            {**self._unknown(slug, each), **({"secret": [TICKET_USED]} if each["secret"] in self.secrets else {})}
            for each in lines
        ]
        if any(wrong):
            found["positions"] = wrong
        return found

    def _room_problems(self, slug: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        mine = frozenset(body.get("consume_carts", []))
        own = [each for each in self.carts.live() if each["cart_id"] in mine and each["event"] == slug]
        left = {each["id"]: self.left(each, slug) for each in self.quotas[slug]}
        for each in own:
            for quota in self.covering(slug, each):
                number = left[quota["id"]]
                left[quota["id"]] = None if number is None else number + 1
        problems: list[dict[str, Any]] = []
        for line in body["positions"]:
            problem: dict[str, Any] = {}
            for quota in self.covering(slug, line):
                number = left[quota["id"]]
                if number is not None and number < 1:
                    problem = {"item": [NO_QUOTA.format(quota["name"])]}
                elif number is not None:
                    left[quota["id"]] = number - 1
            if line.get("seat") and (seat := self._seat_problem(slug, line["seat"], mine)):
                problem["seat"] = [seat]
            problems.append(problem)
        return problems

    def _made(self, slug: str, body: dict[str, Any]) -> dict[str, Any]:
        ids: dict[int, int] = {}
        positions = []
        for line in body["positions"]:
            ids[line["positionid"]] = number = next(self._numbers)
            rate = self._rates[line["item"]]
            positions.append({
                "id": number, "order": body["code"], "positionid": line["positionid"], "item": line["item"],
                "variation": line.get("variation"), "subevent": line.get("subevent"), "price": line["price"],
                "secret": line["secret"], "addon_to": ids.get(line.get("addon_to", 0)), "canceled": False,
                "seat": {"seat_guid": line["seat"]} if line.get("seat") else None, "tax_rate": rate,
                "tax_value": _tax(line["price"], rate), "print_logs": [],
            })  # fmt: skip
            self.secrets[line["secret"]] = body["code"]
            self.codes[number] = body["code"]
            self._take(slug, positions[-1], 1)
        total = str(sum((Decimal(each["price"]) for each in positions), Decimal("0.00")))
        return {
            "code": body["code"], "event": slug, "status": body["status"], "testmode": False, "email": body["email"],
            "locale": body["locale"], "datetime": self._now().isoformat(), "total": total, "require_approval": False,
            "sales_channel": body["sales_channel"], "api_meta": body["api_meta"], "positions": positions, "fees": [],
            "payments": [
                {"local_id": 1, "state": "confirmed", "provider": body["payment_provider"], "amount": total}
            ] if body.get("payment_provider") else [], "refunds": [],
        }  # fmt: skip

    def _take(self, slug: str, position: dict[str, Any], by: int) -> None:
        for quota in self.covering(slug, position):
            self.used[quota["id"]] = self.used.get(quota["id"], 0) + by
        if position["seat"]:
            if by > 0:
                self.sold_seats[position["seat"]["seat_guid"]] = position["id"]
            else:
                self.sold_seats.pop(position["seat"]["seat_guid"], None)

    # ---- afterwards

    def found(self, params: dict[str, str]) -> list[dict[str, Any]]:
        """Return the order of a code, as a list."""
        order = self.orders.get(params.get("code", ""))
        if order is None:
            return []
        whole = params.get("include_canceled_positions") == "true"
        kept = order["positions"] if whole else [each for each in order["positions"] if not each["canceled"]]
        return [{**order, "positions": kept}]

    def by_secret(self, params: dict[str, str]) -> list[dict[str, Any]]:
        """Return the positions with a secret."""
        code = self.secrets.get(params.get("secret", ""))
        whole = params.get("include_canceled_positions") == "true"
        return [
            each for each in (self.orders[code]["positions"] if code else [])
            if each["secret"] == params["secret"] and (whole or not each["canceled"])
        ]  # fmt: skip

    def position(self, number: int) -> dict[str, Any] | None:
        """Return a position by its number, with the event of its order."""
        order = self.orders.get(self.codes.get(number, ""))
        found = next((each for each in order["positions"] if each["id"] == number), None) if order else None
        return {**found, "event": order["event"]} if order and found else None

    def patch(self, code: str, body: dict[str, Any]) -> Said:
        """Change what may be changed of an order."""
        order = self.orders.get(code)
        if order is None:
            return Said(404, {"detail": "No Order matches the given query."})
        order = {**order, "api_meta": body.get("api_meta", order["api_meta"])}
        self.orders[code] = order
        return Said(200, self.found({"code": code})[0])

    def cancel(self, code: str) -> Said:
        """Cancel a whole order."""
        order = self.orders.get(code)
        if order is None:
            return Said(404, {"detail": "No Order matches the given query."})
        if order["status"] == "c":
            return Said(400, {"detail": "The order is not allowed to be canceled."})
        for each in order["positions"]:
            if not each["canceled"]:
                self._take(order["event"], each, -1)
        order = {**order, "status": "c"}
        self.orders[code] = order
        return Said(200, order)

    def change(self, code: str, body: dict[str, Any]) -> Said:
        """Cancel positions and their extras, all in one, unless nothing would be left."""
        order = self.orders.get(code)
        if order is None:
            return Said(404, {"detail": "No Order matches the given query."})
        alive = {each["id"]: each for each in order["positions"] if not each["canceled"]}
        asked = [each["position"] for each in body["cancel_positions"]]
        wrong = [{} if each in alive else {"position": [NO_PK.format(each)]} for each in asked]
        if any(wrong):
            return Said(400, {"cancel_positions": wrong})
        ids = {each["id"] for each in alive.values() if each["id"] in asked or each["addon_to"] in asked}
        if len(ids) == len(alive):
            return Said(400, [LAST_ONE])
        rows = [{**each, "canceled": each["canceled"] or each["id"] in ids} for each in order["positions"]]
        total = sum((Decimal(each["price"]) for each in rows if not each["canceled"]), Decimal("0.00"))
        changed = self.orders[code] = {**order, "positions": rows, "total": str(total)}
        for each in ids:
            self._take(order["event"], alive[each], -1)
        return Said(200, {**changed, "positions": [each for each in rows if not each["canceled"]]})

    def pay(self, code: str, body: dict[str, Any], cards: dict[int, dict[str, Any]]) -> Said:
        """Note a payment, as often as it is told; an order that is covered is paid."""
        order = self.orders.get(code)
        if order is None:
            return Said(404, {"detail": "No Order matches the given query."})
        problems = {name: ["This field is required."] for name in ("state", "amount", "provider") if name not in body}
        if not str(body.get("amount", "0")).replace(".", "").isdecimal():
            problems["amount"] = ["A valid number is required."]
        if problems:
            return Said(400, {name: problems[name] for name in ("state", "amount", "provider") if name in problems})
        card = cards.get((body.get("info") or {}).get("gift_card", 0))
        details = {"gift_card": {"id": card["id"], "secret": card["secret"], "organizer": "guichet"}} if card else {}
        noted = {
            "local_id": len(order["payments"]) + 1, "state": body["state"], "provider": body["provider"],
            "amount": body["amount"], "details": details,
        }  # fmt: skip
        payments = [*order["payments"], noted]
        paid = sum((Decimal(each["amount"]) for each in payments), Decimal(0))
        is_paid = order["status"] == "n" and paid >= Decimal(order["total"])
        self.orders[code] = {**order, "payments": payments, "status": "p" if is_paid else order["status"]}
        return Said(201, noted)

    def refund(self, code: str, body: dict[str, Any]) -> Said:
        """Note money that went back, as often as it is told."""
        order = self.orders.get(code)
        if order is None:
            return Said(404, {"detail": "No Order matches the given query."})
        known = order.get("refunds", [])
        noted = {
            "local_id": len(known) + 1,
            **{name: body[name] for name in ("state", "amount", "provider", "comment")},
        }
        self.orders[code] = {**order, "refunds": [*known, noted]}
        return Said(201, noted)

    def log_print(self, number: int, body: dict[str, Any]) -> Said:
        """Note a print, as often as it is told."""
        order = self.orders.get(self.codes.get(number, ""))
        if order is None:
            return Said(404, {"detail": "No OrderPosition matches the given query."})
        logged = {"id": next(self._numbers), **body}
        rows = [
            {**each, "print_logs": [*each["print_logs"], logged]} if each["id"] == number else each
            for each in order["positions"]
        ]
        self.orders[order["code"]] = {**order, "positions": rows}
        return Said(201, logged)


def _tax(price: str, rate: str) -> str:
    gross = Decimal(price)
    net = (gross / (1 + Decimal(rate) / 100)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return str(gross - net)
