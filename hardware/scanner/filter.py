"""The edge of every scanner: what a code said, as printable text of bounded length, or why it is refused.

Nothing behind this edge sees a raw scan. A code may carry anything: it was printed by a stranger.
"""

from hardware.scanner.interface import TEXT_CHARS_MAX, ScanEvent, ScanRefused

_BYTES_MAX = TEXT_CHARS_MAX * 4
_EDGES = " \t\r\n"


def filter_scan(raw: bytes | str, symbology: str = "") -> ScanEvent | ScanRefused:
    """Return the text of a scan without blanks at its ends, or the cause it is refused for.

    Control, private, unassigned and direction-changing characters are refused, not removed: a code that carries them
    is not one of ours, and what is shown to people must read as it was written.
    """
    if len(raw) > _BYTES_MAX:
        return ScanRefused("too_long")
    if isinstance(raw, bytes):
        try:
            raw = raw.decode("utf-8")
        except UnicodeDecodeError:
            return ScanRefused("not_text")
    text = raw.strip(_EDGES)
    if len(text) > TEXT_CHARS_MAX:
        return ScanRefused("too_long")
    if not text:
        return ScanRefused("not_text")
    if not text.isprintable():
        return ScanRefused("control_characters")
    return ScanEvent(text, symbology if symbology.isascii() and symbology.isprintable() else "")
