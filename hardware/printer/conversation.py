"""Asking a printer over its link: one question open at a time, every answer sorted before it is believed."""

import time
from collections.abc import Callable
from typing import assert_never

from hardware.errors import DeviceUnavailable
from hardware.printer import compose
from hardware.printer.status import (
    Answer,
    AutomaticStatus,
    BlockAnswer,
    BufferAnswer,
    BufferCleared,
    Condition,
    FlowControl,
    Nonsense,
    ProcessDone,
    RealTimeAnswer,
    StatusDecoder,
    after_automatic,
    after_real_time,
)
from hardware.transport import Link, LinkLost

KINDS = (1, 2, 3, 4)  # DLE EOT: online, cause of offline, cause of error, paper
NONSENSE_MAX = 256  # bytes; a device that floods is out of service
NAME_HEAD = 0x5F


class Conversation:
    """What has been heard since the link was opened; used by the device's own thread only."""

    def __init__(self, link: Link, answer_timeout_s: float) -> None:
        self.link = link
        self.condition = Condition()
        self.done: set[str] = set()
        self.buffer_answers: list[int] = []
        self.is_cleared = False
        self.model = ""
        self.nonsense = 0
        self._answer_timeout_s = answer_timeout_s
        self._decoder = StatusDecoder()
        self._asked = 0  # the DLE EOT that is open, 0 for none
        self._answered = 0  # answers to DLE EOT since the last question

    def open(self, timeout_s: float) -> bool:
        """Open the link if it is not; False when it cannot be."""
        if self.link.is_open:
            return True
        try:
            self.link.open(timeout_s)
        except DeviceUnavailable:
            return False
        self._decoder.reset()
        self._asked = self.nonsense = 0
        self.condition = Condition()
        return True

    def listen(self, timeout_s: float) -> bool:
        """Sort what comes within the time; False when the link is gone."""
        try:
            data = self.link.receive(timeout_s)
        except LinkLost:
            return False
        for answer in self._decoder.feed(data):
            self._hear(answer)
        if self.nonsense > NONSENSE_MAX:
            self.link.close()
            return False
        return True

    def poll(self) -> None:
        """Ask the next DLE EOT unless one is still open; for use while a job is under way."""
        if self._asked == 0:
            self._asked = self._answered % len(KINDS) + 1
            if self.link.send(compose.ask_status(self._asked), 0.0).accepted == 0:
                self._asked = 0

    def check(self) -> str:
        """Ask DLE EOT 1 to 4 and return the cause that stops the printer, "" when it is ready."""
        self.hush()
        for kind in KINDS:
            self._asked = kind
            if self.link.send(compose.ask_status(kind), self._answer_timeout_s).accepted != len(KINDS) - 1:
                return "printer.no_answer"
            if not self.wait(lambda: self._asked == 0, self._answer_timeout_s):
                self.link.discard()  # a late answer must not be taken for the next one
                self.link.close()
                return "printer.no_answer"
        return self.condition.cause

    def hush(self) -> None:
        """Hear out what is still under way, so that the next answer belongs to the next question."""
        self._asked = 0
        while self.link.is_open and self._has_more():
            pass

    def wait(self, is_true: Callable[[], bool], timeout_s: float) -> bool:
        """Listen until it is true; False when the time is over or the link gone."""
        deadline = time.monotonic() + timeout_s
        while not is_true():
            left = deadline - time.monotonic()
            if left <= 0 or not self.listen(left):
                return is_true()
        return True

    def clear(self, timeout_s: float) -> bool:
        """Empty the printer's buffers, so that nothing of an earlier job comes out; True when it says so."""
        self.is_cleared = False
        self._asked = 0
        if self.link.send(compose.CLEAR_BUFFERS, timeout_s).accepted != len(compose.CLEAR_BUFFERS):
            return False
        return self.wait(lambda: self.is_cleared, timeout_s)

    def ask_model(self) -> str:
        """Ask for the model's name; "" where the device has no such command."""
        if not self.model and self.link.send(compose.ASK_MODEL, self._answer_timeout_s).accepted:
            self.wait(lambda: bool(self.model), self._answer_timeout_s)
        return self.model

    def _hear(self, answer: Answer) -> None:
        match answer:
            case RealTimeAnswer(byte):
                self._hear_real_time(byte)
            case AutomaticStatus(octets):
                self.condition = after_automatic(octets)
            case ProcessDone(job_id):
                self.done.add(job_id)
            case BufferCleared():
                self.is_cleared = True
            case BufferAnswer(byte):
                self.buffer_answers.append(byte)
            case BlockAnswer(head, body):
                self.model = body.decode("ascii", "replace").strip("_") if head == NAME_HEAD else self.model
            case FlowControl():
                pass  # the kernel's line discipline has acted on it
            case Nonsense(octets):
                self.nonsense += len(octets)
            case _:
                assert_never(answer)

    def _hear_real_time(self, byte: int) -> None:
        if self._asked == 0:
            self.nonsense += 1  # nobody asked: not believed
            return
        self.condition = after_real_time(self.condition, self._asked, byte)
        self._asked = 0
        self._answered += 1

    def _has_more(self) -> bool:
        before = self.nonsense
        try:
            data = self.link.receive(0.0)
        except LinkLost:
            return False
        for answer in self._decoder.feed(data):
            if isinstance(answer, AutomaticStatus):
                self.condition = after_automatic(answer.octets)
        return bool(data) and before <= NONSENSE_MAX
