"""What commands have in common: the options that name a terminal, and its refusals as one sentence on stderr."""

import argparse
import asyncio
import errno
import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kiosk.application.control import NotDone, ask
from kiosk.application.settings_file import SettingsProblem, data_dir, load
from kiosk.application.store_words import store_sentence
from kiosk.application.terminal import Terminal
from kiosk.bootstrap import CannotStart, Start, asked, open_terminal
from offline_store import StoreError

ENDINGS: Mapping[type[BaseException], Callable[[Any], str]] = {
    StoreError: lambda trouble: f"The terminal stopped. {store_sentence(trouble)} What was written is kept.",
    CannotStart: str,
    SettingsProblem: str,
    NotDone: lambda no: no.sentence,
    OSError: lambda trouble: str(cannot_use(trouble)),
}
Answer = Callable[[Terminal, dict[str, Any]], Awaitable[dict[str, Any]]]
DONE, WRONG, USAGE, REFUSED, CLAIM, PAID_BACK, CANNOT_START, OPEN = range(8)


def add_start_arguments(parser: argparse.ArgumentParser) -> None:
    """Add --settings, --data and --now."""
    parser.add_argument(
        "--settings", type=Path, metavar="FILE", help="settings file (TOML); default: the demo, in training"
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="data folder; default: GUICHET_DATA_DIR or by XDG")
    parser.add_argument("--now", type=_time, metavar="TIME", help="another time of day, in training only (RFC 3339)")


def _time(text: str) -> datetime:
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a time is written 2026-03-01T14:30:00+02:00") from None
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def start_of(options: argparse.Namespace) -> Start:
    """Return what to start with; the reason why a named file is not in force goes to stderr."""
    data = options.data or data_dir()
    try:
        loaded = load(options.settings, data)
        if data.exists() and not (data.is_dir() and os.access(data, os.R_OK | os.W_OK | os.X_OK)):
            raise PermissionError(errno.EACCES, "it is no folder of yours", str(data))
    except OSError as trouble:
        raise cannot_use(trouble) from None
    if loaded.problem:
        say(f"{loaded.problem}\nGoing on with the last good settings.")
    return Start(loaded, data, options.now)


def cannot_use(trouble: OSError) -> CannotStart:
    """Return the refusal that names the file or folder that cannot be used, and what to do."""
    place = f" ({trouble.filename})" if trouble.filename else ""
    why = trouble.strerror or str(trouble)
    return CannotStart(
        f"A file or folder cannot be used: {why}{place}. Run this as the user it belongs to, or name another folder."
    )


def say(sentence: str) -> None:
    """Tell the person at the keyboard."""
    print(sentence, file=sys.stderr)


def show(result: Any) -> None:
    """Print a result as JSON."""
    print(json.dumps(result, ensure_ascii=False, indent=2))


def guarded(work: Callable[[], int]) -> int:
    """Do the work of a command; refusals become a sentence and a status."""
    try:
        return work()
    except (CannotStart, SettingsProblem) as no:
        say(str(no))
        return CANNOT_START
    except NotDone as no:
        say(no.sentence)
        return REFUSED
    except KeyboardInterrupt:
        say("Stopped.")
        return WRONG
    except (StoreError, BaseExceptionGroup) as trouble:
        sentences = ended_by(trouble)
        if not sentences:
            raise  # a fault of ours: whoever mends it needs the whole trace
        say("\n".join(dict.fromkeys(sentences)))
        return CANNOT_START


def ended_by(trouble: BaseException) -> list[str]:
    """Return in words what ended a terminal while it ran; nothing where a fault of ours is among it."""
    if not isinstance(trouble, BaseExceptionGroup):
        return [ENDINGS[kind](trouble) for kind in ENDINGS if isinstance(trouble, kind)][:1]
    inner = [ended_by(each) for each in trouble.exceptions]
    return [sentence for sentences in inner for sentence in sentences] if all(inner) else []


def ask_or_do(start: Start, command: str, arguments: dict[str, Any], alone: Callable[[Start], Awaitable[Any]]) -> Any:
    """Ask the running terminal; where none runs, do it here with the store of our own."""
    try:
        return ask(asked(start), command, arguments)
    except NotDone as no:
        if no.key != "nobody":
            raise
    return asyncio.run(_alone(start, alone))


def ask_terminal(start: Start, command: str, arguments: dict[str, Any], answer: Answer) -> dict[str, Any]:
    """Ask the running terminal; where none runs, open it for this one answer."""

    async def alone(start: Start) -> dict[str, Any]:
        async with open_terminal(start) as terminal:
            return await answer(terminal, arguments)

    found: dict[str, Any] = ask_or_do(start, command, arguments, alone)
    return found


async def _alone(start: Start, alone: Callable[[Start], Awaitable[Any]]) -> Any:
    return await alone(start)
