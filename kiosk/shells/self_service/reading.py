"""Reading a page aloud: its texts in order, spoken by espeak-ng where it is installed."""

import asyncio
import shutil

VOICES = {"en": "en", "zh": "cmn", "de": "de", "ar": "ar"}
TEXT_CHARS_MAX = 4000


def has_voice() -> bool:
    """Say whether this machine can speak."""
    return shutil.which("espeak-ng") is not None


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
