"""What can be wrong with a document before any paper moves.

DeviceError
├── UnprintableDocument   it does not fit the paper, or holds what must not reach paper
└── MissingFont           a script's font is not installed
"""

from hardware.errors import DeviceError


class UnprintableDocument(DeviceError):  # noqa: N818 - read as a state of the document
    """Nothing was printed: the document cannot stand on this paper uncut."""


class MissingFont(DeviceError):  # noqa: N818 - read as a state of the machine
    """Nothing was printed: no font for a script; `detail` names the font and its Debian package."""
