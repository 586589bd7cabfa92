"""The wire between terminal and server, made to misbehave on purpose.

Its script lies in a small file, so that a second process (`guichet platform link down`) changes it for a terminal
that is running. What each mode means to the caller:

up             the call goes through
down           Unreachable, nothing was asked
slow           the answer comes after `slow_s`; OutcomeUnknown (Unreachable for questions) if that is past the time-out
lost_request   OutcomeUnknown, and the server never heard of it
lost_answer    OutcomeUnknown, and the server did it
duplicate      the server hears it twice
"""

import asyncio
import fcntl
import json
import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import asdict

from kiosk.application.errors import OutcomeUnknown, Unreachable

SLOW_MAX_S = 600.0
CALLS_MAX = 1_000_000
FILE_BYTES_MAX = 4096

Answer = TypeVar("Answer")


class LinkMode(StrEnum):
    """How the wire behaves."""

    UP = "up"
    DOWN = "down"
    SLOW = "slow"
    LOST_REQUEST = "lost_request"
    LOST_ANSWER = "lost_answer"
    DUPLICATE = "duplicate"


class LinkState(Struct, frozen=True):
    """A mode, for the next `calls` calls (None: until changed), with the delay of slow."""

    mode: LinkMode = LinkMode.UP
    slow_s: float = 0.0
    calls: int | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.slow_s <= SLOW_MAX_S:
            raise ValueError(f"a delay is from 0 to {SLOW_MAX_S:g} s")
        if self.calls is not None and not 0 < self.calls <= CALLS_MAX:
            raise ValueError(f"a number of calls is from 1 to {CALLS_MAX}")


class Link:
    """Carry calls to the server as the control file says."""

    def __init__(self, control: Path) -> None:
        self._control = control
        control.parent.mkdir(parents=True, exist_ok=True)

    def set(self, mode: LinkMode, *, slow_s: float = 0.0, calls: int | None = None) -> None:
        """Change the wire, for the next `calls` calls or until changed again."""
        state = LinkState(mode, slow_s, calls)
        with self._locked() as lock:
            _write(lock, state)

    def state(self) -> LinkState:
        """Return the script as it stands."""
        try:
            return _read(self._control.read_bytes())
        except FileNotFoundError:
            return LinkState()

    @property
    def is_up(self) -> bool:
        """Say whether a question would be answered now; uses up no call."""
        return self.state().mode is not LinkMode.DOWN

    async def ask(self, serve: Callable[[], Answer], *, timeout_s: float) -> Answer:
        """Carry a question that changes nothing: lost or late is Unreachable."""
        try:
            return await self.send(serve, timeout_s=timeout_s)
        except OutcomeUnknown as unknown:
            raise Unreachable("platform_unreachable", unknown.detail) from None

    async def send(self, serve: Callable[[], Answer], *, timeout_s: float) -> Answer:
        """Carry a call that acts.

        Raises:
            Unreachable: the wire is down, the server was not asked.
            OutcomeUnknown: request or answer were lost, or the answer came after `timeout_s`.
        """
        state = self._next_call()
        if state.mode is LinkMode.DOWN:
            raise Unreachable("platform_unreachable", "the link is down")
        if state.mode is LinkMode.LOST_REQUEST:
            raise OutcomeUnknown("platform_no_answer", "the connection broke while sending")
        answer = serve()
        if state.mode is LinkMode.DUPLICATE:
            answer = serve()
        if state.mode is LinkMode.LOST_ANSWER:
            raise OutcomeUnknown("platform_no_answer", "the connection broke before the answer")
        if state.mode is LinkMode.SLOW:
            await asyncio.sleep(min(state.slow_s, timeout_s))
            if state.slow_s > timeout_s:
                raise OutcomeUnknown("platform_no_answer", "no answer in time")
        return answer

    def _next_call(self) -> LinkState:
        """Return the mode of this call and count it."""
        state = self.state()
        if state.calls is None:
            return state
        with self._locked() as lock:
            state = _read(lock.read_bytes())
            if state.calls is not None:
                rest = LinkState(state.mode, state.slow_s, state.calls - 1) if state.calls > 1 else LinkState()
                _write(lock, rest)
        return state

    def _locked(self) -> "_Lock":
        return _Lock(self._control)


class _Lock:
    """Hold the control file against other processes while it is read and written."""

    def __init__(self, control: Path) -> None:
        self._control = control
        self._descriptor = -1

    def __enter__(self) -> Path:
        self._descriptor = os.open(self._control.with_suffix(".lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        return self._control

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)


def _write(control: Path, state: LinkState) -> None:
    part = control.with_suffix(".part")
    part.write_text(json.dumps(asdict(state)), encoding="utf-8")
    part.replace(control)


def _read(text: bytes) -> LinkState:
    """Return a state; a file that is no script counts as a wire that is down, so that nobody sells on a guess."""
    try:
        fields = json.loads(text[:FILE_BYTES_MAX])
        calls = fields["calls"]
        return LinkState(LinkMode(fields["mode"]), float(fields["slow_s"]), None if calls is None else int(calls))
    except (ValueError, KeyError, TypeError):
        return LinkState(LinkMode.DOWN)
