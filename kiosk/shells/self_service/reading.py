"""Reading a page aloud: its texts in order, spoken by espeak-ng where it is installed."""

import asyncio
import shutil
from collections.abc import Iterator

from PySide6.QtQuick import QQuickItem

VOICES = {"en": "en", "zh": "cmn", "de": "de", "ar": "ar"}
TEXT_CHARS_MAX = 4000


def has_voice() -> bool:
    """Say whether this machine can speak."""
    return shutil.which("espeak-ng") is not None


def texts_of(item: QQuickItem) -> Iterator[str]:
    """Yield the visible texts below an item, in the order they stand in."""
    if not item.isVisible():
        return
    text = item.property("text")
    if isinstance(text, str) and text and item.metaObject().className().startswith("Words"):
        yield text
    for child in item.childItems():
        yield from texts_of(child)


class Voice:
    """Speak one text at a time; a new one ends the one before."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    async def speak(self, text: str, tag: str) -> None:
        """Speak and return when it is said or was stopped."""
        self.stop()
        self._process = await asyncio.create_subprocess_exec(
            "espeak-ng", "-v", VOICES.get(tag, "en"), "--stdin", stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        await self._process.communicate(text[:TEXT_CHARS_MAX].encode())

    def stop(self) -> None:
        """Be silent."""
        if self._process and self._process.returncode is None:
            self._process.terminate()
        self._process = None
