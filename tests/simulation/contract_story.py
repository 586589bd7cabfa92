"""The same requests for the real pretix and for our model of it, and what of each answer has to be alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

Answer = tuple[int, Any]
Post = Callable[[str, str, Any, str, str], Answer]
ORDER = ("code", "status", "total", "sales_channel", "api_meta", "email", "locale", "require_approval", "testmode")
POSITION = ("positionid", "price", "secret", "canceled", "tax_rate", "tax_value")
QUOTA = ("name", "size", "available", "available_number", "closed")
ITEM = ("default_price", "active", "admission", "tax_rate", "require_voucher", "all_sales_channels", "bundles")
EVENT = ("slug", "live", "testmode", "currency", "has_subevents", "timezone", "all_sales_channels")
SEAT = ("seat_guid", "row_name", "seat_number", "zone_name", "blocked")
EXPIRES = (datetime.now(UTC) + timedelta(minutes=20)).isoformat()
SOONER, LATER = [(datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ") for days in (-1, 300)]


@dataclass
class Wire:
    """Ask one server as a device does; remember every answer under the name of its step."""

    post: Post
    facts: dict[str, Any]
    token: str

    def __post_init__(self) -> None:
        self.told: dict[str, Any] = {}
        self.numbers = count(1)
        self.root = "/api/v1/organizers/guichet"

    def ask(self, method: str, path: str, body: Any = None, key: str = "") -> Answer:
        key = key or (f"key-{next(self.numbers)}-{self.token[:8]}" if method != "GET" else "")
        return self.post(method, self.root + path if path.startswith("/") else f"/api/v1/{path}", body, key, self.token)

    def tell(self, name: str, answer: Answer, read: Callable[[Any], Any] | None = None) -> Any:
        """Keep status and what `read` takes from the body (all of it for refusals)."""
        status, body = answer
        self.told[name] = [status, read(body) if read and status < 300 else body if status != 204 else None]
        return body


def pick(names: tuple[str, ...]) -> Callable[[Any], Any]:
    return lambda body: {name: body[name] for name in names}


def page(names: tuple[str, ...], *, of: Callable[[Any], Any] | None = None) -> Callable[[Any], Any]:
    read = of or pick(names)
    return lambda body: [read(each) for each in body["results"]]


def order_of(body: Any) -> Any:
    return {
        **pick(ORDER)(body),
        "positions": [
            {**pick(POSITION)(each), "addon": each["addon_to"] is not None,
             "seat": (each["seat"] or {}).get("seat_guid"),
             "prints": [[log["type"], log["successful"], log["info"]] for log in each["print_logs"]]}
            for each in body["positions"]
        ],
        "payments": [[each["state"], each["provider"], each["amount"]] for each in body["payments"]],
    }  # fmt: skip


def story(wire: Wire) -> dict[str, Any]:
    """Ask everything the terminal asks, and what must be refused."""
    catalogue(wire)
    holds(wire)
    orders(wire)
    refusals(wire)
    afterwards(wire)
    gift_cards(wire)
    media(wire)
    tokens(wire)
    return wire.told


def catalogue(wire: Wire) -> None:
    wire.tell("organizer", wire.ask("GET", "/"), pick(("name", "slug")))
    wire.tell("events", wire.ask("GET", "/events/?page_size=50"), page(EVENT))
    wire.tell("items", wire.ask("GET", "/events/museum/items/?page_size=50"), page(ITEM))
    wire.tell(
        "addons", wire.ask("GET", "/events/museum/items/?page_size=50"),
        page((), of=lambda item: [[each["min_count"], each["max_count"]] for each in item["addons"]]),
    )  # fmt: skip
    wire.tell("categories", wire.ask("GET", "/events/museum/categories/"), page(("name", "is_addon")))
    wire.tell("taxrules", wire.ask("GET", "/events/museum/taxrules/"), page(("rate", "price_includes_tax")))
    quotas(wire, "quotas at first")
    wire.tell("slots", wire.ask("GET", "/events/museum/subevents/"), page(("name", "active", "seating_plan")))
    wire.tell("seats", wire.ask("GET", "/events/tale/seats/?page_size=3"), page(SEAT))
    seen = page(("name",))
    for name, asked in (
        ("slots that end late", f"ends_after={LATER}"),
        ("slots that have not ended", f"ends_after={SOONER}&ordering=id"),
        ("slots changed later", f"modified_since={LATER}&ordering=-last_modified"),
    ):  # fmt: skip
        wire.tell(name, wire.ask("GET", f"/events/museum/subevents/?{asked}"), seen)
    of_slot = f"/events/museum/quotas/?with_availability=true&subevent__in={slot(wire)},{slot(wire, 'slot_id')}"
    wire.tell("quotas of slots", wire.ask("GET", of_slot), page(QUOTA))
    wire.tell("a page beyond the last", wire.ask("GET", "/events/museum/quotas/?page=9"))
    seats(wire, "at first")
    wire.tell("no event", wire.ask("GET", "/events/nowhere/items/"))


def seats(wire: Wire, when: str) -> None:
    for name, asked in (
        ("one seat", "seat_guid=1-1"), ("no such seat", "seat_guid=9-9"), ("seats taken", "is_available=false"),
        ("seats blocked", "blocked=true"),
    ):  # fmt: skip
        answer = wire.ask("GET", f"/events/tale/seats/?{asked}")
        wire.tell(f"{name} {when}", answer, page((), of=lambda seat: [
            pick(SEAT)(seat), [seat[taker] is not None for taker in ("orderposition", "cartposition", "voucher")],
        ]))  # fmt: skip


def quotas(wire: Wire, name: str) -> None:
    wire.tell(name, wire.ask("GET", "/events/museum/quotas/?with_availability=true"), page(QUOTA))


def slot(wire: Wire, name: str = "small_slot_id") -> int:
    return int(wire.facts[name].partition("@")[2])


def line(wire: Wire, product: str = "adult", *, price: str = "12.00", **more: Any) -> dict[str, Any]:
    return {
        "item": int(wire.facts[product]), "variation": None, "subevent": slot(wire), "price": price, **more,
    }  # fmt: skip


def cart(name: str, *lines: dict[str, Any]) -> list[dict[str, Any]]:
    more = {"cart_id": name, "sales_channel": "api.kiosk", "expires": EXPIRES}
    return [{"addons": [], **each, **more} for each in lines]


def results(body: Any) -> Any:
    return [[each["success"], each["errors"]] for each in body["results"]]


def holds(wire: Wire) -> None:
    make, one = "/events/museum/cartpositions/bulk_create/", "/events/museum/cartpositions/"
    guide = {**line(wire, "guide", price="4.90")}
    body = cart("first@api", {**line(wire), "addons": [guide]}, line(wire))
    wire.tell("hold", wire.ask("POST", make, body), results)
    quotas(wire, "quotas with a hold")
    wire.tell("hold too much", wire.ask("POST", make, cart("other@api", line(wire), line(wire))), results)
    wire.tell("hold of a strange name", wire.ask("POST", make, cart("first", line(wire))), results)
    wire.tell("hold nothing known", wire.ask("POST", make, cart("x@api", {**line(wire), "item": 99999})), results)
    listed = wire.tell("holds", wire.ask("GET", one), page(("cart_id", "price")))["results"]
    for number, each in enumerate(listed):
        if each["addon_to"] is None and each["cart_id"] == "other@api":
            wire.tell(f"release {number}", wire.ask("DELETE", f"{one}{each['id']}/"))
            wire.tell(f"release {number} again", wire.ask("DELETE", f"{one}{each['id']}/"))
    quotas(wire, "quotas after release")
    chosen = [{**line(wire, "stalls", price="45.00"), "subevent": None, "seat": "1-1"}]
    path = "/events/tale/cartpositions/bulk_create/"
    wire.tell("hold a seat", wire.ask("POST", path, cart("seat@api", *chosen)), results)
    seats(wire, "with a hold")
    wire.tell("hold a held seat", wire.ask("POST", path, cart("more@api", *chosen)), results)
    wire.tell("hold no seat", wire.ask("POST", path, cart("none@api", {**chosen[0], "seat": "9-9"})), results)


def order(code: str, *lines: dict[str, Any], carts: tuple[str, ...] = ()) -> dict[str, Any]:
    positions = [
        {**each, "positionid": place, "secret": each.get("secret", f"{code}{place}")}
        for place, each in enumerate(lines, start=1)
    ]
    return {
        "code": code, "status": "p", "email": None, "locale": "en", "sales_channel": "api.kiosk",
        "payment_provider": "boxoffice", "payment_date": EXPIRES, "payment_info": {"receipt_id": code, "pos_id": "k"},
        "send_email": False, "tax_rounding_mode": "line", "consume_carts": list(carts), "positions": positions,
        "fees": [], "api_meta": {"sale_id": f"sale-{code}", "digest": "d", "paid": 1200},
    }  # fmt: skip


USED, CANCELLED = "ERSTE1", "ERSTE3"
MAKE = "/events/museum/orders/"


def orders(wire: Wire) -> None:
    guide = line(wire, "guide", price="4.90", addon_to=1)
    body = order("ERSTE", line(wire), guide, line(wire), carts=("first@api",))
    wire.tell("order", wire.ask("POST", MAKE, body, key="of-first"), order_of)
    quotas(wire, "quotas after the order")
    wire.tell("same key", wire.ask("POST", MAKE, body, key="of-first"), order_of)
    other = order("ANDER", line(wire))
    wire.tell("same key, other body", wire.ask("POST", MAKE, other, key="of-first"), order_of)
    wire.tell("same code", wire.ask("POST", MAKE, body))
    wire.tell("key known", wire.ask("GET", "idempotency_query?key=of-first"), order_of)
    wire.tell("key unknown", wire.ask("GET", "idempotency_query?key=never"))
    wire.tell("look up", wire.ask("GET", "/orders/?code=ERSTE"), page((), of=order_of))
    wire.tell("look up nothing", wire.ask("GET", "/orders/?code=NEVER"), page((), of=order_of))
    asked = "/orderpositions/?secret=ERSTE2&include_canceled_positions=true"
    wire.tell("by secret", wire.ask("GET", asked), page(("order", "secret")))
    wire.tell("by no secret", wire.ask("GET", "/orderpositions/?secret=NONE0"), page(("order",)))
    seat = {**line(wire, "stalls", price="45.00"), "subevent": None, "seat": "1-1"}
    path = "/events/tale/orders/"
    wire.tell("order a held seat", wire.ask("POST", path, order("SEATX", seat)))
    wire.tell("order my seat", wire.ask("POST", path, order("SEATS", seat, carts=("seat@api",))), order_of)
    seats(wire, "with an order")
    wire.tell("order a sold seat", wire.ask("POST", path, order("SEATY", seat)))
    free = {**line(wire, "stalls", price="45.00"), "subevent": None, "seat": "1-2"}
    wire.tell("unknown hold is no harm", wire.ask("POST", path, order("SEATZ", free, carts=("no@api",))), order_of)


def refusals(wire: Wire) -> None:
    three = [line(wire)] * 3
    wire.tell("sold out", wire.ask("POST", MAKE, order("MANYY", *three), key="of-much"))
    wire.tell("stored refusal", wire.ask("POST", MAKE, order("MANYY", line(wire)), key="of-much"))
    wire.tell("secret in use", wire.ask("POST", MAKE, order("SECRE", line(wire, secret=USED))))
    wire.tell("code too short", wire.ask("POST", MAKE, order("ABCD", line(wire))))
    wire.tell("code of strange letters", wire.ask("POST", MAKE, order("abcdi", line(wire))))
    wire.tell("no such item", wire.ask("POST", MAKE, order("NSTCK", {**line(wire), "item": 99999})))
    wire.tell("no such slot", wire.ask("POST", MAKE, order("NSLAT", {**line(wire), "subevent": 99999})))
    wire.tell("no positions", wire.ask("POST", MAKE, order("EMPTY")))
    wire.tell("no such event", wire.ask("POST", "/events/nowhere/orders/", order("NEVTX", line(wire))))
    strange = {**order("CHANN", line(wire)), "sales_channel": "nowhere"}
    wire.tell("no such channel", wire.ask("POST", MAKE, strange))
    wire.tell("nothing of these", wire.ask("GET", "/orders/?code=MANYY"), page((), of=order_of))


def afterwards(wire: Wire) -> None:
    found = wire.ask("GET", "/orders/?code=ERSTE")[1]["results"][0]
    ids = [each["id"] for each in found["positions"]]
    printed = {"source": "guichet", "type": "ticket", "datetime": EXPIRES, "successful": True, "info": {"copy": "1"}}
    for name in ("print", "print again"):
        path = f"/events/museum/orderpositions/{ids[0]}/printlog/"
        wire.tell(name, wire.ask("POST", path, printed), pick(("type", "successful", "info", "source")))
    wire.tell("printed", wire.ask("GET", "/orders/?code=ERSTE"), page((), of=order_of))
    refund = {
        "state": "done", "source": "admin", "amount": "4.90", "provider": "boxoffice", "payment": 1,
        "execution_date": EXPIRES, "comment": "Guichet sale-ERSTE",
    }  # fmt: skip
    noted = pick(("local_id", "state", "amount", "provider", "comment"))
    wire.tell("refund", wire.ask("POST", f"{MAKE}ERSTE/refunds/", refund), noted)
    wire.tell("refunded", wire.ask("GET", "/orders/?code=ERSTE"), page((), of=lambda each: [
        [noted(one) for one in each["refunds"]], [one["local_id"] for one in each["payments"]]
    ]))  # fmt: skip
    wire.tell("refund of nothing", wire.ask("POST", f"{MAKE}NEVER/refunds/", refund))
    patch = {"api_meta": {"sale_id": "sale-ERSTE", "digest": "d", "more": 1}}
    wire.tell("patch", wire.ask("PATCH", f"{MAKE}ERSTE/", patch), order_of)
    wire.tell("patch nothing", wire.ask("PATCH", f"{MAKE}NEVER/", patch))

    def cancel(name: str, code: str, *gone: int) -> None:
        body = {"cancel_positions": [{"position": each} for each in gone], "send_email": False}
        wire.tell(name, wire.ask("POST", f"{MAKE}{code}/change/", body), order_of)

    cancel("cancel one", "ERSTE", ids[2])
    again = wire.ask("POST", f"{MAKE}ERSTE/change/", {"cancel_positions": [{"position": ids[2]}]})
    wire.told["cancel one again"] = [again[0], sorted(again[1])]
    asked = "/orders/?code=ERSTE&include_canceled_positions=true"
    wire.tell("one cancelled", wire.ask("GET", asked), page((), of=order_of))
    wire.tell("without cancelled ones", wire.ask("GET", "/orders/?code=ERSTE"), page((), of=order_of))
    quotas(wire, "quotas after cancelling one")
    cancel("cancel the ticket of an extra", "ERSTE", ids[0])
    cancel("cancel in no order", "NEVER", ids[0])
    quiet = {"send_email": False}
    wire.tell("cancel all", wire.ask("POST", f"{MAKE}ERSTE/mark_canceled/", quiet), pick(("code", "status", "total")))
    wire.tell("cancel all again", wire.ask("POST", f"{MAKE}ERSTE/mark_canceled/", quiet))
    wire.tell("cancel nothing", wire.ask("POST", f"{MAKE}NEVER/mark_canceled/", quiet))
    wire.tell("all cancelled", wire.ask("GET", asked), page((), of=order_of))
    quotas(wire, "quotas after cancelling all")
    wire.tell("code of a cancelled order", wire.ask("POST", MAKE, order("ERSTE", line(wire))))
    wire.tell("secret of a cancelled order", wire.ask("POST", MAKE, order("AGAYN", line(wire, secret=CANCELLED))))


GIFT = ("secret", "value", "currency", "testmode", "expires")


def gift_cards(wire: Wire) -> None:
    card = {"secret": "PRESENT9", "currency": "EUR", "value": "20.00"}
    made = wire.tell("gift card", wire.ask("POST", "/giftcards/", card), pick(GIFT))
    wire.tell("gift card by code", wire.ask("GET", "/giftcards/?secret=present9&include_accepted=true"), page(GIFT))
    wire.tell("no gift card", wire.ask("GET", "/giftcards/?secret=ABSENT9&include_accepted=true"), page(GIFT))
    move, book = f"/giftcards/{made['id']}/transact/?include_accepted=true", f"/giftcards/{made['id']}/transactions/"

    def entry(value: str, what: str) -> dict[str, Any]:
        info = {"guichet": {"reference": "REF1", "what": what}}
        return {"value": value, "text": f"Guichet REF1 {what}", "info": info}

    def ask(name: str, body: dict[str, Any], key: str = "") -> None:
        wire.tell(name, wire.ask("POST", move, body, key=key), pick(GIFT))

    ask("charge", entry("-12.00", "charge"), "charge-1")
    ask("charge, same key", entry("-12.00", "charge"), "charge-1")
    ask("sealing the key of a charge that was made", {"value": "none"}, "charge-1")
    ask("charge beyond the balance", entry("-8.01", "charge"), "charge-2")
    ask("charge beyond the balance, same key", entry("-8.00", "charge"), "charge-2")
    ask("charge, other key", entry("0.00", "charge"))
    ask("sealing a key", {"value": "none", "amount": "none"}, "charge-3")
    ask("charge under a sealed key", entry("-1.00", "charge"), "charge-3")
    ask("pay back", entry("5.00", "back"))
    wire.tell("entries", wire.ask("GET", f"{book}?include_accepted=true"), page(("value", "text", "info", "order")))
    wire.tell("charge of no card", wire.ask("POST", "/giftcards/999999/transact/", entry("-1.00", "charge")))
    wire.tell("entries of no card", wire.ask("GET", "/giftcards/999999/transactions/"))
    body = {**order("GXFTS", line(wire)), "status": "n"}
    for name in ("payment_provider", "payment_info", "payment_date"):
        del body[name]
    wire.tell("unpaid order", wire.ask("POST", MAKE, body), order_of)
    noted = pick(("local_id", "state", "amount", "provider"))
    by_card = {"state": "confirmed", "amount": "5.00", "provider": "giftcard", "info": {"gift_card": made["id"]},
               "send_email": False, "force": True}  # fmt: skip
    other = {**by_card, "amount": "7.00", "provider": "boxoffice", "info": {"receipt_id": "r", "pos_id": "k"}}
    wire.tell("payment by gift card", wire.ask("POST", f"{MAKE}GXFTS/payments/", by_card), noted)
    wire.tell("half paid", wire.ask("GET", "/orders/?code=GXFTS"), page((), of=order_of))
    wire.tell("payment of the rest", wire.ask("POST", f"{MAKE}GXFTS/payments/", other), noted)
    wire.tell("paid", wire.ask("GET", "/orders/?code=GXFTS"), page((), of=lambda each: [
        order_of(each), [one["details"].get("gift_card", {}).get("secret") for one in each["payments"]]
    ]))  # fmt: skip
    never = {"value": "none", "amount": "none"}
    wire.tell("sealing the key of a payment", wire.ask("POST", f"{MAKE}GXFTS/payments/", never, key="payment-1"))
    wire.tell("payment under a sealed key", wire.ask("POST", f"{MAKE}GXFTS/payments/", other, key="payment-1"))
    wire.tell("payment of no order", wire.ask("POST", f"{MAKE}NEVER/payments/", by_card))
    wire.tell("no charge by a payment", wire.ask("GET", "/giftcards/?secret=PRESENT9"), page(GIFT))


def media(wire: Wire) -> None:
    position = wire.ask("GET", "/orderpositions/?secret=GXFTS1")[1]["results"][0]["id"]
    card = wire.ask("GET", "/giftcards/?secret=PRESENT9")[1]["results"][0]["id"]
    medium = {
        "type": "nfc_uid",
        "identifier": "04A1B2C3D4E5F6",
        "linked_orderpositions": [position],
        "linked_giftcard": card,
    }
    shown = pick(("type", "identifier", "active", "expires"))
    wire.tell("medium", wire.ask("POST", "/reusablemedia/", medium), shown)
    wire.tell("same medium", wire.ask("POST", "/reusablemedia/", medium))
    expand = "&expand=linked_orderpositions&expand=linked_giftcard"

    def linked(each: Any) -> Any:
        rows = [[row["secret"], row["order"]] for row in each["linked_orderpositions"]]
        return [shown(each), rows, pick(GIFT)(each["linked_giftcard"])]

    def ask(name: str, kind: str, identifier: str) -> None:
        asked = f"/reusablemedia/?type={kind}&identifier={identifier}{expand}"
        wire.tell(name, wire.ask("GET", asked), page((), of=linked))

    ask("by chip", "nfc_uid", "04A1B2C3D4E5F6")
    ask("by another chip", "nfc_uid", "04FFFFFFFFFFFF")
    ask("by small letters", "nfc_uid", "04a1b2c3d4e5f6")
    ask("by printed code", "barcode", "04A1B2C3D4E5F6")


def tokens(wire: Wire) -> None:
    old = wire.token
    answer = wire.tell("roll", wire.ask("POST", "device/roll", {}, key="of-roll"), pick(("organizer", "name")))
    again = wire.ask("POST", "device/roll", {}, key="of-roll")[1]
    wire.told["roll asked again"] = answer["api_token"] == again["api_token"] != old
    wire.tell("old token", wire.ask("GET", "/"))
    wire.tell("old token, known key", wire.ask("POST", MAKE, {}, key="of-first"), order_of)
    wire.token = answer["api_token"]
    body = order("ERSTE", line(wire))
    wire.tell("new token, old key", wire.ask("POST", MAKE, body, key="of-first"))
    wire.tell("revoke", wire.ask("POST", "device/revoke", {}), lambda _: None)
    wire.tell("revoked", wire.ask("GET", "/"))
    wire.token = "never"  # noqa: S105 - no token at all
    wire.tell("no token", wire.ask("GET", "/"))
