"""pretix in one process: what its device interface does, as the real server was seen to do it (contract.json).

It keeps what the exactly-once promise hangs on: an idempotency key is bound to the token, replayed without a look at
the body, stored for refusals too, left locked by a dead worker, and forgotten after a day.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from typing import Any

import httpx

from tests.simulation.pretix_cards import Cards
from tests.simulation.pretix_sales import Said, Sales
from tests.simulation.programme import Programme

KEPT = timedelta(hours=24)
PAGE_MAX = 50
NOT_STORED = frozenset({409, 429, 500, 503})
REPEATED = {"detail": "Concurrent request with idempotency key."}
TORN = "JSON parse error - Unterminated string starting at: line 1 column 2 (char 1)"
LISTS = frozenset({"items", "categories", "taxrules", "discounts", "questions", "subevents"})
CONDITIONAL = LISTS - {"subevents"}


@dataclass(slots=True)
class Record:
    """One idempotency key: locked until it is answered."""

    at: datetime
    said: Said | None = None


@dataclass
class Devices:
    """The tokens of one device: at most one is good."""

    token: str
    is_revoked: bool = False
    rolls: int = 0
    known: set[str] = field(default_factory=set)


class PretixModel:
    """Answer requests as pretix does; `now` is the server's own clock."""

    def __init__(self, programme: Programme, now: Callable[[], datetime], *, token: str = "tok-0") -> None:  # noqa: S107
        self.programme = programme
        self.sales = Sales(programme, now)
        self.cards = Cards(self.sales.position, now)
        self.now = now
        self.device = Devices(token)
        self.records: dict[tuple[str, str], Record] = {}
        self.root = "/api/v1/organizers/guichet"

    # ---- the life of one request: begin, then finish, or what a dying worker leaves

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer at once."""
        return self.begin(request) or self.finish(request)

    def begin(self, request: httpx.Request) -> httpx.Response | None:
        """Replay a key that was answered, refuse one in flight, else lock it and return None."""
        mark = self._mark(request)
        if mark is None:
            return None
        known = self.records.get(mark)
        if known is None:
            self.records[mark] = Record(self.now())
            return None
        if known.said is None:
            return self._response(Said(409, REPEATED), {"Retry-After": "5"})
        return self._response(known.said, {"X-Idempotency-Replay": "true"})

    def finish(self, request: httpx.Request) -> httpx.Response:
        """Act, store the answer under its key, and answer."""
        said = self.act(request)
        if said.status == 200 and self._is_unchanged(request):
            said = Said(304)
        mark = self._mark(request)
        if mark is not None and mark in self.records:
            if said.status in NOT_STORED:
                del self.records[mark]
            else:
                self.records[mark].said = said
        return self._response(said, self._more(request))

    def act(self, request: httpx.Request) -> Said:  # noqa: PLR0911 - one gate after the other
        """Act without storing the answer: what a worker that dies after its commit leaves is a locked key."""
        token = request.headers.get("Authorization", "").removeprefix("Device ")
        path, params = request.url.path, request.url.params
        body = json.loads(request.content) if request.content else None
        if path == "/api/v1/device/initialize" and request.method == "GET":
            return Said(405, {"detail": 'Method "GET" not allowed.'})
        if path == "/api/v1/device/initialize":
            return self._initialize(body)
        if token != self.device.token:
            return Said(401, {"detail": "Invalid token."})
        if self.device.is_revoked:
            return Said(401, {"detail": "Device access has been revoked."})
        if path == "/api/v1/idempotency_query":
            return self._query(token, str(params.get("key")))
        if path.startswith("/api/v1/device/"):
            return self._device(path.rsplit("/", 1)[1])
        if not path.startswith(self.root + "/"):
            return Said(404, {"detail": "Not found."})
        steps = [each for each in path[len(self.root) :].split("/") if each]
        return self._organizer(request.method, steps, dict(params), body)

    def fail(self, request: httpx.Request, *, is_committed: bool) -> httpx.Response:
        """Answer a page with status 500, with the work done or not; the key is forgotten."""
        if is_committed:
            self.act(request)
        mark = self._mark(request)
        if mark is not None:
            self.records.pop(mark, None)
        return httpx.Response(500, html="<html><h1>Internal Server Error</h1></html>")

    def tear(self, request: httpx.Request) -> None:
        """Receive a request cut short: it is refused to nobody, and the refusal is kept under its key."""
        mark = self._mark(request)
        if mark is not None and mark not in self.records:
            self.records[mark] = Record(self.now(), Said(400, {"detail": TORN}))

    def purge(self, *, older_than: timedelta = KEPT) -> None:
        """Forget old keys, locked ones too, as the server's clean-up does."""
        ends = self.now() - older_than
        self.records = {mark: each for mark, each in self.records.items() if each.at > ends}

    def new_token(self) -> str:
        """Give the device a new token from outside, as an operator does; it is a known device again."""
        self.device.rolls += 1
        self.device.token, self.device.is_revoked = f"tok-{self.device.rolls}", False
        return self.device.token

    # ---- answers

    def _mark(self, request: httpx.Request) -> tuple[str, str] | None:
        key = request.headers.get("X-Idempotency-Key", "")
        if request.method == "GET" or not key:
            return None
        return request.headers.get("Authorization", ""), key

    def _more(self, request: httpx.Request) -> dict[str, str]:
        name = request.url.path.rstrip("/").rsplit("/", 1)[-1] if request.method == "GET" else ""
        if name == "subevents":
            return {"X-Page-Generated": self.now().isoformat()}
        changed = self.programme.changes.get(name, self.programme.changed)
        return {"Last-Modified": format_datetime(changed, usegmt=True)} if name in CONDITIONAL else {}

    def _is_unchanged(self, request: httpx.Request) -> bool:
        name = request.url.path.rstrip("/").rsplit("/", 1)[-1]
        asked = request.headers.get("If-Modified-Since", "")
        if request.method != "GET" or name not in CONDITIONAL or not asked:
            return False
        return self.programme.changes.get(name, self.programme.changed) <= parsedate_to_datetime(asked)

    def _response(self, said: Said, more: dict[str, str]) -> httpx.Response:
        headers = {"Date": format_datetime(self.now(), usegmt=True), "Content-Type": "application/json", **more}
        content = b"" if said.status in {204, 304} else said.raw or json.dumps(said.body).encode()
        return httpx.Response(said.status, headers=headers, content=content)

    def _query(self, token: str, key: str) -> Said:
        known = self.records.get((f"Device {token}", key))
        if known is None:
            return Said(404, {"detail": "Idempotency key not seen before."})
        return known.said or Said(409, REPEATED)

    def _initialize(self, body: Any) -> Said:
        token = body.get("token") if isinstance(body, dict) else None
        if token != self.programme.device_token:
            return Said(400, {"token": ["Unknown initialization token."]})
        if self.device.known:
            return Said(400, {"token": ["This initialization token has already been used."]})
        self.device.known.add(token)
        return Said(200, self._shown_device())

    def _device(self, what: str) -> Said:
        if what == "roll":
            self.new_token()
        elif what == "revoke":
            self.device.is_revoked = True
        return Said(200, self._shown_device())

    def _shown_device(self) -> dict[str, Any]:
        return {
            "organizer": "guichet", "device_id": 1, "unique_serial": "SERIAL", "api_token": self.device.token,
            "name": "Kiosk 1", "security_profile": "full", "gate": None,
        }  # fmt: skip

    def _organizer(self, method: str, steps: list[str], params: dict[str, str], body: Any) -> Said:  # noqa: PLR0911 - a table
        match method, steps:
            case "GET", []:
                return Said(200, {"name": "Guichet", "slug": "guichet"})
            case "GET", ["events"]:
                return _page([each.shown for each in self.programme.events.values()], params)
            case "GET", ["orders"]:
                return _page(self.sales.found(params), params)
            case "GET", ["orderpositions"]:
                return _page(self.sales.by_secret(params), params)
            case "GET", ["reusablemedia"]:
                return _page(self.cards.found_media(params), params)
            case "POST", ["reusablemedia"]:
                return self.cards.make_medium(body)
            case _, ["giftcards", *rest]:
                return self._gift_cards(method, rest, params, body)
            case _, ["events", slug, *rest] if slug in self.programme.events:
                return self._event(method, slug, rest, params, body)
            case _, ["events", _, *_]:
                return Said(403, {"detail": "You do not have permission to perform this action."})
        return Said(404, {"detail": "Not found."})

    def _gift_cards(self, method: str, steps: list[str], params: dict[str, str], body: Any) -> Said:
        match method, steps:
            case "GET", []:
                return _page(self.cards.found(params), params)
            case "POST", []:
                return self.cards.issue(body)
            case "POST", [number, "transact"]:
                return self.cards.transact(int(number), body)
            case "GET", [number, "transactions"] if self.cards.transactions(int(number)) is not None:
                return _page(self.cards.moves[int(number)], params)
        return Said(404, {"detail": "No GiftCard matches the given query."})

    def _event(self, method: str, slug: str, steps: list[str], params: dict[str, str], body: Any) -> Said:  # noqa: C901, PLR0911, PLR0912 - a table
        sales = self.sales
        match method, steps:
            case "GET", ["subevents"]:
                return _page(_slots(self.programme.events[slug].subevents, params), params)
            case "GET", [name] if name in LISTS:
                return _page(getattr(self.programme.events[slug], name), params)
            case "GET", ["settings"]:
                return Said(200, {"max_items_per_order": 20})
            case "GET", ["quotas"]:
                return _page(_quotas(sales.quotas[slug], params), params, partial(sales.shown_quota, slug))
            case "GET", ["seats"] | ["subevents", _, "seats"]:
                shown = sales.seat_shower()
                return _page(_seats(self.programme.events[slug].seats, params, shown), params, shown)
            case "GET", ["cartpositions"]:
                return _page(sales.carts.listed(slug), params)
            case "POST", ["cartpositions", "bulk_create"]:
                return sales.hold(slug, body)
            case "DELETE", ["cartpositions", number]:
                return sales.release(slug, int(number))
            case "POST", ["orders"]:
                return sales.order(slug, body)
            case "PATCH", ["orders", code]:
                return sales.patch(code, body)
            case "POST", ["orders", code, "mark_canceled"]:
                return sales.cancel(code)
            case "POST", ["orders", code, "payments"]:
                return sales.pay(code, body, self.cards.cards)
            case "POST", ["orders", code, "refunds"]:
                return sales.refund(code, body)
            case "POST", ["orders", code, "change"]:
                return sales.change(code, body)
            case "POST", ["orderpositions", number, "printlog"]:
                return sales.log_print(int(number), body)
        return Said(404, {"detail": "Not found."})


def _page(
    rows: list[dict[str, Any]], params: dict[str, str], shown: Callable[[dict[str, Any]], dict[str, Any]] = dict
) -> Said:
    size = min(int(params.get("page_size", PAGE_MAX)), PAGE_MAX)
    first = (int(params.get("page", 1)) - 1) * size
    if first and first >= len(rows):
        return Said(404, {"detail": "Invalid page."})
    more = "next" if first + size < len(rows) else None
    page = [shown(each) for each in rows[first : first + size]]
    return Said(200, {"count": len(rows), "next": more, "previous": None, "results": page})


def _slots(rows: list[dict[str, Any]], params: dict[str, str]) -> list[dict[str, Any]]:
    """Return the slots that end after a moment and were changed since one, in the order asked for."""
    if "ends_after" in params:
        ends = datetime.fromisoformat(params["ends_after"])
        rows = [each for each in rows if datetime.fromisoformat(each["date_to"] or each["date_from"]) >= ends]
    if "modified_since" in params:
        since = datetime.fromisoformat(params["modified_since"])
        rows = [each for each in rows if datetime.fromisoformat(each["last_modified"]) >= since]
    return rows if params.get("ordering") != "-last_modified" else sorted(rows, key=_changed, reverse=True)


def _changed(row: dict[str, Any]) -> str:
    return str(row["last_modified"])


def _quotas(rows: list[dict[str, Any]], params: dict[str, str]) -> list[dict[str, Any]]:
    asked = {int(each) for each in params.get("subevent__in", "").split(",") if each}
    return [each for each in rows if each["subevent"] in asked] if asked else rows


def _seats(
    rows: list[dict[str, Any]], params: dict[str, str], shown: Callable[[dict[str, Any]], dict[str, Any]]
) -> list[dict[str, Any]]:
    if "seat_guid" in params:
        rows = [each for each in rows if each["seat_guid"] == params["seat_guid"]]
    if "blocked" in params:
        rows = [each for each in rows if each["blocked"] is (params["blocked"] == "true")]
    if "is_available" in params:
        wanted = params["is_available"] == "true"
        takers = ("orderposition", "cartposition", "voucher")
        rows = [each for each in rows if all(shown(each)[taker] is None for taker in takers) is wanted]
    return rows
