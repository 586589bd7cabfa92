"""Where one code ends on a scanner's line: at CR or LF; bounded, so that a flood costs nothing."""

import re

from hardware.scanner.interface import TEXT_CHARS_MAX

LINE_BYTES_MAX = TEXT_CHARS_MAX * 4
_IDENTIFIER = re.compile(rb"\][A-Za-z][0-9A-Za-z](?=.)", re.DOTALL)
OVERLONG = b"\x00" * (LINE_BYTES_MAX + 1)


def split_identifier(code: bytes) -> tuple[bytes, str]:
    """Return a code without the symbology identifier of AIM that a scanner may send before it, and that identifier.

    ISO/IEC 15424: a closing bracket, a letter for the symbology, a sign for what was done to it.
    """
    found = _IDENTIFIER.match(code)
    return (code[found.end() :], found[0].decode("ascii")) if found else (code, "")


class LineSplitter:
    """Cut a stream into codes; of an overlong one only a mark is kept, and its rest is dropped."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._is_overlong = False

    def feed(self, data: bytes) -> list[bytes]:
        """Take bytes as they came; return the codes that ended with them, an overlong one as `OVERLONG`."""
        codes: list[bytes] = []
        for piece in data.replace(b"\r", b"\n").splitlines(keepends=True) if data else ():
            is_whole = piece.endswith(b"\n")
            self._line += piece.rstrip(b"\n")
            if len(self._line) > LINE_BYTES_MAX:
                self._is_overlong = True
                self._line.clear()
            if is_whole:
                code = OVERLONG if self._is_overlong else bytes(self._line)
                self._is_overlong = False
                self._line.clear()
                if code:
                    codes.append(code)
        return codes

    def reset(self) -> None:
        """Forget a half code: the line was lost."""
        self._line.clear()
        self._is_overlong = False
