"""What a printer says: one byte stream of four kinds of answers, told apart by their fixed bits.

    0xx1xx10  answer to DLE EOT n           which n is the asker's affair: one question at a time
    0xx1xx00  first of four bytes of ASB    the other three have bits 7 and 4 clear
    0x37 …    block up to NUL               process id (0x22), buffer cleared (0x25); also 3B, 53, 5F
    0xx0xxxx  answer to GS r
    11, 13    XON and XOFF of a serial line; XOFF may stand even between the four bytes of ASB
Sources: Epson ESC/POS reference, "Transmission status identification"; TM-T88III specification p. 133 (GS a).
"""

from msgspec import Struct
from msgspec.structs import replace

BLOCK_HEADS = frozenset({0x37, 0x3B, 0x53, 0x5F})
BLOCK_BYTES_MAX = 96
ASB_BYTES = 4
FIXED, FREE = 0x93, 0x90
REAL_TIME, AUTOMATIC = 0x12, 0x10
PROCESS_HEAD = 0x37
FLOW = frozenset({0x11, 0x13})
PRINTABLE = frozenset(range(0x20, 0x7F))
PROCESS_ID, CLEARED = 0x22, 0x25


class RealTimeAnswer(Struct, frozen=True):
    """Answer to the one DLE EOT that is open."""

    byte: int


class AutomaticStatus(Struct, frozen=True):
    """Four bytes the printer sends by itself when something changes."""

    octets: bytes


class ProcessDone(Struct, frozen=True):
    """Everything before GS ( H with this id has been printed."""

    id: str


class BufferCleared(Struct, frozen=True):
    """DLE DC4 8 has emptied the buffers."""


class BlockAnswer(Struct, frozen=True):
    """Another block, such as the model name after GS I 67 (head 5F)."""

    head: int
    body: bytes


class BufferAnswer(Struct, frozen=True):
    """Answer to GS r: everything before it has been interpreted."""

    byte: int


class FlowControl(Struct, frozen=True):
    """XON or XOFF; the kernel's line discipline acts on it, we only step over it."""

    byte: int


class Nonsense(Struct, frozen=True):
    """Bytes no answer begins with; counted, never believed."""

    octets: bytes


Answer = (
    RealTimeAnswer | AutomaticStatus | ProcessDone | BufferCleared | BlockAnswer | BufferAnswer | FlowControl | Nonsense
)


class StatusDecoder:
    """Cuts the stream into answers; keeps at most BLOCK_BYTES_MAX bytes between calls."""

    def __init__(self) -> None:
        self._open = bytearray()

    def reset(self) -> None:
        """Forget a half answer, after the link was opened anew."""
        self._open.clear()

    def feed(self, data: bytes) -> list[Answer]:
        """Return the answers that these bytes complete."""
        answers: list[Answer] = []
        for byte in data:
            if byte in FLOW:
                answers.append(FlowControl(byte))
            elif not self._open:
                self._begin(byte, answers)
            elif self._open[0] in BLOCK_HEADS:
                self._grow_block(byte, answers)
            else:
                self._grow_automatic(byte, answers)
        return answers

    def _begin(self, byte: int, answers: list[Answer]) -> None:
        if byte in BLOCK_HEADS or byte & FIXED == AUTOMATIC:
            self._open.append(byte)
        elif byte & FIXED == REAL_TIME:
            answers.append(RealTimeAnswer(byte))
        elif byte & FREE == 0:
            answers.append(BufferAnswer(byte))
        else:
            answers.append(Nonsense(bytes((byte,))))

    def _grow_block(self, byte: int, answers: list[Answer]) -> None:
        if byte == 0:
            answers.append(_block(self._open[0], bytes(self._open[1:])))
            self._open.clear()
        elif byte in PRINTABLE and len(self._open) < BLOCK_BYTES_MAX:
            self._open.append(byte)
        else:
            self._break_off(byte, answers)

    def _grow_automatic(self, byte: int, answers: list[Answer]) -> None:
        if byte & FREE:
            self._break_off(byte, answers)
            return
        self._open.append(byte)
        if len(self._open) == ASB_BYTES:
            answers.append(AutomaticStatus(bytes(self._open)))
            self._open.clear()

    def _break_off(self, byte: int, answers: list[Answer]) -> None:
        answers.append(Nonsense(bytes(self._open)))
        self._open.clear()
        self._begin(byte, answers)


def _block(head: int, body: bytes) -> Answer:
    if head == PROCESS_HEAD and body[:1] == bytes((PROCESS_ID,)) and len(body) == 5:  # noqa: PLR2004 - 22 and four characters
        return ProcessDone(body[1:].decode("ascii"))
    if head == PROCESS_HEAD and body == bytes((CLEARED,)):
        return BufferCleared()
    return BlockAnswer(head, body)


class Condition(Struct, frozen=True):
    """What is known of the printer now; a field changes only by an answer that speaks of it."""

    is_offline: bool = False
    is_cover_open: bool = False
    is_paper_out: bool = False
    is_near_end: bool = False
    has_cutter_error: bool = False
    has_fatal_error: bool = False
    has_other_error: bool = False

    @property
    def cause(self) -> str:
        """Return the message key of what stops the printer, "" when nothing does."""
        causes = (
            (self.is_cover_open, "printer.cover_open"),
            (self.is_paper_out, "printer.paper_out"),
            (self.has_cutter_error, "printer.jam"),
            (self.has_fatal_error, "printer.broken"),
            (self.has_other_error, "printer.too_hot"),
            (self.is_offline, "printer.offline"),
        )
        return next((key for is_so, key in causes if is_so), "")


def after_real_time(known: Condition, asked: int, byte: int) -> Condition:
    """Return the condition after the answer to DLE EOT `asked` (1 to 4)."""
    bit = byte.__and__
    if asked == 1:
        return replace(known, is_offline=bool(bit(0x08)))
    if asked == 2:  # noqa: PLR2004 - DLE EOT 2: cause of offline
        return replace(known, is_cover_open=bool(bit(0x04)), is_paper_out=bool(bit(0x20)) or known.is_paper_out)
    if asked == 3:  # noqa: PLR2004 - DLE EOT 3: cause of error
        return replace(
            known,
            has_cutter_error=bool(bit(0x08)),
            has_fatal_error=bool(bit(0x20)),
            has_other_error=bool(bit(0x40)),
        )
    return replace(known, is_near_end=bool(bit(0x0C)), is_paper_out=bool(bit(0x60)))


def after_automatic(octets: bytes) -> Condition:
    """Return the condition that four bytes of ASB describe whole."""
    first, second, third, _ = octets
    return Condition(
        is_offline=bool(first & 0x08),
        is_cover_open=bool(first & 0x20),
        is_paper_out=bool(third & 0x0C),
        is_near_end=bool(third & 0x03),
        has_cutter_error=bool(second & 0x08),
        has_fatal_error=bool(second & 0x20),
        has_other_error=bool(second & 0x40),
    )
