"""What a clerk or an operator asks about claims, at the control socket or by command."""

from typing import Any

from kiosk.application.claim_book import ClaimRefused, ClaimStanding
from kiosk.application.control import NotDone
from kiosk.application.selling import CLERK
from kiosk.application.terminal import Terminal


async def claims_listed(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the open claims, or all of them."""
    try:
        every = await terminal.claims.all()
    except ClaimRefused as no:
        raise NotDone(no.key, str(no)) from None
    return {"claims": [told(each) for each in every if each.is_open or arguments.get("all")]}


async def claim_found(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return how the claim of a code stands."""
    try:
        return told(await terminal.claims.find(str(arguments["code"])))
    except ClaimRefused as no:
        raise NotDone(no.key, str(no)) from None


async def claim_settled(terminal: Terminal, arguments: dict[str, Any]) -> dict[str, Any]:
    """Note that a claim is paid, once; return how it stands then and what is to be paid out now."""
    code, way, note = (str(arguments.get(name, "")) for name in ("code", "way", "note"))
    try:
        claim = await terminal.claims.settle(code, way, str(CLERK), note)
    except ClaimRefused as no:
        raise NotDone(no.key, str(no)) from None
    paid = claim.settlements[-1]
    return {**told(claim), "pay_out": {"minor": paid.minor, "currency": paid.currency}}


def told(claim: ClaimStanding) -> dict[str, Any]:
    """Return a claim as it is answered."""
    return {
        "claim": claim.id, "sale": claim.sale_id, "codes": list(claim.codes), "reasons": list(claim.reasons),
        "is_open": claim.is_open,
        "owed": {"minor": claim.owed.minor, "currency": claim.owed.currency},
        "doubtful": {"minor": claim.doubtful.minor, "currency": claim.doubtful.currency},
        "due": {"minor": claim.due.minor, "currency": claim.due.currency},
        "settled": [
            {"minor": each.minor, "currency": each.currency, "way": each.way, "note": each.note, "actor": each.actor,
             "at": each.at}
            for each in claim.settlements
        ],
    }  # fmt: skip
