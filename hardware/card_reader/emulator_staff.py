"""A staff card for the virtual reader: the card's side of DESFire EV1 authentication with AES, from NXP's sheets.

Nothing is shared with the driver. `key` is the card's own; whoever makes the card derives it.
"""

import secrets

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msgspec import field

from hardware.card_reader.emulator import EmulatedCard

DESFIRE_ATR = bytes.fromhex("3B8180018080")
BLOCK = 16
NO_APPLICATION, NO_KEY, WRONG, LENGTH = b"\x91\xa0", b"\x91\x40", b"\x91\xae", b"\x91\x7e"


class EmulatedStaffCard(EmulatedCard):
    """A card with one application and one AES key; `is_parrot` repeats old answers as a copied card would."""

    application: bytes = bytes.fromhex("475548")
    key: bytes = bytes(BLOCK)
    key_number: int = 1
    is_parrot: bool = False
    atr: bytes = DESFIRE_ATR
    is_chosen: bool = False
    proofs: list[bytes] = field(default_factory=list)
    _challenge: bytes = b""
    _shown: bytes = b""

    def answer(self, apdu: bytes) -> bytes:
        """Return the answer to one APDU, status word included."""
        if apdu[:1] != b"\x90":
            return EmulatedCard.answer(self, apdu)
        data = apdu[5 : 5 + apdu[4]] if len(apdu) > 5 else b""  # noqa: PLR2004 - CLA INS P1 P2 Lc
        match apdu[1]:
            case 0x5A:
                self.is_chosen = data == self.application
                return b"\x91\x00" if self.is_chosen else NO_APPLICATION
            case 0xAA:
                return self._begin(data)
            case 0xAF:
                return self._finish(data)
        return b"\x91\x1c"

    def _begin(self, data: bytes) -> bytes:
        if not self.is_chosen or data != bytes((self.key_number,)):
            return NO_KEY
        if not (self.is_parrot and self._shown):
            self._challenge = secrets.token_bytes(BLOCK)
            work = Cipher(algorithms.AES(self.key), modes.CBC(bytes(BLOCK))).encryptor()
            self._shown = work.update(self._challenge) + work.finalize()
        return self._shown + b"\x91\xaf"

    def _finish(self, data: bytes) -> bytes:
        if not self._challenge or len(data) != 2 * BLOCK:
            return LENGTH
        if self.is_parrot and self.proofs:
            return self.proofs[0] + b"\x91\x00"
        work = Cipher(algorithms.AES(self.key), modes.CBC(self._shown)).decryptor()
        clear = work.update(data) + work.finalize()
        theirs, ours = clear[:BLOCK], clear[BLOCK:]
        is_right = ours == self._challenge[1:] + self._challenge[:1]
        self._challenge = b"" if not self.is_parrot else self._challenge
        if not is_right:
            return WRONG
        proof = Cipher(algorithms.AES(self.key), modes.CBC(data[-BLOCK:])).encryptor()
        self.proofs.append(proof.update(theirs[1:] + theirs[:1]) + proof.finalize())
        return self.proofs[-1] + b"\x91\x00"
