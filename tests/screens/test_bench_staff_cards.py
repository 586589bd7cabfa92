"""Staff cards at the bench: enrolled by a name and the tap, revoked by a key; in every language, and journalled."""

import asyncio
from typing import Any

import pytest
from PySide6.QtCore import Qt

from hardware.card_reader import ApduResponse, EmulatedStaffCard, SimulatedCard, card_key
from kiosk.application import sealed_file
from kiosk.application.settings import Settings, TerminalSettings
from kiosk.application.staff_cards import StaffCard
from kiosk.shells import technician

MASTER = bytes(range(16))
UID = bytes.fromhex("04A1B2C3D4E5F6")
SPOKEN = [("en", (1920, 1080)), ("de", (1366, 768)), ("ar", (1366, 768)), ("zh", (1920, 1080))]


class Answering(dict):
    """The answers of a card that thinks: the emulator's, one APDU at a time."""

    def __init__(self, card):
        super().__init__()
        self.card = card

    def get(self, apdu, default=None):
        del default
        raw = self.card.answer(apdu)
        return ApduResponse(raw[:-2], int.from_bytes(raw[-2:]))


def staff_card(uid: bytes = UID, master: bytes = MASTER) -> SimulatedCard:
    return SimulatedCard(uid.hex(), answers=Answering(EmulatedStaffCard(uid=uid, key=card_key(master, uid))))


def bench_of(terminal: Any, **more: Any) -> Any:
    return technician.open_technician(terminal, technician="Anna", **more)


async def named(desk: Any, name: str) -> None:
    """Go to the page and give a name; the card is what is waited for then."""
    cards = desk.face.cards
    await desk.press(Qt.Key.Key_E, "e")
    await desk.until(lambda: cards.step == "name", "whose card it is")
    for letter in name:
        await desk.press(Qt.Key(ord(letter.upper())), letter)
    await desk.until(lambda: cards.typed == name, "the name")
    await desk.press(Qt.Key.Key_Return)


@pytest.mark.parametrize(("tag", "size"), SPOKEN)
def test_a_card_is_enrolled_by_a_name_and_the_tap_and_revoked_by_a_key(sit, noted, tag, size) -> None:
    async def story(desk: Any) -> None:
        terminal, cards = desk.terminal, desk.face.cards
        terminal.staff_cards.keep_master(MASTER)
        otto = bytes.fromhex("04000000000001")
        terminal.staff_cards.add(StaffCard("Otto", otto.hex().upper(), card_key(MASTER, otto), terminal.clock.now()))
        reader, beneath = terminal.devices.readers[0], []
        terminal.inputs.subscribe(beneath.append)
        await desk.press(Qt.Key.Key_S, "s")
        await desk.until(lambda: len(cards.rows.rows) == 1, "the cards")
        await named(desk, "otto")
        await desk.until(lambda: cards.mood == "warn", "that the name is taken")
        desk.judge(f"bench-card-name-{tag}")
        await desk.press(Qt.Key.Key_Escape)
        await named(desk, "Ben")
        await desk.until(lambda: cards.step == "tap", "the card is asked for")
        for wrong in (SimulatedCard("04A1B2C3"), staff_card(master=bytes(16)), SimulatedCard("", is_payment_card=True)):
            told = []
            cards.changed.connect(lambda told=told: told.append(cards.note))
            reader.insert(wrong)
            await desk.until(lambda told=told: told and told[-1] and not cards.isBusy, "the refusal")
            reader.remove()
            assert cards.step == "tap", "another one may be held"
        reader.insert(staff_card(otto))
        await desk.until(lambda: "Otto" in cards.note, "that it is Otto's card")
        reader.remove()
        assert [each.name for each in terminal.staff_cards.all()] == ["Otto"], "no card changes hands by the way"
        desk.judge(f"bench-card-tap-{tag}")
        reader.insert(staff_card())
        await desk.until(lambda: cards.step == "list" and cards.mood == "ok", "the card is enrolled")
        reader.remove()
        assert [row.name for row in cards.rows.rows] == ["Otto", "Ben"]
        assert terminal.staff_cards.of_uid(UID.hex().upper()).key == card_key(MASTER, UID)
        desk.judge(f"bench-cards-{tag}")
        await desk.press(Qt.Key.Key_Down)
        await desk.press(Qt.Key.Key_X, "x")
        await desk.until(lambda: cards.step == "sure", "whether it is meant")
        assert "Ben" in cards.lead
        desk.judge(f"bench-card-sure-{tag}")
        await desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: cards.step == "list" and not cards.isBusy, "the card is removed")
        assert [row.name for row in cards.rows.rows] == ["Otto"]
        assert terminal.staff_cards.of_uid(UID.hex().upper()) is None
        await desk.press(Qt.Key.Key_Escape)
        await desk.until(lambda: not cards.isShown, "the bench")
        assert beneath == [], "no page beneath saw a card"

    sit(bench_of, story, size, Settings(terminal=TerminalSettings(staff_language=tag)))
    facts = {"name": "Ben", "card": UID.hex().upper()}
    assert [each for each in noted if "card" in each[0]] == [
        ("service:card_added", "technician:Anna", facts), ("service:card_removed", "technician:Anna", facts),
    ]  # fmt: skip
    assert MASTER.hex() not in str(noted)


def test_without_the_operators_key_the_way_to_give_it_is_told_and_cards_can_still_be_revoked(sit, noted) -> None:
    async def story(desk: Any) -> None:
        terminal, cards = desk.terminal, desk.face.cards
        terminal.staff_cards.add(StaffCard("Otto", "04000000000001", bytes(16), terminal.clock.now()))
        await desk.press(Qt.Key.Key_S, "s")
        await desk.until(lambda: cards.rows.rows, "the cards")
        await desk.press(Qt.Key.Key_E, "e")
        await desk.until(lambda: "guichet service card key" in cards.note, "the way")
        assert cards.step == "list"
        desk.judge("bench-cards-no-key")
        cards.remove()
        cards.leave()
        assert cards.step == "list"
        assert terminal.staff_cards.all(), "asked, and left as it is"
        cards.remove()
        cards.goOn()
        await desk.until(lambda: not cards.rows.rows and not cards.isBusy, "nobody")

    sit(bench_of, story)
    assert [kind for kind, _, _ in noted] == ["service:card_removed"]


def test_a_disk_that_takes_nothing_and_a_seal_that_is_broken_are_told(sit, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space")

    async def story(desk: Any) -> None:
        terminal, cards = desk.terminal, desk.face.cards
        terminal.staff_cards.add(StaffCard("Otto", "04000000000001", bytes(16), terminal.clock.now()))
        cards.look()
        await desk.until(lambda: cards.rows.rows, "the cards")
        with monkeypatch.context() as disk:
            disk.setattr(sealed_file, "write_private", full)
            cards.remove()
            cards.goOn()
            await desk.until(lambda: "does not keep it" in cards.note and not cards.isBusy, "the refusal")
        assert [row.name for row in cards.rows.rows] == ["Otto"]
        (terminal.data_dir / "service" / "cards.key").write_bytes(bytes(32))
        cards.leave()
        cards.look()
        await desk.until(lambda: "cards.sealed" in cards.note, "the broken seal")
        desk.judge("bench-cards-broken")

    sit(bench_of, story)


def test_an_enrolment_under_way_when_the_bench_closes_is_done_and_journalled(visit, noted, monkeypatch) -> None:
    async def story(kiosk: Any) -> None:
        terminal, begun, go_on = kiosk.terminal, asyncio.Event(), asyncio.Event()
        terminal.staff_cards.keep_master(MASTER)
        bench = technician.open_technician(terminal, width=1920, height=1080, technician="Anna")
        cards, note = bench.face.cards, terminal.acts.note
        cards.look()
        await kiosk.until(lambda: cards._key, "the key")

        async def slow(*told: Any) -> None:
            begun.set()
            await go_on.wait()
            await note(*told)

        monkeypatch.setattr(terminal.acts, "note", slow)
        cards.enrol()
        for letter in "ZOË-ANN":
            cards.touch(letter)
        assert cards.typed == "Zoë-Ann"
        cards.goOn()
        terminal.devices.readers[0].insert(staff_card())
        await kiosk.until(begun.is_set, "the enrolment")
        bench.close()
        go_on.set()
        await kiosk.until(terminal.staff_cards.all, "the card on the disk")
        assert noted[0][1:] == ("technician:Anna", {"name": "Zoë-Ann", "card": UID.hex().upper()})

    visit(story)
