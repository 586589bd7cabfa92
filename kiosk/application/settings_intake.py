"""Taking a scanned settings code: weighed, shown by what it would change, and only then kept.

A code is weighed twice: when it is shown and when it is confirmed. What may be secret is never in what is shown.
"""

import asyncio
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from kiosk.application.clock import Clock, SystemClock
from kiosk.application.control import NotDone
from kiosk.application.private_file import write_private
from kiosk.application.service import Acts, Fact
from kiosk.application.settings import OPTIONS_SHOWN, Settings
from kiosk.application.settings_code import PREFIX, SettingsCodeRefusedError, read
from kiosk.application.settings_file import SettingsProblem, parse, shown, take
from kiosk.application.word import Word

NO_TRUST = Word("This terminal trusts no operator yet: guichet settings trust PUBLIC_KEY")
HIDDEN = "•••"
KEYS_CHARS_MAX = 500
_CREDENTIALS = re.compile(r"//[^/@]*@")


class Trust(Struct, frozen=True):
    """Whom this terminal trusts, and when the newest code it took was made."""

    operator: bytes
    newest: datetime | None = None


class Change(Struct, frozen=True):
    """One setting that a code would change; "" stands for none, HIDDEN for a value that may be secret."""

    key: str
    before: str
    after: str


class Proposal(Struct, frozen=True):
    """A code found good: what it would change, and a short name to confirm it by."""

    name: str
    made: datetime
    changes: tuple[Change, ...]


class SettingsIntake:
    """The settings codes of one terminal. Every call but `is_code` uses the disk: call them on a thread."""

    def __init__(self, data: Path, file: Path | None, settings: Settings, clock: Clock | None = None) -> None:
        """Take codes over the settings of `file`, None for the data folder's own; `settings` are those in force.

        The clock is the machine's also in training: codes are made in real time.
        """
        self._data = data
        self._file = file
        self._settings = settings
        self._clock = clock or SystemClock()
        self._last = ("", "")

    @staticmethod
    def is_code(text: str) -> bool:
        """Say whether a scanned text means to be a settings code."""
        return text.startswith(PREFIX)

    @property
    def trust(self) -> Trust | None:
        """Return whom this terminal trusts; None where nobody was named."""
        try:
            return msgspec.json.decode(self._trusted.read_bytes(), type=Trust)
        except (OSError, msgspec.DecodeError):
            return None

    def put_trust(self, operator: bytes, *, is_anew: bool = False) -> None:
        """Trust this operator (an Ed25519 public key) and no other. Raises OSError.

        Named again, old codes stay old, but not `is_anew`: for a newest one that a wrong clock has let in.
        """
        before = self.trust
        is_same = before is not None and before.operator == operator and not is_anew
        self._put(Trust(operator, before.newest if before is not None and is_same else None))

    def weigh(self, text: str) -> Proposal:
        """Return what a code would change.

        Raises:
            SettingsCodeRefusedError: it is not taken; the sentence says why.
        """
        proposal = self._weighed(text)[0]
        self._last = (proposal.name, text)
        return proposal

    def text_of(self, name: str) -> str:
        """Return the code weighed last if that is its name, else ""."""
        return self._last[1] if name == self._last[0] else ""

    def take(self, text: str) -> Proposal:
        """Keep the settings of a code; they are in force from the next start.

        Raises:
            SettingsCodeRefusedError: it is not taken; nothing was changed.
            OSError, SettingsProblem: the disk does not let us; nothing was changed.
        """
        proposal, toml, trust = self._weighed(text)
        self._put(Trust(trust.operator, proposal.made))  # first: a code that is in force must not be taken once more
        try:
            take(toml, self._file, self._data)
        except (OSError, SettingsProblem):
            self._put(trust)
            raise
        return proposal

    def _put(self, trust: Trust) -> None:
        write_private(self._trusted, msgspec.json.encode(trust))

    def _weighed(self, text: str) -> tuple[Proposal, str, Trust]:
        trust, settings = self.trust, self._settings
        if trust is None:
            raise SettingsCodeRefusedError(NO_TRUST)
        code = read(text, trust.operator, settings.terminal.id, trust.newest, self._clock.now())
        name = hashlib.sha256(text.encode()).hexdigest()[:8]
        return Proposal(name, code.made, changes(settings, parse(code.toml, "the code"))), code.toml, trust

    @property
    def _trusted(self) -> Path:
        return self._data / "service" / "operator.json"


def changes(before: Settings, after: Settings) -> tuple[Change, ...]:
    """Return what differs between two settings, in the order of the schema; values that may be secret are hidden."""
    old, new = _flat(before), _flat(after)
    return tuple(
        Change(key, *_told(key, old.get(key), new.get(key)))
        for key in dict.fromkeys((*old, *new))
        if (old.get(key, ""), new.get(key, "")) != ("", "") and old.get(key) != new.get(key)
    )


def _flat(settings: Settings) -> dict[str, Any]:
    """Return every value by a key a person can read; devices go by their id."""
    told: Mapping[str, Any] = msgspec.to_builtins(settings)
    flat = {f"{table}.{key}": each for table, keys in told.items() if table != "devices" for key, each in keys.items()}
    for device in told["devices"]:
        at = f"devices.{device['device_id']}"
        flat |= {f"{at}.kind": device["kind"], f"{at}.role": device["role"]}
        flat |= {f"{at}.options.{name}": value for name, value in device["options"].items()}
    return flat


def _told(key: str, before: Any, after: Any) -> tuple[str, str]:
    is_secret = ".options." in key and key.rpartition(".")[2] not in OPTIONS_SHOWN
    return _value(before, is_secret=is_secret), _value(after, is_secret=is_secret)


def _value(value: Any, *, is_secret: bool) -> str:
    if value is None or value == "":
        return ""
    if is_secret:
        return HIDDEN
    words = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return shown(without_credentials(words))


def without_credentials(address: str) -> str:
    """Return an address without the name and password that may stand in it."""
    return _CREDENTIALS.sub(f"//{HIDDEN}@", address)


def operator_key(text: str) -> bytes:
    """Return an operator's public key as it was typed. Raises NotDone."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - not at a start

    try:
        operator = bytes.fromhex(text)
        Ed25519PublicKey.from_public_bytes(operator)
    except ValueError:
        raise NotDone("no_key", "Give the operator's public key: 64 hexadecimal digits.") from None
    return operator


async def name_operator(intake: SettingsIntake, acts: Acts, actor: str, operator: bytes, *, is_anew: bool) -> None:
    """Trust an operator; the journal knows of it before the disk does.

    Raises:
        NotDone: the disk does not let us; nothing was changed.
    """
    before = intake.trust
    newest = before.newest.isoformat() if before is not None and before.newest is not None else ""
    await acts.note(actor, "operator_trusted", {"key": operator.hex(), "is_anew": is_anew, "newest_before": newest})
    try:
        await asyncio.to_thread(intake.put_trust, operator, is_anew=is_anew)
    except OSError as trouble:
        await acts.note(actor, "operator_not_written", {})
        raise NotDone("not_written", f"That cannot be kept: {trouble.strerror}. Nothing was changed.") from None


async def weigh_code(intake: SettingsIntake, acts: Acts, actor: str, text: str) -> Proposal:
    """Weigh a scanned code; a refusal is journalled.

    Raises:
        SettingsCodeRefusedError: it is not taken.
    """
    try:
        return await asyncio.to_thread(intake.weigh, text)
    except SettingsCodeRefusedError as refused:
        await acts.note(actor, "settings_code_refused", {"why": str(refused)})
        raise


async def take_code(intake: SettingsIntake, acts: Acts, actor: str, text: str) -> Proposal:
    """Take a confirmed code; the journal knows of it before the disk does.

    Raises:
        NotDone: it is not taken; nothing was changed.
    """
    try:
        proposal = await weigh_code(intake, acts, actor, text)
        facts: dict[str, Fact] = {
            "code": proposal.name,
            "made": proposal.made.isoformat(),
            "changes": len(proposal.changes),
            "keys": ", ".join(each.key for each in proposal.changes)[:KEYS_CHARS_MAX],
        }
        await acts.note(actor, "settings_taken", facts)
        return await asyncio.to_thread(intake.take, text)
    except SettingsCodeRefusedError as refused:
        raise NotDone("refused", f"{refused} Nothing was changed.") from None
    except (OSError, SettingsProblem) as trouble:
        await acts.note(actor, "settings_not_written", {})
        raise NotDone("not_written", f"The settings cannot be kept: {trouble}. Nothing was changed.") from None
