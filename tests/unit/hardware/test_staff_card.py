"""Staff cards: held against captures of others, against impostors, and through the wire form of the virtual card."""

import asyncio
from collections.abc import Callable

import pytest

from hardware.card_reader import EmulatedStaffCard, StaffCardRefused, StaffProof, card_key, prove_staff_card
from hardware.card_reader.interface import ApduResponse
from hardware.card_reader.reading import split_answer
from hardware.card_reader.staff import authenticate, diversified

MASTER = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
UID = bytes.fromhex("04782E21801D80")


class Desk:
    """As much of a reader as a proof needs: one card lies on it."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self.sent: list[bytes] = []
        self._answer = answer

    async def transmit(self, card_seq: int, apdu: bytes, *, timeout_s: float) -> ApduResponse:
        assert card_seq == 1
        assert timeout_s > 0
        self.sent.append(apdu)
        return split_answer(self._answer(apdu))


def prove(desk: Desk, master: bytes = MASTER) -> StaffProof:
    return asyncio.run(prove_staff_card(desk, 1, master, timeout_s=5))


def staff_card(uid: bytes = UID) -> EmulatedStaffCard:
    return EmulatedStaffCard(uid=uid, key=card_key(MASTER, uid))


def test_the_derived_key_is_that_of_the_makers_example() -> None:
    # NXP AN10922 section 2.2.1, as in libfreefare's test_mifare_key_deriver_an10922.c
    material = bytes.fromhex("04782E21801D80 3042F5 4E585020416275".replace(" ", ""))
    assert diversified(MASTER, material).hex().upper() == "A8DD63A3B89D54B37CA802473FDA9175"


def test_the_dialogue_is_that_of_a_card_others_recorded() -> None:
    # A DESFire EV1 with the key of zeros, recorded on a PN532; the vector stands in several projects' tests.
    said = {
        "90AA0000010000": "B969FDFE56FD91FC9DE6F6F213B8FD1E91AF",
        "90AF00002036AAD7DF6E436BA08D18613830A70D5AD43E3D3F4A8D47541EEE623A934E477400": (
            "800DB680BC146BD121D6578F2D2E20599100"
        ),
    }
    desk = Desk(lambda apdu: bytes.fromhex(said[apdu.hex().upper()]))

    async def send(apdu: bytes) -> ApduResponse:
        return await desk.transmit(1, apdu, timeout_s=1)

    challenge = bytes.fromhex("F44B26F5686F3A391CD38EBD10772281")
    asyncio.run(authenticate(send, bytes(16), 0, challenge=challenge))
    assert [apdu.hex().upper() for apdu in desk.sent] == list(said)


def test_a_card_that_knows_its_key_is_named_by_its_uid() -> None:
    assert prove(Desk(staff_card().answer)) == StaffProof(UID.hex().upper())


def test_a_card_with_the_right_uid_and_another_key_is_refused() -> None:
    impostor = EmulatedStaffCard(uid=UID, key=card_key(MASTER, bytes.fromhex("04782E21801D81")))
    with pytest.raises(StaffCardRefused, match="staff_key_wrong"):
        prove(Desk(impostor.answer))


def test_a_card_of_another_operator_is_refused() -> None:
    with pytest.raises(StaffCardRefused, match="staff_key_wrong"):
        prove(Desk(staff_card().answer), bytes(16))


def test_answers_recorded_once_do_not_open_it_again() -> None:
    card = staff_card()
    card.is_parrot = True  # the first dialogue is whole; from then on it can only repeat it
    desk = Desk(card.answer)
    prove(desk)
    with pytest.raises(StaffCardRefused, match="cannot answer"):
        prove(desk)


@pytest.mark.parametrize(
    "answer", ["6D00", "9000", "91AF", "00" * 16 + "9100", "00" * 15 + "91AF", "04782E21801D809000", "0102030491AF"]
)
def test_cards_that_answer_anything_else_are_refused(answer: str) -> None:
    with pytest.raises(StaffCardRefused):
        prove(Desk(lambda _: bytes.fromhex(answer)))


def test_a_mirror_that_sends_our_own_blocks_back_is_refused() -> None:
    def mirror(apdu: bytes) -> bytes:
        if apdu[:2] == b"\xff\xca":
            return UID + b"\x90\x00"
        if apdu[1] == 0xAA:
            return bytes(16) + b"\x91\xaf"
        return apdu[5:21] + b"\x91\x00" if apdu[1] == 0xAF else b"\x91\x00"

    with pytest.raises(StaffCardRefused, match="cannot answer"):
        prove(Desk(mirror))


@pytest.mark.parametrize(("master", "uid"), [(b"short", UID), (MASTER, b"\x01\x02\x03\x04")])
def test_keys_and_cards_of_another_size_are_refused(master: bytes, uid: bytes) -> None:
    with pytest.raises(ValueError, match="bytes"):
        card_key(master, uid)
