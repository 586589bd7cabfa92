"""What links this terminal to its server, sealed at rest: address, token, the key of our holds, and a question open.

Under systemd the key of the seal is the service's credential `guichet-link-key`, see `sealed_file`.
"""

from pathlib import Path

import msgspec

from kiosk.application.sealed_file import SealBrokenError, SealedFile

__all__ = ["CREDENTIAL", "Link", "SealBrokenError", "SealedLink"]

MAGIC = b"GLK1"
CREDENTIAL = "guichet-link-key"


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
        self._sealed = SealedFile(folder / "link.sealed", folder / "link.key", magic=MAGIC, credential=CREDENTIAL)
        self._name = str(folder / "link.sealed")

    def read(self) -> Link | None:
        """Return the link; None where there is none.

        Raises:
            SealBrokenError: it is there and cannot be opened.
        """
        plain = self._sealed.read()
        try:
            return None if plain is None else msgspec.json.decode(plain, type=Link)
        except msgspec.DecodeError:
            raise SealBrokenError(self._name) from None

    def write(self, link: Link) -> None:
        """Put the link in the place of what was there; it lasts when this returns."""
        self._sealed.write(msgspec.json.encode(link))

    def remove(self) -> None:
        """Forget the link, its key first: what is left on the medium then opens no more."""
        self._sealed.remove()
