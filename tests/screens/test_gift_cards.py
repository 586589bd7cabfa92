"""Paying by gift card at the kiosk: typed, scanned or tapped; judged in every language and look, upright and lying."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from hardware.card_reader import SimulatedCard
from kiosk.application.inputs import CodeRead
from kiosk.application.interfaces import EventChoice, MediumKind
from kiosk.bootstrap import open_link
from kiosk.domain.catalogue import RiderCount
from kiosk.domain.money import Money
from kiosk.domain.sale.sale import Stage
from kiosk.platforms.embedded import LinkMode
from kiosk.shells import box_office

SPEC = spec_from_file_location("page_rules", Path(__file__).with_name("page_rules.py"))
page_rules = module_from_spec(SPEC)
SPEC.loader.exec_module(page_rules)

UPRIGHT, LYING = {"width": 1080, "height": 1920}, {"width": 1920, "height": 1080}


async def judge(kiosk, name):
    lie = "" if kiosk.shell.window.height() > kiosk.shell.window.width() else "-lying"
    await page_rules.judge(kiosk, f"{name}{lie}")


def issue(kiosk, minor, chip=""):
    platform = kiosk.terminal.platform._platform
    code = platform.gift_cards.issue(Money(minor, "EUR"))
    if chip:
        platform.media.link(MediumKind.CHIP, chip, kiosk.terminal.clock.now(), card=code)
    return code


@pytest.mark.parametrize("size", [UPRIGHT, LYING], ids=["upright", "lying"])
def test_a_gift_card_pays_a_part_and_a_tapped_one_the_rest(visit, size):
    async def story(kiosk):
        await kiosk.to_payment()
        await judge(kiosk, "60-ways-to-pay")
        code, model = issue(kiosk, 100), kiosk.face.models["gift_card"]
        issue(kiosk, 9900, "04A1B2C3D4E5F6")
        await kiosk.touch("Gift card")
        await kiosk.page("gift_card")
        for large in (True, False):
            kiosk.shell.theme(isLarge=large)
            kiosk.shell.window.grabWindow()
            boxes = {each["name"]: each["box"] for each in kiosk.look() if each["kind"] == "touch"}
            assert boxes["M"][1] + boxes["M"][3] < boxes["Back"][1], "the last row of keys lies under the sill"
        for letter in "QXQX":
            await kiosk.touch(letter)
        await kiosk.way_on()
        await kiosk.until(lambda: model.props.note, "a refusal")
        assert "no gift card we know" in model.props.note
        await judge(kiosk, "61-gift-card-unknown")
        kiosk.terminal.inputs.tell(CodeRead(code))
        await kiosk.until(lambda: model.props.holds, "what it holds")
        assert model.props.remainder
        await judge(kiosk, "62-gift-card-part")
        await kiosk.way_on()
        await kiosk.page("payment")
        await kiosk.until(lambda: kiosk.face.desk.sale.paid == Money(100, "EUR"), "the part")
        await judge(kiosk, "63-part-paid")
        kiosk.terminal.devices.readers[0].insert(SimulatedCard("04A1B2C3D4E5F6"))
        await kiosk.page("gift_card")
        await kiosk.until(lambda: model.props.holds, "the tapped card")
        assert not model.props.remainder
        kiosk.face.back()
        await kiosk.until(lambda: not model.props.holds, "another card")
        kiosk.terminal.devices.readers[0].remove()
        kiosk.terminal.devices.readers[0].insert(SimulatedCard("04A1B2C3D4E5F6"))
        await kiosk.until(lambda: model.props.holds, "the tapped card")
        await kiosk.way_on()
        await kiosk.page("delivery")
        await kiosk.until(lambda: kiosk.face.desk.sale.stage is Stage.DONE, "the paper")
        assert len(kiosk.face.desk.sale.gift_cards) == 2

    visit(story, **size)


def test_without_the_network_no_gift_card_is_taken_and_going_back_loses_nothing(visit):
    async def story(kiosk):
        await kiosk.to_payment()
        code, model = issue(kiosk, 9900), kiosk.face.models["gift_card"]
        await kiosk.touch("Gift card")
        await kiosk.page("gift_card")
        open_link(kiosk.terminal.settings, kiosk.terminal.data_dir).set(LinkMode.DOWN)
        kiosk.terminal.inputs.tell(CodeRead(code))
        await kiosk.until(lambda: model.props.note, "a refusal")
        assert "network is away" in model.props.note
        kiosk.face.back()
        await kiosk.page("payment")
        await kiosk.until(lambda: not kiosk.terminal.supervision.capabilities.is_platform_reachable, "the link")
        await kiosk.until(lambda: kiosk.face.models["payment"].props.isGiftCardOff, "the tile")
        kiosk.face.back()
        await kiosk.page("basket")
        assert not kiosk.face.desk.sale.tenders

    visit(story)


def test_a_clerk_takes_a_gift_card_by_scan_and_by_tap_and_the_rest_in_cash(sit):
    async def story(desk):
        what, when = desk.face.what, desk.face.when
        await desk.until(lambda: what.origin_place is not None and what.list_hits(), "the place we stand at")
        await desk.type("lanshan")
        await desk.until(lambda: what.list_hits() and "lanshan" in what.list_hits()[0].name.lower(), "hits")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(when.list_offers, "tickets")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.face.pay.props.canCash, "something to pay")
        terminal = desk.terminal
        code = terminal.platform._platform.gift_cards.issue(Money(100, "EUR"))
        chip = terminal.platform._platform.gift_cards.issue(Money(100, "EUR"))
        terminal.platform._platform.media.link(MediumKind.CHIP, "04A1B2C3", terminal.clock.now(), card=chip)
        aged = terminal.platform._platform.gift_cards.issue(Money(100, "EUR"), expires=terminal.clock.now())
        terminal.inputs.tell(CodeRead(aged))
        await desk.until(lambda: "has expired" in desk.face.what.shown_problem, "a refusal")
        terminal.inputs.tell(CodeRead(code))
        await desk.until(lambda: desk.face.pay.sale.paid == Money(100, "EUR"), "the scanned card")
        terminal.devices.readers[0].insert(SimulatedCard("04A1B2C3"))
        await desk.until(lambda: desk.face.pay.sale.paid == Money(200, "EUR"), "the tapped card")
        terminal.devices.readers[0].remove()
        terminal.devices.readers[0].insert(SimulatedCard("04FFFFFF"))
        await desk.until(lambda: "no gift card on that card" in desk.face.what.shown_problem, "a refusal")
        assert desk.face.pay.sale.paid == Money(200, "EUR")
        assert "2.00 paid by gift card" in desk.face.pay.props.message
        desk.judge("counter-gift-card")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.face.pay.sale.stage is Stage.DONE, "the paper")
        assert [each.kind for each in desk.face.pay.sale.tenders] == ["gift_card", "gift_card", "cash"]

    sit(box_office.open_window, story)


def test_a_clerk_hands_out_what_is_on_a_chip_and_says_what_a_gift_card_holds(sit):
    async def story(desk):
        terminal = desk.terminal
        embedded, now = terminal.platform._platform, terminal.clock.now()
        event = next(each for each in await terminal.platform.events(on=None, limit=9) if each.id == "museum-day")
        (slot, *_) = await terminal.platform.slots(event.id, on=event.next_starts.date())
        choice = EventChoice(slot.id, (RiderCount("adult", 2),))
        order = embedded.book_as_other_channel((await terminal.platform.event_offer(choice, timeout_s=5),))
        parts = [(order.code, each.part_id) for each in order.parts]
        embedded.media.link(MediumKind.CHIP, "04A1B2C3", now, parts=parts)
        embedded.media.link(MediumKind.CHIP, "04AAAA", now, card=embedded.gift_cards.issue(Money(2500, "EUR")))
        embedded.media.link(MediumKind.CHIP, "04BBBB", now, is_active=False)
        reader, what = terminal.devices.readers[0], desk.face.what
        for chip, said in (("04AAAA", "It holds €25.00"), ("04BBBB", "is blocked"), ("04CCCC", "Nobody has put")):
            reader.insert(SimulatedCard(chip))
            await desk.until(lambda said=said: said in what.shown_problem, said)
            reader.remove()
        reader.insert(SimulatedCard("04A1B2C3"))
        await desk.until(lambda: desk.face.pay.sale and desk.face.pay.sale.stage is Stage.DONE, "the paper")
        assert len(desk.face.pay.sale.tickets) == 2

    sit(box_office.open_window, story)
