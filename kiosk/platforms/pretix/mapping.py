"""pretix JSON to our words and back: pure, tolerant of unknown fields, refusing absurd ones by name."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from kiosk.application.errors import Refused
from kiosk.application.interfaces import BookingOrder, BookingProof, FoundBooking, FoundPart
from kiosk.domain.catalogue import Availability, Fullness, Offer, Seat, SeatState, Texts
from kiosk.domain.money import MINOR_MAX, Money, exponent

CODE = re.compile(r"[A-HJ-NP-Z0-9]{5,16}")
STATES = {"n": "PREBOOKED", "p": "CONFIRMED", "e": "RELEASED", "c": "CANCELLED"}
TEXT_MAX = 20_000
META_VERSION = 1
# The server answers in sentences, not codes: a field, a piece of the English sentence, our key. First match counts.
REFUSALS = (
    ("code", "", "code_in_use"),
    ("", "duplicate submission", "code_in_use"),
    ("secret", "already exists", "secret_in_use"),
    ("seat", "", "seat_taken"),
    ("voucher", "", "voucher_used"),
    ("", "voucher code", "voucher_used"),
    ("value", "sufficient credit", "gift_card_too_little"),
    ("", "the selected seat", "seat_taken"),
    ("", "not enough quota", "sold_out"),
    ("", "sold out", "sold_out"),
    ("", "enough capacity", "sold_out"),
    ("", "does not exist", "unknown_offer"),
    ("item", "", "unknown_offer"),
    ("variation", "", "unknown_offer"),
    ("subevent", "", "unknown_offer"),
)


class AbsurdFieldError(ValueError):
    """A field of an answer holds what cannot be; the message names it."""


def field(data: Any, name: str, kind: type) -> Any:
    """Return a field of the expected JSON type; `bool` is no number."""
    value = data.get(name) if isinstance(data, dict) else None
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise AbsurdFieldError(f"{name} is not {kind.__name__}: {str(value)[:60]}")
    return value


def money(value: Any, currency: str, name: str) -> Money:
    """Return a decimal string as minor units, exactly; fractions of a minor unit are refused."""
    try:
        minor = Decimal(str(value)).scaleb(exponent(currency))
        if not minor.is_finite() or minor != minor.to_integral_value() or abs(minor) > MINOR_MAX:
            raise AbsurdFieldError(f"{name} is no price: {str(value)[:60]}")
    except ArithmeticError:
        raise AbsurdFieldError(f"{name} is no price: {str(value)[:60]}") from None
    return Money(int(minor), currency)


def amount(price: Money) -> str:
    """Return minor units as the decimal string the server reads."""
    digits = exponent(price.currency)
    return f"{Decimal(price.minor).scaleb(-digits):.{digits}f}"


def permyriad(value: Any) -> int:
    """Return a tax rate such as "19.00" in hundredths of a percent; 0 to 100 percent."""
    try:
        rate = Decimal(str(value)) * 100
        if not 0 <= rate <= 10_000 or rate != rate.to_integral_value():  # noqa: PLR2004 - a hundred percent
            raise AbsurdFieldError(f"tax_rate is no rate: {str(value)[:60]}")
    except ArithmeticError:
        raise AbsurdFieldError(f"tax_rate is no rate: {str(value)[:60]}") from None
    return int(rate)


def moment(value: Any, name: str) -> datetime:
    """Return an ISO 8601 time with its offset."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise AbsurdFieldError(f"{name} is no time: {str(value)[:60]}") from None
    if found.tzinfo is None:
        raise AbsurdFieldError(f"{name} has no offset: {str(value)[:60]}")
    return found


def window(data: dict[str, Any], name: str) -> datetime | None:
    """Return one end of a time window; None where it is open."""
    return moment(data[name], name) if data.get(name) else None


def texts(value: Any, fallback: str) -> Texts:
    """Return a multilingual text; English first, else the first there is."""
    if isinstance(value, str) and value:
        return Texts(value[:TEXT_MAX])
    if not isinstance(value, dict):
        return Texts(fallback)
    pairs = tuple((str(tag), str(text)[:TEXT_MAX]) for tag, text in value.items() if text)
    if not pairs:
        return Texts(fallback)
    return Texts(dict(pairs).get("en", pairs[0][1]), pairs)


def refusal_key(body: Any) -> str:
    """Return our key for a refusal: the first sentence that the table knows, else bad_request."""
    said = tuple(_sentences(body, ""))
    for name, piece, key in REFUSALS:
        if any((not name or name == where) and piece in text.lower() for where, text in said):
            return key
    return "bad_request"


def _sentences(body: Any, where: str) -> "list[tuple[str, str]]":
    if isinstance(body, dict):
        return [each for name, inner in body.items() for each in _sentences(inner, str(name))]
    if isinstance(body, list):
        return [each for inner in body for each in _sentences(inner, where)]
    return [] if body is None else [(where, str(body))]


def availability(left: int | None, size: int | None, as_of: datetime, *, is_stale: bool) -> Availability:
    """Return how full a slot is; `left` None means without limit."""
    if left is None:
        return Availability(Fullness.PLENTY, None, as_of, is_stale)
    share = left / size if size else 0.0
    full = (
        Fullness.FULL if left <= 0 else Fullness.NEARLY_FULL if share <= 0.1  # noqa: PLR2004 - a tenth, a third
        else Fullness.FILLING if share <= 0.34 else Fullness.PLENTY  # noqa: PLR2004
    )  # fmt: skip
    return Availability(full, max(left, 0), as_of, is_stale)


def seat(data: dict[str, Any], x: float, y: float) -> Seat:
    """Return a seat."""
    guid, state = seat_state(data)
    row, number = str(data.get("row_name") or ""), str(data.get("seat_number") or "")
    return Seat(guid, row, number, str(data.get("product") or ""), x, y, state)


def seat_state(data: dict[str, Any]) -> tuple[str, SeatState]:
    """Return a seat's id and state; blocked ones are taken, those in a cart held."""
    is_taken = bool(data.get("orderposition") or data.get("blocked") or data.get("voucher"))
    state = SeatState.TAKEN if is_taken else SeatState.HELD if data.get("cartposition") else SeatState.FREE
    return field(data, "seat_guid", str), state


class Target(Struct, frozen=True):
    """The numbers behind an offer's ids: a slot is `event@subevent` (0: none), a product `item` or `item-variation`."""

    event: str
    subevent: int | None


def target(slot_id: str) -> Target:
    """Return what a slot id stands for; Refused(not_found)."""
    event, mark, number = slot_id.partition("@")
    if not mark or not re.fullmatch(r"[A-Za-z0-9._-]{1,50}", event) or not re.fullmatch(r"[0-9]{1,12}", number):
        raise Refused("not_found", "slot")
    return Target(event, int(number) or None)


def product_numbers(product_id: str) -> tuple[int, int | None]:
    """Return item and variation of a product id; Refused(bad_request)."""
    found = re.fullmatch(r"([0-9]{1,12})(?:-([0-9]{1,12}))?", product_id)
    if found is None:
        raise Refused("bad_request", "product")
    return int(found[1]), int(found[2]) if found[2] else None


def position(offer: Offer, number: int) -> dict[str, Any]:
    """Return item, variation, subevent, price and seat of the offer's part at an index."""
    part = offer.parts[number]
    item, variation = product_numbers(part.product_id)
    return {
        "item": item, "variation": variation, "subevent": target(offer.occurrence.id).subevent,
        "price": amount(part.price), **({"seat": part.seat_id} if part.seat_id else {}),
        **({"voucher": part.voucher} if part.voucher else {}),
    }  # fmt: skip


def order_body(
    order: BookingOrder, cart_ids: tuple[str, ...], channel: str, *, is_training: bool = False
) -> dict[str, Any]:
    """Return the order as the server books it: our code, secrets, prices, and in api_meta what proves it is ours.

    `channel` is the server's word for all our faces; which of them sold it stands in api_meta. An order is in test mode
    only where it says so itself, whatever its event is in.

    Raises:
        Refused: bad_request for codes and parts the server cannot take, secret_in_use for twice the same secret
            (the server would accept it).
    """
    events = {target(offer.occurrence.id).event for offer in order.offers}
    if len(events) != 1 or not CODE.fullmatch(order.code):
        raise Refused("bad_request", "one event and a code of 5 to 16 characters")
    secrets = {(part.offer_id, part.part_id): part.secret for part in order.parts}
    lines = [(offer, number) for offer in order.offers for number in _extras_behind(offer)]
    wanted = [(offer.id, offer.parts[number].id) for offer, number in lines]
    if sorted(wanted) != sorted((part.offer_id, part.part_id) for part in order.parts):
        raise Refused("bad_request", "parts and offers differ")
    if len(set(secrets.values())) != len(lines):
        raise Refused("secret_in_use", "twice in one order")
    places = {each: place for place, each in enumerate(wanted, start=1)}
    positions = []
    for (offer, number), mark in zip(lines, wanted, strict=True):
        addon_to = offer.parts[number].addon_to
        positions.append({
            **position(offer, number), "positionid": places[mark], "secret": secrets[mark],
            **({"addon_to": places[offer.id, addon_to]} if addon_to else {}), **_discount(offer, number),
            **({"attendee_name": order.purchaser} if order.purchaser and not addon_to else {}),
            **_answers(order, mark),
        })  # fmt: skip
    # With a gift card it becomes paid by the payments that follow: the server takes only one with the order itself.
    paid = {"status": "n"} if order.by_gift_card else {
        "status": "p", "payment_provider": "boxoffice" if order.paid.minor else "free",
        "payment_date": order.sold_at.isoformat(),
        "payment_info": {"receipt_id": order.sale_id, "pos_id": order.channel},
    }  # fmt: skip
    return {
        **paid, "code": order.code, "email": order.mail or None, "locale": "en", "sales_channel": channel,
        "send_email": False,
        "tax_rounding_mode": "line", "consume_carts": list(cart_ids), "positions": positions, "fees": [],
        "api_meta": _meta(order), "testmode": is_training,
    }  # fmt: skip


def _discount(offer: Offer, number: int) -> dict[str, Any]:
    known = offer.parts[number].discount_id
    return {"discount": int(known)} if known.isdecimal() else {}


def _answers(order: BookingOrder, mark: tuple[str, str]) -> dict[str, Any]:
    """Return what was answered for a part (offer, part)."""
    given = [
        {"question": int(each.question_id), "answer": each.value, "options": [int(option) for option in each.options]}
        for each in order.answers
        if (each.offer_id, each.part_id) == mark
    ]
    return {"answers": given} if given else {}


def _extras_behind(offer: Offer) -> list[int]:
    """Return the parts' indexes with each extra directly behind its ticket, as the server wants them."""
    own = {part.id: number for number, part in enumerate(offer.parts)}
    return sorted(
        range(len(offer.parts)),
        key=lambda number: (own.get(offer.parts[number].addon_to, number), bool(offer.parts[number].addon_to), number),
    )


def _meta(order: BookingOrder) -> dict[str, Any]:
    return {
        "version": META_VERSION, "sale_id": order.sale_id, "digest": order.digest, "paid": order.paid.minor,
        "currency": order.paid.currency, "sold_at": order.sold_at.isoformat(), "channel": order.channel,
        "offers": msgspec.to_builtins(order.offers),
        "parts": [[part.part_id, part.offer_id, part.secret] for part in order.parts],
    }  # fmt: skip


def notes(order: dict[str, Any]) -> dict[str, Any]:
    """Return what was noted in an order, whoever made it and for whatever program."""
    found = order.get("api_meta")
    return found if isinstance(found, dict) else {}


def printed_before(order: dict[str, Any]) -> dict[str, Any]:
    """Return by secret the last print that is none of it: it was a ticket's that this one took the place of."""
    found = notes(order).get("printed_before")
    return found if isinstance(found, dict) else {}


def meta(order: dict[str, Any]) -> dict[str, Any]:
    """Return our own words in an order; empty where another channel made it."""
    found = notes(order)
    return found if "sale_id" in found and "digest" in found else {}


def proof(order: dict[str, Any]) -> BookingProof:
    """Return the server's word on an order."""
    ours = meta(order)
    return BookingProof(
        field(order, "code", str), str(ours.get("sale_id", "")), str(ours.get("digest", "")), _state(order),
        moment(order.get("datetime"), "datetime"),
    )  # fmt: skip


def _state(order: dict[str, Any]) -> str:
    status = order.get("status")
    if status not in STATES:
        raise AbsurdFieldError(f"status is unknown: {str(status)[:60]}")
    return STATES[status]


def found_booking(order: dict[str, Any], currency: str) -> FoundBooking:
    """Return an order with its live secrets; offers only where the order carries ours."""
    ours, state, names = meta(order), _state(order), own_parts(order)
    before = printed_before(order)
    parts = tuple(
        _part(each, part_of(order, each, names), state, ours, before) for each in field(order, "positions", list)
    )
    try:
        offers = msgspec.convert(ours.get("offers", ()), tuple[Offer, ...])
    except msgspec.ValidationError as problem:
        raise AbsurdFieldError(f"api_meta.offers: {problem}") from None
    paid = Money(ours["paid"], ours["currency"]) if ours else money(order.get("total"), currency, "total")
    sold_at = moment(ours.get("sold_at", order.get("datetime")), "datetime")
    channel = str(ours.get("channel") or order.get("sales_channel") or "")
    living = {part.offer_id for part in parts}
    offers = tuple(each for each in offers if each.id in living)  # not those that all its tickets were moved from
    ident = proof(order)
    return FoundBooking(
        ident.code, ident.sale_id, channel, offers, parts, paid, sold_at, ident.digest, state,
        gift_card_minor(order, currency),
    )  # fmt: skip


def own_parts(order: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Return part and offer of each secret that is ours."""
    return {str(secret): (str(part), str(offer)) for part, offer, secret in meta(order).get("parts", ())}


def part_of(order: dict[str, Any], data: dict[str, Any], names: dict[str, tuple[str, str]]) -> tuple[str, str]:
    """Return part and offer of a position; one that is not ours stands in an offer of the order's own on its date."""
    known = names.get(field(data, "secret", str))
    return known or (str(field(data, "id", int)), f"{order.get('code')}@{data.get('subevent') or 0}")


def linked_positions(medium: dict[str, Any]) -> dict[str, set[int]]:
    """Return the positions on a medium by order; those of events we may not see are left out by the server."""
    found: dict[str, set[int]] = {}
    for each in medium.get("linked_orderpositions") or []:
        if isinstance(each, dict) and isinstance(each.get("order"), dict):
            found.setdefault(field(each["order"], "code", str), set()).add(field(each, "id", int))
    return found


def gift_card_minor(order: dict[str, Any], currency: str) -> int:
    """Return what of an order was paid by gift card."""
    paid = (each for each in order.get("payments") or [] if each.get("provider") == "giftcard")
    counted = (each for each in paid if each.get("state") in {"confirmed", "refunded"})
    return sum(money(each.get("amount"), currency, "amount").minor for each in counted)


def _part(
    data: dict[str, Any], ident: tuple[str, str], state: str, ours: dict[str, Any], before: dict[str, Any]
) -> FoundPart:
    secret, (part_id, offer_id) = field(data, "secret", str), ident
    copies = len(printed_copies(data, after=before.get(secret, 0)))
    if data.get("canceled"):
        state = "CANCELLED"
    elif state == "CONFIRMED" and copies:
        state = "FULFILLED"
    return FoundPart(part_id, offer_id, secret, state, copies, ours.get("moved", {}).get(offer_id, ""))


def printed_copies(data: dict[str, Any], *, after: int = 0) -> set[str]:
    """Return the marks of a position's successful prints; one of another source counts by its id.

    `after`: the last print under an older secret, which is none of this ticket.
    """
    return {
        str((log.get("info") or {}).get("copy", f"id {log.get('id')}"))
        for log in _prints(data)
        if (log.get("id") or 0) > after or not after
    }


def last_print(data: dict[str, Any]) -> int:
    """Return the server's number of the last print; 0 where there was none."""
    return max((log.get("id") or 0 for log in _prints(data)), default=0)


def _prints(data: dict[str, Any]) -> list[dict[str, Any]]:
    logs = data.get("print_logs")
    found = logs if isinstance(logs, list) else []
    return [log for log in found if log.get("successful") and log.get("type") == "ticket"]


def cancelled_at(order: dict[str, Any], part_ids: tuple[str, ...]) -> datetime | None:
    """Return when we noted that all these parts died; None when one is not noted."""
    noted = meta(order).get("cancelled", {})
    times = [moment(noted[each], "cancelled") for each in part_ids if each in noted]
    return max(times).astimezone(UTC) if times and len(times) == len(part_ids) else None
