"""The wire misbehaves exactly as its script says, also when another process writes the script."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kiosk.application.errors import OutcomeUnknown, Unreachable
from kiosk.platforms.embedded import LinkMode, LinkState, open_link

ROOT = Path(__file__).parents[5]


class Counter:
    def __init__(self) -> Any:
        self.calls = 0

    def serve(self) -> Any:
        self.calls += 1
        return self.calls


@pytest.fixture
def link(tmp_path: Any) -> Any:
    return open_link(tmp_path)


@pytest.fixture
def server() -> Any:
    return Counter()


def send(link: Any, server: Any, timeout_s: Any = 5.0) -> Any:
    return asyncio.run(link.send(server.serve, timeout_s=timeout_s))


def test_is_up_until_told_otherwise(link: Any, server: Any) -> None:
    assert send(link, server) == 1
    assert link.state() == LinkState()


@pytest.mark.parametrize(
    ("mode", "outcome", "served"),
    [
        (LinkMode.UP, 1, 1), (LinkMode.DOWN, Unreachable, 0), (LinkMode.LOST_REQUEST, OutcomeUnknown, 0),
        (LinkMode.LOST_ANSWER, OutcomeUnknown, 1), (LinkMode.DUPLICATE, 2, 2), (LinkMode.SLOW, 1, 1),
    ],
)  # fmt: skip
def test_does_what_its_mode_says(mode: Any, outcome: Any, served: Any, link: Any, server: Any) -> None:
    link.set(mode, slow_s=0.001)
    if isinstance(outcome, int):
        assert send(link, server) == outcome
    else:
        with pytest.raises(outcome):
            send(link, server)
    assert server.calls == served


def test_too_slow_is_unknown_for_acts_and_unreachable_for_questions(link: Any, server: Any) -> None:
    link.set(LinkMode.SLOW, slow_s=60)
    with pytest.raises(OutcomeUnknown):
        send(link, server, timeout_s=0.001)
    with pytest.raises(Unreachable):
        asyncio.run(link.ask(server.serve, timeout_s=0.001))
    assert server.calls == 2


def test_misbehaves_for_so_many_calls_and_then_no_more(link: Any, server: Any) -> None:
    link.set(LinkMode.LOST_ANSWER, calls=2)
    for _ in range(2):
        with pytest.raises(OutcomeUnknown):
            send(link, server)
    assert send(link, server) == 3
    assert link.is_up


def test_a_second_process_cuts_the_wire(link: Any, server: Any, tmp_path: Any) -> None:
    send(link, server)
    program = (
        "import sys; from pathlib import Path; from kiosk.platforms.embedded.link import Link, LinkMode; "
        "Link(Path(sys.argv[1])).set(LinkMode.DOWN)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "link.json")], check=True, timeout=60, cwd=ROOT)
    with pytest.raises(Unreachable):
        send(link, server)
    open_link(tmp_path).set(LinkMode.UP)
    assert send(link, server) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        '{"mode":"sideways","slow_s":0,"calls":null}',
        '{"mode":"up"}',
        '{"mode":"slow","slow_s":1e9,"calls":null}',
    ],
)
def test_a_script_that_cannot_be_read_is_a_wire_that_is_down(text: Any, link: Any, server: Any, tmp_path: Any) -> None:
    (tmp_path / "link.json").write_text(text)
    with pytest.raises(Unreachable):
        send(link, server)


@pytest.mark.parametrize(
    "more", [{"slow_s": -1}, {"slow_s": 1e6}, {"slow_s": float("nan")}, {"calls": 0}, {"calls": 10**9}]
)
def test_refuses_a_script_beyond_its_bounds(more: Any, link: Any) -> None:
    with pytest.raises(ValueError, match=r"delay|calls"):
        link.set(LinkMode.SLOW, **more)
