"""A technician signs in at the running kiosk: by chord or long touch, by keys or fingers; wrong codes lock it."""

import asyncio
import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
import shiboken6
from msgspec import structs
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

from hardware.card_reader import ApduResponse, CardContents, EmulatedStaffCard, SimulatedCard
from kiosk.application import service_access
from kiosk.application.inputs import CardRead
from kiosk.application.service_access import CODE_DIGITS, FREE_TRIES, Tried
from kiosk.application.settings import Settings
from kiosk.application.staff_cards import CardTried, StaffCard
from kiosk.bootstrap.faces import _bench_opener
from kiosk.shells.self_service import service_view_model
from offline_store import Store

SPEC = spec_from_file_location("page_rules", Path(__file__).with_name("page_rules.py"))
page_rules = module_from_spec(SPEC)
SPEC.loader.exec_module(page_rules)


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    monkeypatch.setitem(service_access.SCRYPT, "n", 16)


@pytest.fixture
def noted(monkeypatch):
    """Collect what is journalled as an act."""
    acts = []
    append = Store.append

    async def watched(self, rows, *more, **named):
        acts.extend((row.kind, row.actor, json.loads(row.payload)) for row in rows if row.kind.startswith("service:"))
        return await append(self, rows, *more, **named)

    monkeypatch.setattr(Store, "append", watched)
    return acts


async def chord(kiosk):
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QCoreApplication.postEvent(kiosk.shell.window, QKeyEvent(kind, Qt.Key.Key_S, both))
    await kiosk.page("service")


async def type_code(kiosk, code):
    for digit in code:
        await kiosk.press(Qt.Key(ord(digit)), digit)
    await kiosk.until(lambda: kiosk.face.frame.props.isWayOnOn, "eight digits")


def other(code):
    return f"{(int(code) + 1) % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def test_the_right_code_opens_the_bench_and_a_sale_goes_on_beneath_it(visit, noted):
    async def story(kiosk):
        code = kiosk.terminal.access.make()
        benches = _bench_opener(kiosk.terminal, kiosk.shell)
        await kiosk.touch("Touch to begin")
        await kiosk.page("home")
        kiosk.face.models["home"].choosePlace(0)
        await kiosk.page("departures")
        await chord(kiosk)
        await page_rules.judge(kiosk, "70-service")
        await type_code(kiosk, code)
        assert code not in str(kiosk.look())
        await kiosk.enter_on("Open")
        await kiosk.until(lambda: benches, "the bench")
        assert noted == [("service:signed_in", "technician:code", {})]
        await kiosk.page("departures")
        await chord(kiosk)
        for digit in code:  # the keys go to the bench now
            kiosk.face.models["service"].type(digit)
        kiosk.face.go_on()
        await kiosk.until(lambda: len(noted) == 2, "signed in once more")
        await kiosk.page("departures")  # it is noted first, and then shown
        assert len(benches) == 1, "there is one bench"
        timer = benches[0].face._timer
        assert timer.isActive()
        benches[0].window.close()
        await kiosk.until(lambda: not benches, "the bench is closed")
        await kiosk.until(lambda: not shiboken6.isValid(timer), "and its clock stands")
        await kiosk.page("departures")

    visit(story)


def test_wrong_codes_are_told_locked_and_journalled_and_the_kiosk_goes_on(visit, noted):
    async def story(kiosk):
        code = kiosk.terminal.access.make()
        model = kiosk.face.models["service"]
        await chord(kiosk)
        for left in (*range(FREE_TRIES - 1, -1, -1), None):
            await type_code(kiosk, other(code))
            kiosk.face.go_on()
            await kiosk.until(lambda: model.props.note and not model.props.isJudging, "the answer")
            assert ("Tries left" in model.props.note) == (left is not None)
        await page_rules.judge(kiosk, "71-service-locked")
        await type_code(kiosk, code)
        kiosk.face.go_on()
        await kiosk.until(lambda: len(noted) == FREE_TRIES + 2, "the locked try")
        assert {kind for kind, _, _ in noted} == {"service:sign_in_refused"}
        assert [facts["is_locked"] for _, _, facts in noted] == [False] * FREE_TRIES + [True] * 2
        kiosk.face.back()
        await kiosk.page("attract")

    visit(story)


def test_without_a_code_nobody_gets_in_and_the_way_to_make_one_is_told(visit):
    async def story(kiosk):
        model = kiosk.face.models["service"]
        kiosk.face.models["attract"].askService()
        await kiosk.page("service")
        for char in "12x3-4\x00٥5678":
            model.type(char)
        await kiosk.until(lambda: kiosk.face.frame.props.isWayOnOn, "eight digits")
        model.erase()
        assert not kiosk.face.frame.props.isWayOnOn
        model.type("9")
        kiosk.face.go_on()
        await kiosk.until(lambda: "guichet service code" in model.props.note, "the way to make one")
        await page_rules.judge(kiosk, "72-service-no-code")
        await asyncio.sleep(0)

    visit(story, settings=Settings(), width=1920, height=1080)


def test_a_long_touch_on_the_mark_asks_for_the_code(visit):
    async def story(kiosk):
        await kiosk.touch("Touch to begin")
        await kiosk.page("home")
        kiosk.face.frame.askService()
        await kiosk.page("service")

    visit(story)


def test_the_bench_speaks_to_staff_and_the_page_beneath_to_its_traveller_again(visit):
    def spoken(shell):
        return shell.evaluate('qsTr("Read aloud")'), QGuiApplication.layoutDirection()

    async def story(kiosk):
        speech = kiosk.shell.speech
        speech.choose("ar")
        arabic = spoken(kiosk.shell)
        assert arabic[1] is Qt.LayoutDirection.RightToLeft
        benches = _bench_opener(kiosk.terminal, kiosk.shell)
        kiosk.face.serviceOpened.emit("Anna")
        await kiosk.until(lambda: benches, "the bench")
        assert benches[0].face.headline == "Alles läuft"
        assert spoken(benches[0]) == ("Vorlesen", Qt.LayoutDirection.LeftToRight)
        speech.choose("zh")
        speech.choose("ar")
        assert spoken(benches[0]) == ("Vorlesen", Qt.LayoutDirection.LeftToRight)
        benches[0].window.close()
        await kiosk.until(lambda: speech.is_heard, "the bench's end")
        assert spoken(kiosk.shell) == arabic
        await page_rules.judge(kiosk, "75-after-the-bench")

    visit(story, settings=staffed("de"))


def test_the_page_for_staff_speaks_their_language_and_the_page_beneath_its_travellers_again(visit):
    def spoken(kiosk):
        words = next(each["name"] for each in kiosk.look() if each["kind"] == "words" and len(each["name"]) > 30)
        return words, kiosk.shell.evaluate('qsTr("Contrast")'), QGuiApplication.layoutDirection()

    async def story(kiosk):
        face, speech = kiosk.face, kiosk.shell.speech
        await kiosk.touch("Touch to begin")
        await kiosk.page("home")
        face.speak("ar")
        face.models["home"].choosePlace(0)
        await kiosk.page("departures")
        german = ("Geben Sie den Servicecode dieses Automaten ein.", "Kontrast", Qt.LayoutDirection.LeftToRight)
        await chord(kiosk)
        assert spoken(kiosk) == german
        assert face.frame.props.line == "Für Personal"
        kiosk.picture("76-service-of-a-german-staff")
        face.go("languages")
        await kiosk.page("languages")
        assert speech.tag == "ar", "only the page for staff is the staff's"
        face.back()
        await chord(kiosk)
        assert spoken(kiosk) == german
        face.back()
        await kiosk.page("departures")
        assert speech.tag == "ar"
        assert QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
        await chord(kiosk)
        face.wipe()
        await kiosk.page("attract")
        assert speech.tag == "en", "the next traveller begins in the first language"

    visit(story, settings=staffed("de"))


def staffed(tag):
    return structs.replace(Settings(), terminal=structs.replace(Settings().terminal, staff_language=tag))


class Answering(dict):
    """The answers of a card that thinks: the emulator's, one APDU at a time."""

    def __init__(self, card):
        super().__init__()
        self.card = card

    def get(self, apdu, default=None):
        del default
        raw = self.card.answer(apdu)
        return ApduResponse(raw[:-2], int.from_bytes(raw[-2:]))


def test_a_staff_card_opens_the_bench_under_its_name_and_a_strange_one_does_not(visit, noted):
    uid, key = bytes.fromhex("04A1B2C3D4E5F6"), bytes(range(16))
    right, wrong = (
        SimulatedCard(uid.hex(), answers=Answering(EmulatedStaffCard(uid=uid, key=each))) for each in (key, bytes(16))
    )

    async def story(kiosk):
        terminal, model = kiosk.terminal, kiosk.face.models["service"]
        terminal.staff_cards.add(StaffCard("Anna Weber", uid.hex().upper(), key, kiosk.terminal.clock.now()))
        reader = terminal.devices.readers[0]
        benches = _bench_opener(terminal, kiosk.shell)
        await chord(kiosk)
        await kiosk.until(lambda: "staff card" in model.props.lead, "the second way in")
        await page_rules.judge(kiosk, "73-service-card")
        reader.insert(wrong)
        await kiosk.until(lambda: "That card does not open" in model.props.note, "the refusal")
        await page_rules.judge(kiosk, "74-service-card-refused")
        terminal.devices.scanners[0].inject(b"TICKET-1")
        assert kiosk.face.page == "service", "a code read here goes nowhere"
        reader.insert(right)
        await kiosk.until(lambda: benches, "the bench")
        assert benches[0].face.actor == "technician:Anna Weber"
        kinds = [(kind, actor) for kind, actor, _ in noted]
        assert kinds == [("service:sign_in_refused", "unknown"), ("service:signed_in", "technician:Anna Weber")]
        await kiosk.page("attract")
        timer = benches[0].face._timer
        benches[0].window.close()
        await kiosk.until(lambda: not shiboken6.isValid(timer), "the bench is closed, and its clock stands")

    visit(story)


def test_who_leaves_the_page_while_a_card_is_judged_loses_no_step_beneath_it(visit, monkeypatch):
    async def story(kiosk):
        judged = asyncio.Event()

        async def slow(*_):
            await judged.wait()
            return CardTried(Tried(is_admitted=True), "Anna")

        monkeypatch.setattr(service_view_model, "try_card", slow)
        await kiosk.touch("Touch to begin")
        await kiosk.page("home")
        kiosk.face.models["home"].choosePlace(0)
        await kiosk.page("departures")
        await chord(kiosk)
        model, opened = kiosk.face.models["service"], []
        kiosk.face.serviceOpened.connect(opened.append)
        model.take(CardRead(CardContents(1, "04A1B2C3D4E5F6"), "card-reader"))
        assert model.props.isJudging
        kiosk.face.back()
        assert kiosk.face.page == "departures"
        judged.set()
        await kiosk.until(lambda: opened, "the bench is opened all the same")
        assert kiosk.face.page == "departures"

    visit(story)
