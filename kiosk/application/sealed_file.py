"""A file sealed at rest: AES-256-GCM under a key of 32 bytes that lies elsewhere.

The key is a credential of the service where systemd gives one (it can be bound to the machine's TPM), else a file
beside, for its owner alone: then a copy of the sealed file alone tells nothing, a copy of the whole folder does.
"""

import os
import secrets
from pathlib import Path

from kiosk.application.private_file import remove_private, write_private

NONCE_BYTES = 12
KEY_BYTES = 32


class SealBrokenError(Exception):
    """The sealed file cannot be opened with the key there is; `str()` names the file."""


class SealedFile:
    """One sealed file: `magic` stands at its head and is authenticated, `credential` names systemd's key for it."""

    def __init__(self, file: Path, key_file: Path, *, magic: bytes, credential: str) -> None:
        self._file = file
        self._key_file = key_file
        self._magic = magic
        self._credential = credential

    def read(self) -> bytes | None:
        """Return what is sealed; None where there is nothing.

        Raises:
            SealBrokenError: it is there and cannot be opened.
        """
        try:
            raw = self._file.read_bytes()
        except FileNotFoundError:
            return None
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - a start need not wait for it
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        start = len(self._magic)
        try:
            if raw[:start] != self._magic:
                raise SealBrokenError(str(self._file))
            nonce, sealed = raw[start : start + NONCE_BYTES], raw[start + NONCE_BYTES :]
            return AESGCM(self._key()).decrypt(nonce, sealed, self._magic)
        except (InvalidTag, ValueError, FileNotFoundError):
            raise SealBrokenError(str(self._file)) from None

    def write(self, plain: bytes) -> None:
        """Seal this in the place of what was there; it lasts when this returns.

        Raises:
            SealBrokenError, OSError: it was not written.
        """
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        nonce = secrets.token_bytes(NONCE_BYTES)
        if not self._key_file.exists() and self._given() is None:
            write_private(self._key_file, secrets.token_bytes(KEY_BYTES))
        try:
            key = self._key()
        except ValueError:
            raise SealBrokenError(str(self._key_file)) from None
        write_private(self._file, self._magic + nonce + AESGCM(key).encrypt(nonce, plain, self._magic))

    def remove(self) -> None:
        """Forget it, its key first: what is left on the medium then opens no more."""
        for path in (self._key_file, self._file):
            if path.parent.is_dir():
                remove_private(path)

    def _key(self) -> bytes:
        given = self._given()
        key = given.read_bytes() if given is not None else self._key_file.read_bytes()
        if len(key) != KEY_BYTES:
            raise ValueError("no key of 32 bytes")
        return key

    def _given(self) -> Path | None:
        folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
        path = Path(folder) / self._credential
        return path if folder and path.exists() else None
