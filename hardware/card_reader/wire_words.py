"""APDUs as words for a technician: command and status, data by its length only."""

SHORT_HEAD = 5  # with Lc or Le


def asked(apdu: bytes) -> str:
    """Return a command: class and instruction; the parameters of a card of ours may be part of a secret, too."""
    return f"{apdu[:2].hex(' ').upper()}, {max(0, len(apdu) - SHORT_HEAD)} bytes of data"


def told(answer: bytes) -> str:
    """Return an answer: its status word and how much data came with it."""
    if len(answer) < 2:  # noqa: PLR2004 - SW1 SW2
        return "an answer that is cut"
    return f"{answer[-2:].hex(' ').upper()}, {len(answer) - 2} bytes of data"
