"""What links this terminal to its server, sealed at rest: address, token, the key of our holds, and a question open.

The file is AES-256-GCM under a key of 32 bytes. The key is the service's credential `guichet-link-key` where systemd
gives one (it can be bound to the machine's TPM), else it lies beside the file, for its owner alone: then a copy of the
sealed file alone tells nothing, a copy of the whole folder does.
"""

import os
import secrets
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.application.private_file import remove_private, write_private

MAGIC = b"GLK1"
NONCE_BYTES = 12
KEY_BYTES = 32
CREDENTIAL = "guichet-link-key"


class SealBrokenError(Exception):
    """The sealed file cannot be opened with the key there is; the sentence says which file."""


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The link: `token` is empty until the server has answered; `asking_*` is a question it may have answered."""

    url: str
    organizer: str = ""
    organizer_name: str = ""
    device_name: str = ""
    unique_serial: str = ""
    token: str = ""
    hold_key: bytes = b""
    asking_code: str = ""
    asking_key: str = ""

    def __repr__(self) -> str:
        """Return where it leads, and nothing that lets in."""
        return f"Link({self.url!r}, {self.organizer!r})"


class SealedLink:
    """Keep the link in a folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "link.sealed"
        self._key_file = folder / "link.key"

    def read(self) -> Link | None:
        """Return the link; None where there is none.

        Raises:
            SealBrokenError: it is there and cannot be opened.
        """
        try:
            raw = self._file.read_bytes()
        except FileNotFoundError:
            return None
        try:
            if raw[: len(MAGIC)] != MAGIC:
                raise SealBrokenError(str(self._file))
            nonce, sealed = raw[len(MAGIC) : len(MAGIC) + NONCE_BYTES], raw[len(MAGIC) + NONCE_BYTES :]
            return msgspec.json.decode(AESGCM(self._key()).decrypt(nonce, sealed, MAGIC), type=Link)
        except (InvalidTag, ValueError, FileNotFoundError):
            raise SealBrokenError(str(self._file)) from None

    def write(self, link: Link) -> None:
        """Put the link in the place of what was there; it lasts when this returns."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        if not self._key_file.exists() and _credential() is None:
            write_private(self._key_file, secrets.token_bytes(KEY_BYTES))
        write_private(self._file, MAGIC + nonce + AESGCM(self._key()).encrypt(nonce, msgspec.json.encode(link), MAGIC))

    def remove(self) -> None:
        """Forget the link, its key first: what is left on the medium then opens no more."""
        for path in (self._key_file, self._file):
            if path.parent.is_dir():
                remove_private(path)

    def _key(self) -> bytes:
        given = _credential()
        key = given.read_bytes() if given is not None else self._key_file.read_bytes()
        if len(key) != KEY_BYTES:
            raise ValueError("no key of 32 bytes")
        return key


def _credential() -> Path | None:
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    path = Path(folder) / CREDENTIAL
    return path if folder and path.exists() else None
