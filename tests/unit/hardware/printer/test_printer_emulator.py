"""The emulator alone, held against byte sequences that others published (docs/hardware/printer.md)."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.printer import EmulatedPrinter, EmulatorOptions, run_emulator


@pytest.fixture
def emulator() -> Iterator[EmulatedPrinter]:
    made = EmulatedPrinter(EmulatorOptions(width_dots=64))
    yield made
    made.stop()


def _talk(emulator: EmulatedPrinter, sent: bytes, count: int) -> bytes:
    """Send and read so many bytes of answer."""
    port = emulator.port or emulator.serve_tcp()
    with socket.create_connection(("127.0.0.1", port), timeout=10) as link:
        link.sendall(sent)
        answer = b""
        while len(answer) < count:
            part = link.recv(100)
            assert part
            answer += part
        if not count:
            link.sendall(b"\x1dr\x01")  # answered in buffer order: all before it is on paper then
            link.recv(1)
    assert emulator.machine.wait_idle(10)
    return answer


# escpos-php, test/unit/EscposTest.php: name of the test, bytes, inked dots (x, y), rows.
PICTURES = {
    "testBitImageBlack": (b"\x1b@\x1dv0\x00\x01\x00\x01\x00\x80", [(0, 0)], 1),
    "testBitImageWhite": (b"\x1b@\x1dv0\x00\x01\x00\x01\x00\x00", [], 1),
    "testBitImageBoth": (b"\x1b@\x1dv0\x00\x01\x00\x02\x00\xc0\x00", [(0, 0), (1, 0)], 2),
    "testBitImageColumnFormatBlack": (b"\x1b@\x1b3\x10\x1b*!\x01\x00\x80\x00\x00\x0a\x1b2", [(0, 0)], 24),
    "testBitImageColumnFormatBoth": (
        b"\x1b@\x1b3\x10\x1b*!\x02\x00\x80\x00\x00\x80\x00\x00\x0a\x1b2",
        [(0, 0), (1, 0)],
        24,
    ),
    "testGraphicsBlack": (
        b"\x1b@\x1d(L\x0b\x000p0\x01\x011\x01\x00\x01\x00\x80\x1d(L\x02\x0002",
        [(0, 0)],
        1,
    ),
    "testGraphicsWhite": (b"\x1b@\x1d(L\x0b\x000p0\x01\x011\x01\x00\x01\x00\x00\x1d(L\x02\x0002", [], 1),
    "testGraphicsBoth": (
        b"\x1b@\x1d(L\x0c\x000p0\x01\x011\x02\x00\x02\x00\xc0\x00\x1d(L\x02\x0002",
        [(0, 0), (1, 0)],
        2,
    ),
    "testSetPrintLeftMarginWide": (b"\x1b@\x1dL\x20\x00\x1dv0\x00\x01\x00\x01\x00\x80", [(32, 0)], 1),
}


@pytest.mark.parametrize("name", list(PICTURES))
def test_draws_what_another_project_sends_for_a_picture(emulator: EmulatedPrinter, name: str) -> None:
    sent, dots, rows = PICTURES[name]
    _talk(emulator, sent, 0)
    paper = emulator.machine.tear_off()
    assert paper is not None
    assert len(paper.rows) == rows
    inked = [
        (x, y) for y, row in enumerate(paper.rows) for x in range(64) if int.from_bytes(row, "big") >> (63 - x) & 1
    ]
    assert inked == dots


@pytest.mark.parametrize("pulse", [b"\x1b@\x1bp0<x", b"\x1b@\x1bp1<x", b"\x1b@\x1bp0\x01\x01", b"\x10\x14\x01\x00\x01"])
def test_kicks_the_drawer_as_others_do(emulator: EmulatedPrinter, pulse: bytes) -> None:
    _talk(emulator, pulse, 0)
    assert emulator.machine.drawer_kicks == 1


@pytest.mark.parametrize("cut", [b"\x1dVA\x03", b"\x1dV1", b"\x1dV\x42\x00", b"\x1bi", b"\x1bm"])
def test_cuts_as_others_do(emulator: EmulatedPrinter, cut: bytes) -> None:
    _talk(emulator, b"\x1b@Hello\n" + cut, 0)
    papers = emulator.machine.papers()
    assert [(paper.texts, paper.is_cut) for paper in papers] == [(("Hello",), True)]


def test_steps_over_codes_and_styles_it_does_not_draw(emulator: EmulatedPrinter) -> None:
    code = b"\x1b@\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x03\x1d(k\x03\x001E0\x1d(k\x07\x001P01234\x1d(k\x03\x001Q0"
    _talk(emulator, code + b"\x1d!0\x1dB\x01\x1dW\x90\x01after\n\x1dV1", 0)
    assert [paper.texts for paper in emulator.machine.papers()] == [("after",)]


@pytest.mark.parametrize(
    ("ask", "trouble", "answer"),
    [
        (b"\x10\x04\x01", {}, b"\x12"),
        (b"\x10\x04\x01", {"is_cover_open": True}, b"\x1a"),
        (b"\x10\x04\x02", {"is_cover_open": True}, b"\x16"),
        (b"\x10\x04\x02", {"is_paper_out": True}, b"\x32"),
        (b"\x10\x04\x03", {"is_jammed": True}, b"\x1a"),
        (b"\x10\x04\x04", {"is_near_end": True}, b"\x1e"),
        (b"\x10\x04\x04", {"is_paper_out": True}, b"\x7e"),
        (b"\x1dr\x01", {}, b"\x00"),
        (b"\x1dr\x01", {"is_near_end": True}, b"\x03"),
        (b"\x1da\x0e", {}, b"\x10\x00\x00\x00"),
        (b"\x1da\x0e", {"is_near_end": True}, b"\x10\x00\x03\x00"),
        (b"\x1d(H\x06\x0000ABCD", {}, b"\x37\x22ABCD\x00"),
        (b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08", {}, b"\x37\x25\x00"),
        (b"\x1dI\x43", {}, b"\x5fTM-T20II\x00"),
    ],
)
def test_answers_as_the_vendors_manuals_print_it(
    emulator: EmulatedPrinter, ask: bytes, trouble: dict[str, bool], answer: bytes
) -> None:
    emulator.machine.set(**trouble)
    assert _talk(emulator, ask, len(answer)) == answer


def test_obeys_real_time_commands_inside_a_picture_as_real_printers_do(emulator: EmulatedPrinter) -> None:
    picture = b"\x1dv0\x00\x03\x00\x01\x00\x10\x04\x01"
    assert _talk(emulator, picture, 1) == b"\x12"


def test_a_full_buffer_holds_the_host_back_and_is_emptied_in_real_time() -> None:
    made = EmulatedPrinter(EmulatorOptions(width_dots=64, buffer_bytes=64))
    made.machine.set(is_paper_out=True)
    with socket.create_connection(("127.0.0.1", made.serve_tcp()), timeout=10) as link:
        link.sendall(b"\x1bJ\x01" * 10 + b"\x10\x04\x04")
        assert link.recv(1) == b"\x7e"
        link.sendall(b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08")
        assert link.recv(3) == b"\x37\x25\x00"
        made.machine.load_paper()
        link.sendall(b"\x1d(H\x06\x0000ABCD")
        assert link.recv(10) == b"\x37\x22ABCD\x00"
    assert made.machine.tear_off() is None
    made.stop()


def test_runs_as_a_program_and_leaves_its_paper_as_pictures(tmp_path: Path) -> None:
    stop = threading.Event()
    serving = threading.Thread(target=lambda: run_emulator(tmp_path, port=0, stop=stop))
    serving.start()
    address = tmp_path / "address"
    waiting = threading.Event()
    while not address.exists() or not address.read_text(encoding="utf-8").endswith("\n"):
        waiting.wait(0.01)
    host, port = address.read_text(encoding="utf-8").strip().split(":")
    with socket.create_connection((host, int(port)), timeout=10) as link:
        link.sendall(b"\x1dv0\x00\x01\x00\x01\x00\x80\x1dV1\x1d(H\x06\x0000DONE")
        assert link.recv(10) == b"\x37\x22DONE\x00"
    while not (tmp_path / "000001.png").exists():
        waiting.wait(0.01)
    stop.set()
    serving.join(10)
    assert not serving.is_alive()
    assert (tmp_path / "000001.png").read_bytes().startswith(b"\x89PNG")
