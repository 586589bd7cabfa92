"""The language a face speaks now: Qt's translator for QML and `say` for Python, from the same catalogues."""

import json
from functools import cache
from pathlib import Path
from typing import ClassVar

from msgspec import Struct
from PySide6.QtCore import QCoreApplication, QObject, QTranslator, Signal

from kiosk.application import cldr
from kiosk.application.word import Word

FOLDER = Path(__file__).parent
Entry = str | dict[str, str]


class Language(Struct, frozen=True):
    """A language as travellers know it: BCP 47 tag, its own name, "Tickets" in it, and how it is written."""

    tag: str
    name: str
    tickets: str
    is_rtl: bool = False
    has_cjk: bool = False


LANGUAGES = (
    Language("en", "English", "Tickets"),
    Language("zh", "中文", "车票", has_cjk=True),
    Language("de", "Deutsch", "Fahrkarten"),
    Language("ar", "العربية", "تذاكر", is_rtl=True),
)


@cache
def catalogue(tag: str) -> dict[str, Entry]:
    """Return the texts of a language by English text or @key."""
    entries: dict[str, Entry] = json.loads((FOLDER / f"{tag}.json").read_text(encoding="utf-8"))
    return entries


@cache
def plural_category(tag: str, n: int) -> str:
    """Return the CLDR plural category of a whole number in a language."""
    category: str = cldr.core().Locale.parse(tag).plural_form(n)
    return category


def find(tag: str, text: str, n: int = -1) -> str | None:
    """Return a text in a language, None where the catalogue has none."""
    entry = catalogue(tag).get(text)
    if isinstance(entry, dict):
        return entry.get(plural_category(tag, n)) or entry["other"]
    return entry


class _Translator(QTranslator):
    """Hand Qt the text of the language chosen."""

    def __init__(self, speech: "Speech") -> None:
        super().__init__(speech)
        self._speech = speech

    def isEmpty(self) -> bool:
        """Say that there is something to translate."""
        return False

    def translate(self, context: str, sourceText: str, disambiguation: str | None = None, n: int = -1) -> str:
        """Return the text, or the English one where there is none."""
        del context, disambiguation
        if sourceText == "QT_LAYOUT_DIRECTION":
            return "RTL" if self._speech.language.is_rtl else "LTR"
        return find(self._speech.tag, sourceText, n) or sourceText


class Speech(QObject):
    """Speak one of the languages offered; `changed` follows a switch.

    Qt asks the translator installed last. A face opened over another is heard until it ends; then the one beneath is,
    and `heard` tells it.
    """

    changed = Signal()
    heard = Signal()
    _installed: ClassVar[list["Speech"]] = []

    def __init__(self, tags: tuple[str, ...] = ("en", "zh", "de", "ar"), parent: QObject | None = None) -> None:
        super().__init__(parent)
        by_tag = {each.tag: each for each in LANGUAGES}
        self.offered = tuple(by_tag[tag] for tag in dict.fromkeys(tags) if tag in by_tag) or LANGUAGES[:1]
        self._language = self.offered[0]
        self._translator = _Translator(self)

    @property
    def language(self) -> Language:
        """Return the language spoken now."""
        return self._language

    @property
    def tag(self) -> str:
        """Return its BCP 47 tag."""
        return self._language.tag

    @property
    def is_heard(self) -> bool:
        """Say whether Qt asks this one first."""
        return self._installed[-1:] == [self]

    def install(self) -> None:
        """Let QML's qsTr speak it too."""
        self._installed.append(self)
        QCoreApplication.installTranslator(self._translator)

    def remove(self) -> None:
        """Take it out of the application again; the face beneath is heard."""
        was_heard = self.is_heard
        if self in self._installed:
            self._installed.remove(self)
        QCoreApplication.removeTranslator(self._translator)
        if was_heard and self._installed:
            self._installed[-1].heard.emit()

    def choose(self, tag: str) -> None:
        """Speak another language; one that is not offered changes nothing."""
        language = next((each for each in self.offered if each.tag == tag), None)
        if language and language != self._language:
            self._language = language
            self.changed.emit()

    def say(self, text: str, *, n: int = -1, **values: object) -> str:
        """Return an English text, always a literal, in the language spoken; {names} are filled in, `%n` is n."""
        return self.tell(Word(text), n=n, **values)

    def tell(self, text: Word, *, n: int = -1, **values: object) -> str:
        """Return a word of a table in the language spoken; {names} are filled in, `%n` is n."""
        found = (find(self.tag, text, n) or text).replace("%n", str(n))
        return (
            found.format_map({name: self._set_apart(str(value)) for name, value in values.items()}) if values else found
        )

    def say_key(self, key: str, **values: object) -> str:
        """Return the sentence of a message key; an unknown key gets the general sentence, never the key."""
        known = f"@{key}" in catalogue("en")
        return self.tell(Word(f"@{key}" if known else "@unknown"), n=-1, **values)

    def knows(self, key: str) -> bool:
        """Say whether there is a sentence of its own for a key."""
        return f"@{key}" in catalogue("en")

    def _set_apart(self, value: str) -> str:
        """Keep a value together as a unit of its own inside a right-to-left sentence (Unicode isolates)."""
        return f"\u2068{value}\u2069" if self._language.is_rtl else value
