"""Every text of the kiosk exists in every language, with all its plural forms and the same placeholders."""

import ast
import json
import re
from pathlib import Path

import pytest
from babel import Locale

from kiosk.ui.i18n import LANGUAGES, Speech
from kiosk.ui.i18n.speech import catalogue

KIOSK = Path(__file__).parents[4] / "kiosk"
FOLDERS = (
    KIOSK / "ui" / "controls",
    KIOSK / "ui" / "catalogue",
    KIOSK / "ui" / "sale",
    KIOSK / "ui" / "pickup",
    KIOSK / "shells" / "self_service",
)
TAGS = [language.tag for language in LANGUAGES if language.tag != "en"]
PLACEHOLDERS = re.compile(r"\{\w+\}|%1")


def texts() -> set[str]:
    """Collect qsTr("…") of QML and say("…") of Python."""
    found: set[str] = set()
    for folder in FOLDERS:
        for page in folder.rglob("*.qml"):
            found |= set(re.findall(r'qsTr\("((?:[^"\\]|\\.)*)"', page.read_text(encoding="utf-8")))
        for module in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "say":
                    found |= {each.value for each in node.args[:1] if isinstance(each, ast.Constant)}
    return found


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
