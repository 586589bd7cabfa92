"""The claim slip: our signed promise where money or ticket is in doubt, short enough for a QR code.

The text is `GCS1.<facts>.<signature>` in base64url: facts as a JSON list, signed with the terminal's Ed25519 key
(RFC 8032), which is made at the first start. The facts name no person.
"""

import base64
import binascii
import secrets
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Struct

from kiosk.application.paper import ClaimFacts
from kiosk.application.private_file import write_private
from kiosk.domain.money import MINOR_MAX, Money

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PREFIX = "GCS1"
TEXT_CHARS_MAX = 1500
KEY_BYTES = 32
_Minor = Annotated[int, msgspec.Meta(ge=0, le=MINOR_MAX)]
_Word = Annotated[str, msgspec.Meta(max_length=80, pattern="^[A-Za-z0-9._:-]*$")]
_Words = Annotated[tuple[_Word, ...], msgspec.Meta(max_length=20)]


class _Wire(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The signed facts in their order on the wire; `at` is in s since 1970."""

    terminal_id: _Word
    claim_id: _Word
    sale_id: _Word
    codes: _Words
    reasons: _Words
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
    owed_minor: _Minor
    doubtful_minor: _Minor
    at: Annotated[int, msgspec.Meta(ge=0, le=2**40)]
    language: _Word


class NotOurSlip(ValueError):  # noqa: N818 - read as a verdict
    """The text is no claim slip of this terminal; the sentence says why."""


class VerifiedClaim(Struct, frozen=True):
    """What a slip promises, and that the signature is the terminal's."""

    terminal_id: str
    facts: ClaimFacts


class SlipSigner:
    """Hold the terminal's signing key; implements the till's ClaimSigner."""

    def __init__(self, terminal_id: str, raw_key: bytes) -> None:
        self._terminal_id = terminal_id
        self._raw_key = raw_key

    @cached_property
    def _key(self) -> "Ed25519PrivateKey":
        """Return the key, made of its bytes when first wanted: a start need not wait for what signs."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

        return Ed25519PrivateKey.from_private_bytes(self._raw_key)

    @property
    def public_key(self) -> bytes:
        """Return the public key, 32 bytes, for whoever verifies elsewhere."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, facts: ClaimFacts) -> str:
        """Return the signed slip as the text of its QR code."""
        wire = _Wire(
            self._terminal_id, facts.claim_id, facts.sale_id, facts.codes, facts.reasons, facts.owed.currency,
            facts.owed.minor, facts.doubtful.minor, int(facts.at.timestamp()), facts.language,
        )  # fmt: skip
        body = msgspec.json.encode(wire)
        signature = self._key.sign(PREFIX.encode() + body)
        return f"{PREFIX}.{_to_text(body)}.{_to_text(signature)}"


def open_signer(terminal_id: str, path: Path) -> SlipSigner:
    """Return the signer with the key at `path`, made there (0600, durable) at the first start.

    Raises:
        ValueError: the file is no key; a new one is not made in its place, slips out there rely on it.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raw = secrets.token_bytes(KEY_BYTES)  # of which every value is a key (RFC 8032, 5.1.5)
        write_private(path, raw)
    if len(raw) != KEY_BYTES:
        raise ValueError(f"{path} is not a signing key of {KEY_BYTES} bytes. Bring it back from the backup.")
    return SlipSigner(terminal_id, raw)


def verify(text: str, public_key: bytes) -> VerifiedClaim:
    """Return what a slip promises.

    Raises:
        NotOurSlip: not a slip, changed, or signed by another terminal.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    parts = text.strip().split(".") if len(text) <= TEXT_CHARS_MAX else []
    if len(parts) != 3 or parts[0] != PREFIX:  # noqa: PLR2004 - prefix, facts, signature
        raise NotOurSlip("This is not the text of a claim slip. Scan the whole code on the slip.")
    try:
        body, signature = _from_text(parts[1]), _from_text(parts[2])
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, PREFIX.encode() + body)
        wire = msgspec.json.decode(body, type=_Wire)
    except InvalidSignature:
        raise NotOurSlip("The signature is not of this terminal, or the slip was changed.") from None
    except (binascii.Error, ValueError):
        raise NotOurSlip("The text of the slip is damaged. Scan the code again.") from None
    owed, doubtful = Money(wire.owed_minor, wire.currency), Money(wire.doubtful_minor, wire.currency)
    at = datetime.fromtimestamp(wire.at, UTC)
    facts = ClaimFacts(wire.claim_id, wire.sale_id, wire.codes, wire.reasons, owed, doubtful, wire.language, at)
    return VerifiedClaim(wire.terminal_id, facts)


def _to_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _from_text(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
