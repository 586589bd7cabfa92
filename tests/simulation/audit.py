"""Hold what the server has against what was sold: every sale once, the same money, nothing lost, in order."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from tests.simulation.shop import SimSale
from tests.simulation.world import Account


def violations(account: Account) -> tuple[str, ...]:
    """Return everything that must not be."""
    return tuple(_violations(account))


def _violations(account: Account) -> Iterator[str]:
    if account.left:
        yield f"{account.left} messages never arrived"
    orders = account.model.sales.orders
    ours = Counter(order["api_meta"]["sale_id"] for order in orders.values() if "sale_id" in order["api_meta"])
    yield from (f"{sale_id} is there {count} times" for sale_id, count in ours.items() if count > 1)
    yield from (f"{sale_id} was never sold" for sale_id in ours.keys() - {each.id for each in account.sales})
    for sale in account.sales:
        yield from _of_sale(account, sale)
    for stream in {sale.stream for sale in account.sales}:
        written = [each.order.code for each in account.sales if each.stream == stream]
        made = [code for code in orders if code in written and "sale_id" in orders[code]["api_meta"]]
        if made != [code for code in written if code in made]:
            yield f"{stream} was booked out of order: {made}"
    for key in account.written:
        if key not in account.sent and key not in account.parked and not account.left:
            yield f"{key} is neither proven nor parked"


def _of_sale(account: Account, sale: SimSale) -> Iterator[str]:
    order = account.model.sales.orders.get(sale.order.code)
    is_there = order is not None and order["api_meta"].get("sale_id") == sale.id
    told = account.told[sale.id]
    key = f"book:{sale.order.code}"
    if is_there and "BookingRefused" in told:
        yield f"{sale.id} is there and was said to be refused"
    if not is_there and "BookingProven" in told:
        yield f"{sale.id} is not there and was said to be proven"
    if is_there and key in account.sent and "BookingProven" not in told:
        yield f"{sale.id} is done and the sale was never told"
    if key in account.sent and not is_there:
        yield f"{sale.id} was taken for done and is lost"
    if not is_there and not account.left:
        yield from _refusal(account, sale)
    if is_there:
        yield from _order(account, sale)


def _refusal(account: Account, sale: SimSale) -> Iterator[str]:
    """A sale that is not there must have been refused for a reason that the server really had, and be kept."""
    parked = account.parked.get(f"book:{sale.order.code}")
    if parked is None or "BookingRefused" not in account.told[sale.id]:
        yield f"{sale.id} is not there and nobody was told"
    elif parked.problem not in {"sold_out"} | ({"code_in_use"} if sale.is_code_taken else set()):
        yield f"{sale.id} was refused without a reason: {parked.problem}"
    elif parked.problem == "sold_out" and not sale.is_scarce:
        yield f"{sale.id} was refused though there was room"


def _order(account: Account, sale: SimSale) -> Iterator[str]:
    order = account.model.sales.orders[sale.order.code]
    positions = order["positions"]
    if order["api_meta"]["digest"] != sale.order.digest:
        yield f"{sale.id} has another digest"
    if sum(Decimal(each["price"]) for each in positions) * 100 != sale.order.paid.minor:
        yield f"{sale.id} has other money"
    secrets = {part.part_id: part.secret for part in sale.order.parts}
    if sorted(each["secret"] for each in positions) != sorted(secrets.values()):
        yield f"{sale.id} has other tickets than were printed"
    dead = {each["secret"] for each in positions if each["canceled"] or order["status"] == "c"}
    if dead != {secrets[part_id] for part_id in sale.cancelled} and not account.left:
        yield f"{sale.id} has other dead tickets than were cancelled"
    copies = {
        (each["secret"], log["info"]["copy"]) for each in positions for log in each["print_logs"]
    }  # fmt: skip
    if copies != {(secrets[part_id], str(copy)) for part_id, copy in sale.prints} and not account.left:
        yield f"{sale.id} has other prints than were made"
