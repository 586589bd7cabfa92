"""Rows of dots as ESC/POS pictures: inked strips, with no real-time command inside one.

A printer obeys DLE EOT, DLE ENQ and DLE DC4 (10 04, 10 05, 10 14) wherever they stand, in pictures too (Epson, notes
on DLE EOT): an answer nobody asked for, or a cleared buffer in the middle of a ticket. Where dots would spell one, the
strip is given other row lengths, another left margin (same dots on paper) or a cut between its rows.
Commands: GS v 0, GS L of the Epson ESC/POS reference.
"""

import re
from dataclasses import dataclass, field

STRIP_ROWS_MAX = 96  # one band on paper; a printer starts before it has the whole ticket
FEED_FROM_ROWS = 8  # shorter gaps cost less as empty dots than as a feed and a new strip
PROBE_ROWS = 4  # a gap of FEED_FROM_ROWS always holds one aligned group of these
SHIFT_MAX = 7
REAL_TIME = re.compile(rb"\x10[\x04\x05\x14]")


@dataclass(slots=True)
class Piece:
    """Rows of dots that are spelt by themselves: a block of a page, or all of it; spelt once, when first asked for."""

    rows: bytes
    _spelt: tuple[int | bytes, ...] | None = field(default=None, init=False, repr=False, compare=False)

    def spelt(self, stride: int) -> tuple[int | bytes, ...]:
        """Return blank rows as their number and inked ones as commands, from top to bottom."""
        if self._spelt is None:
            self._spelt = tuple(_spell(self.rows, stride))
        return self._spelt


def _spell(rows: bytes, stride: int) -> list[int | bytes]:
    spelt: list[int | bytes] = []
    row = 0
    for start, end in _inked(rows, stride):
        spelt.append(start - row)
        for at in range(start, end, STRIP_ROWS_MAX):
            spelt += _strip(rows[at * stride : min(at + STRIP_ROWS_MAX, end) * stride], stride)
        row = end
    return [*spelt, len(rows) // stride - row]


def _inked(rows: bytes, stride: int) -> list[tuple[int, int]]:
    """Return the runs of rows, first and past the last, that gaps worth a feed lie between.

    Every such gap holds a whole group of PROBE_ROWS blank rows at a multiple of them, so only those are looked for.
    """
    height = len(rows) // stride
    blank, probe = bytes(stride), bytes(stride * PROBE_ROWS)
    runs: list[tuple[int, int]] = []
    start = row = 0
    while row < height:
        if rows[row * stride : (row + PROBE_ROWS) * stride] != probe[: (height - row) * stride]:
            row += PROBE_ROWS
            continue
        first, last = row, min(row + PROBE_ROWS, height)
        while first > start and rows[(first - 1) * stride : first * stride] == blank:
            first -= 1
        while last < height and rows[last * stride : (last + 1) * stride] == blank:
            last += 1
        if last - first >= FEED_FROM_ROWS or last == height or first == start:
            if first > start:
                runs.append((start, first))
            start = last
        row = max(row + PROBE_ROWS, last - last % PROBE_ROWS)
    if start < height:
        runs.append((start, height))
    return runs


def _strip(rows: bytes, stride: int) -> list[bytes]:
    height = len(rows) // stride
    trimmed, width = _trim(rows, stride)
    plain = _picture(trimmed, width)
    if not REAL_TIME.search(plain):
        return [plain]
    for candidate in _same_dots(rows, trimmed, stride, width):
        if not REAL_TIME.search(candidate):
            return [candidate]
    if height > 1:
        half = height // 2 * stride
        return _strip(rows[:half], stride) + _strip(rows[half:], stride)
    return _strip(_thicken(rows), stride)


def _same_dots(rows: bytes, trimmed: bytes, stride: int, width: int) -> list[bytes]:
    """Return other spellings of the same dots: one byte wider, then with a left margin of 1 to 7 dots."""
    padded = b"".join([trimmed[at : at + width] + b"\0" for at in range(0, len(trimmed), width)])
    found = [_picture(padded, width + 1)] if width < stride else []
    for shift in range(1, SHIFT_MAX + 1):
        if any(rows[at] >> (8 - shift) for at in range(0, len(rows), stride)):
            break
        moved = (int.from_bytes(rows, "big") << shift).to_bytes(len(rows), "big")
        picture = _picture(*_trim(moved, stride))
        found.append(bytes((0x1D, 0x4C, shift, 0)) + picture + b"\x1dL\0\0")
    return found


def _trim(rows: bytes, stride: int) -> tuple[bytes, int]:
    """Drop what is blank on the right of every row; return the rows and their bytes each."""
    width, blank = stride, bytes(len(rows) // stride)
    while width > 1 and rows[width - 1 :: stride] == blank:
        width -= 1
    if width == stride:
        return rows, width
    return b"".join([rows[at : at + width] for at in range(0, len(rows), stride)]), width


def _picture(data: bytes, width: int) -> bytes:
    height = len(data) // width
    return bytes((0x1D, 0x76, 0x30, 0, width & 0xFF, width >> 8, height & 0xFF, height >> 8)) + data


def _thicken(rows: bytes) -> bytes:
    """Add one dot beside each lone one that would begin a command; only dots made to attack get here."""
    return REAL_TIME.sub(lambda match: b"\x18" + match.group()[1:], rows)
