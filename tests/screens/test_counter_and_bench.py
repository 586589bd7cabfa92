"""The counter and the technician's bench on a real terminal: by keys alone, every page judged."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt

from hardware.card_reader import CardReaderSimulator, SimulatedCard
from hardware.errors import DeviceUnavailable
from hardware.health import ComponentState
from hardware.printer import SimulatedPrinter
from hardware.scanner import ScannerSimulator
from kiosk.domain.sale.document import DocumentState
from kiosk.domain.sale.sale import Stage
from kiosk.shells import box_office, technician

SIZES = ((1920, 1080), (1366, 768))
Desk = Any  # the one of conftest
Story = Callable[[Desk], Awaitable[None]]
Sit = Callable[..., None]


async def to_times(desk: Desk, text: str) -> None:
    what, when = desk.face.what, desk.face.when
    await desk.until(lambda: what.origin_place is not None and what.list_hits(), "the place we stand at")
    await desk.type(text)
    await desk.until(lambda: what.list_hits() and text.lower() in what.list_hits()[0].name.lower(), f"hits for {text}")
    await desk.press(Qt.Key.Key_Return)
    await desk.until(when.list_times, "times")


async def finish(desk: Desk) -> Any:
    await desk.until(lambda: desk.face.pay.sale and desk.face.pay.sale.stage is Stage.DONE, "a finished sale")
    sale = desk.face.pay.sale
    assert sale.tickets
    assert all(each.state is DocumentState.PRINTED for each in sale.tickets)
    return sale


@pytest.mark.parametrize("size", SIZES)
def test_journey_is_sold_for_cash_in_three_steps_by_keys(sit: Sit, size: tuple[int, int]) -> None:
    async def story(desk: Desk) -> None:
        await to_times(desk, "lanshan")
        await desk.until(desk.face.when.list_offers, "tickets")
        await desk.press(Qt.Key.Key_Plus, "+")
        await desk.until(lambda: not desk.face.when.is_asking, "prices for two")
        desk.judge("counter-when")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.face.pay.props.enter == "pay", "something to pay")
        desk.judge("counter-pay")
        await desk.press(Qt.Key.Key_8, "8")
        sale = await finish(desk)
        assert sale.change.minor > 0
        desk.judge("counter-done")
        printer = desk.terminal.devices.printers[0]
        assert isinstance(printer, SimulatedPrinter)
        assert len(printer.papers()) == len(sale.tickets)
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.face.pay.sale is None, "the next customer")

    sit(box_office.open_window, story, size)


def test_painted_seats_are_sold_by_card_and_reprinted_as_a_copy(sit: Sit) -> None:
    async def story(desk: Desk) -> None:
        await to_times(desk, "winter")
        await desk.until(desk.face.when.list_counts, "products")
        await desk.press(Qt.Key.Key_F10)
        await desk.until(lambda: desk.face.when.seat_plan.cursor, "the plan")
        await desk.press(Qt.Key.Key_Right)
        await desk.press(Qt.Key.Key_Left)
        desk.judge("counter-seats")
        chosen = {(seat.row, seat.number) for seat in desk.face.when.seat_plan.chosen}
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.face.pay.props.canCard, "something to pay")
        await desk.press(Qt.Key.Key_Asterisk, "*")
        sale = await finish(desk)
        parts = [part for ticket in sale.tickets for part in sale.parts_of(ticket)]
        assert {(part.seat_row, part.seat_number) for part in parts} == chosen
        await desk.press(Qt.Key.Key_F9)
        await desk.type(sale.tickets[0].code)
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.face.pay.sale and desk.face.pay.sale.id != sale.id, "the booking")
        again = await finish(desk)
        assert [each.secret for each in again.tickets] == [each.secret for each in sale.tickets]
        assert all(each.copy for each in again.tickets)

    sit(box_office.open_window, story)


def test_unknown_code_is_told_kindly(sit: Sit) -> None:
    async def story(desk: Desk) -> None:
        await desk.press(Qt.Key.Key_F9)
        await desk.type("QXQXQX")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.face.what.shown_problem, "an answer")
        assert "Nothing found" in desk.face.what.shown_problem
        desk.judge("counter-find")

    sit(box_office.open_window, story)


@pytest.mark.parametrize("size", SIZES)
def test_every_simulated_device_is_shown_and_tested_by_keys(sit: Sit, size: tuple[int, int]) -> None:
    async def story(desk: Desk) -> None:
        bench, devices = desk.face, desk.terminal.devices
        desk.judge("technician-overview")
        await desk.press(Qt.Key.Key_V, "V")
        for at, health in enumerate(desk.terminal.supervision.healths):
            await desk.press(Qt.Key(ord(str(at + 1))), str(at + 1))
            await desk.until(lambda wanted=health.device_id: bench.shown_id == wanted, health.device_id)
            before = len(bench.happened_to(health.device_id))
            await desk.press(Qt.Key.Key_P, "P")
            if health.family == "printer":
                await desk.until(lambda before=before: len(bench.happened_to(bench.shown_id)) > before, "paper")
                scanner = devices.scanners[0]
                assert isinstance(scanner, ScannerSimulator)
                scanner.inject(bench.last_code)
                before += 1
            elif health.family == "scanner":
                devices.scanners[0].inject("SERVICE 42")
            elif health.family == "card_reader":
                reader = devices.readers[0]
                assert isinstance(reader, CardReaderSimulator)
                reader.insert(SimulatedCard("04A1B2C3"))
            wanted = before + 1
            await desk.until(lambda wanted=wanted: len(bench.happened_to(bench.shown_id)) >= wanted, health.family)
            moods = {each.mood for each in bench.happened_to(health.device_id)}
            assert moods == {"ok"}, bench.happened_to(health.device_id)
            desk.judge(f"technician-{health.device_id}")

    sit(technician.open_technician, story, size)


def test_a_fault_started_by_name_is_seen_and_mended(sit: Sit) -> None:
    async def story(desk: Desk) -> None:
        await desk.press(Qt.Key.Key_1, "1")
        await desk.until(lambda: desk.face.shown_id, "the printer")
        desk.face.setFault("paper_out", True)
        await desk.until(
            lambda: desk.terminal.supervision.healths[0].state is ComponentState.MEDIA_EMPTY, "an empty roll"
        )
        desk.judge("technician-paper-out")
        assert "roll" in desk.face.remedy_now[1]
        desk.face.setFault("paper_out", False)
        await desk.until(lambda: desk.terminal.supervision.healths[0].state is ComponentState.READY, "a full roll")
        desk.face.setFault("no such fault", True)
        assert desk.terminal.supervision.healths[0].state is ComponentState.READY

    sit(technician.open_window, story)


def test_a_cent_taken_is_given_back_whatever_is_tried_meanwhile(sit: Sit) -> None:
    async def story(desk: Desk) -> None:
        bench, device = desk.face, desk.terminal.devices.payment
        given_back, may_pay, pay, reverse = [], asyncio.Event(), device.pay, device.reverse

        async def slow(*asked: Any, **more: Any) -> Any:
            result = await pay(*asked, **more)
            await may_pay.wait()
            return result

        async def reversing(*asked: Any, **more: Any) -> Any:
            given_back.append(asked[0])
            return await reverse(*asked, **more)

        device.pay, device.reverse = slow, reversing
        healths = desk.terminal.supervision.healths
        bench.choose(next(at for at, each in enumerate(healths) if each.family == "payment_device"))
        await desk.press(Qt.Key.Key_P, "p")
        await desk.until(lambda: bench.running, "the payment")
        bench.choose(next(at for at, each in enumerate(healths) if each.family == "cash"))
        await desk.press(Qt.Key.Key_P, "p")
        await desk.until(lambda: not bench.running, "the other test")
        may_pay.set()
        await desk.until(lambda: given_back, "the cent given back")

    sit(technician.open_window, story)


def test_a_cash_unit_that_says_nothing_leaves_no_test_under_way(sit: Sit) -> None:
    async def story(desk: Desk) -> None:
        bench, cash = desk.face, desk.terminal.devices.cash

        async def silent() -> Any:
            raise DeviceUnavailable("cash.not_reachable")

        cash.counts = silent
        bench.choose(next(at for at, each in enumerate(bench._healths()) if each.family == "cash"))
        await desk.press(Qt.Key.Key_P, "p")
        told = "The cash unit does not say what lies in it."
        await desk.until(lambda: bench.happened_to(cash.device_id)[0].word == told, "the sentence")
        assert not bench.running, "with a test under way the bench would never close by itself"

    sit(technician.open_window, story)


@pytest.mark.parametrize("open_face", [box_office.open_window, technician.open_window])
def test_a_superscript_is_no_figure(sit: Sit, open_face: Callable[..., Any]) -> None:
    async def story(desk: Desk) -> None:
        assert not desk.face.pressed(0xB2, 0, "\u00b2"), "left of 1 on a French keyboard"

    sit(open_face, story)


def test_a_device_is_taken_out_of_service_and_put_back_by_a_key(sit: Sit) -> None:
    async def story(desk: Desk) -> None:
        terminal, bench = desk.terminal, desk.face
        await desk.press(Qt.Key.Key_3, "3")
        await desk.until(lambda: bench.shown_id, "the payment device")
        await desk.press(Qt.Key.Key_O, "O")
        await desk.until(lambda: not terminal.supervision.capabilities.can_pay_card, "no card is offered")
        await desk.until(lambda: "offered" in bench.happened_to(bench.shown_id)[0].word, "the first act noted")
        await desk.until(lambda: bench._shown_tests()[-1].test == "back", "the way back")
        assert bench.shown_id in terminal.out_of_service
        desk.judge("technician-out-of-service")
        await desk.press(Qt.Key.Key_O, "O")
        await desk.until(lambda: terminal.supervision.capabilities.can_pay_card, "cards again")
        await desk.until(lambda: bench.happened_to(bench.shown_id)[0].word == "In service again.", "the second noted")

    sit(technician.open_window, story)
