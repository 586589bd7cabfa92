"""Thirty faults: each shows itself on the attract page and the technician's overview; no page is a dead end."""

import asyncio
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from msgspec import structs

from hardware.health import WORKING
from kiosk.application.alarms import ALARMING
from kiosk.application.fault_lab import NAMED_FAULTS, play
from kiosk.application.service_questions import put_back
from kiosk.application.settings import DeviceSettings, Settings
from kiosk.application.supervision import PLATFORM
from kiosk.domain.sale.document import DocumentState
from kiosk.domain.sale.sale import Stage
from kiosk.shells.technician.technician_view_model import TechnicianViewModel
from kiosk.ui.controls.staff_words import StaffWords, staff_speech

SPEC = spec_from_file_location("page_rules", Path(__file__).with_name("page_rules.py"))
page_rules = module_from_spec(SPEC)
SPEC.loader.exec_module(page_rules)

LOOKS_MAX = 2  # one may have been under way
WITHIN_S = 2.0
POLL_S = 0.5
ROWS = {  # the row of the attract page: what it says for the capabilities that are off
    "Card": lambda off: "Not now" if "can_pay_card" in off else "Works",
    "Cash": lambda off: "Not now" if "can_pay_cash" in off else "No change" if "can_give_change" in off else "Works",
    "Pick up": lambda off: {
        (True, True): "Not now", (True, False): "By card", (False, True): "By code", (False, False): "Works"
    }["can_pick_up_by_scan" in off, "can_pick_up_by_card" in off],
    "Seats": lambda off: "Not now" if "can_sell_events" in off else "Works",
    "Receipt": lambda off: "Not now" if "can_print_receipts" in off else "Works",
}  # fmt: skip
FAMILIES = {"payment_terminal": "payment_device"}


def one_of_each() -> Settings:
    """Return settings with one device of every family, so that nothing stands in."""
    kinds = ("printer", "payment_terminal", "cash", "scanner", "card_reader", "display")
    devices = tuple(DeviceSettings(kind=f"{kind}.simulator", device_id=kind.replace("_", "-")) for kind in kinds)
    times = structs.replace(
        Settings().timeouts, health_poll_s=POLL_S, paper_wait_s=30.0, confirm_wait_s=0.2, print_s=5.0, cash_piece_s=1.0
    )
    return Settings(devices=devices, timeouts=times)


def told(kiosk):
    """Return what the attract page says of each thing."""
    return {row.word: row.told for row in kiosk.face.models["attract"].props.works}


def expected(off):
    return {word: row(off) for word, row in ROWS.items()}


async def shows(kiosk, fault, *, is_on):
    """Start or stop a fault and wait until the terminal has seen it."""
    assert play(kiosk.terminal, fault, is_on=is_on)
    if not is_on:
        await looked_at(kiosk.terminal, fault)
    await kiosk.until(lambda: expected(fault.off if is_on else ()) == told(kiosk), f"{fault.name} {is_on}")


async def looked_at(terminal, fault):
    """Answer for the alarm that a fault has raised, as a technician does who has mended it."""
    for health in terminal.supervision.healths:
        if health.family == FAMILIES.get(fault.device, fault.device):
            await put_back(terminal, health.device_id, "technician:test")


def is_alarming(fault):
    return f"{fault.device.removesuffix('_terminal')}.{fault.fault}" in ALARMING


def test_there_are_thirty_and_the_usual_look_is_often_enough():
    assert len({fault.name for fault in NAMED_FAULTS}) == 30
    assert Settings().timeouts.health_poll_s <= WITHIN_S * 0.75


def test_each_fault_shows_on_the_attract_page_and_the_overview(visit, monkeypatch):
    async def story(kiosk):
        terminal, looks = kiosk.terminal, Counter()
        bench = TechnicianViewModel(terminal, "test", StaffWords(staff_speech(terminal.settings)))
        bench.start()
        ask = terminal.supervision._ask

        def counted(name):
            if name not in terminal.supervision._asking:
                looks[name] += 1
            return ask(name)

        monkeypatch.setattr(terminal.supervision, "_ask", counted)
        monkeypatch.setattr(terminal.supervision, "nudge", lambda: None)  # a real fault comes unannounced
        await kiosk.until(lambda: looks[PLATFORM] > 0, "the first look")
        assert told(kiosk) == expected(())
        for fault in NAMED_FAULTS:
            struck = [name for name in looks if name.replace("-", "_") == fault.device] or [PLATFORM]
            before = looks.copy()
            assert play(terminal, fault, is_on=True)
            await kiosk.until(
                lambda fault=fault: is_shown(bench, fault) and told(kiosk) == expected(fault.off), fault.name
            )
            assert bool(kiosk.face.models["attract"].props.note) == ("can_print_tickets" in fault.off)
            assert all(looks[name] - before[name] <= LOOKS_MAX for name in struck), fault.name
            play(terminal, fault, is_on=False)
            if is_alarming(fault):
                before = looks.copy()
                await kiosk.until(
                    lambda before=before, struck=struck: all(looks[name] - before[name] > 1 for name in struck),
                    f"two looks after {fault.name}",
                )
                assert is_shown(bench, fault), "it says it is well, and nobody has looked at it"
                await looked_at(terminal, fault)
            await kiosk.until(lambda: is_well(bench) and told(kiosk) == expected(()), f"all well after {fault.name}")
        bench.close()

    def is_shown(bench, fault):
        if fault.device == "platform":
            return bench._facts.rows[0].mood == "warn"
        health = next(h for h in bench._healths() if h.family == FAMILIES.get(fault.device, fault.device))
        row = bench._devices.rows[bench._healths().index(health)]
        is_soft = fault.state in WORKING
        return health.state is fault.state and health.cause and row.mood == ("warn" if is_soft else "stop")

    def is_well(bench):
        return all(row.mood == "ok" for row in bench._devices.rows) and bench._facts.rows[0].mood == "ok"

    visit(story, settings=one_of_each())


async def to_page(kiosk, wanted):
    """Go to a page of a journey by touch."""
    await kiosk.touch("Touch to begin")
    await kiosk.page("home")
    if wanted == "home":
        return
    kiosk.face.models["home"].choosePlace(0)
    for page in ("departures", "riders", "basket", "payment"):
        await kiosk.page(page)
        if page == wanted:
            return
        await kiosk.way_on()


def ways(kiosk):
    """Return what can be touched."""
    return {each["name"] for each in kiosk.look() if each["kind"] == "touch" and each["isOn"]}


@pytest.mark.parametrize("page", ["home", "departures", "riders", "basket", "payment"])
def test_no_page_is_a_dead_end_under_any_fault(visit, page):
    async def story(kiosk):
        await to_page(kiosk, page)
        frame = kiosk.face.frame.props
        way_on, is_on = frame.wayOn, frame.isWayOnOn
        for fault in NAMED_FAULTS:
            await shows(kiosk, fault, is_on=True)
            shown = kiosk.face.frame.props
            assert kiosk.face.page == page, fault.name
            assert any(name.startswith("Help") for name in ways(kiosk)), fault.name
            if page != "home":
                assert "Back" in ways(kiosk), fault.name
            if "can_print_tickets" in fault.off and page != "home":
                assert not shown.isWayOnOn, fault.name
                assert shown.line == "No printing now"
            elif page == "payment" and "can_pay_card" in fault.off:
                assert any(name.startswith("Cash") for name in ways(kiosk)), fault.name
            else:
                assert (shown.wayOn, shown.isWayOnOn) == (way_on, is_on), fault.name
            await shows(kiosk, fault, is_on=False)
            again = kiosk.face.frame.props
            assert (again.wayOn, again.isWayOnOn) == (way_on, is_on), f"after {fault.name}"
        kiosk.face.wipe()
        await kiosk.page("attract")

    visit(story, settings=one_of_each())


@pytest.mark.parametrize("part", range(3))
def test_a_fault_that_strikes_while_paying_or_printing_ends_well_once_it_is_mended(visit, part):
    async def story(kiosk):
        for fault in NAMED_FAULTS[part::3]:
            await to_page(kiosk, "payment")
            await kiosk.until(lambda: kiosk.face.frame.props.isWayOnOn, "the way on")
            play(kiosk.terminal, fault, is_on=True)  # and it is not known yet: the customer is faster
            kiosk.face.go_on()
            sale = kiosk.face.desk.sale
            if "can_pay_card" in fault.off:
                await kiosk.until(lambda: kiosk.face.models["payment"].props.note, "the refusal in words")
                play(kiosk.terminal, fault, is_on=False)
                await looked_at(kiosk.terminal, fault)
                await kiosk.until(lambda: kiosk.face.frame.props.isWayOnOn, "the card works again")
                kiosk.face.go_on()
            elif "can_print_tickets" in fault.off:
                await kiosk.page("delivery")
                await kiosk.until(lambda: "money is safe" in kiosk.face.models["delivery"].props.question, fault.name)
                play(kiosk.terminal, fault, is_on=False)
                await looked_at(kiosk.terminal, fault)
            await kiosk.until(lambda: kiosk.face.desk.sale.stage is Stage.DONE, f"tickets after {fault.name}")
            ended = kiosk.face.desk.sale
            assert ended.id == sale.id
            assert {each.state for each in ended.tickets} == {DocumentState.PRINTED}
            await kiosk.touch("Done")
            await kiosk.page("attract")
            await shows(kiosk, fault, is_on=False)
            await asyncio.sleep(0)

    visit(story, settings=one_of_each())


@pytest.mark.parametrize("size", [{"width": 1080, "height": 1920}, {"width": 1920, "height": 1080}])
def test_a_shut_till_is_said_before_the_first_touch_and_on_the_way(visit, size):
    async def story(kiosk):
        lie = "" if size["height"] > size["width"] else "-lying"
        jam = next(each for each in NAMED_FAULTS if each.name == "printer.jam")
        await shows(kiosk, jam, is_on=True)
        await page_rules.judge(kiosk, f"60-attract-shut{lie}")
        await shows(kiosk, jam, is_on=False)
        both = [each for each in NAMED_FAULTS if each.name in {"cash.no_change", "card_reader.unplugged"}]
        for fault in both:
            play(kiosk.terminal, fault, is_on=True)
        off = both[0].off | both[1].off
        await kiosk.until(lambda: told(kiosk) == expected(off), "no change, and pick-up by code alone")
        await page_rules.judge(kiosk, f"61-attract-no-change{lie}")
        for fault in NAMED_FAULTS:
            play(kiosk.terminal, fault, is_on=False)
        await to_page(kiosk, "basket")
        await shows(kiosk, jam, is_on=True)
        await page_rules.judge(kiosk, f"62-basket-shut{lie}")
        await kiosk.until(lambda: not kiosk.face.frame.props.isWayOnOn, "no way on")

    visit(story, settings=one_of_each(), **size)
