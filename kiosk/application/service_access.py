"""Who may open the technician's bench: a service code of this terminal, with a lock-out that outlives a reboot.

There is no code until one is made; it is shown once and kept only as a salted hash. A try is counted, durably, before
it is judged: pulling the plug wins nothing. Staff cards (`staff_cards`) are counted to the same lock-out.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from kiosk.application.clock import Clock
from kiosk.application.private_file import write_private

CODE_DIGITS = 8
FREE_TRIES = 4  # wrong ones before the first lock-out
LOCK_FIRST = timedelta(seconds=30)
LOCK_MAX = timedelta(hours=1)
SCRYPT = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}


class Tried(Struct, frozen=True):
    """What became of a try; `left` wrong ones are free still, `locked_until` while none is judged at all.

    `is_judged` is false for a try that came while it was locked: whatever it was, it was not looked at.
    """

    is_admitted: bool
    left: int = 0
    locked_until: datetime | None = None
    has_code: bool = True
    is_judged: bool = True


class _Kept(Struct, frozen=True):
    """What the file holds; an empty digest is no code."""

    salt: bytes
    digest: bytes
    wrong: int = 0
    locked_until: datetime | None = None


NO_CODE = _Kept(b"", b"")


class ServiceAccess:
    """The service code of one terminal. Every call reads and writes the file: call them on a thread."""

    def __init__(self, file: Path, clock: Clock) -> None:
        self._file = file
        self._clock = clock

    @property
    def has_code(self) -> bool:
        """Say whether there is a code; a damaged file holds none, and admits nobody."""
        kept = self._read()
        return kept is not None and bool(kept.digest)

    def make(self) -> str:
        """Make a new code in place of any other and return it, to be shown once. Raises OSError."""
        code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
        salt = secrets.token_bytes(16)
        self._write(_Kept(salt, _digest(code, salt)))
        return code

    def first(self) -> str:
        """Make the first code of a terminal and return it; "" where there is one, or its file is damaged."""
        kept = self._read()
        is_there = self._file.exists() if kept is None else bool(kept.digest)
        return "" if is_there else self.make()

    def attempt(self, code: str) -> Tried:
        """Judge a code. Raises OSError where the try cannot be counted: then it is not judged."""
        kept = self._read()
        if kept is None or not kept.digest:
            return Tried(is_admitted=False, has_code=False)
        tried = self.count()
        if tried.is_judged and hmac.compare_digest(_digest(code, kept.salt), kept.digest):
            return self.admit()
        return tried

    def count(self) -> Tried:
        """Count a try durably before it is judged, whatever judges it; not while it is locked. Raises OSError.

        Where the file is there and cannot be read nothing is judged: to write it anew would lose code and lock-out.
        """
        kept, now = self._read(), self._clock.now()
        if kept is None:
            if self._file.exists():
                return Tried(is_admitted=False, has_code=False, is_judged=False)
            kept = NO_CODE
        until = None if kept.locked_until is None else min(kept.locked_until, now + LOCK_MAX)  # the clock was set back
        if until is not None and now < until:
            return Tried(is_admitted=False, locked_until=until, is_judged=False)
        counted = replace(kept, wrong=kept.wrong + 1, locked_until=_lock(kept.wrong + 1, now))
        self._write(counted)
        return Tried(False, max(0, FREE_TRIES - counted.wrong), counted.locked_until)

    def admit(self) -> Tried:
        """Let in whoever was counted and judged right; what was wrong before is forgotten. Raises OSError."""
        kept = self._read()
        if kept is not None:
            self._write(replace(kept, wrong=0, locked_until=None))
        return Tried(is_admitted=True)

    def _read(self) -> _Kept | None:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=_Kept)
        except (OSError, msgspec.DecodeError):
            return None

    def _write(self, kept: _Kept) -> None:
        write_private(self._file, msgspec.json.encode(kept))


def _lock(wrong: int, now: datetime) -> datetime | None:
    """Return until when the next try is not judged, after so many wrong ones."""
    if wrong <= FREE_TRIES:
        return None
    doublings = min(wrong - FREE_TRIES - 1, 20)
    return now + min(LOCK_FIRST * (1 << doublings), LOCK_MAX)


def _digest(code: str, salt: bytes) -> bytes:
    return hashlib.scrypt(code.encode(errors="surrogatepass"), salt=salt, **SCRYPT)


def shown(code: str) -> str:
    """Return a code as people read it: two groups of four."""
    return f"{code[:4]} {code[4:]}"
