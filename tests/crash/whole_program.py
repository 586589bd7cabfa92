"""As a program: `point N WORD…` is `guichet WORD…` that kills itself at its n-th point, `recover` starts and judges.

Points are those of the forked runs: before and after each durable write, before each effect and when one is done and
nobody heard of it.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from hardware.cash import read_cash_book
from hardware.payment_terminal import read_charges
from kiosk.__main__ import main
from kiosk.application.performer import Performer
from kiosk.application.settings_file import load
from kiosk.application.store_gateway import StoreGateway
from kiosk.application.store_look import StoreLook
from kiosk.bootstrap import Start, open_terminal
from kiosk.domain.sale import rules
from kiosk.domain.sale.document import DocumentState
from kiosk.domain.sale.events import CustomerLeft
from kiosk.domain.sale.tender import TenderKind, TenderState


def kill_at(number: int) -> None:
    """Put a point around every write and every effect of the program; the n-th is its end."""
    met = 0

    def point() -> None:
        nonlocal met
        met += 1
        if met == number:
            os.kill(os.getpid(), signal.SIGKILL)

    keep, perform = StoreGateway.keep, Performer.perform

    async def pointed_keep(self: StoreGateway, *arguments: Any) -> None:
        point()
        await keep(self, *arguments)
        point()

    async def pointed_perform(self: Performer, sale: Any, effect: Any, post: Any) -> None:
        def heard(sale_id: str, event: Any) -> None:
            point()
            post(sale_id, event)

        point()
        await perform(self, sale, effect, heard)

    StoreGateway.keep = pointed_keep  # type: ignore[method-assign, assignment]
    Performer.perform = pointed_perform  # type: ignore[method-assign, assignment]


async def recover(data: Path) -> dict[str, Any]:
    """Start the terminal on what is left, let it come to rest, and hold its books to those of everything else."""
    async with open_terminal(Start(load(None, data), data)) as terminal:
        assert isinstance(terminal.store, StoreLook)
        async with asyncio.timeout(60):
            while await terminal.store._store.open_sale_ids() or (await terminal.store.figures()).queue_depth:
                for sale in terminal.till.open_sales():
                    terminal.till.post(sale.id, CustomerLeft())  # nobody stands there after a restart
                await asyncio.sleep(0.02)
        findings = await terminal.store.findings()
        gateway = StoreGateway(terminal.store._store)
        ids = {entry.sale_id for entry in await terminal.store._store.read_journal(0, 10_000)}
        sales = [kept.sale for sale_id in sorted(ids) if (kept := await gateway.read(sale_id)) is not None]
        broken = [str(each) for sale in sales for each in rules.broken(sale)]
        printed = [d for sale in sales for d in sale.tickets if d.state is DocumentState.PRINTED]
        found = {code: await terminal.platform.find(code, timeout_s=5) for code in {d.code for d in printed}}
        dead = [d.secret for d in printed if d.secret not in {p.secret for p in getattr(found[d.code], "parts", ())}]
    devices = data / "devices"
    payments = [charge for path in devices.rglob("*.payments.jsonl") for charge in read_charges(path)]
    cash = [read_cash_book(path) for path in devices.rglob("*.cash.jsonl")]
    tenders = [tender for sale in sales for tender in sale.tenders]
    by_machine = [tender for tender in tenders if not tender.is_by_hand]  # a clerk's drawer has no book of its own
    return {
        "findings": list(findings),
        "broken": broken,
        "printed": len(printed),
        "dead": dead,
        "open": [sale.id for sale in sales if not sale.is_finished],
        "sold": [sale.id for sale in sales if sale.bookings and not sale.leaving],
        "our_card": sum(
            t.amount.minor
            for t in tenders
            if t.kind is TenderKind.CARD and t.is_charged and t.state is not TenderState.VOIDED
        ),
        "device_card": sum(charge.kept_minor for charge in payments),
        "our_cash": sum(t.inserted.minor for t in by_machine)
        - sum(p.dispensed.minor for t in by_machine for p in (t.change, t.refund) if p is not None),
        "unit_cash": sum(book.taken_minor - book.paid_minor for book in cash),
    }


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["point", number, *words]:
            kill_at(int(number))
            sys.exit(main(words))
        case ["recover"]:
            judged = asyncio.run(recover(Path(os.environ["GUICHET_DATA_DIR"])))
            sys.stdout.write(json.dumps(judged))
        case _:
            sys.exit(2)
