"""What is half typed is still there after a page that only lay on top of it, and gone with the traveller."""

import asyncio

import pytest
from msgspec import structs
from PySide6.QtCore import Qt

from kiosk.application.settings import Settings
from kiosk.domain.catalogue import Voucher

OVERLAYS = ("help", "languages", "still_there", "service")
TYPED = {"voucher": "SPR", "pickup": "B7K", "places": "Ald"}


async def at_slot(kiosk):
    """Choose the first slot of a museum, so that a code has something to count for."""
    await kiosk.touch("Touch to begin")
    await kiosk.page("home")
    kiosk.face.go("events")
    await kiosk.page("events")
    events = kiosk.face.models["events"]
    events.choose(next(at for at, each in enumerate(events._events) if each.kind == "slot"))
    await kiosk.page("slots")
    await kiosk.way_on()
    await kiosk.page("visitors")


async def cover_and_return(kiosk, page):
    for overlay in OVERLAYS:
        kiosk.face.go(overlay)
        await kiosk.page(overlay)
        kiosk.face.back()
        await kiosk.page(page)


@pytest.mark.parametrize("page", TYPED)
def test_nothing_lays_itself_over_a_half_typed_field_and_takes_it_away(visit, page):
    async def story(kiosk):
        await at_slot(kiosk)
        kiosk.face.go(page)
        await kiosk.page(page)
        model, typed = kiosk.face.models[page], TYPED[page]
        for letter in typed:
            await kiosk.press(Qt.Key(ord(letter.upper())), letter)
        await kiosk.until(lambda: model.props.typed == typed, "what is typed")
        await cover_and_return(kiosk, page)
        assert model.props.typed == typed
        kiosk.picture(f"half-typed-{page}")
        kiosk.face.go("languages")
        await kiosk.page("languages")
        await kiosk.touch("Deutsch")
        await kiosk.page(page)
        assert (model.props.typed, kiosk.shell.speech.tag) == (typed, "de")
        kiosk.face.back()
        assert model._typed == "", "whoever really leaves the page leaves nothing on it"

    visit(story)


def test_a_seat_half_typed_stays_typed(visit):
    async def story(kiosk):
        await kiosk.touch("Touch to begin")
        await kiosk.page("home")
        kiosk.face.go("events")
        await kiosk.page("events")
        events = kiosk.face.models["events"]
        events.choose(next(at for at, each in enumerate(events._events) if each.kind == "seated"))
        await kiosk.page("slots")
        await kiosk.way_on()
        await kiosk.page("seats")
        seats = kiosk.face.models["seats"]
        await kiosk.until(lambda: seats.seat_map, "the plan")
        seats.typeSeats(True)
        seats.type("C")
        await cover_and_return(kiosk, "seats")
        assert (seats._is_typing, seats._typed.row) == (True, "C")

    visit(story)


def test_the_question_whether_somebody_is_there_takes_nothing_and_the_wipe_behind_it_takes_all(visit):
    async def story(kiosk):
        await at_slot(kiosk)
        kiosk.face.go("voucher")
        await kiosk.page("voucher")
        model = kiosk.face.models["voucher"]
        model.type("S")
        await kiosk.until(lambda: kiosk.face.page == "still_there", "the question")
        await kiosk.press(Qt.Key.Key_A, "a")
        await kiosk.page("voucher")
        assert model.props.typed == "S"
        await kiosk.until(lambda: kiosk.face.page == "attract", "the wipe")
        assert (model._typed, model._is_asking) == ("", False)
        model.refresh()
        assert model.props.typed == "", "nothing is left for the next one"

    times = structs.replace(Settings().timeouts, idle_warning_s=2.0, idle_wipe_s=2.0)
    visit(story, settings=structs.replace(Settings(), timeouts=times))


def test_an_answer_that_comes_while_help_lies_on_top_leads_nobody_away(visit):
    async def story(kiosk):
        await at_slot(kiosk)
        kiosk.face.go("voucher")
        await kiosk.page("voucher")
        platform, model, released = kiosk.terminal.platform._platform, kiosk.face.models["voucher"], asyncio.Event()

        async def slow(_, code, **__):
            await released.wait()
            return Voucher(code, (), 1)

        platform.voucher = slow
        model.type("S")
        model.go_on()
        kiosk.face.go("help")
        assert kiosk.face.page == "help"
        released.set()
        await kiosk.page("help")
        assert kiosk.face.desk.visit.voucher is None
        kiosk.face.back()
        await kiosk.page("voucher")
        assert model.props.typed == "S"
        await kiosk.way_on()
        await kiosk.page("visitors")
        assert kiosk.face.desk.visit.voucher.code == "S", "asked again, it counts"

    visit(story)
