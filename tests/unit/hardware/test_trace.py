"""Traces of the wire: bounded, readable, and unable to hold what was printed, paid with, scanned or read."""

import base64
import random
import threading

import pytest

from hardware.card_reader import EmulatedCard
from hardware.card_reader import wire_words as card_words
from hardware.display import wire_words as display_words
from hardware.payment_terminal import wire_words as zvt_words
from hardware.payment_terminal.zvt_codec import Frame
from hardware.printer.compose import ASK_BUFFER, CLEAR_BUFFERS, ask_process_id, ask_status, job_pieces, profile
from hardware.printer.document import PrintDocument, QrBlock, TextBlock
from hardware.printer.raster import render
from hardware.printer.wire_words import EscposWords
from hardware.scanner import ScanEvent, ScanRefused
from hardware.scanner.wire_words import describe_scan
from hardware.trace import EXCHANGES_MAX, WHAT_CHARS_MAX, Direction, WireTrace
from hardware.transport import LoopbackLink, TracedLink

CANARY = "Xanthippe Quokkasdottir 4929123412341234"


def spellings(secret: bytes) -> list[str]:
    """Return how a secret could stand in a trace."""
    return [
        secret.decode("latin-1"),
        secret.hex(),
        secret.hex(" "),
        secret.hex().upper(),
        base64.b64encode(secret).decode(),
    ]


def whats(trace: WireTrace) -> list[tuple[str, str, int, int]]:
    return [(each.direction, each.what, each.octets, each.times) for each in trace.exchanges()]


def test_a_ring_keeps_the_last_and_counts_what_repeats() -> None:
    trace = WireTrace(4)
    for number in range(10):
        trace.note(Direction.OUT, f"command {number}", 2)
    assert [what for _, what, _, _ in whats(trace)] == [f"command {n}" for n in range(6, 10)]
    trace = WireTrace()
    for _ in range(50):
        trace.note(Direction.OUT, "DLE EOT 01", 3)
        trace.note(Direction.IN, "status 12", 1)
    trace.note(Direction.OUT, "GS v 0, picture", 9)
    assert whats(trace) == [
        ("out", "DLE EOT 01", 150, 50),
        ("in", "status 12", 50, 50),
        ("out", "GS v 0, picture", 9, 1),
    ]


def test_what_is_noted_is_on_one_line_and_short() -> None:
    trace = WireTrace()
    trace.note(Direction.LINE, "a\n\x1b[31mb" + "x" * 500)
    assert trace.exchanges()[0].what.isprintable()
    assert len(trace.exchanges()[0].what) == WHAT_CHARS_MAX


def test_many_threads_may_write_while_others_read() -> None:
    trace = WireTrace()

    def write(name: str) -> None:
        for number in range(300):
            trace.note(Direction.OUT, f"{name} {number % 7}")

    threads = [threading.Thread(target=write, args=(str(n),)) for n in range(4)]
    for each in threads:
        each.start()
    while any(each.is_alive() for each in threads):
        assert len(trace.exchanges()) <= EXCHANGES_MAX
    assert len(trace.exchanges()) <= EXCHANGES_MAX


def job() -> list[bytes]:
    document = PrintDocument((TextBlock(CANARY), QrBlock(CANARY)))
    return job_pieces(render(document, 576), profile("TM-T20II"), ask_process_id("QUOK"))


def test_a_job_is_told_by_the_names_of_its_commands_and_the_size_of_its_pictures() -> None:
    words = EscposWords()
    said = [each for piece in job() for each in words.outgoing(piece)]
    names = {name for name, _ in said}
    assert {"ESC @, initialise", "GS a, automatic status 0e", "GS v 0, picture", "GS V, cut"} <= names
    assert "GS ( H, tell me when this is printed" in names
    assert not names & {"text", "unknown command"}
    assert sum(octets for _, octets in said) == sum(map(len, job()))
    assert words.outgoing(ask_status(4)) == [("DLE EOT 04", 3)]
    assert words.outgoing(CLEAR_BUFFERS) == [("DLE DC4 8, clear buffers", 10)]
    assert words.outgoing(ASK_BUFFER) == [("GS r, ready? 01", 3)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1000])
def test_however_a_job_is_cut_into_sends_it_says_the_same(size: int) -> None:
    whole, cut = EscposWords(), EscposWords()
    raw = b"".join(job())
    said = [each for at in range(0, len(raw), size) for each in cut.outgoing(raw[at : at + size])]
    assert sum(octets for _, octets in said) == len(raw)
    assert {name for name, _ in said} == {name for name, _ in whole.outgoing(raw)}


def test_text_and_codes_sent_as_such_leave_no_trace_of_what_they_say() -> None:
    words = EscposWords()
    code = b"\x1d(k" + (len(CANARY) + 3).to_bytes(2, "little") + b"1P0" + CANARY.encode()
    said = words.outgoing(b"\x1b@" + CANARY.encode() + b"\n" + code + b"\x1b*\x21" + CANARY.encode())
    told = str(said)
    assert not [each for each in spellings(CANARY.encode()) if each in told]
    assert "Quokka" not in told
    assert ("GS ( k, code", len(CANARY) + 8) in said


def test_a_printers_answers_are_told_without_ids_and_names() -> None:
    words = EscposWords()
    heard = words.incoming(b"\x12\x37\x22QUOK\x00\x5fTM-T20II\x00\x14\x00\x00\x0f\x37\x25\x00\x00\xff\x13")
    assert [name for name, _ in heard] == [
        "status 12",
        "printed, says the printer",
        "block 5f",
        "automatic status 14 00 00 0f",
        "buffers are clear",
        "buffer status 00",
        "bytes of no known answer",
        "flow control 13",
    ]
    assert "QUOK" not in str(heard)


def test_whatever_is_sent_only_lengths_of_it_are_kept() -> None:
    chance = random.Random(5)
    for _ in range(3000):
        words = EscposWords()
        raw = chance.choice((b"", b"\x1b", b"\x1d(", b"\x1dv0\0")) + chance.randbytes(chance.randrange(60))
        for name, octets in (*words.outgoing(raw), *words.incoming(raw)):
            assert octets > 0
            assert len(name) < 60
        assert len(words._rest) <= 12


STATUS = (
    b"\x27\x00\x04\x00\x00\x00\x00\x12\x34\x49\x09\x78\x0b\x00\x00\x07\x87\x00\x42"
    b"\x22\xf0\xf8\x49\x29\x12\x34\x12\x34\x12\x34\x3c\xf0\xf0\xf6Quokka\x8b\xf0\xf6QUOKKA"
)


def test_a_payment_is_told_without_card_password_or_amount_asked() -> None:
    told = zvt_words.told(Frame(0x040F, STATUS))
    assert told == "040F status 27=00 04=000000001234 49=0978 0B=000007 87=0042 22=… 3C=… 8B=…"
    password = bytes.fromhex("987654")
    assert zvt_words.asked(Frame(0x0600, password + b"\xbe\x09\x78\x03\x00")) == "0600 register"
    assert zvt_words.asked(Frame(0x0601, b"\x04\x00\x00\x00\x00\x12\x34")) == "0601 authorise"
    assert zvt_words.told(Frame(0x061E, b"\x6c")) == "061E abort 6C"
    assert zvt_words.told(Frame(0x04FF, b"\x0e")) == "04FF in between 0E"
    assert zvt_words.told(Frame(0x06D1, b"\x00" + CANARY.encode())) == "06D1 print line"
    assert zvt_words.told(Frame(0x849C)) == "849C refused"
    assert zvt_words.told(Frame(0x040F, b"\x99" + CANARY.encode())) == "040F status, not readable"
    assert zvt_words.told(Frame(0x1234, CANARY.encode())) == "1234 unknown"


def test_apdus_are_told_by_command_and_status() -> None:
    card = EmulatedCard(text=CANARY)
    select = bytes.fromhex("00A4040007D276000085010100")
    assert card_words.asked(select) == "00 A4, 8 bytes of data"
    assert card_words.told(card.answer(select)) == "90 00, 0 bytes of data"
    assert card_words.asked(b"\x90\xaf\x00\x00\x20" + CANARY[:32].encode() + b"\x00") == "90 AF, 33 bytes of data"
    assert card_words.told(b"\x04\xa1\xb2\xc3\x90\x00") == "90 00, 4 bytes of data"
    assert card_words.told(b"\x90") == "an answer that is cut"


def test_scans_and_displays_are_told_by_length() -> None:
    assert describe_scan(ScanEvent(CANARY, "]Q1")) == f"code of {len(CANARY)} characters, ]Q1"
    assert describe_scan(ScanEvent("x", "QUO")) == "code of 1 characters"
    assert describe_scan(ScanRefused("too_long")) == "refused: too_long"
    shown = b"\x1b@\x1bQA" + CANARY[:20].encode() + b"\r\x1bQB\xff\r" + CANARY.encode()
    told = display_words.outgoing(b"\x1b@") + display_words.outgoing(shown[2:])
    assert told == [("initialise", 2), ("upper line", 23), ("lower line", 4), ("bytes", len(CANARY))]
    assert display_words.incoming(b"") == []
    assert display_words.incoming(b"ab") == [("bytes", 2)]


def test_a_traced_link_is_the_link_and_says_how_the_line_was() -> None:
    inner, trace, words = LoopbackLink(), WireTrace(), EscposWords()
    link = TracedLink(inner, trace, words.outgoing, words.incoming)
    link.open(1)
    assert (link.is_open, link.name) == (True, "loopback")
    link.open(1)
    assert link.send(b"\x10\x04\x01", 1).accepted == 3
    assert inner.peer is not None
    inner.peer.sendall(b"\x12")
    assert link.receive(1) == b"\x12"
    inner.peer.close()
    link.discard()
    link.close()
    assert link.send(b"\x10\x04\x01", 1).is_lost
    assert [what for _, what, _, _ in whats(trace)] == [
        "opened", "DLE EOT 01", "status 12", "thrown away what was not delivered", "lost while sending",
    ]  # fmt: skip


def test_a_line_opened_anew_begins_with_a_command_whatever_broke_off_before() -> None:
    inner, trace, words = LoopbackLink(), WireTrace(), EscposWords()
    link = TracedLink(inner, trace, words.outgoing, words.incoming, words.reset)
    for sent in (b"\x1dv0\0\x0a\0\x0a\0" + b"\x55" * 5, b"\x1b@\x1d", b"\x10\x04\x01"):
        link.open(1)
        link.send(sent, 1)
        assert inner.peer is not None
        inner.peer.close()
        link.close()
    assert whats(trace) == [
        ("line", "opened", 0, 1), ("out", "GS v 0, picture", 13, 1), ("line", "closed", 0, 1),
        ("line", "opened", 0, 1), ("out", "ESC @, initialise", 2, 1), ("line", "closed", 0, 1),
        ("line", "opened", 0, 1), ("out", "DLE EOT 01", 3, 1), ("line", "closed", 0, 1),
    ]  # fmt: skip
