"""Counter and bench in every language they speak, with the link up, down and up again; every page judged."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import Qt

from kiosk.application.fault_lab import NAMED_FAULTS, play
from kiosk.application.settings import Settings
from kiosk.domain.catalogue import EventKind
from kiosk.domain.sale.document import DocumentState
from kiosk.domain.sale.sale import Stage
from kiosk.shells import box_office, technician
from kiosk.ui.i18n import LANGUAGES

Desk = Any  # the one of conftest
Sit = Callable[..., None]
SIZES = ((1920, 1080), (1366, 768))
TAGS = [language.tag for language in LANGUAGES]
LINK = next(each for each in NAMED_FAULTS if each.name == "platform.down")


def speaking(tag: str) -> Settings:
    """Return the settings of a terminal whose staff read this language, its travellers first another."""
    times = structs.replace(Settings().timeouts, health_poll_s=0.5, confirm_wait_s=0.2)
    return structs.replace(
        Settings(), terminal=structs.replace(Settings().terminal, staff_language=tag), timeouts=times
    )


async def take(desk: Desk, kind: str, tag: str) -> None:
    """Search for an event with seats by its name in the staff's language, or take the first place often sold."""
    what, when = desk.face.what, desk.face.when
    await desk.until(lambda: what.origin_place is not None and what.list_hits(), "the place we stand at")
    if kind == "event":
        events = await desk.terminal.platform.events(on=None, limit=40)
        wanted = next(each for each in events if each.kind is EventKind.SEATED)
        what.setText(wanted.name.text(tag))
        await desk.until(lambda: what._found[:1] == (wanted,), "the event")
    await desk.press(Qt.Key.Key_1, "1")
    await desk.until(when.list_times, "times")
    await desk.until(when.list_counts if kind == "event" else when.list_offers, "what can be taken")
    await desk.until(lambda: not when.is_asking, "all answers")


async def sell(desk: Desk) -> Any:
    """Sell what is chosen for exact cash."""
    await desk.press(Qt.Key.Key_Return)
    await desk.until(lambda: desk.face.pay.props.enter == "pay", "something to pay")
    await desk.press(Qt.Key.Key_Return)
    await desk.until(lambda: desk.face.pay.sale and desk.face.pay.sale.stage is Stage.DONE, "a finished sale")
    sale = desk.face.pay.sale
    assert {each.state for each in sale.tickets} == {DocumentState.PRINTED}
    return sale


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("tag", TAGS)
def test_a_clerk_sells_in_every_language_and_the_papers_speak_the_travellers(
    sit: Sit, tag: str, size: tuple[int, int]
) -> None:
    async def story(desk: Desk) -> None:
        pay = desk.face.pay
        await desk.until(desk.face.what.list_hits, "what is often sold")
        shown = {each["name"] for each in desk.probe()}
        assert {hit.name for hit in desk.face.what.list_hits()[:5]} <= shown
        desk.judge(f"staff-what-{tag}")
        await take(desk, "place", tag)
        desk.judge(f"staff-when-{tag}")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: pay.props.enter == "pay", "something to pay")
        assert pay.sale.language == tag, "the staff's language, until another is chosen"
        desk.judge(f"staff-pay-{tag}")
        await desk.press(Qt.Key.Key_F4)
        wanted = TAGS[(TAGS.index(tag) + 1) % len(TAGS)]
        await desk.until(lambda: pay.sale.language == wanted, "the traveller's language")
        await desk.press(Qt.Key.Key_8, "8")
        await desk.until(lambda: pay.sale.stage is Stage.DONE, "a finished sale")
        assert pay.sale.language == wanted
        code = pay.sale.bookings[0].code
        desk.judge(f"staff-done-{tag}")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: pay.sale is None, "the next customer")
        assert pay.property("language") == LANGUAGES[TAGS.index(tag)].name, "the next traveller begins anew"
        await desk.press(Qt.Key.Key_F4)  # before there is a sale: for a booking that is printed once more
        pay.print_again(code, was_printed=True)
        await desk.until(lambda: pay.sale and pay.sale.stage is Stage.DONE, "the copies")
        assert pay.sale.language == wanted
        await desk.press(Qt.Key.Key_F8)
        await take(desk, "event", tag)
        desk.judge(f"staff-event-{tag}")
        await desk.press(Qt.Key.Key_F10)
        await desk.until(lambda: desk.face.when.seat_plan.cursor, "the plan")
        desk.judge(f"staff-seats-{tag}")
        assert (await sell(desk)).language == tag, "the next traveller begins anew"

    sit(box_office.open_window, story, size, speaking(tag))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("tag", TAGS)
def test_the_counter_stays_calm_while_the_link_is_down_and_after(sit: Sit, tag: str, size: tuple[int, int]) -> None:
    async def story(desk: Desk) -> None:
        status, what = desk.face.status, desk.face.what
        await desk.until(lambda: what.origin_place is not None and what.list_hits(), "the place we stand at")
        assert status.link.line == ""
        assert play(desk.terminal, LINK, is_on=True)
        await desk.until(lambda: status.link.state and not status.link.waiting.startswith("%"), "the state of the link")
        await desk.until(lambda: status.link.waiting, "that no sale waits")
        desk.judge(f"staff-link-down-{tag}")
        await take(desk, "place", tag)
        sold = await sell(desk)
        since = desk.terminal.clock.now()
        figures = await desk.terminal.store.figures()
        assert figures.waiting_sales == 1
        assert figures.waiting_since <= since
        await desk.until(lambda: figures_told(desk) == 1, "one sale that waits")
        desk.judge(f"staff-link-down-sold-{tag}")
        await desk.press(Qt.Key.Key_Return)
        await take(desk, "event", tag)
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.face.when.property("problem"), "why no seat is sold now")
        desk.judge(f"staff-link-down-seat-{tag}")
        play(desk.terminal, LINK, is_on=False)
        await desk.until(lambda: status._figures.waiting_sales == 0, "all gone out")
        await desk.until(lambda: status.link.line == "", "nothing to say any more")
        found = await desk.terminal.platform.find(sold.bookings[0].code, timeout_s=4.0)
        assert found is not None
        desk.judge(f"staff-link-back-{tag}")

    sit(box_office.open_window, story, size, speaking(tag))


def figures_told(desk: Desk) -> int:
    """Return how many sales the status line counts as waiting."""
    figures = desk.face.status._figures
    return figures.waiting_sales if figures and desk.face.status.link.waiting else 0


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("tag", TAGS)
def test_the_bench_tells_faults_and_the_link_in_every_language(sit: Sit, tag: str, size: tuple[int, int]) -> None:
    async def story(desk: Desk) -> None:
        bench = desk.face
        await desk.until(lambda: bench._figures, "the figures of the store")
        desk.judge(f"bench-{tag}")
        play(desk.terminal, LINK, is_on=True)
        await desk.until(lambda: bench._facts.rows[0].mood == "warn", "the link is down")
        assert bench.remedy_now[1], "what to do, or that nothing needs doing"
        desk.judge(f"bench-link-down-{tag}")
        await desk.press(Qt.Key.Key_1, "1")
        bench.setFault("paper_out", True)
        await desk.until(lambda: bench.property("stateMood") == "stop", "an empty roll")
        desk.judge(f"bench-paper-out-{tag}")
        bench.setFault("paper_out", False)
        await desk.press(Qt.Key.Key_4, "4")
        await desk.press(Qt.Key.Key_P, "P")
        await desk.until(lambda: len(bench.happened_to(bench.shown_id)) > 1, "the counts of the cash unit")
        desk.judge(f"bench-cash-{tag}")
        play(desk.terminal, LINK, is_on=False)
        await desk.press(Qt.Key.Key_Escape)
        await desk.until(lambda: bench._facts.rows[0].mood == "ok", "the link is back")
        desk.judge(f"bench-link-back-{tag}")

    sit(technician.open_window, story, size, speaking(tag))


@pytest.mark.parametrize("look", ["dark", "contrast"])
def test_counter_and_bench_stand_out_in_every_look(sit: Sit, look: str) -> None:
    settings = structs.replace(speaking("de"), face=structs.replace(Settings().face, look=look))

    async def clerk(desk: Desk) -> None:
        play(desk.terminal, LINK, is_on=True)
        await desk.until(lambda: desk.face.status.link.state, "the state of the link")
        await take(desk, "place", "de")
        desk.judge(f"staff-when-{look}")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.face.pay.props.enter == "pay", "something to pay")
        desk.judge(f"staff-pay-{look}")

    async def bench(desk: Desk) -> None:
        play(desk.terminal, LINK, is_on=True)
        await desk.until(lambda: desk.face._facts.rows[0].mood == "warn", "the link is down")
        desk.judge(f"bench-{look}")
        await desk.press(Qt.Key.Key_1, "1")
        desk.face.setFault("jam", True)
        await desk.until(lambda: desk.face.property("stateMood") == "stop", "a jam")
        desk.judge(f"bench-jam-{look}")

    sit(box_office.open_window, clerk, SIZES[0], settings)
    sit(technician.open_window, bench, SIZES[0], settings)
