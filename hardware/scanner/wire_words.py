"""Scans as words for a technician: how long, and of which kind; never what was read."""

import re

from hardware.scanner.interface import ScanEvent, ScanRefused

_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]\Z")  # AIM symbology identifier (ISO/IEC 15424): a bracket and two signs


def describe_scan(heard: ScanEvent | ScanRefused) -> str:
    """Return a scan by its length and symbology, or why it was refused."""
    if isinstance(heard, ScanRefused):
        return f"refused: {heard.cause}"
    kind = f", {heard.symbology}" if _AIM.match(heard.symbology) else ""
    return f"code of {len(heard.text)} characters{kind}"
