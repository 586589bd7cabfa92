"""Staff cards: sealed at rest, known by their key and not by their number, counted to the lock-out of the code."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hardware.card_reader import (
    ApduResponse,
    CardReaderSimulator,
    EmulatedStaffCard,
    SimulatedCard,
    card_key,
)
from kiosk.__main__ import main
from kiosk.application import sealed_file, service_access, staff_cards
from kiosk.application.control import NotDone
from kiosk.application.questions import ANSWERS
from kiosk.application.sealed_file import SealBrokenError
from kiosk.application.service import Acts
from kiosk.application.service_access import FREE_TRIES
from kiosk.application.settings_file import load
from kiosk.application.staff_cards import CARDS_MAX, CardTried, StaffCard, StaffCards, try_card
from kiosk.application.terminal import Terminal
from kiosk.bootstrap import Start, open_store, open_terminal
from offline_store import OutOfSpace

MASTER = b"0123456789abcdef"
UID = bytes.fromhex("04A1B2C3D4E5F6")
ADDED = datetime(2026, 11, 28, tzinfo=UTC)


class Answering(dict[bytes, ApduResponse]):
    """The answers of a card that thinks: the emulator's, one APDU at a time."""

    def __init__(self, card: EmulatedStaffCard) -> None:
        self._card = card

    def get(self, apdu: bytes, default: Any = None) -> Any:
        del default
        raw = self._card.answer(apdu)
        return ApduResponse(raw[:-2], int.from_bytes(raw[-2:]))


def staff_card(uid: bytes = UID, key: bytes | None = None, *, is_parrot: bool = False) -> SimulatedCard:
    own = card_key(MASTER, uid) if key is None else key
    emulated = EmulatedStaffCard(uid=uid, key=own, is_parrot=is_parrot, proofs=[bytes(16)] if is_parrot else [])
    answers: Mapping[bytes, ApduResponse] = Answering(emulated)
    return SimulatedCard(uid.hex(), answers=answers)


def at_terminal(data: Path, story: Callable[[Terminal], Awaitable[None]]) -> None:
    async def opened() -> None:
        async with open_terminal(Start(load(None, data), data)) as terminal, asyncio.timeout(60):
            await story(terminal)

    asyncio.run(opened())


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(service_access.SCRYPT, "n", 16)


def acts_of(data: Path) -> list[tuple[str, str, dict[str, Any]]]:
    async def read() -> list[tuple[str, str, dict[str, Any]]]:
        async with open_store(Start(load(None, data), data)) as store:
            rows = await store.read_journal(0, 1000)
            return [(each.kind, each.actor, json.loads(each.payload)) for each in rows if each.sale_id == "service"]

    return asyncio.run(read())


async def enrol(terminal: Terminal, name: str, card: SimulatedCard, **more: object) -> Any:
    reader = terminal.devices.readers[0]
    assert isinstance(reader, CardReaderSimulator)
    asking = asyncio.create_task(ANSWERS["service.card.add"](terminal, {"name": name, "key": MASTER.hex(), **more}))
    await asyncio.sleep(0)
    reader.insert(card)
    try:
        return await asking
    finally:
        reader.remove()


async def hold(terminal: Terminal, card: SimulatedCard) -> CardTried:
    reader = terminal.devices.readers[0]
    assert isinstance(reader, CardReaderSimulator)
    read: asyncio.Queue[Any] = asyncio.Queue()
    end = terminal.inputs.subscribe(read.put_nowait)
    reader.insert(card)
    tried = await try_card(
        terminal.staff_cards, terminal.access, terminal.acts, terminal.devices.readers, await read.get()
    )
    end()
    reader.remove()
    return tried


def test_cards_are_sealed_at_rest_and_outlive_a_restart(tmp_path: Path) -> None:
    cards = StaffCards(tmp_path)
    assert cards.all() == ()
    anna = StaffCard("Anna Weber", UID.hex().upper(), card_key(MASTER, UID), ADDED)
    cards.add(anna)
    sealed = (tmp_path / "cards.sealed").read_bytes()
    assert b"Anna" not in sealed
    assert anna.key not in sealed
    assert (tmp_path / "cards.sealed").stat().st_mode & 0o077 == 0
    assert "key" not in repr(anna)
    assert StaffCards(tmp_path).all() == (anna,)
    assert StaffCards(tmp_path).of_uid(anna.uid) == anna
    (tmp_path / "cards.key").write_bytes(bytes(32))
    assert StaffCards(tmp_path).of_uid(anna.uid) is None, "cards that cannot be opened open nothing"
    with pytest.raises(SealBrokenError):
        StaffCards(tmp_path).all()
    with pytest.raises(SealBrokenError):
        StaffCards(tmp_path).add(anna)


def test_names_are_somebodys_and_there_is_an_end_to_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = StaffCards(tmp_path)
    cards.add(StaffCard(" Anna ", "04A1B2C3D4E5F6", bytes(16), ADDED))
    assert cards.all()[0].name == "Anna"
    for name in ("", "  ", "x" * 41, "a\nb", "code", "Code", "command-line"):
        with pytest.raises(ValueError, match="letters"):
            cards.add(StaffCard(name, "04000000000001", bytes(16), ADDED))
    with pytest.raises(ValueError, match="Another card"):
        cards.add(StaffCard("anna", "04000000000001", bytes(16), ADDED))
    cards.add(StaffCard("Anna B", "04A1B2C3D4E5F6", bytes(16), ADDED))
    assert [each.name for each in cards.all()] == ["Anna B"], "a card enrolled again has one name"
    monkeypatch.setattr(staff_cards, "CARDS_MAX", 1)
    with pytest.raises(ValueError, match="at most"):
        cards.add(StaffCard("Ben", "04000000000001", bytes(16), ADDED))
    assert CARDS_MAX > 1
    assert cards.remove("nobody") is None
    gone = cards.remove("ANNA b")
    assert gone is not None
    assert cards.all() == ()


def test_a_card_that_knows_its_key_opens_and_its_name_is_journalled(tmp_path: Path) -> None:
    async def story(terminal: Terminal) -> None:
        with pytest.raises(NotDone, match="does not know that key"):
            await enrol(terminal, "Anna", staff_card(key=bytes(16)))
        with pytest.raises(NotDone, match="32 hexadecimal"):
            await ANSWERS["service.card.add"](terminal, {"name": "Anna", "key": "12"})
        with pytest.raises(NotDone, match="no staff card"):
            await enrol(terminal, "Anna", SimulatedCard("04A1B2C3"))
        assert (await enrol(terminal, "Anna", staff_card()))["card"] == UID.hex().upper()
        with pytest.raises(NotDone, match="Another card"):
            await enrol(terminal, "Anna", staff_card(bytes.fromhex("04010203040506")))
        own = bytes.fromhex("04FFFFFFFFFFFF")
        await enrol(terminal, "Ben", staff_card(own, MASTER), is_own=True)
        listed = (await ANSWERS["service.card.list"](terminal, {}))["cards"]
        assert [each["name"] for each in listed] == ["Anna", "Ben"]
        assert (await hold(terminal, staff_card())).name == "Anna"
        assert (await hold(terminal, staff_card(own, MASTER))).name == "Ben"
        await ANSWERS["service.card.remove"](terminal, {"name": "anna"})
        assert not (await hold(terminal, staff_card())).tried.is_admitted
        with pytest.raises(NotDone, match="card list"):
            await ANSWERS["service.card.remove"](terminal, {"name": "anna"})

    at_terminal(tmp_path, story)
    acts = acts_of(tmp_path)
    assert ("service:signed_in", "technician:Anna", {"by": "card", "card": UID.hex().upper()}) in acts
    assert [kind for kind, _, _ in acts].count("service:card_added") == 2
    assert MASTER.hex() not in str(acts)


def test_a_master_key_is_kept_sealed_where_the_operator_gives_it_and_forgotten_again(tmp_path: Path) -> None:
    folder = tmp_path / "service"

    async def story(terminal: Terminal) -> None:
        cards = terminal.staff_cards
        assert cards.master() is None
        with pytest.raises(NotDone, match="32 hexadecimal"):
            await ANSWERS["service.card.key"](terminal, {"key": "12"})
        await ANSWERS["service.card.key"](terminal, {"key": MASTER.hex()})
        assert cards.master() == MASTER
        assert MASTER not in (folder / "enrol.sealed").read_bytes()
        assert (folder / "enrol.sealed").stat().st_mode & 0o077 == 0
        await enrol(terminal, "Anna", staff_card())
        (folder / "enrol.key").write_bytes(bytes(32))
        assert cards.master() is None, "a seal that cannot be opened is no key"
        await ANSWERS["service.card.forget-key"](terminal, {})
        assert not (folder / "enrol.sealed").exists()
        assert [each.name for each in cards.all()] == ["Anna"], "the cards stay"

    at_terminal(tmp_path, story)
    acts = acts_of(tmp_path)
    assert [kind for kind, _, _ in acts if "key" in kind] == [
        "service:enrolment_key_kept", "service:enrolment_key_forgotten",
    ]  # fmt: skip
    assert MASTER.hex() not in str(acts)


def test_the_key_is_given_and_forgotten_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, file = tmp_path / "data", tmp_path / "master.hex"
    file.write_text(f"{MASTER.hex()}\n", encoding="ascii")
    named = ("--data", str(data))
    assert main(("service", "card", "key", *named)) == 3
    assert "card key --key-file FILE" in capsys.readouterr().err
    assert main(("service", "card", "key", "--key-file", str(tmp_path / "none"), *named)) == 3
    assert "cannot be read" in capsys.readouterr().err
    assert main(("service", "card", "burn", *named)) == 3
    assert "forget-key" in capsys.readouterr().err
    assert main(("service", "card", "key", "--key-file", str(file), *named)) == 0
    assert StaffCards(data / "service").master() == MASTER
    assert main(("service", "card", "forget-key", *named)) == 0
    assert StaffCards(data / "service").master() is None
    assert MASTER.hex() not in capsys.readouterr().out


def test_a_disk_that_takes_nothing_enrols_and_revokes_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space")

    async def story(terminal: Terminal) -> None:
        await enrol(terminal, "Anna", staff_card())
        with monkeypatch.context() as disk:
            disk.setattr(sealed_file, "write_private", full)
            for act, more in (("key", {"key": MASTER.hex()}), ("remove", {"name": "Anna"})):
                with pytest.raises(NotDone, match="does not keep it now"):
                    await ANSWERS[f"service.card.{act}"](terminal, more)
            with pytest.raises(NotDone, match="does not keep it now"):
                await enrol(terminal, "Ben", staff_card(bytes.fromhex("04010203040506")))
        assert [each.name for each in terminal.staff_cards.all()] == ["Anna"]

    at_terminal(tmp_path, story)
    kinds = [kind.removeprefix("service:") for kind, _, _ in acts_of(tmp_path)]
    refused = [
        each for act in ("enrolment_key_kept", "card_removed", "card_added") for each in (act, f"{act}_not_written")
    ]
    assert kinds == ["card_added", *refused]


def test_a_journal_that_takes_nothing_enrols_and_revokes_nobody_and_keeps_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise OutOfSpace("store.no_room")

    async def story(terminal: Terminal) -> None:
        await enrol(terminal, "Anna", staff_card())
        with monkeypatch.context() as journal:
            journal.setattr(Acts, "note", full)
            for act, more in (("key", {"key": MASTER.hex()}), ("remove", {"name": "Anna"}), ("forget-key", {})):
                with pytest.raises(NotDone, match="does not keep it now"):
                    await ANSWERS[f"service.card.{act}"](terminal, more)
            with pytest.raises(NotDone, match="does not keep it now"):
                await enrol(terminal, "Ben", staff_card(bytes.fromhex("04010203040506")))
        assert [each.name for each in terminal.staff_cards.all()] == ["Anna"]
        assert terminal.staff_cards.master() is None

    at_terminal(tmp_path, story)
    assert [kind for kind, _, _ in acts_of(tmp_path)] == ["service:card_added"]


def test_a_name_that_is_another_cards_number_removes_only_the_card_of_that_number(tmp_path: Path) -> None:
    cards = StaffCards(tmp_path)
    cards.add(StaffCard("04A1B2C3D4E5F6", "04000000000001", bytes(16), ADDED))
    cards.add(StaffCard("Anna", "04A1B2C3D4E5F6", bytes(16), ADDED))
    gone = cards.remove("04a1b2c3d4e5f6")
    assert gone is not None
    assert (gone.name, [each.uid for each in cards.all()]) == ("Anna", ["04000000000001"])


def test_a_seal_whose_key_was_cut_short_takes_nothing_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "cards.key").write_bytes(b"short")
    with pytest.raises(SealBrokenError):
        StaffCards(tmp_path).add(StaffCard("Anna", "04A1B2C3D4E5F6", bytes(16), ADDED))


def test_unknown_copied_and_failing_cards_lock_the_code_too(tmp_path: Path) -> None:
    async def story(terminal: Terminal) -> None:
        code = terminal.access.make()
        await enrol(terminal, "Anna", staff_card())
        bad = (
            SimulatedCard("04A1B2C3"),
            SimulatedCard(UID.hex()),
            staff_card(key=bytes(16)),
            staff_card(is_parrot=True, key=bytes(16)),
            SimulatedCard("", is_payment_card=True),
        )
        told = [await hold(terminal, card) for card in bad]
        assert [each.tried.left for each in told] == [3, 2, 1, 0, 0]
        assert [each.cause for each in told] == [
            "card_reader.not_enrolled",
            "card_reader.no_staff_card",
            "card_reader.staff_key_wrong",
            "card_reader.staff_key_wrong",
            "card.payment_card",
        ]
        assert told[-1].tried.locked_until is not None
        assert not terminal.access.attempt(code).is_judged, "the code is locked as well"
        locked = await hold(terminal, staff_card())
        assert not locked.tried.is_admitted, "and the right card is not judged meanwhile"

    at_terminal(tmp_path, story)
    refused = [facts for kind, _, facts in acts_of(tmp_path) if kind == "service:sign_in_refused"]
    assert len(refused) == FREE_TRIES + 2
    assert [each["is_locked"] for each in refused] == [False] * FREE_TRIES + [True, True]


def test_a_terminal_without_a_code_can_be_opened_by_a_card_alone(tmp_path: Path) -> None:
    async def story(terminal: Terminal) -> None:
        await enrol(terminal, "Anna", staff_card())
        assert (await hold(terminal, SimulatedCard("04A1B2C3"))).tried.left == FREE_TRIES - 1
        assert not terminal.access.has_code
        assert (await hold(terminal, staff_card())).name == "Anna"
        assert terminal.access.first(), "a first code can still be made"

    at_terminal(tmp_path, story)
