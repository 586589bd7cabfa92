"""Staff cards prove that they know their key: challenge and response of DESFire EV1 with AES, never the UID alone.

Select the application (ISO-wrapped 90 5A), authenticate (90 AA, 90 AF): the card's challenge comes encrypted, our
answer holds our own challenge and the card's turned by one byte, and the card must give ours back turned. Each card has
a key of its own, derived from the operator's master key and its UID (NXP AN10922, AES-128), so that one stolen card
opens nothing but itself. Keys are given by the caller and kept nowhere here; nothing of this is logged.
"""

import hmac
import secrets
from collections.abc import Awaitable, Callable
from typing import Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC
from msgspec import Struct

from hardware.card_reader.interface import ApduResponse
from hardware.errors import DeviceProtocolError

KEY_BYTES = 16
APPLICATION = bytes.fromhex("475548")  # "GUH", free for private use
_KEY_NUMBER = 1
_OK, _MORE = 0x9100, 0x91AF
_SW_OK = 0x9000
_GET_UID = bytes.fromhex("FFCA000000")
_UID_BYTES = 7
_DIVERSIFY_AES128 = b"\x01"
_SYSTEM = b"GUICHET"
Send = Callable[[bytes], Awaitable[ApduResponse]]
KeyOf = Callable[[str], bytes | None]  # UID in hex → AES key


class _Reader(Protocol):
    async def transmit(self, card_seq: int, apdu: bytes, *, timeout_s: float) -> ApduResponse: ...


class StaffCardRefused(DeviceProtocolError):  # noqa: N818 - read as a verdict on the card
    """The card is no staff card, or does not know its key; `key` says which."""


class StaffProof(Struct, frozen=True):
    """A card that proved its key; `uid` in hex names the card, and may be written to the journal."""

    uid: str


def card_key(master: bytes, uid: bytes) -> bytes:
    """Return the key of one card (AN10922 section 2.2: CMAC over 01, UID, application and system).

    Raises:
        ValueError: the master key has not 16 bytes or the UID not 7.
    """
    if len(uid) != _UID_BYTES:
        raise ValueError("a staff card has a UID of 7 bytes")
    return diversified(master, uid + APPLICATION + _SYSTEM)


def diversified(master: bytes, material: bytes) -> bytes:
    """Return the AES-128 key derived from 16 to 31 bytes of material.

    Raises:
        ValueError: the master key has not 16 bytes, or the material not 16 to 31.
    """
    if len(master) != KEY_BYTES or not KEY_BYTES <= len(material) < 2 * KEY_BYTES:
        raise ValueError("a master key has 16 bytes, its material 16 to 31")
    mac = CMAC(algorithms.AES128(master))
    mac.update(_DIVERSIFY_AES128 + material)
    return mac.finalize()


async def prove_staff_card(reader: _Reader, card_seq: int, master: bytes, *, timeout_s: float) -> StaffProof:
    """Let the card on the reader prove that it is a staff card of this operator.

    Raises:
        StaffCardRefused: it is none, or does not know its key.
        DeviceUnavailable: it is gone, mute or another.
    """
    return await prove_card(reader, card_seq, lambda uid: card_key(master, bytes.fromhex(uid)), timeout_s=timeout_s)


async def prove_card(reader: _Reader, card_seq: int, key_of: KeyOf, *, timeout_s: float) -> StaffProof:
    """Let the card on the reader prove that it knows the key that `key_of` gives for its UID, None for no card of ours.

    Raises:
        StaffCardRefused: it is none, or does not know its key.
        DeviceUnavailable: it is gone, mute or another.
    """

    async def send(apdu: bytes) -> ApduResponse:
        return await reader.transmit(card_seq, apdu, timeout_s=timeout_s)

    told = await send(_GET_UID)
    if told.sw != _SW_OK or len(told.data) != _UID_BYTES:
        raise StaffCardRefused("card_reader.no_staff_card", "no UID of 7 bytes")
    uid = told.data.hex().upper()
    key = key_of(uid)
    if key is None:
        raise StaffCardRefused("card_reader.not_enrolled", "")
    chosen = await send(_wrapped(0x5A, APPLICATION))
    if chosen.sw != _OK:
        raise StaffCardRefused("card_reader.no_staff_card", f"status {chosen.sw:04X}")
    await authenticate(send, key, _KEY_NUMBER)
    return StaffProof(uid)


async def authenticate(send: Send, key: bytes, key_number: int, *, challenge: bytes = b"") -> None:
    """Hold the dialogue of challenge and response; `challenge` is ours, random where none is given.

    Raises:
        StaffCardRefused: the card does not know the key.
    """
    asked = await send(_wrapped(0xAA, bytes((key_number,))))
    if asked.sw != _MORE or len(asked.data) != KEY_BYTES:
        raise StaffCardRefused("card_reader.no_staff_card", f"status {asked.sw:04X}")
    ours = challenge or secrets.token_bytes(KEY_BYTES)
    theirs = _decrypt(key, bytes(KEY_BYTES), asked.data)
    answer = _encrypt(key, asked.data, ours + _turned(theirs))
    proof = await send(_wrapped(0xAF, answer))
    if proof.sw != _OK or len(proof.data) != KEY_BYTES:
        raise StaffCardRefused("card_reader.staff_key_wrong", f"status {proof.sw:04X}")
    said = _decrypt(key, answer[-KEY_BYTES:], proof.data)
    if not hmac.compare_digest(said, _turned(ours)):
        raise StaffCardRefused("card_reader.staff_key_wrong", "the card cannot answer our challenge")


def _wrapped(command: int, data: bytes) -> bytes:
    return bytes((0x90, command, 0, 0, len(data))) + data + b"\x00"


def _turned(block: bytes) -> bytes:
    return block[1:] + block[:1]


def _encrypt(key: bytes, vector: bytes, data: bytes) -> bytes:
    work = Cipher(algorithms.AES128(key), modes.CBC(vector)).encryptor()
    return work.update(data) + work.finalize()


def _decrypt(key: bytes, vector: bytes, data: bytes) -> bytes:
    work = Cipher(algorithms.AES128(key), modes.CBC(vector)).decryptor()
    return work.update(data) + work.finalize()
