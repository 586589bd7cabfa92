"""Stories at the kiosk; on the way every page is judged in every language and look, and its picture kept."""

import asyncio
from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from hardware.card_reader import SimulatedCard
from kiosk.application.interfaces import EventChoice, MediumKind
from kiosk.domain.catalogue import RiderCount
from kiosk.domain.money import Money
from kiosk.domain.sale.sale import Stage

SPEC = spec_from_file_location("page_rules", Path(__file__).with_name("page_rules.py"))
page_rules = module_from_spec(SPEC)
SPEC.loader.exec_module(page_rules)

judge = page_rules.judge


def test_every_page_of_a_journey_is_judged(visit):
    async def story(kiosk):
        await judge(kiosk, "01-attract")
        await kiosk.touch("Touch to begin")
        await kiosk.page("home")
        await judge(kiosk, "02-home")
        kiosk.face.go("help")
        await judge(kiosk, "20-help")
        kiosk.face.back()
        kiosk.face.go("languages")
        await judge(kiosk, "21-languages")
        kiosk.face.back()
        await kiosk.touch("Town, stop")
        await kiosk.page("places")
        for letter in "LAN":
            await kiosk.touch(letter)
        await kiosk.page("places")
        await judge(kiosk, "03-places")
        assert kiosk.face.models["places"].props.typed == "Lan"
        await kiosk.touch("Lanshan")
        await kiosk.page("departures")
        await judge(kiosk, "04-departures")
        await kiosk.way_on()
        await kiosk.page("riders")
        await kiosk.touch("One more: Child")
        await kiosk.page("riders")
        await judge(kiosk, "05-riders")
        await kiosk.way_on()
        await kiosk.page("basket")
        await kiosk.until(lambda: kiosk.face.desk.sale, "a sale")
        await judge(kiosk, "08-basket")
        kiosk.face.go("still_there")
        await judge(kiosk, "27-still-there")
        kiosk.face.back()
        await kiosk.way_on()
        await kiosk.page("payment")
        await judge(kiosk, "09-payment")
        await kiosk.way_on()
        await kiosk.page("delivery")
        await kiosk.until(lambda: kiosk.face.desk.sale.stage == "done", "the tickets")
        await judge(kiosk, "11-take")
        await kiosk.touch("Done")
        await kiosk.page("attract")
        assert kiosk.face.desk.visit.sale_id == ""

    visit(story)


@pytest.mark.parametrize(("width", "height"), [(1080, 1920), (1920, 1080)])
def test_the_cheapest_train_is_late_and_its_price_stays_on_the_page(visit, width, height):
    async def story(kiosk):
        await kiosk.touch("Touch to begin")
        await kiosk.page("home")
        kiosk.face.models["home"].choosePlace(0)
        await kiosk.page("departures")
        model = kiosk.face.models["departures"]
        late = tuple(replace(each, delay_min=19) for each in model._found.journeys)
        model._found = replace(model._found, journeys=late)
        model.refresh()
        assert all(row.late for row in model.props.journeys)
        assert {"ok", "info"} <= {row.mood for row in model.props.journeys if row.tag}
        await judge(kiosk, f"04-departures-late-{width}")
        model.refresh()
        assert all(row.late for row in model.props.journeys)

    visit(story, width=width, height=height)


def test_every_page_of_an_event_is_judged(visit):
    async def story(kiosk):
        await kiosk.touch("Touch to begin")
        await kiosk.page("home")
        await kiosk.touch("All events")
        await kiosk.page("events")
        await judge(kiosk, "15-events")
        names = [row.name for row in kiosk.face.models["events"].props.events]
        await choose_event(kiosk, "seated")
        await kiosk.page("slots")
        await judge(kiosk, "06-slots")
        await kiosk.way_on()
        await kiosk.page("seats")
        await kiosk.until(lambda: kiosk.face.models["seats"].props.price, "best seats")
        await judge(kiosk, "07-seats")
        await kiosk.way_on()
        await kiosk.page("basket")
        await kiosk.touch("Add another ticket")
        await kiosk.page("home")
        await kiosk.touch("All events")
        await kiosk.page("events")
        await choose_event(kiosk, "slot")
        await kiosk.page("slots")
        await kiosk.way_on()
        await kiosk.page("visitors")
        await judge(kiosk, "16-visitors")
        await kiosk.way_on()
        await kiosk.page("basket")
        await kiosk.until(lambda: len(kiosk.face.desk.sale.basket.offers) == 2, "both in the basket")
        assert names

    visit(story)


async def choose_event(kiosk, kind):
    model = kiosk.face.models["events"]
    await kiosk.until(lambda: model._events, "events")
    model.choose(next(at for at, each in enumerate(model._events) if each.kind == kind))


def test_pick_up_page_is_judged_and_tells_an_unknown_code_kindly(visit):
    async def story(kiosk):
        await kiosk.touch("Touch to begin")
        await kiosk.page("home")
        await kiosk.touch("Pick up")
        await kiosk.page("pickup")
        await judge(kiosk, "13-pickup")
        for letter in "QXQXQX":
            await kiosk.touch(letter)
        await kiosk.way_on()
        await kiosk.until(lambda: kiosk.face.models["pickup"].props.note, "an answer")
        assert "no booking" in kiosk.face.models["pickup"].props.note
        kiosk.face.back()
        await kiosk.page("home")

    visit(story)


@pytest.mark.parametrize("size", [{}, {"width": 1920, "height": 1080}], ids=["upright", "lying"])
def test_a_tapped_card_picks_up_what_is_on_it(visit, size):
    """The simulated reader sees a chip without any text in it."""

    async def story(kiosk):
        lie = "-lying" if size else ""
        await kiosk.touch("Touch to begin")
        await kiosk.page("home")
        await kiosk.touch("Pick up")
        await kiosk.page("pickup")
        reader, model = kiosk.terminal.devices.readers[0], kiosk.face.models["pickup"]
        reader.insert(SimulatedCard("04BEEF00000001"))
        await kiosk.until(lambda: model.props.note, "an answer")
        assert "Nothing is stored for this card" in model.props.note
        await judge(kiosk, f"59-card-unknown{lie}")
        reader.remove()
        platform = kiosk.terminal.platform._platform
        code = platform.gift_cards.issue(Money(2500, "EUR"))
        platform.media.link(MediumKind.CHIP, "04BEEF00000002", kiosk.terminal.clock.now(), card=code)
        reader.insert(SimulatedCard("04BEEF00000002"))
        await kiosk.until(lambda: "gift card" in model.props.note, "what the gift card holds")
        assert "25.00" in model.props.note
        await judge(kiosk, f"59-card-gift{lie}")
        reader.remove()
        await asyncio.to_thread(put_on_card, kiosk.terminal, "04A1B2C3D4E5F6")
        reader.insert(SimulatedCard("04A1B2C3D4E5F6"))
        await kiosk.until(lambda: len(model.props.found) == 1, "the booking")
        await judge(kiosk, f"59-card-found{lie}")
        await kiosk.way_on()
        await kiosk.page("delivery")
        await kiosk.until(lambda: kiosk.face.desk.sale and kiosk.face.desk.sale.stage is Stage.DONE, "the paper")
        assert len(kiosk.face.desk.sale.tickets) == 2

    visit(story, **size)


def test_what_is_found_counts_the_tickets_that_will_come_out(visit):
    async def story(kiosk):
        await kiosk.touch("Touch to begin")
        await kiosk.page("home")
        await kiosk.touch("Pick up")
        await kiosk.page("pickup")
        terminal, model = kiosk.terminal, kiosk.face.models["pickup"]
        order = await asyncio.to_thread(put_on_card, terminal, "04A1B2C3D4E5F6")
        other = await asyncio.to_thread(put_on_card, terminal, "04A1B2C3D4E5F6")
        record, cancel = terminal.platform.record_print, terminal.platform.cancel
        await record(order.code, order.parts[0].part_id, copy=1, timeout_s=5)
        await cancel(other.code, (), reason="weather", timeout_s=5)
        terminal.devices.readers[0].insert(SimulatedCard("04A1B2C3D4E5F6"))
        await kiosk.until(lambda: len(model.props.found) == 2, "the bookings")
        facts = [each.fact for each in model.props.found]
        assert ("1 ticket" in facts[0], "Nothing to print" in facts[1]) == (True, True), facts
        await judge(kiosk, "59-card-one-left")
        await kiosk.way_on()
        await kiosk.until(lambda: kiosk.face.desk.sale and kiosk.face.desk.sale.stage is Stage.DONE, "the paper")
        assert len(kiosk.face.desk.sale.tickets) == 1

    visit(story)


def put_on_card(terminal, uid):
    """Book on the platform's own side, as another channel does, put it on a chip and return what was booked."""
    platform = terminal.platform._platform
    slot = next(
        each
        for day in range(60)
        for each in asyncio.run(platform.slots("museum-day", on=(terminal.clock.now() + timedelta(days=day)).date()))
        if each.starts > terminal.clock.now()
    )
    offer = asyncio.run(platform.event_offer(EventChoice(slot.id, (RiderCount("adult", 2),)), timeout_s=5))
    order = platform.book_as_other_channel((offer,))
    parts = [(order.code, part.part_id) for part in order.parts]
    platform.media.link(MediumKind.CHIP, uid, terminal.clock.now(), parts=parts)
    return order


def test_a_real_keyboard_types_at_once(visit):
    """Somebody with a keyboard has touched nothing on the page yet."""

    async def story(kiosk):
        await kiosk.touch("Touch to begin")
        await kiosk.page("home")
        await kiosk.touch("Pick up")
        await kiosk.page("pickup")
        for letter in "QX7":
            await kiosk.press(Qt.Key(ord(letter)), letter.lower())
        await kiosk.until(lambda: kiosk.face.models["pickup"].props.typed == "QX7", "the code")
        kiosk.face.back()
        await kiosk.page("home")
        await kiosk.touch("Town, stop, airport or sight")
        await kiosk.page("places")
        for letter in "lan":
            await kiosk.press(Qt.Key(ord(letter.upper())), letter)
        await kiosk.until(lambda: kiosk.face.models["places"].props.typed.lower() == "lan", "the place")

    visit(story)


def test_journey_by_keys_alone(visit):
    async def story(kiosk):
        await kiosk.enter_on("Touch to begin")
        await kiosk.page("home")
        await kiosk.enter_on("Town, stop")
        await kiosk.page("places")
        for letter in "Bell":
            await kiosk.press(Qt.Key(ord(letter.upper())), letter)
        await kiosk.page("places")
        await kiosk.enter_on("Bellmar")
        await kiosk.page("departures")
        await kiosk.enter_on("Continue")
        await kiosk.page("riders")
        await kiosk.enter_on("One more: Adult")
        await kiosk.page("riders")
        await kiosk.enter_on("To basket")
        await kiosk.page("basket")
        await kiosk.until(lambda: kiosk.face.frame.props.isWayOnOn, "the basket")
        await kiosk.enter_on("Pay")
        await kiosk.page("payment")
        await kiosk.enter_on("Pay by card")
        await kiosk.until(lambda: kiosk.face.desk.sale.stage == "done", "the tickets")
        assert len(kiosk.face.desk.sale.tickets) == 2
        await kiosk.page("delivery")
        await kiosk.enter_on("Done")
        await kiosk.page("attract")

    visit(story)


def test_seats_by_keys_alone(visit):
    async def story(kiosk):
        await kiosk.enter_on("Touch to begin")
        await kiosk.page("home")
        await kiosk.enter_on("All events")
        await kiosk.page("events")
        name = next(each.name.text("en") for each in kiosk.face.models["events"]._events if each.kind == "seated")
        await kiosk.enter_on(name)
        await kiosk.page("slots")
        await kiosk.enter_on("Continue")
        await kiosk.page("seats")
        model = kiosk.face.models["seats"]
        await kiosk.until(lambda: model.props.price, "best seats")
        await tab_to_plan(kiosk)
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Right):
            await kiosk.press(key)
        await until_free(kiosk, model)
        await kiosk.press(Qt.Key.Key_Return)
        await kiosk.until(lambda: len(model._seats) == 1 and model.props.price, "one seat of one's own choice")
        await kiosk.page("seats")
        await kiosk.enter_on("Take these seats")
        await kiosk.page("basket")

    visit(story)


def test_a_seat_is_typed_by_row_and_number(visit):
    async def story(kiosk):
        model = await to_seats(kiosk)
        free = next(each for each in reversed(model.seat_map.seats) if each.state == "free")
        taken = next(each for each in model.seat_map.seats if each.state != "free")
        await kiosk.enter_on("Type a seat")
        await kiosk.until(lambda: kiosk.ask("focused()").startswith("Row"), "the field")
        await type_seat(kiosk, "99", "")
        assert "no row" in model.props.note
        await judge(kiosk, "07-seats-typed")
        await type_seat(kiosk, taken.row, "999")
        assert "has no seat" in model.props.note
        await type_seat(kiosk, "", taken.number)
        assert "is taken" in model.props.note
        await kiosk.press(Qt.Key.Key_Backspace)
        for _ in taken.row:
            await kiosk.press(Qt.Key.Key_Backspace)
        await type_seat(kiosk, free.row, free.number)
        await kiosk.until(lambda: model._seats == (free,) and model.props.price, "the seat typed")
        for char in "\x00\x1b[A\u202e":
            await kiosk.press(Qt.Key.Key_unknown, char)
        assert model.props.typedRow in {"", "[A"}
        await kiosk.touch("Show the plan")
        assert not model.props.isTyping
        await kiosk.press(Qt.Key.Key_4, "4")
        assert model.props.isTyping, "a figure on the plan begins a row"
        assert model.props.typedRow == "4"
        await kiosk.touch("Delete")
        for char in free.row:
            await kiosk.touch(char)
        await kiosk.touch("Next")
        for char in free.number:
            await kiosk.touch(char)
        await kiosk.touch("Take this seat")
        assert model._seats == (free,), "the same seat once more stays taken"
        await kiosk.enter_on("Take these seats")
        await kiosk.page("basket")
        await kiosk.until(lambda: kiosk.face.desk.sale.basket.offers, "the seat in the basket")
        [part] = kiosk.face.desk.sale.basket.offers[0].parts
        assert part.seat_id == free.id

    visit(story)


async def to_seats(kiosk):
    """Go to the seats of the play by touch; return their view-model."""
    await kiosk.touch("Touch to begin")
    await kiosk.page("home")
    await kiosk.touch("All events")
    await kiosk.page("events")
    await choose_event(kiosk, "seated")
    await kiosk.page("slots")
    await kiosk.way_on()
    await kiosk.page("seats")
    model = kiosk.face.models["seats"]
    await kiosk.until(lambda: model.props.price, "best seats")
    return model


async def type_seat(kiosk, row, number):
    """Type a row, Enter, a number, Enter; "" leaves out what stands there already."""
    for text in filter(None, (row, number)):
        for char in text:
            await kiosk.press(Qt.Key(ord(char)), char)
        await kiosk.press(Qt.Key.Key_Return)
    await asyncio.sleep(0.03)


async def tab_to_plan(kiosk):
    for _ in range(60):
        if kiosk.ask("focused()").startswith("SeatPlan"):
            return
        await kiosk.press(Qt.Key.Key_Tab)
    raise AssertionError("Tab never reaches the plan")


async def until_free(kiosk, model):
    for at in range(200):
        if model._cursor.state == "free" and model._cursor not in model._seats:
            return
        before = model._cursor
        await kiosk.press(Qt.Key.Key_Down if at % 2 else Qt.Key.Key_Left)
        if model._cursor == before:
            await kiosk.press(Qt.Key.Key_Up)
    raise AssertionError("no free seat")


def test_landscape_pages_keep_the_rules(visit):
    async def story(kiosk):
        kiosk.picture("30-attract-landscape")
        assert not page_rules.broken_rules(kiosk)
        await kiosk.touch("Touch to begin")
        await kiosk.page("home")
        kiosk.picture("31-home-landscape")
        assert not page_rules.broken_rules(kiosk)
        kiosk.face.models["home"].choosePlace(0)
        await kiosk.page("departures")
        kiosk.picture("32-departures-landscape")
        assert not page_rules.broken_rules(kiosk)

    visit(story, width=1920, height=1080)
