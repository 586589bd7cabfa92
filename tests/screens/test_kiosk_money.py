"""Money and paper at the kiosk: a declined card, cash, what could not be printed, what is picked up."""

from PySide6.QtCore import Qt

from hardware.printer import FaultKind
from kiosk.application.inputs import CodeNotUsable, CodeRead
from kiosk.domain.catalogue import RiderCount
from kiosk.domain.sale.sale import Stage


def test_declined_card_is_told_kindly_and_cash_pays_after_it(visit):
    async def story(kiosk):
        await kiosk.to_payment()
        kiosk.terminal.devices.payment.start_fault("declined", times=1)
        await kiosk.way_on()
        model = kiosk.face.models["payment"]
        await kiosk.until(lambda: model.props.note, "the refusal")
        assert "not charged" in model.props.note
        kiosk.picture("40-declined")
        await kiosk.touch("Cash")
        await kiosk.until(lambda: model.props.way == "cash", "the slot")
        due = kiosk.face.desk.sale.due
        cash = kiosk.terminal.devices.cash
        for _ in range(10):
            if kiosk.face.desk.sale.due.minor == 0 or kiosk.face.page != "payment":
                break
            before = kiosk.face.desk.sale.cash_inserted.minor
            await kiosk.until(lambda: cash.insert(500) is not None or kiosk.face.page != "payment", "the slot takes it")
            await kiosk.until(lambda before=before: kiosk.face.desk.sale.cash_inserted.minor > before, "the note is in")
            kiosk.picture("41-cash")
        await kiosk.until(lambda: kiosk.face.desk.sale.stage is Stage.DONE, "the tickets")
        assert kiosk.face.desk.sale.cash_inserted.minor >= due.minor
        kiosk.picture("42-take-with-change")

    visit(story)


def test_cancelled_card_leads_back_to_the_choice_and_back_again_to_the_basket(visit):
    async def story(kiosk):
        await kiosk.to_payment()
        kiosk.face.back()
        await kiosk.page("basket")
        assert len(kiosk.face.desk.sale.basket.offers) == 1
        await kiosk.way_on()
        await kiosk.page("payment")

    visit(story)


def test_scanned_code_of_another_channel_is_printed(visit):
    async def story(kiosk):
        platform = kiosk.terminal.platform
        origin = kiosk.face.desk.visit.origin
        hits = await platform.places("Bellmar", language="en", limit=1)
        found = await platform.departures(origin.id, hits[0].place.id, after=kiosk.face.desk.now, limit=1)
        categories = await platform.rider_categories()
        offers = await platform.journey_offers(found.journeys[0].id, (RiderCount(categories[0].id, 1),))
        order = await platform._network.hop(lambda: _book(platform._platform, offers[0]))
        kiosk.terminal.inputs.tell(CodeRead(order.code))
        await kiosk.page("pickup")
        model = kiosk.face.models["pickup"]
        await kiosk.until(lambda: model.props.found, "the booking")
        kiosk.picture("43-found")
        await kiosk.way_on()
        await kiosk.until(lambda: kiosk.face.desk.sale.stage is Stage.DONE, "the tickets")
        assert len(kiosk.face.desk.sale.tickets) == 1

    visit(story)


async def _book(platform, offer):
    return platform.book_as_other_channel((offer,))


def test_unreadable_scan_is_told_in_words_and_shows_nothing_of_it(visit):
    async def story(kiosk):
        kiosk.terminal.inputs.tell(CodeNotUsable("control_characters"))
        await kiosk.page("pickup")
        assert "Scan another one" in kiosk.face.models["pickup"].props.note
        kiosk.face.back()
        await kiosk.page("home")

    visit(story)


def test_paper_that_runs_out_is_said_and_the_tickets_follow_after_the_refill(visit):
    async def story(kiosk):
        await kiosk.to_payment()
        printers = kiosk.terminal.devices.printers
        for printer in printers:
            printer.faults.start(FaultKind.PAPER_OUT)
        kiosk.face.go_on()  # the customer is faster than the look at the printer
        await kiosk.page("delivery")
        model = kiosk.face.models["delivery"]
        await kiosk.until(lambda: "out of paper" in model.props.note, "the trouble in words")
        await kiosk.until(lambda: "money is safe" in model.props.question, "the good fact first")
        kiosk.picture("44-paper-out")
        for printer in printers:
            printer.faults.stop(FaultKind.PAPER_OUT)
        kiosk.terminal.supervision.nudge()
        await kiosk.until(lambda: kiosk.face.desk.sale.stage is Stage.DONE, "the tickets")

    visit(story)


def test_idle_kiosk_asks_and_then_begins_clean(visit):
    async def story(kiosk):
        await kiosk.touch("Touch to begin")
        await kiosk.page("home")
        kiosk.face.speak("zh")
        kiosk.face.idle.touched_at_s -= 1000
        kiosk.face.tick()
        await kiosk.page("still_there")
        kiosk.face.idle.asked_at_s -= 1000
        kiosk.face.tick()
        await kiosk.page("attract")
        assert kiosk.shell.speech.tag == "en"

    visit(story)


def test_any_key_keeps_the_visit(visit):
    async def story(kiosk):
        await kiosk.touch("Touch to begin")
        await kiosk.page("home")
        kiosk.face.idle.touched_at_s -= 1000
        kiosk.face.tick()
        await kiosk.page("still_there")
        await kiosk.press(Qt.Key.Key_A, "a")
        await kiosk.page("home")

    visit(story)
