"""ESC/POS as words for a technician: commands by name, everything printed by its length only.

Only what stands in the table below is ever named, with the few bytes that choose what a command does. Pictures, text,
codes and the ids of jobs are counted, whatever they hold; bytes of no known command are counted, too.
"""

from typing import assert_never

from msgspec import Struct

from hardware.printer.status import (
    Answer,
    AutomaticStatus,
    BlockAnswer,
    BufferAnswer,
    BufferCleared,
    FlowControl,
    Nonsense,
    ProcessDone,
    RealTimeAnswer,
    StatusDecoder,
)

HEAD_BYTES_MAX = 12
DLE, ESC, GS = 0x10, 0x1B, 0x1D
_PRINTED = frozenset(range(0x20, 0x100)) | {0x09, 0x0A, 0x0C, 0x0D}


class _Command(Struct, frozen=True):
    """A command: its name, how many bytes it takes whole, how many of them after the head may be shown."""

    name: str
    size: int
    shown: int = 0


# head → command; from Epson's ESC/POS reference, as far as printers are spoken to here
COMMANDS: dict[bytes, _Command] = {
    b"\x10\x04": _Command("DLE EOT", 3, 1),
    b"\x10\x05": _Command("DLE ENQ", 3, 1),
    b"\x10\x14\x08": _Command("DLE DC4 8, clear buffers", 10),
    b"\x1b@": _Command("ESC @, initialise", 2),
    b"\x1bJ": _Command("ESC J, feed", 3, 1),
    b"\x1bd": _Command("ESC d, feed lines", 3, 1),
    b"\x1bp": _Command("ESC p, drawer", 5),
    b"\x1bB": _Command("ESC B, buzzer", 4),
    b"\x1da": _Command("GS a, automatic status", 3, 1),
    b"\x1dP": _Command("GS P, pitch", 4, 2),
    b"\x1dL": _Command("GS L, left margin", 4, 2),
    b"\x1dI": _Command("GS I, who are you", 3, 1),
    b"\x1dr": _Command("GS r, ready?", 3, 1),
    b"\x1dVA": _Command("GS V, cut", 4),
    b"\x1dVB": _Command("GS V, cut", 4),
    b"\x1dV": _Command("GS V, cut", 3),
}
# head → name and where the length of what follows stands: (offset, bytes), multiplied
SIZED: dict[bytes, tuple[str, int, tuple[tuple[int, int], ...]]] = {
    b"\x1dv0": ("GS v 0, picture", 8, ((4, 2), (6, 2))),
    b"\x1d(L": ("GS ( L, picture", 5, ((3, 2),)),
    b"\x1d8L": ("GS 8 L, picture", 7, ((3, 4),)),
    b"\x1d(H": ("GS ( H, tell me when this is printed", 5, ((3, 2),)),
    b"\x1d(k": ("GS ( k, code", 5, ((3, 2),)),
}


class EscposWords:
    """The two directions of one printer's line; a payload may come in many sends."""

    def __init__(self) -> None:
        self._decoder = StatusDecoder()
        self.reset()

    def reset(self) -> None:
        """Forget what is not whole: the line was opened anew."""
        self._rest = b""
        self._left = 0
        self._name = ""
        self._decoder.reset()

    def outgoing(self, data: bytes) -> list[tuple[str, int]]:
        """Return what was sent."""
        said: list[tuple[str, int]] = []
        raw, self._rest = self._rest + data, b""
        at = 0
        while at < len(raw):
            if self._left:
                taken = min(self._left, len(raw) - at)
                self._left -= taken
                said.append((self._name, taken))
                at += taken
                continue
            size = self._command(raw[at : at + HEAD_BYTES_MAX], said)
            if not size:
                self._rest = raw[at:]
                break
            at += size
        return _joined(said)

    def _command(self, head: bytes, said: list[tuple[str, int]]) -> int:
        """Say the command that begins here; return its bytes, 0 where it is not whole yet."""
        for start, (name, size, lengths) in SIZED.items():
            if head.startswith(start):
                if len(head) < size:
                    return 0
                self._left = 1
                for offset, octets in lengths:
                    self._left *= int.from_bytes(head[offset : offset + octets], "little")
                self._name = name
                said.append((name, size))
                return size
        found = next((COMMANDS[head[:n]] for n in (3, 2) if head[:n] in COMMANDS), None)
        if found is None:
            return self._other(head, said)
        if len(head) < found.size:
            return 0
        shown = head[found.size - found.shown : found.size].hex(" ") if found.shown else ""
        said.append((f"{found.name} {shown}".rstrip(), found.size))
        return found.size

    def _other(self, head: bytes, said: list[tuple[str, int]]) -> int:
        if head[0] in {DLE, ESC, GS} and len(head) < 3:  # noqa: PLR2004 - the longest head
            return 0
        said.append(("text" if head[0] in _PRINTED else "unknown command", 1))
        return 1

    def incoming(self, data: bytes) -> list[tuple[str, int]]:
        """Return what was heard."""
        return _joined([_answer(each) for each in self._decoder.feed(data)])


def _answer(answer: Answer) -> tuple[str, int]:
    match answer:
        case RealTimeAnswer(byte):
            said = (f"status {byte:02x}", 1)
        case AutomaticStatus(octets):
            said = (f"automatic status {octets.hex(' ')}", len(octets))
        case ProcessDone(job_id):
            said = ("printed, says the printer", len(job_id) + 3)
        case BufferCleared():
            said = ("buffers are clear", 3)
        case BlockAnswer(head, body):
            said = (f"block {head:02x}", len(body) + 2)
        case BufferAnswer(byte):
            said = (f"buffer status {byte:02x}", 1)
        case FlowControl(byte):
            said = (f"flow control {byte:02x}", 1)
        case Nonsense(octets):
            said = ("bytes of no known answer", len(octets))
        case _:
            assert_never(answer)
    return said


def _joined(said: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the same with neighbours of one name as one."""
    joined: list[tuple[str, int]] = []
    for name, octets in said:
        if joined and joined[-1][0] == name:
            joined[-1] = (name, joined[-1][1] + octets)
        else:
            joined.append((name, octets))
    return joined
