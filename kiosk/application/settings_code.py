"""Settings in a code one can scan: signed by the operator, or refused.

The text is `GUICHET1:` PAYLOAD `.` SIGNATURE, both base64url without padding. The payload is deflated JSON; the Ed25519
signature covers it before anything in it is looked at. It names the terminal it is for (`*` for any) and when it was
made, so that an older code cannot take newer settings back; one from the future would block all later ones.
"""

import base64
import binascii
import zlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from kiosk.application.settings_file import SettingsProblem, parse
from kiosk.application.word import Word

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

TOO_LONG = Word("These settings are too long for a code. Leave out what is at its default.")
LATER = Word(
    "This code says it was made later than this terminal's clock shows."
    " Set the clock that is wrong; a code made by a wrong clock is to be made anew."
)
BLOCKED = Word(
    "The settings taken last say they were made later than this terminal's clock shows, so this code is no newer."
    " If a clock was wrong then: guichet settings trust PUBLIC_KEY --anew"
)
AHEAD_MAX = timedelta(days=1)  # two clocks that are both right enough never differ by more, whatever their zones
PREFIX = "GUICHET1:"
CODE_CHARS_MAX = 2048  # what a scanner hands over
TEXT_BYTES_MAX = 64 * 1024
SIGNATURE_BYTES = 64
CONTEXT = b"guichet settings 1\0"
ANY_TERMINAL = "*"


class SettingsCodeRefusedError(ValueError):
    """A code that is not taken; `str()` is the sentence for whoever scanned it, `detail` what lies in the code."""

    def __init__(self, sentence: Word, detail: str = "") -> None:
        super().__init__(f"{sentence} {detail}" if detail else sentence)
        self.sentence = sentence
        self.detail = detail


class SettingsCode(Struct, frozen=True):
    """What a code holds: the settings as TOML, whose they are, and when they were made."""

    toml: str
    terminal: str
    made: datetime


def make(private: "Ed25519PrivateKey", code: SettingsCode) -> str:
    """Return a signed code.

    Raises:
        SettingsCodeRefusedError: it would not fit into a code.
        SettingsProblem: the settings are not good.
    """
    parse(code.toml, "the code")
    payload = zlib.compress(msgspec.json.encode(code), 9)
    text = f"{PREFIX}{_text(payload)}.{_text(private.sign(CONTEXT + payload))}"
    if len(text) > CODE_CHARS_MAX:
        raise SettingsCodeRefusedError(TOO_LONG)
    return text


def read(text: str, trusted: bytes, terminal: str, newest: datetime | None, now: datetime) -> SettingsCode:
    """Return what a code holds, once its signature, its terminal, its age and its settings are found good.

    Raises:
        SettingsCodeRefusedError: it is not taken; nothing was changed.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - a start need not wait for it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    payload, signature = _parts(text)
    try:
        Ed25519PublicKey.from_public_bytes(trusted).verify(signature, CONTEXT + payload)
    except (InvalidSignature, ValueError):
        raise SettingsCodeRefusedError(Word("This code was not signed by the operator of this terminal.")) from None
    try:
        code = msgspec.json.decode(_inflated(payload), type=SettingsCode)
    except (msgspec.DecodeError, zlib.error, UnicodeDecodeError):
        raise SettingsCodeRefusedError(Word("This code is signed, but cannot be read. Make a new one.")) from None
    if code.terminal not in {ANY_TERMINAL, terminal}:
        raise SettingsCodeRefusedError(Word("This code is for another terminal."))
    _refuse_age(code.made, newest, now)
    try:
        parse(code.toml, "the code")
    except SettingsProblem as problem:
        raise SettingsCodeRefusedError(Word("The settings in this code cannot be used."), str(problem)) from None
    return code


def _refuse_age(made: datetime, newest: datetime | None, now: datetime) -> None:
    """Refuse a code from the future, and one that is no newer than the last."""
    if made.tzinfo is not None and made - now > AHEAD_MAX:
        raise SettingsCodeRefusedError(LATER, f"({_minute(made)} > {_minute(now)})")
    if made.tzinfo is not None and (newest is None or made > newest):
        return
    if newest is not None and newest - now > AHEAD_MAX:
        raise SettingsCodeRefusedError(BLOCKED, f"({_minute(newest)} > {_minute(now)})")
    raise SettingsCodeRefusedError(Word("This code is older than the settings taken last. Make a new one."))


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _parts(text: str) -> tuple[bytes, bytes]:
    """Return payload and signature of a text that looks like a code."""
    if not text.startswith(PREFIX):
        raise SettingsCodeRefusedError(Word("This is not a settings code."))
    payload, dot, signature = text.removeprefix(PREFIX).partition(".")
    if len(text) > CODE_CHARS_MAX or not dot:
        raise SettingsCodeRefusedError(Word("This settings code is damaged. Scan it once more."))
    try:
        raw, signed = _bytes(payload), _bytes(signature)
    except (binascii.Error, ValueError):
        raise SettingsCodeRefusedError(Word("This settings code is damaged. Scan it once more.")) from None
    if len(signed) != SIGNATURE_BYTES:
        raise SettingsCodeRefusedError(Word("This settings code is damaged. Scan it once more."))
    return raw, signed


def _inflated(payload: bytes) -> bytes:
    """Return the JSON; never more than TEXT_BYTES_MAX, whatever the payload swells to."""
    engine = zlib.decompressobj()
    plain = engine.decompress(payload, TEXT_BYTES_MAX)
    if not engine.eof:
        raise zlib.error("it does not end")
    return plain


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
