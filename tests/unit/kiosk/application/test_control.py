"""The control socket hears its own user, one bounded question at a time, and survives everybody else."""

import asyncio
import contextlib
import json
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiosk.application.control import (
    LINE_BYTES_MAX,
    PATH_BYTES_MAX,
    ControlServer,
    NotDone,
    ask,
    is_listening,
    read_question,
    socket_path,
)
from offline_store import OutOfSpace


async def echo(arguments: dict[str, Any]) -> Any:
    return arguments


async def refuse(_: dict[str, Any]) -> Any:
    raise NotDone("no_paper", "Refill the paper first.")


async def strict(arguments: dict[str, Any]) -> Any:
    return int(arguments["number"])


async def unwritten(_: dict[str, Any]) -> Any:
    raise OutOfSpace("store.full")


async def no_disk(_: dict[str, Any]) -> Any:
    raise OSError(28, "No space left on device")


HANDLERS = {"echo": echo, "refuse": refuse, "strict": strict, "unwritten": unwritten, "nodisk": no_disk}


def serve(path: Path, story: Callable[[], Any], *, uid: int | None = None) -> Any:
    async def main() -> Any:
        server = ControlServer(path, HANDLERS, asyncio.get_running_loop(), uid=uid)
        await server.start()
        try:
            return await asyncio.to_thread(story)
        finally:
            await server.close()

    return asyncio.run(main())


def raw(path: Path, line: bytes, *, shut: bool = False) -> dict[str, Any]:
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(60)
        caller.connect(str(path))
        with contextlib.suppress(ConnectionError):  # refused before all of it was sent, as it should be
            caller.sendall(line)
        if shut:
            caller.shutdown(socket.SHUT_WR)
        with caller.makefile("rb") as answers:
            answer: dict[str, Any] = json.loads(answers.readline())
    return answer


def test_a_journal_that_takes_nothing_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(NotDone, match="The disk is full"):
        serve(tmp_path / "s", lambda: ask(tmp_path / "s", "unwritten"))
    with pytest.raises(NotDone, match="No space left"):
        serve(tmp_path / "s", lambda: ask(tmp_path / "s", "nodisk"))


def test_a_question_is_answered(tmp_path: Path) -> None:
    path = tmp_path / "s"

    def story() -> tuple[int, Any]:
        return stat.S_IMODE(path.stat().st_mode), ask(path, "echo", {"a": [1, "ä"]})

    assert serve(path, story) == (0o600, {"a": [1, "ä"]})
    assert not path.exists()
    assert not is_listening(path)


def test_a_no_keeps_its_key_and_sentence(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with pytest.raises(NotDone, match="Refill the paper") as no:
        serve(path, lambda: ask(path, "refuse"))
    assert no.value.key == "no_paper"


def test_nobody_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotDone) as no:
        ask(tmp_path / "s", "echo")
    assert no.value.key == "nobody"


def test_another_user_is_not_heard(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with pytest.raises(NotDone) as no:
        serve(path, lambda: ask(path, "echo"), uid=4_000_000)
    assert no.value.key == "not_allowed"


@pytest.mark.parametrize(
    ("line", "key"),
    [
        (b"\n", "not_understood"),
        (b"hello\n", "not_understood"),
        (b"\xff\xfe\n", "not_understood"),
        (b'{"v":1,"command":"echo","arguments":3}\n', "not_understood"),
        (b'{"v":1,"command":"echo","more":3}\n', "not_understood"),
        (b'{"v":1,"command":"../../etc"}\n', "not_understood"),
        (b'{"v":1,"command":"echo"', "not_understood"),
        (b'{"v":2,"command":"echo"}\n', "other_version"),
        (b'{"v":1,"command":"nothing"}\n', "unknown_command"),
        (b'{"v":1,"command":"strict","arguments":{}}\n', "bad_arguments"),
        (b'{"v":1,"command":"strict","arguments":{"number":"x"}}\n', "bad_arguments"),
        (b'{"v":1,"command":"echo","arguments":{"a":' + b"[" * 30 + b"]" * 30 + b"}}\n", "not_understood"),
        (b'{"v":1,"command":"echo","arguments":{"a":' + b"[" * 9000 + b"]" * 9000 + b"}}\n", "not_understood"),
        (b"x" * (LINE_BYTES_MAX * 2) + b"\n", "too_long"),
    ],
)
def test_hostile_lines_are_refused_and_the_next_caller_is_served(tmp_path: Path, line: bytes, key: str) -> None:
    path = tmp_path / "s"

    def story() -> tuple[dict[str, Any], Any]:
        return raw(path, line, shut=not line.endswith(b"\n")), ask(path, "echo", {"still": True})

    answer, after = serve(path, story)
    assert answer["done"] is False
    assert answer["key"] == key
    assert answer["sentence"].isprintable()
    assert after == {"still": True}


def test_a_caller_that_leaves_harms_nobody(tmp_path: Path) -> None:
    path = tmp_path / "s"

    def story() -> Any:
        for _ in range(5):  # fewer than may call at once: the last ones may still be being waved off
            with socket.socket(socket.AF_UNIX) as caller:
                caller.connect(str(path))
        return ask(path, "echo", {"still": True})

    assert serve(path, story) == {"still": True}


def test_a_socket_left_behind_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    assert not is_listening(path)
    assert serve(path, lambda: ask(path, "echo")) == {}


def test_too_long_a_question_is_not_sent(tmp_path: Path) -> None:
    with pytest.raises(NotDone, match="at most"):
        ask(tmp_path / "s", "echo", {"a": "x" * LINE_BYTES_MAX})
    with pytest.raises(NotDone, match="at most"):
        read_question(b"x" * (LINE_BYTES_MAX + 1))


def test_a_long_folder_still_has_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1")
    monkeypatch.setattr(Path, "mkdir", lambda *_args, **_options: None)
    assert socket_path(Path("/var/lib/guichet")) == Path("/var/lib/guichet/control.sock")
    long = socket_path(tmp_path / ("x" * 200))
    assert len(str(long)) <= PATH_BYTES_MAX
    assert long != socket_path(tmp_path / ("y" * 200))
