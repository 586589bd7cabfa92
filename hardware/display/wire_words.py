"""CD5220 as words for a technician: which line was written, never what."""

INITIALISE, LINES, END = b"\x1b@", {b"\x1bQA": "upper line", b"\x1bQB": "lower line"}, b"\r"


def outgoing(data: bytes) -> list[tuple[str, int]]:
    """Return what was sent; the driver sends whole commands."""
    said = []
    for part in data.split(END):
        name = "initialise" if part.startswith(INITIALISE) else LINES.get(part[:3], "bytes")
        if part:
            said.append((name, len(part)))
    return said


def incoming(data: bytes) -> list[tuple[str, int]]:
    """Return what was heard: a display has nothing to say."""
    return [("bytes", len(data))] if data else []
