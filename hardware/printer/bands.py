"""A raster as ESC/POS bytes: inked strips and feeds, with no real-time command inside a picture.

A printer obeys DLE EOT, DLE ENQ and DLE DC4 (10 04, 10 05, 10 14) wherever they stand, in pictures too (Epson, notes
on DLE EOT): an answer nobody asked for, or a cleared buffer in the middle of a ticket. Where dots would spell one, the
strip is given other row lengths, another left margin (same dots on paper) or a cut between its rows.
Commands: GS v 0, GS L, GS P, ESC J of the Epson ESC/POS reference.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hardware.printer.raster import Raster


STRIP_ROWS_MAX = 96  # one band on paper; a printer starts before it has the whole ticket
FEED_FROM_ROWS = 8  # shorter gaps cost less as empty dots than as a feed and a new strip
FEED_ROWS_MAX = 255
PROBE_ROWS = 4  # a gap of FEED_FROM_ROWS always holds one aligned group of these
SHIFT_MAX = 7
REAL_TIME = re.compile(rb"\x10[\x04\x05\x14]")


def set_pitch(dpi: int) -> bytes:
    """Return GS P: one unit of ESC J and GS L is one dot."""
    return bytes((0x1D, 0x50, dpi, dpi))


def bands(raster: "Raster") -> list[bytes]:
    """Return the commands that put the raster on paper, from top to bottom, one item per strip or feed."""
    out: list[bytes] = []
    stride, rows = raster.stride, raster.rows
    row = 0
    for start, end in _inked(raster):
        out.extend(_feeds(start - row))
        for at in range(start, end, STRIP_ROWS_MAX):
            out.extend(_strip(rows[at * stride : min(at + STRIP_ROWS_MAX, end) * stride], stride))
        row = end
    out.extend(_feeds(raster.height - row))
    return out


def _inked(raster: "Raster") -> list[tuple[int, int]]:
    """Return the runs of rows, first and past the last, that gaps worth a feed lie between.

    Every such gap holds a whole group of PROBE_ROWS blank rows at a multiple of them, so only those are looked for.
    """
    stride, rows = raster.stride, raster.rows
    blank, probe = bytes(stride), bytes(stride * PROBE_ROWS)
    runs: list[tuple[int, int]] = []
    start = row = 0
    while row < raster.height:
        if rows[row * stride : (row + PROBE_ROWS) * stride] != probe[: (raster.height - row) * stride]:
            row += PROBE_ROWS
            continue
        first, last = row, min(row + PROBE_ROWS, raster.height)
        while first > start and rows[(first - 1) * stride : first * stride] == blank:
            first -= 1
        while last < raster.height and rows[last * stride : (last + 1) * stride] == blank:
            last += 1
        if last - first >= FEED_FROM_ROWS or last == raster.height or first == start:
            if first > start:
                runs.append((start, first))
            start = last
        row = max(row + PROBE_ROWS, last - last % PROBE_ROWS)
    if start < raster.height:
        runs.append((start, raster.height))
    return runs


def _feeds(rows: int) -> list[bytes]:
    full, rest = divmod(rows, FEED_ROWS_MAX)
    return [b"\x1bJ\xff"] * full + ([bytes((0x1B, 0x4A, rest))] if rest else [])


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
    ink, height = int.from_bytes(rows, "big"), len(rows) // stride
    while height > 1:  # fold the rows onto each other
        half = height // 2
        ink |= ink >> half * stride * 8
        height -= half
    ink &= (1 << stride * 8) - 1
    width = max(stride - ((ink & -ink).bit_length() - 1) // 8, 1) if ink else 1
    if width == stride:
        return rows, width
    return b"".join([rows[at : at + width] for at in range(0, len(rows), stride)]), width


def _picture(data: bytes, width: int) -> bytes:
    height = len(data) // width
    return bytes((0x1D, 0x76, 0x30, 0, width & 0xFF, width >> 8, height & 0xFF, height >> 8)) + data


def _thicken(rows: bytes) -> bytes:
    """Add one dot beside each lone one that would begin a command; only dots made to attack get here."""
    return REAL_TIME.sub(lambda match: b"\x18" + match.group()[1:], rows)
