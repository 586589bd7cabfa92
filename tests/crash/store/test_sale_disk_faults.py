"""A disk that is full or fails at every write of a whole sale: refused before payment, or completed; never half."""

import asyncio
from datetime import UTC, datetime
from itertools import count

import pytest

from kiosk.application import till
from kiosk.domain.sale import events as ev
from kiosk.domain.sale.sale import Stage
from kiosk.domain.sale.tender import TenderKind
from offline_store import CommitUncertain, StoreClosed, StoreOptions
from tests.crash.world import WORKLOADS, Killer, offer, terminal, until

FULL, WRITE_EIO, SYNC_EIO = 13, 778, 1034
TRIES = 4


async def touch(desk, sale_id, event, holds):
    """Touch until the terminal follows; say whether it did: what cannot be written is told and has not happened."""
    for _ in range(TRIES):
        await desk.tell(sale_id, event)
        sale = desk.sale(sale_id)
        if sale is not None and holds(sale):
            return True
    return False


def patient_customer(arm, refused):
    """A customer who touches again where the terminal says that it could not write, and leaves after some tries."""

    async def buys(desk, _cash, load):
        arm()
        now = datetime.now(UTC)
        for _ in range(TRIES):
            sale_id = desk.open_sale(ev.SaleKind.PURCHASE, ev.Channel.KIOSK, ev.CUSTOMER, "en")
            if await touch(desk, sale_id, ev.OfferChosen(offer(*load.prices)), lambda sale: bool(sale.basket.offers)):
                break
        else:
            refused.append("opened")
            return
        if not await touch(desk, sale_id, ev.CheckoutAsked(now), lambda sale: sale.stage is not Stage.CHOOSING):
            refused.append("checkout")
            return
        async with asyncio.timeout(2):
            await until(desk, sale_id, lambda sale: sale.stage is Stage.PAYING)
        if not await touch(desk, sale_id, ev.TenderChosen(TenderKind.CARD, now), lambda sale: bool(sale.tenders)):
            refused.append("payment")

    return buys


@pytest.mark.parametrize("code", [FULL, WRITE_EIO, SYNC_EIO], ids=["full", "write-eio", "sync-eio"])
@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "for-ever"])
def test_a_sale_is_refused_or_completed_whichever_write_fails(room, recorders, monkeypatch, code, for_ever):
    monkeypatch.setattr(till, "RETRY_S", 0.01)
    outcomes = set()
    for at in count(1, 3 if for_ever else 1):
        recorder, vfs, disk = recorders()
        options = StoreOptions(disk=disk, vfs=vfs, key_lot=2, reserve_bytes=4096, free_bytes_min=0)
        folder = room / str(at)
        folder.mkdir()
        refused = []

        def arm(recorder=recorder, at=at):
            recorder.fail_at, recorder.fail_code, recorder.fails_for_ever = at, code, for_ever

        customer = patient_customer(arm, refused)
        load = WORKLOADS["card"]
        try:
            limit_s = 0.8 if for_ever else 20
            asyncio.run(
                terminal(folder, Killer(0), load, buys=True, customer=customer, options=options, limit_s=limit_s)
            )
        except* (TimeoutError, StoreClosed, CommitUncertain):
            assert for_ever  # the disk never came back while this terminal ran: it is switched off
        fired, recorder.fail_at = recorder.fired, 0
        asyncio.run(terminal(folder, Killer(0), load, buys=False, options=options))  # judges
        ledger = (folder / "payment.ledger").read_text() if (folder / "payment.ledger").exists() else ""
        if refused:
            assert "begin" not in ledger, "refused, and yet the device was asked"
        outcomes.add(refused[0] if refused else "completed")
        if not fired:
            break
    assert "completed" in outcomes
    if for_ever:
        assert outcomes & {"opened", "checkout", "payment"}
