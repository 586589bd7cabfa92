"""Gift cards and payments of pretix JSON to our words and back: pure."""

from datetime import datetime
from typing import Any

from kiosk.application.interfaces import BookingOrder, GiftCardPart
from kiosk.domain.money import Money, total
from kiosk.platforms.pretix import mapping


def balance(card: Any) -> Money | None:
    """Return what the gift card on a medium holds; None where there is none."""
    return (
        mapping.money(mapping.field(card, "value", str), mapping.field(card, "currency", str), "value")
        if card
        else None
    )


def entry(reference: str, amount_now: Money, *, is_back: bool) -> dict[str, Any]:
    """Return what takes an amount off a gift card, or puts it back, with the reference it is found by."""
    what = "back" if is_back else "charge"
    value = mapping.amount(amount_now) if is_back else f"-{mapping.amount(amount_now)}"
    info = {"guichet": {"reference": reference, "what": what}}
    return {"value": value, "text": f"Guichet {reference} {what}", "info": info}


def entries(rows: list[dict[str, Any]], reference: str, currency: str) -> tuple[Money | None, Money]:
    """Return what a gift card's book says was charged under a reference (None: nothing), and what came back."""
    found: dict[str, list[Money]] = {"charge": [], "back": []}
    for each in rows:
        ours = (each.get("info") or {}).get("guichet") or {}
        if ours.get("reference") == reference and ours.get("what") in found:
            found[ours["what"]].append(mapping.money(mapping.field(each, "value", str), currency, "value"))
    charged, back = total(tuple(found["charge"]), currency), total(tuple(found["back"]), currency)
    return (Money(-charged.minor, currency) if found["charge"] else None), back


def payments_due(order: BookingOrder, made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the payments an order still lacks, by name: one for each gift card, one for what came in otherwise."""
    rest = order.paid.minor - sum(each.amount.minor for each in order.by_gift_card)
    due = {
        each.reference: _payment("giftcard", each.amount, {"gift_card": int(each.card_id)})
        for each in order.by_gift_card
    }
    if rest:
        info = {"receipt_id": order.sale_id, "pos_id": order.channel}
        due["rest"] = _payment("boxoffice", Money(rest, order.paid.currency), info)
    for known in made.get("payments") or []:
        if known.get("state") in {"confirmed", "pending", "refunded"}:
            card = ((known.get("details") or {}).get("gift_card") or {}).get("id")
            same = next((name for name, each in due.items() if _is_same(each, known, card)), None)
            if same is not None:
                del due[same]
    return due


def _payment(provider: str, paid: Money, info: dict[str, Any]) -> dict[str, Any]:
    return {
        "state": "confirmed", "amount": mapping.amount(paid), "provider": provider, "info": info, "send_email": False,
        "force": True,
    }  # fmt: skip


def _is_same(due: dict[str, Any], known: dict[str, Any], card: int | None) -> bool:
    is_same = (due["provider"], due["amount"]) == (known.get("provider"), known.get("amount"))
    return is_same and due["info"].get("gift_card") == card


def refunds(
    order: dict[str, Any], whole: Money, to_gift_card: tuple[GiftCardPart, ...], reference: str, at: datetime
) -> list[dict[str, Any]]:
    """Return the refunds that tell what went back: to each gift card, and the rest as it came in."""
    rest = whole.minor - sum(each.amount.minor for each in to_gift_card)
    backs = [("giftcard", each.amount, each.reference, {"gift_card": int(each.card_id)}) for each in to_gift_card]
    if rest > 0:
        backs.append(("boxoffice", Money(rest, whole.currency), reference, {}))
    paid = {each.get("provider"): each.get("local_id") for each in reversed(order.get("payments") or [])
            if each.get("state") == "confirmed"}  # fmt: skip
    other = next(iter(reversed(paid.values())), None)
    return [
        {
            "state": "done", "source": "admin", "amount": mapping.amount(back), "provider": provider,
            "payment": paid.get(provider, other), "execution_date": at.isoformat(), "comment": f"Guichet {name}",
            **({"info": info} if info else {}),
        }
        for provider, back, name, info in backs
    ]  # fmt: skip
