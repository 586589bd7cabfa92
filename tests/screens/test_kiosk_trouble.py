"""Pages of trouble: each judged in every language and look, upright and lying, and its picture kept."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from msgspec import structs

from hardware.printer import FaultKind
from kiosk.application.inputs import CodeRead
from kiosk.application.settings import Settings
from kiosk.bootstrap import open_link
from kiosk.domain.sale.sale import Stage
from kiosk.platforms.embedded import LinkMode

SPEC = spec_from_file_location("page_rules", Path(__file__).with_name("page_rules.py"))
page_rules = module_from_spec(SPEC)
SPEC.loader.exec_module(page_rules)

UPRIGHT, LYING = {"width": 1080, "height": 1920}, {"width": 1920, "height": 1080}
both = pytest.mark.parametrize("size", [UPRIGHT, LYING], ids=["upright", "lying"])


def impatient():
    """Return settings that wait for paper no longer than a test wants to."""
    return Settings(timeouts=structs.replace(Settings().timeouts, paper_wait_s=0.2, confirm_wait_s=0.2, print_s=5.0))


async def judge(kiosk, name):
    lie = "" if kiosk.shell.window.height() > kiosk.shell.window.width() else "-lying"
    await page_rules.judge(kiosk, f"{name}{lie}")


async def stage(kiosk, wanted):
    await kiosk.page("delivery")
    await kiosk.until(lambda: kiosk.face.desk.sale and kiosk.face.desk.sale.stage is wanted, f"stage {wanted}")


def play(kiosk, fault, *, is_on=True):
    for printer in kiosk.terminal.devices.printers:
        (printer.faults.start if is_on else printer.faults.stop)(fault)
    kiosk.terminal.supervision.nudge()


@both
def test_a_declined_card_and_cash_under_way(visit, size):
    async def story(kiosk):
        await kiosk.to_payment()
        kiosk.terminal.devices.payment.start_fault("declined", times=1)
        await kiosk.way_on()
        model = kiosk.face.models["payment"]
        await kiosk.until(lambda: model.props.note, "the refusal")
        await judge(kiosk, "40-declined")
        await kiosk.touch("Cash")
        await kiosk.until(lambda: model.props.way == "cash", "the slot")
        await judge(kiosk, "41-cash")
        await kiosk.until(lambda: kiosk.terminal.devices.cash.insert(500) is not None, "the slot takes a note")
        await kiosk.until(lambda: kiosk.face.desk.sale.cash_inserted.minor, "the note is in")
        await judge(kiosk, "41-part-cash")

    visit(story, **size)


@both
def test_no_paper_then_paid_back(visit, size):
    async def story(kiosk):
        await kiosk.to_payment()
        play(kiosk, FaultKind.PAPER_OUT)
        kiosk.face.go_on()  # the customer is faster than the look at the printer
        await stage(kiosk, Stage.ABANDONED)
        await judge(kiosk, "46-paid-back")

    visit(story, settings=impatient(), **size)


@both
def test_waiting_for_paper(visit, size):
    async def story(kiosk):
        await kiosk.to_payment()
        play(kiosk, FaultKind.PAPER_OUT)
        kiosk.face.go_on()  # the customer is faster than the look at the printer
        await kiosk.page("delivery")
        await kiosk.until(lambda: "money is safe" in kiosk.face.models["delivery"].props.question, "the good fact")
        await judge(kiosk, "44-no-paper")
        play(kiosk, FaultKind.PAPER_OUT, is_on=False)
        await stage(kiosk, Stage.DONE)

    visit(story, **size)


@both
def test_a_claim_with_its_code_and_then_its_slip(visit, size):
    async def story(kiosk):
        await kiosk.to_payment()
        play(kiosk, FaultKind.PAPER_OUT)
        kiosk.terminal.devices.payment.start_fault("reversal_refused")
        kiosk.face.go_on()  # the customer is faster than the look at the printer
        await stage(kiosk, Stage.CLAIM)
        await judge(kiosk, "47-claim")
        play(kiosk, FaultKind.PAPER_OUT, is_on=False)
        await kiosk.until(lambda: kiosk.face.frame.props.wayOn == "Print claim slip", "the slip")
        await judge(kiosk, "48-claim-slip")

    visit(story, settings=impatient(), **size)


@both
def test_a_ticket_nobody_can_tell_of_is_asked_about(visit, size):
    async def story(kiosk):
        await kiosk.to_payment()
        printers = kiosk.terminal.devices.printers
        for printer in printers:
            printer.faults.start(FaultKind.LOST_JOB)
        await kiosk.way_on()
        await stage(kiosk, Stage.ASK_CUSTOMER)
        await judge(kiosk, "45-did-it-come-out")
        for printer in kiosk.terminal.devices.printers:
            printer.faults.stop()

    hurried = Settings(timeouts=structs.replace(Settings().timeouts, print_s=5.0, paper_wait_s=1.0, confirm_wait_s=0.2))
    visit(story, settings=hurried, **size)


@both
def test_the_link_is_down(visit, size):
    async def story(kiosk):
        link = open_link(kiosk.terminal.settings, kiosk.terminal.data_dir)
        link.set(LinkMode.DOWN)
        await kiosk.terminal.supervision.look()
        await judge(kiosk, "50-attract-link-down")
        await kiosk.touch("Touch to begin")
        await kiosk.page("home")
        await judge(kiosk, "51-home-link-down")
        link.set(LinkMode.UP)
        await kiosk.terminal.supervision.look()
        await kiosk.touch("All events")
        await kiosk.page("events")
        model = kiosk.face.models["events"]
        await kiosk.until(lambda: model._events, "events")
        model.choose(next(at for at, each in enumerate(model._events) if each.kind == "seated"))
        await kiosk.page("slots")
        await kiosk.way_on()
        await kiosk.page("seats")
        await kiosk.until(lambda: kiosk.face.models["seats"].props.price, "best seats")
        await kiosk.way_on()
        await kiosk.page("basket")
        link.set(LinkMode.DOWN)
        await kiosk.way_on()
        await kiosk.until(lambda: kiosk.face.desk.sale.problem, "the refusal")
        await kiosk.page("basket")
        await judge(kiosk, "52-seats-refused")

    visit(story, **size)


@both
def test_a_museum_with_an_add_on_beside_a_journey_and_a_booking_found(visit, size):
    async def story(kiosk):
        await kiosk.to_payment()
        kiosk.face.back()
        await kiosk.page("basket")
        await kiosk.touch("Add another ticket")
        await kiosk.page("home")
        await kiosk.touch("All events")
        await kiosk.page("events")
        model = kiosk.face.models["events"]
        await kiosk.until(lambda: model._events, "events")
        model.choose(next(at for at, each in enumerate(model._events) if each.kind == "slot"))
        await kiosk.page("slots")
        await judge(kiosk, "53-museum-slots")
        await kiosk.way_on()
        await kiosk.page("visitors")
        await kiosk.touch("One more: Audio guide")
        await kiosk.page("visitors")
        await judge(kiosk, "54-museum-add-on")
        await kiosk.way_on()
        await kiosk.page("basket")
        await kiosk.until(lambda: len(kiosk.face.desk.sale.basket.offers) == 2, "both")
        await judge(kiosk, "55-mixed-basket")
        await kiosk.way_on()
        await kiosk.page("payment")
        await judge(kiosk, "56-mixed-payment")
        await kiosk.way_on()
        await stage(kiosk, Stage.DONE)
        await judge(kiosk, "57-mixed-taken")
        code = kiosk.face.desk.sale.bookings[0].code
        await kiosk.touch("Done")
        await kiosk.page("attract")
        kiosk.terminal.inputs.tell(CodeRead(code))
        await kiosk.page("pickup")
        await kiosk.until(lambda: kiosk.face.models["pickup"].props.note, "printed already")
        await judge(kiosk, "58-picked-up-already")

    visit(story, **size)
