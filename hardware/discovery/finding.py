"""What was found: where it is, what it calls itself, and which drivers could use it."""

from collections.abc import Mapping

from msgspec import Struct, field

NAME_CHARS_MAX = 60
FINDS_MAX = 64
Option = str | int


class Candidate(Struct, frozen=True):
    """A driver that could use a find: its kind as in the settings, and the options that lead there."""

    kind: str
    options: Mapping[str, Option] = field(default_factory=dict)


class Find(Struct, frozen=True):
    """One thing found.

    `way` is usb, hid, serial, pcsc, mdns or network; `place` is a path, a reader's name or host:port. `name` is what
    it calls itself, harmless to show. `note` is a key: "" for nothing to add, page_printer and ipp for what no driver
    of ours prints on, silent for a port that is open and says nothing, not_asked for one that was only announced.
    """

    way: str
    place: str
    name: str = ""
    candidates: tuple[Candidate, ...] = ()
    note: str = ""


class FindLimits(Struct, frozen=True):
    """How far a search may go; times in seconds."""

    prefix_min: int = 24  # no network larger than /24 is looked through
    networks_max: int = 2
    at_once: int = 32
    connect_s: float = 0.5
    answer_s: float = 0.7
    announce_s: float = 2.5
    total_s: float = 20.0


class Found(Struct, frozen=True):
    """All finds of a search; `networks` were looked through, `missed` names ways that could not be gone."""

    finds: tuple[Find, ...]
    networks: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()


def harmless(text: str | bytes) -> str:
    """Return a foreign name as it may be shown: printable, on one line, bounded."""
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    kept = "".join(char if char.isprintable() else " " for char in plain[: 4 * NAME_CHARS_MAX])
    return " ".join(kept.split())[:NAME_CHARS_MAX]
