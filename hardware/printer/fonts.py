"""Fonts for paper: which Noto family draws a character, and where its file lies."""

import os
import unicodedata
from functools import lru_cache
from pathlib import Path

from msgspec import Struct
from PIL import ImageFont

from hardware.printer.errors import MissingFont

LATIN, CJK, ARABIC = "Noto Sans", "Noto Sans CJK", "Noto Sans Arabic"
SYMBOLS = "Noto Sans Symbols2"
FACES_MAX = 64

# First and last code point, family. Everything else is drawn by Noto Sans (Latin, Greek, Cyrillic, Vietnamese).
SCRIPTS = (
    (0x0530, 0x058F, "Noto Sans Armenian"),
    (0x0590, 0x05FF, "Noto Sans Hebrew"),
    (0x0600, 0x06FF, ARABIC),
    (0x0750, 0x077F, ARABIC),
    (0x08A0, 0x08FF, ARABIC),
    (0x0900, 0x097F, "Noto Sans Devanagari"),
    (0x0980, 0x09FF, "Noto Sans Bengali"),
    (0x0B80, 0x0BFF, "Noto Sans Tamil"),
    (0x0E00, 0x0E7F, "Noto Sans Thai"),
    (0x10A0, 0x10FF, "Noto Sans Georgian"),
    (0x1100, 0x11FF, CJK),
    (0x2E80, 0x9FFF, CJK),
    (0xA960, 0xA97F, CJK),
    (0xAC00, 0xD7FF, CJK),
    (0xF900, 0xFAFF, CJK),
    (0xFB1D, 0xFB4F, "Noto Sans Hebrew"),
    (0xFB50, 0xFDFF, ARABIC),
    (0xFE30, 0xFE4F, CJK),
    (0xFE70, 0xFEFC, ARABIC),
    (0xFF00, 0xFFEF, CJK),
    (0x20000, 0x3FFFF, CJK),
)
PACKAGES = {CJK: "fonts-noto-cjk"}
DEBIAN_PACKAGE = "fonts-noto-core"
# Regional shapes of Han characters, by the beginning of the language tag; the longest match wins.
CJK_REGIONS = {"zh-hant": "TC", "zh-tw": "TC", "zh-hk": "HK", "ja": "JP", "ko": "KR", "zh": "SC"}
FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


@lru_cache(maxsize=4096)
def family_of(char: str) -> str:
    """Return the family that draws a character."""
    point = ord(char)
    for first, last, family in SCRIPTS:
        if first <= point <= last:
            return family
    return LATIN


def is_ideographic(char: str) -> bool:
    """Say whether a line may break before and after this character: Han, kana, full-width."""
    return family_of(char) == CJK and unicodedata.category(char) != "Mn"


def default_folders() -> tuple[Path, ...]:
    """Return where fontconfig looks on Debian."""
    return tuple(Path(os.path.expandvars(folder)).expanduser() for folder in FOLDERS)


def find_files(folders: tuple[Path, ...]) -> dict[str, Path]:
    """Return font files by name, below these folders; earlier folders win."""
    found: dict[str, Path] = {}
    for folder in folders:
        for pattern in ("*.ttf", "*.otf", "*.ttc"):
            for path in sorted(folder.rglob(pattern)):
                found.setdefault(path.name, path)
    return found


class Face(Struct, frozen=True):
    """One font at one size; `family` tells what it is meant for, `notdef` is the picture of a missing glyph."""

    font: ImageFont.FreeTypeFont
    family: str
    notdef: bytes

    def has(self, char: str) -> bool:
        """Say whether the font draws this character at all."""
        return char.isspace() or bytes(self.font.getmask(char, "L")) != self.notdef


class FontBook:
    """The faces of a machine, found once; raises MissingFont for a script that has none."""

    def __init__(self, folders: tuple[Path, ...] | None = None) -> None:
        self._files = find_files(folders if folders is not None else default_folders())
        self._faces: dict[tuple[str, int, bool, str], Face] = {}

    def face(self, family: str, size: int, *, is_bold: bool, language: str) -> Face:
        """Return a face.

        Raises:
            MissingFont: neither the weight asked for nor the other one is installed.
        """
        region = _region(language) if family == CJK else ""
        key = (family, size, is_bold, region)
        if (known := self._faces.get(key)) is not None:
            return known
        if len(self._faces) >= FACES_MAX:
            self._faces.clear()
        return self._faces.setdefault(key, self._load(family, size, is_bold, region))

    def fallback(self, char: str, size: int, *, is_bold: bool, language: str) -> Face | None:
        """Return another installed face that draws this character, or None."""
        for family in (LATIN, CJK, SYMBOLS):
            try:
                face = self.face(family, size, is_bold=is_bold, language=language)
            except MissingFont:
                continue
            if face.has(char):
                return face
        return None

    def _load(self, family: str, size: int, is_bold: bool, region: str) -> Face:
        path = self._path(family, is_bold)
        font = ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.RAQM)
        if region:
            font = _regional(font, path, size, f"{family} {region}")
        return Face(font, family, bytes(font.getmask("\U0010ffff", "L")))

    def _path(self, family: str, is_bold: bool) -> Path:
        stem = family.replace(" ", "")
        for weight in ("Bold", "Regular") if is_bold else ("Regular", "Bold"):
            for suffix in ("ttf", "otf", "ttc"):
                if (path := self._files.get(f"{stem}-{weight}.{suffix}")) is not None:
                    return path
        package = PACKAGES.get(family, DEBIAN_PACKAGE)
        raise MissingFont("printer.font_missing", f"{family} is not installed; Debian package {package}")


def _region(language: str) -> str:
    tag = language.lower()
    hits = [prefix for prefix in CJK_REGIONS if tag.startswith(prefix)]
    return CJK_REGIONS[max(hits, key=len)] if hits else "SC"


def _regional(font: ImageFont.FreeTypeFont, path: Path, size: int, name: str) -> ImageFont.FreeTypeFont:
    index = 0
    while font.getname()[0] != name:
        index += 1
        try:
            font = ImageFont.truetype(str(path), size, index=index, layout_engine=ImageFont.Layout.RAQM)
        except OSError:  # past the last face of the collection: its first one still draws every character
            return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.RAQM)
    return font
