"""Every text of the kiosk exists in every language, with all its plural forms and the same placeholders."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel import Locale

from kiosk.ui.i18n import LANGUAGES, Speech
from kiosk.ui.i18n.speech import catalogue

KIOSK = Path(__file__).parents[4] / "kiosk"
FOLDERS = (KIOSK / "ui", KIOSK / "shells", KIOSK / "application")
TAGS = [language.tag for language in LANGUAGES if language.tag != "en"]
PLACEHOLDERS = re.compile(r"\{\w+\}|%1")
QML_TEXT = re.compile(r'qsTr\("((?:[^"\\]|\\.)*)"')
SAID = {"say", "Word"}  # what takes a literal; a word of a table goes through `tell`
ROAD = ("ui/i18n/speech.py", "ui/controls/staff_words.py", "ui/controls/desk.py")  # these hand on what they are given


def modules() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from folder.rglob("*.py")


def calls(module: Path) -> Iterator[tuple[ast.Call, str]]:
    """Return every call that says something, with what is called."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in SAID:
                yield node, name


def literals(said: ast.expr) -> list[str] | None:
    """Return the text or texts an argument can be, None where that is not plain to see."""
    match said:
        case ast.Constant(value=str() as text):
            return [text]
        case ast.IfExp():
            both = literals(said.body), literals(said.orelse)
            return None if None in both else [*both[0], *both[1]]
        case _:
            return None


def texts() -> set[str]:
    """Collect qsTr("…") of QML, and say("…") and Word("…") of Python."""
    found: set[str] = set()
    for folder in FOLDERS:
        for page in folder.rglob("*.qml"):
            found |= set(QML_TEXT.findall(page.read_text(encoding="utf-8")))
    for module in modules():
        for call, _ in calls(module):
            found |= set(literals(call.args[0]) or ())
    return found


def test_only_literals_are_said_and_made_words() -> None:
    """What a test cannot see it cannot prove: all else is a `Word` of a table, and the type checker sees to that."""
    hidden = [
        f"{module.relative_to(KIOSK)}:{call.lineno} {name}"
        for module in modules()
        for call, name in calls(module)
        if literals(call.args[0]) is None and str(module.relative_to(KIOSK)) not in ROAD
    ]
    pages = (page for folder in FOLDERS for page in folder.rglob("*.qml"))
    hidden += [page.name for page in pages if re.search(r'qsTr\((?!")', page.read_text(encoding="utf-8"))]
    assert hidden == []


def forms(tag: str, text: str) -> list[str]:
    entry = catalogue(tag).get(text, text)
    return list(entry.values()) if isinstance(entry, dict) else [entry]


@pytest.mark.parametrize("tag", TAGS)
def test_every_text_is_there(tag: str) -> None:
    assert texts()
    assert sorted(text for text in texts() if text not in catalogue(tag)) == []


@pytest.mark.parametrize("tag", TAGS)
def test_every_message_key_is_there(tag: str) -> None:
    keys = [key for key in catalogue("en") if key.startswith("@")]
    assert keys
    assert [key for key in keys if key not in catalogue(tag)] == []


def constants() -> set[str]:
    """Collect every text constant of the program and of the devices."""
    files = (file for folder in (KIOSK, KIOSK.parent / "hardware") for file in folder.rglob("*.py"))
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.mark.parametrize("tag", [language.tag for language in LANGUAGES])
def test_nothing_stands_in_a_language_file_that_nobody_says(tag: str) -> None:
    said = texts()
    assert sorted(text for text in catalogue(tag) if not text.startswith("@") and text not in said) == []


def test_every_message_key_can_come_up() -> None:
    known = constants()
    keys = [key.removeprefix("@") for tag in ("en", *TAGS) for key in catalogue(tag) if key.startswith("@")]
    refusals = {key for key in keys if key.startswith("platform.") and key.removeprefix("platform.") in known}
    assert {key for key in keys if key not in known and f"@{key}" not in known} - refusals == set()


@pytest.mark.parametrize("tag", [language.tag for language in LANGUAGES])
def test_plurals_have_every_form_of_the_language(tag: str) -> None:
    categories = Locale.parse(tag).plural_form.tags | {"other"}
    plurals = {text: entry for text, entry in catalogue(tag).items() if isinstance(entry, dict)}
    assert plurals
    assert {text for text, entry in plurals.items() if not categories <= set(entry)} == set()


@pytest.mark.parametrize("tag", TAGS)
def test_placeholders_are_kept(tag: str) -> None:
    broken = [
        (text, form)
        for text in catalogue(tag)
        if not text.startswith("@")
        for form in forms(tag, text)
        if sorted(PLACEHOLDERS.findall(form)) != sorted(PLACEHOLDERS.findall(text))
    ]
    assert broken == []


@pytest.mark.parametrize("tag", [language.tag for language in LANGUAGES])
def test_words_never_blame_and_never_shout(tag: str) -> None:
    said = json.dumps(catalogue(tag), ensure_ascii=False).lower()
    assert not re.search(r"\berror\b|\binvalid\b|!|！", said)


def test_the_first_language_offered_greets_and_one_nobody_speaks_is_left_out() -> None:
    speech = Speech(("de", "fr", "en", "de"))
    assert [each.tag for each in speech.offered] == ["de", "en"]
    assert speech.tag == "de"
    assert Speech(("fr",)).tag == "en"


def test_counts_agree_with_their_words() -> None:
    speech = Speech()
    assert speech.say("%n ticket(s)", n=1) == "1 ticket"
    assert speech.say("%n ticket(s)", n=5) == "5 tickets"
    speech.choose("ar")
    assert speech.say("%n ticket(s)", n=2) == "تذكرتان"
    assert "\u20685\u2069" in speech.say("{minutes} min", minutes=5)


def test_unknown_key_gets_the_general_sentence_and_never_the_key() -> None:
    speech = Speech()
    assert "xyz" not in speech.say_key("xyz.strange")
    assert speech.say_key("xyz.strange")
