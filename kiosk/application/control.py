"""The control socket: one process owns the store, everyone else asks it.

A connection carries one question and one answer, each one line of JSON of at most LINE_BYTES_MAX bytes:
    {"v": 1, "command": "status", "arguments": {}}      →  {"v": 1, "done": true, "result": {…}}
                                                         →  {"v": 1, "done": false, "key": "…", "sentence": "…"}
The socket has mode 0600, and only the user the terminal runs as (or root) is heard: the kernel tells who calls.
"""

import asyncio
import contextlib
import hashlib
import json
import os
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Struct

from kiosk.application.store_words import store_sentence
from offline_store import StoreError

VERSION = 1
LINE_BYTES_MAX = 64 * 1024
READ_S = 5.0
ANSWER_S = 300.0
CALLERS_MAX = 8
PATH_BYTES_MAX = 107  # sockaddr_un
DEPTH_MAX = 8

Handler = Callable[[dict[str, Any]], Awaitable[Any]]


class NotDone(Exception):  # noqa: N818 - read as an answer
    """The terminal did not do what was asked; `key` for programs, the sentence for people."""

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(sentence)
        self.key = key
        self.sentence = sentence


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a caller asks."""

    v: int
    command: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z._-]{0,39}$")]
    arguments: dict[str, Any] = {}


class Peer(Struct, frozen=True):
    """Who calls, by the kernel's word."""

    pid: int
    uid: int


def read_question(line: bytes) -> Question:
    """Return the question in a line.

    Raises:
        NotDone: it is none.
    """
    if len(line) > LINE_BYTES_MAX:
        raise NotDone("too_long", f"A question has at most {LINE_BYTES_MAX} bytes on one line.")
    try:
        question = msgspec.json.decode(line, type=Question)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NotDone("not_understood", "This is not a question the terminal knows how to read.") from None
    if question.v != VERSION:
        raise NotDone("other_version", f"The terminal speaks version {VERSION}; use the program it was installed with.")
    if _depth(question.arguments) > DEPTH_MAX:
        raise NotDone("not_understood", "The question is nested too deeply.")
    return question


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


class ControlServer:
    """Answer questions at a socket; handlers run on `owner`, the loop of the till."""

    def __init__(
        self, path: Path, handlers: Mapping[str, Handler], owner: asyncio.AbstractEventLoop, *, uid: int | None = None
    ) -> None:
        self._path = path
        self._handlers = handlers
        self._owner = owner
        self._uids = frozenset({os.getuid() if uid is None else uid, 0 if uid is None else uid})
        self._server: asyncio.AbstractServer | None = None
        self._callers = 0
        self.refused_count = 0

    async def start(self) -> None:
        """Listen; a socket left by a terminal that died is replaced (the store's lock says that nobody is there)."""
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        before = os.umask(0o177)
        try:
            listener.bind(str(self._path))
        except OSError:
            listener.close()
            raise
        finally:
            os.umask(before)
        self._server = await asyncio.start_unix_server(self._serve, sock=listener, limit=LINE_BYTES_MAX + 1)

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None
        self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._callers += 1
        try:
            answer = await self._answer(reader, peer_of(writer.get_extra_info("socket")))
            writer.write(json.dumps(answer, ensure_ascii=True).encode() + b"\n")
            await asyncio.wait_for(writer.drain(), READ_S)
        except (ConnectionError, TimeoutError):
            self.refused_count += 1  # the caller went away; what was asked is done or refused all the same
        finally:
            self._callers -= 1
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, peer: Peer) -> dict[str, Any]:
        try:
            line = await self._line(reader)
            self._admit(peer)
            question = read_question(line)
            result = await self._handle(self._handler(question.command), question)
        except NotDone as no:
            self.refused_count += 1
            return {"v": VERSION, "done": False, "key": no.key, "sentence": no.sentence}
        return {"v": VERSION, "done": True, "result": result}

    def _admit(self, peer: Peer) -> None:
        if peer.uid not in self._uids:
            raise NotDone("not_allowed", "The terminal runs as another user. Ask as that user.")
        if self._callers > CALLERS_MAX:
            raise NotDone("busy", "Too many callers at once. Ask again in a moment.")

    def _handler(self, command: str) -> Handler:
        if command not in self._handlers:
            raise NotDone("unknown_command", f"Known here: {', '.join(sorted(self._handlers))}.")
        return self._handlers[command]

    async def _line(self, reader: asyncio.StreamReader) -> bytes:
        try:
            return await asyncio.wait_for(reader.readuntil(b"\n"), READ_S)
        except asyncio.LimitOverrunError:
            raise NotDone("too_long", f"A question has at most {LINE_BYTES_MAX} bytes on one line.") from None
        except asyncio.IncompleteReadError:
            raise NotDone("not_understood", "The question ended before its line did.") from None
        except TimeoutError:
            raise NotDone("too_slow", f"A question is to be asked within {READ_S:g} s.") from None

    async def _handle(self, handler: Handler, question: Question) -> Any:
        async def called() -> Any:
            return await handler(question.arguments)

        future = asyncio.run_coroutine_threadsafe(called(), self._owner)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), ANSWER_S)
        except TimeoutError:
            raise NotDone(
                "no_answer", "The terminal did not answer in time; what was asked may still happen."
            ) from None
        except StoreError as trouble:
            raise NotDone("store", store_sentence(trouble)) from None
        except OSError as trouble:
            raise NotDone("not_written", f"The disk does not do it now: {trouble.strerror or trouble}.") from None
        except (KeyError, TypeError, ValueError, msgspec.ValidationError):
            raise NotDone("bad_arguments", f"{question.command} does not take these arguments.") from None


def peer_of(connection: Any) -> Peer:
    """Return who is at the other end (SO_PEERCRED: pid, uid, gid)."""
    pid, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return Peer(pid, uid)


def is_listening(path: Path) -> bool:
    """Say whether a terminal answers at this socket."""
    if len(os.fsencode(path)) > PATH_BYTES_MAX:
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.settimeout(READ_S)
        try:
            caller.connect(str(path))
        except OSError:
            return False
    return True


def ask(path: Path, command: str, arguments: dict[str, Any] | None = None, *, timeout_s: float = ANSWER_S) -> Any:
    """Ask the running terminal and wait for its answer.

    Raises:
        NotDone: it said no; key "nobody" when no terminal listens there.
    """
    line = json.dumps({"v": VERSION, "command": command, "arguments": arguments or {}}).encode() + b"\n"
    if len(line) > LINE_BYTES_MAX:
        raise NotDone("too_long", f"A question has at most {LINE_BYTES_MAX} bytes.")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.settimeout(timeout_s)
        try:
            caller.connect(str(path))
        except OSError:
            raise NotDone("nobody", "No terminal is running here.") from None
        try:
            with contextlib.suppress(ConnectionError):  # it may have answered and hung up before all was sent
                caller.sendall(line)
            with caller.makefile("rb") as answers:
                answer = json.loads(answers.readline())
        except (OSError, ValueError):
            raise NotDone("no_answer", "The terminal did not answer; what was asked may have happened.") from None
    if not answer.get("done"):
        raise NotDone(str(answer.get("key", "")), str(answer.get("sentence", "")))
    return answer.get("result")


def socket_path(data: Path) -> Path:
    """Return where a terminal with this data folder listens; a folder with a long path gets a short name elsewhere."""
    wanted = data / "control.sock"
    if len(os.fsencode(wanted.absolute())) <= PATH_BYTES_MAX:
        return wanted.absolute()
    runtime = os.environ.get("XDG_RUNTIME_DIR", "") or f"/tmp/guichet-{os.getuid()}"  # noqa: S108 - made 0700 below
    folder = Path(runtime)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"guichet-{hashlib.sha256(os.fsencode(wanted.absolute())).hexdigest()[:16]}.sock"
