"""CD5220 displays against bytes of others (docs/hardware/display.md): what we send, and what is passed over."""

import asyncio
from pathlib import Path

import pytest

from hardware.display import DisplayEmulator
from hardware.display.cd5220 import Cd5220Display
from hardware.display.wire_words import outgoing
from hardware.transport import LoopbackLink

UPPER, LOWER = "ITEM                ", "PRICE               "
# Sequences of the maker's manual as batzlerg/cd5220 gives them, by what they do.
PASSED_OVER = {
    "overwrite mode": "1B11",
    "vertical scroll mode": "1B12",
    "horizontal scroll mode": "1B13",
    "home": "0B",
    "home by escape": "1B5B48",
    "start of the line": "0D",
    "start of the line by escape": "1B5B4C",
    "one line down": "0A",
    "one line down by escape": "1B5B42",
    "bottom left": "1B5B4B",
    "to column 1 of row 2": "1B6C0102",
    "cursor off": "1B5F00",
    "cursor on": "1B5F01",
    "brightness 2": "1B2A02",
    "characters of France": "1B6646",
    "characters of Germany": "1B6647",
    "own characters": "1B25",
    "save own characters": "1B7301",
    "define an own character": "1B260180807F4141417F",
}
CLEARING = {"initialise": "1B40", "clear": "0C"}


def lines_of(octets: bytes, tmp_path: Path) -> DisplayEmulator:
    display = DisplayEmulator(tmp_path / "tty")
    display.feed(octets)
    return display


@pytest.mark.parametrize("command", PASSED_OVER)
def test_other_commands_leave_both_lines_as_they_stand(command: str, tmp_path: Path) -> None:
    both = f"\x1bQA{UPPER}\r\x1bQB{LOWER}\r".encode()
    display = lines_of(both + bytes.fromhex(PASSED_OVER[command]), tmp_path)
    assert display.wait_for("ITEM", "PRICE", 0)
    display.feed(b"\x1bQB$24.50\r")
    assert display.wait_for("ITEM", "$24.50", 0), "and the next line is understood"


@pytest.mark.parametrize("command", CLEARING)
def test_what_clears_clears(command: str, tmp_path: Path) -> None:
    display = lines_of(b"\x1bQATOTAL DUE\r\x1bQB$24.50\r" + bytes.fromhex(CLEARING[command]), tmp_path)
    assert display.wait_for("", "", 0)


@pytest.mark.parametrize(
    ("octets", "upper", "lower"),
    [
        (b"\x1bQAHello World\r", "Hello World", ""),  # a page that writes to a display from a browser
        (b"\x1bQA12345678901234567890\r\x1bQB12345678901234567890\r", "12345678901234567890", "12345678901234567890"),
        (
            "\x1b@\x0c\x1bQAМолоко\r".encode("cp866") + b"\x1bQBITOGO 150\r",
            "Молоко".encode("cp866").decode("cp437"),
            "ITOGO 150",
        ),
    ],
)
def test_lines_written_by_other_programs_stand(octets: bytes, upper: str, lower: str, tmp_path: Path) -> None:
    assert lines_of(octets, tmp_path).wait_for(upper, lower, 0)


def test_the_driver_sends_what_the_manual_says_and_nothing_else() -> None:
    async def story() -> bytes:
        link = LoopbackLink()
        display = Cd5220Display("display", link)
        await display.start()
        assert await display.show("ITEM", "PRICE")
        assert link.peer is not None
        sent = link.peer.recv(4096)
        link.peer.close()
        await display.close()
        return sent

    sent = asyncio.run(story())
    assert sent == b"\x1b@" + f"\x1bQA{UPPER}\r\x1bQB{LOWER}\r".encode()
    assert [name for name, _ in outgoing(sent[2:])] == ["upper line", "lower line"]
