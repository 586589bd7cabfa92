"""Whole sales through the real drivers, ESC/POS and ZVT over TCP and a scanner on a line: no simulator in the path."""

import asyncio
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageOps
from pyzbar import pyzbar

from hardware.payment_terminal import ZvtEmulator, ZvtTerminal
from hardware.printer import EmulatedPrinter, EscposPrinter
from hardware.scanner import ScannerEmulator
from kiosk.__main__ import main
from kiosk.application.control import NotDone
from kiosk.application.inputs import CodeRead, Input
from kiosk.application.ordering import SaleOrder, offer_for
from kiosk.application.selling import sell
from kiosk.application.settings_file import load
from kiosk.application.supervision import Capabilities
from kiosk.application.terminal import Terminal
from kiosk.bootstrap import Start, open_link, open_terminal
from kiosk.domain.money import Money
from kiosk.domain.sale.document import DocumentState
from kiosk.domain.sale.events import (
    CUSTOMER,
    Channel,
    CheckoutAsked,
    CustomerLeft,
    OfferChosen,
    SaleKind,
    TenderChosen,
)
from kiosk.domain.sale.sale import Sale, Stage
from kiosk.domain.sale.tender import TenderKind
from kiosk.platforms.embedded import LinkMode

SETTINGS = """
[terminal]
id = "real-1"
[timeouts]
paper_wait_s = {paper_wait_s}
[[devices]]
kind = "printer.escpos.tcp"
device_id = "ticket-printer"
role = "tickets"
options = {{ host = "127.0.0.1", port = {printer} }}
[[devices]]
kind = "payment_terminal.zvt"
device_id = "payment-device"
options = {{ host = "127.0.0.1", port = {payment} }}
[[devices]]
kind = "scanner.serial"
device_id = "scanner"
options = {{ path = "{scanner}" }}
"""
SEATS = SaleOrder(event="winters-tale", best=2)
MUSEUM = SaleOrder(event="museum-of-light", riders={"adult": 1}, addons={"audio-guide": 1})
JOURNEY = SaleOrder(origin="aldermoor-central", destination="bellmar", riders={"adult": 1})
TURNS_MAX = 200  # looks at the devices until a fault must have been told; each look ends by itself
WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Counter:
    """The emulated devices of one terminal and the folder of its data."""

    printer: EmulatedPrinter
    payment: ZvtEmulator
    scanner: ScannerEmulator
    folder: Path

    def start(self, paper_wait_s: float = 120) -> Start:
        """Write settings that name the real drivers; return what a terminal starts with."""
        file = self.folder / "settings.toml"
        text = SETTINGS.format(
            printer=self.printer.port, payment=self.payment.port, scanner=self.scanner.path, paper_wait_s=paper_wait_s
        )
        file.write_text(text, encoding="utf-8")
        return Start(load(file, self.folder / "data"), self.folder / "data")

    def run(self, work: Callable[[Terminal], Any], *, paper_wait_s: float = 120) -> Any:
        """Open the terminal, check that the drivers are the real ones, and do the work."""

        async def opened() -> Any:
            async with open_terminal(self.start(paper_wait_s)) as terminal:
                assert isinstance(terminal.devices.printers[0], EscposPrinter)
                assert isinstance(terminal.devices.payment, ZvtTerminal)
                async with asyncio.timeout(WAIT_S):
                    return await work(terminal)

        return asyncio.run(opened())

    def codes(self) -> list[str]:
        """Return what zxing-cpp and zbar both read on the paper."""
        codes = []
        for paper in self.printer.machine.papers():
            sheet = ImageOps.expand(Image.open(io.BytesIO(paper.to_png())).convert("L"), 40, 255)
            by_zxing = sorted(each.text for each in zxingcpp.read_barcodes(sheet))
            assert sorted(each.data.decode() for each in pyzbar.decode(sheet)) == by_zxing
            codes += by_zxing
        return codes


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """Start a printer, a payment device and a scanner on loopback."""
    printer = EmulatedPrinter()
    printer.serve_tcp()
    payment = ZvtEmulator(tmp_path / "device.jsonl")
    payment.start()
    scanner = ScannerEmulator(tmp_path / "scanner")
    scanner.plug_in()
    yield Counter(printer, payment, scanner, tmp_path)
    scanner.unplug()
    payment.stop()
    printer.stop()


def secrets(sold: dict[str, Any]) -> list[str]:
    """Return the secrets of a sale's tickets."""
    return [each["secret"] for each in sold["documents"] if each["kind"] == "ticket"]


def empty_when_paid(counter: Counter, terminal: Terminal, *, is_refilled: bool) -> None:
    """Take the roll out as soon as a payment is durable; put a new one in once the sale waits for it."""
    was_empty = False

    def told(sale: Sale) -> None:
        nonlocal was_empty
        if sale.is_settled and not was_empty:
            was_empty = True
            counter.printer.machine.set(is_paper_out=True)
        if is_refilled and any(each.cause and each.state is DocumentState.DUE for each in sale.documents):
            counter.printer.machine.load_paper()

    terminal.till.subscribe(told)


def test_a_journey_is_paid_by_card_and_its_ticket_printed(counter: Counter) -> None:
    sold = counter.run(lambda terminal: sell(terminal, JOURNEY))
    assert sold["outcome"] == "delivered"
    assert counter.codes() == secrets(sold) != []
    assert counter.payment.kept_minor == sold["price"]["minor"] == sold["paid"]["minor"] > 0


def test_a_declined_card_prints_nothing(counter: Counter) -> None:
    counter.payment.start_fault("declined")

    async def work(terminal: Terminal) -> None:
        with pytest.raises(NotDone, match="nothing charged"):
            await sell(terminal, JOURNEY)

    counter.run(work)
    assert counter.printer.machine.papers() == ()
    assert counter.payment.kept_minor == 0


def test_paper_out_after_the_payment_is_cured_by_a_new_roll(counter: Counter) -> None:
    async def work(terminal: Terminal) -> dict[str, Any]:
        empty_when_paid(counter, terminal, is_refilled=True)
        return await sell(terminal, JOURNEY)

    sold = counter.run(work)
    assert sold["outcome"] == "delivered"
    assert counter.codes() == secrets(sold)
    assert counter.payment.kept_minor == sold["price"]["minor"]


def test_paper_that_stays_out_is_paid_back_and_the_booking_cancelled(counter: Counter) -> None:
    async def work(terminal: Terminal) -> dict[str, Any]:
        empty_when_paid(counter, terminal, is_refilled=False)
        sold = await sell(terminal, JOURNEY)
        for code in sold["codes"]:
            found = await terminal.platform.find(code, timeout_s=10)
            assert found is None or found.state == "CANCELLED"
        return sold

    sold = counter.run(work, paper_wait_s=0.5)
    assert sold["outcome"] == "paid_back"
    assert counter.codes() == []
    assert [each.state for each in counter.payment.ledger.charges] == ["reversed"]
    assert [each["sync"] for each in sold["bookings"]] == ["cancelled"]


@pytest.mark.parametrize("fault", ["answer_lost_after_charge", "completion_lost", "duplicated"])
def test_a_lost_answer_is_asked_after_and_nobody_pays_twice(counter: Counter, fault: str) -> None:
    counter.payment.start_fault(fault, times=1)
    sold = counter.run(lambda terminal: sell(terminal, JOURNEY))
    assert sold["outcome"] == "delivered"
    assert counter.codes() == secrets(sold)
    assert len(counter.payment.ledger.charges) == 1
    assert counter.payment.kept_minor == sold["price"]["minor"]


def test_a_scanned_code_picks_its_booking_up(counter: Counter, capsys: pytest.CaptureFixture[str]) -> None:
    start = counter.start()
    named = ("--settings", str(counter.folder / "settings.toml"), "--data", str(start.data))
    assert main(("platform", "book", "--from", "aldermoor-central", "--to", "bellmar", *named)) == 0
    code = json.loads(capsys.readouterr().out)["code"]

    async def work(terminal: Terminal) -> dict[str, Any]:
        read: asyncio.Queue[Input] = asyncio.Queue()
        terminal.inputs.subscribe(read.put_nowait)
        await until(terminal, lambda now: now.can_pick_up_by_scan)
        counter.scanner.scan(code.encode())
        scanned = await read.get()
        assert scanned == CodeRead(code)
        return await sell(terminal, SaleOrder(pick_up=code))

    sold = counter.run(work)
    assert sold["outcome"] == "delivered"
    assert counter.codes() == secrets(sold) != []
    assert counter.payment.ledger.charges == ()


async def until(terminal: Terminal, holds: Callable[[Capabilities], bool]) -> Capabilities:
    """Look at the devices again and again until it holds."""
    for _ in range(TURNS_MAX):
        await terminal.supervision.look()
        if holds(terminal.supervision.capabilities):
            return terminal.supervision.capabilities
        await asyncio.sleep(0.02)
    raise AssertionError(terminal.supervision.capabilities)


@pytest.mark.parametrize("field", ["is_paper_out", "is_cover_open"])
def test_a_printer_fault_shows_and_goes_after_the_cure(counter: Counter, field: str) -> None:
    async def work(terminal: Terminal) -> None:
        await until(terminal, lambda now: now.can_sell_journeys)
        counter.printer.machine.set(**{field: True})
        told = await until(terminal, lambda now: not now.can_print_tickets)
        assert told.reason("can_sell_journeys") == told.reason("can_print_tickets") != ""
        counter.printer.machine.set(**{field: False})
        await until(terminal, lambda now: now.can_sell_journeys)

    counter.run(work)


def test_a_printer_that_is_gone_shows_and_comes_back(counter: Counter) -> None:
    async def work(terminal: Terminal) -> None:
        await until(terminal, lambda now: now.can_print_tickets)
        await asyncio.to_thread(counter.printer.stop)
        await until(terminal, lambda now: not now.can_print_tickets)
        back = EmulatedPrinter()
        back.serve_tcp(port=counter.printer.port)
        try:
            await until(terminal, lambda now: now.can_print_tickets)
        finally:
            await asyncio.to_thread(back.stop)

    counter.run(work)


def test_a_payment_device_that_is_gone_shows_and_comes_back(counter: Counter) -> None:
    async def work(terminal: Terminal) -> None:
        await until(terminal, lambda now: now.can_pay_card)
        counter.payment.start_fault("not_reachable")
        told = await until(terminal, lambda now: not now.can_pay_card)
        assert told.reason("can_pay_card").startswith("payment.")
        counter.payment.stop_fault("not_reachable")
        await until(terminal, lambda now: now.can_pay_card)

    counter.run(work)


def test_the_payment_notes_outlive_the_terminal(counter: Counter) -> None:
    counter.run(lambda terminal: sell(terminal, JOURNEY))
    (notes,) = (counter.folder / "data").rglob("payment-device.zvt.jsonl")
    kept = notes.read_bytes()
    assert kept
    sold = counter.run(lambda terminal: sell(terminal, JOURNEY))
    assert notes.read_bytes().startswith(kept)
    assert counter.payment.kept_minor == 2 * sold["price"]["minor"]


def test_two_seats_side_by_side_are_paid_and_both_tickets_printed(counter: Counter) -> None:
    sold = counter.run(lambda terminal: sell(terminal, SEATS))
    assert sold["outcome"] == "delivered"
    assert len(secrets(sold)) == 2
    assert sorted(counter.codes()) == sorted(secrets(sold))
    assert counter.payment.kept_minor == sold["price"]["minor"] > 0


BY_HAND = Money(500, "EUR")


async def pay_at_the_second_try(terminal: Terminal, till_started: asyncio.Queue[Sale], sale_id: str) -> Sale:
    """Give some cash by hand, pay by card, be declined, and pay by card again; return the sale once it is over."""

    async def reached(holds: Callable[[Sale], bool]) -> Sale:
        while True:
            sale = await till_started.get()
            if sale.id == sale_id and holds(sale):
                return sale

    till, clock = terminal.till, terminal.clock
    till.post(sale_id, CheckoutAsked(clock.now()))
    await reached(lambda sale: sale.stage is Stage.PAYING)
    till.post(sale_id, TenderChosen(TenderKind.CASH, clock.now(), amount=BY_HAND, handed=BY_HAND))
    await reached(lambda sale: sale.paid == BY_HAND)
    till.post(sale_id, TenderChosen(TenderKind.CARD, clock.now()))
    declined = await reached(lambda sale: bool(sale.problem) and sale.tender_in_flight is None)
    assert declined.paid == BY_HAND
    till.post(sale_id, TenderChosen(TenderKind.CARD, clock.now()))
    over = await reached(lambda sale: sale.stage is Stage.DONE)
    till.post(sale_id, CustomerLeft())
    return over


def test_a_journey_and_a_museum_are_paid_part_in_cash_and_after_a_declined_card_by_card(counter: Counter) -> None:
    counter.payment.start_fault("declined", times=1)

    async def work(terminal: Terminal) -> Sale:
        seen: asyncio.Queue[Sale] = asyncio.Queue()
        terminal.till.subscribe(seen.put_nowait)
        offers = [await offer_for(terminal, each) for each in (JOURNEY, MUSEUM)]
        sale_id = terminal.till.open_sale(SaleKind.PURCHASE, Channel.KIOSK, CUSTOMER, "en")
        for offer in offers:
            terminal.till.post(sale_id, OfferChosen(offer))
        return await pay_at_the_second_try(terminal, seen, sale_id)

    sale = counter.run(work)
    assert len(counter.codes()) == len(sale.tickets) == 2
    states = [each.state for each in counter.payment.ledger.charges]
    assert sorted(states) == ["charged", "declined"]
    assert counter.payment.kept_minor == sale.paid.minor - BY_HAND.minor > 0


def test_paper_that_stays_out_and_a_refused_reversal_leave_a_claim(counter: Counter) -> None:
    counter.payment.start_fault("reversal_refused")

    async def work(terminal: Terminal) -> dict[str, Any]:
        empty_when_paid(counter, terminal, is_refilled=False)
        return await sell(terminal, JOURNEY)

    sold = counter.run(work, paper_wait_s=0.5)
    assert sold["outcome"] == "claim"
    assert counter.codes() == []
    assert counter.payment.kept_minor == sold["price"]["minor"] > 0


def test_a_sale_in_progress_ends_on_its_hold_while_the_link_is_down(counter: Counter) -> None:
    async def work(terminal: Terminal) -> tuple[dict[str, Any], dict[str, Any]]:
        link = open_link(terminal.settings, counter.folder / "data")
        delivered_down = []

        def told(sale: Sale) -> None:
            if sale.stage is Stage.PAYING:
                link.set(LinkMode.DOWN)
            elif sale.stage is Stage.DONE and not link.is_up:
                delivered_down.append(sale.id)
                link.set(LinkMode.UP)

        terminal.till.subscribe(told)
        first = await sell(terminal, SEATS)
        link.set(LinkMode.DOWN)
        with pytest.raises(NotDone):
            await sell(terminal, SEATS)
        second = await sell(terminal, JOURNEY)
        assert len(delivered_down) == 2
        return first, second

    first, second = counter.run(work)
    assert (first["outcome"], second["outcome"]) == ("delivered", "delivered")
    assert sorted(counter.codes()) == sorted([*secrets(first), *secrets(second)])
    assert counter.payment.kept_minor == first["price"]["minor"] + second["price"]["minor"]


def test_a_sale_is_printed_over_a_serial_line(counter: Counter) -> None:
    wired = EmulatedPrinter()
    changes = {
        "printer.escpos.tcp": "printer.escpos.serial",
        f'host = "127.0.0.1", port = {counter.printer.port} ': f'path = "{wired.serve_pty()}" ',
    }
    start = counter.start()
    file = counter.folder / "settings.toml"
    text = file.read_text(encoding="utf-8")
    for tcp, line in changes.items():
        assert text.count(tcp) == 1
        text = text.replace(tcp, line)
    file.write_text(text, encoding="utf-8")

    async def story() -> dict[str, Any]:
        async with open_terminal(Start(load(file, start.data), start.data)) as terminal, asyncio.timeout(WAIT_S):
            return await sell(terminal, JOURNEY)

    try:
        sold = asyncio.run(story())
        assert sold["outcome"] == "delivered"
        assert Counter(wired, counter.payment, counter.scanner, counter.folder).codes() == secrets(sold) != []
    finally:
        wired.stop()
    assert counter.printer.machine.papers() == ()
