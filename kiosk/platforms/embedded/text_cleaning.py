"""Texts from outside, made fit for a page and for paper."""

import unicodedata

NAME_CHARS_MAX = 120
# Format characters stay out but for the joiners, which Arabic, Persian and Indic scripts need (U+200C, U+200D).
JOINERS = frozenset("\u200c\u200d")


def clean_text(text: str, chars_max: int = NAME_CHARS_MAX) -> str:
    """Return the text in NFC without control and direction characters, on one line, at most `chars_max` long."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())[:chars_max]
    kept = (
        " " if each.isspace() else each
        for each in unicodedata.normalize("NFC", text)
        if each in JOINERS or each.isspace() or not unicodedata.category(each).startswith("C")
    )
    return " ".join("".join(kept).split())[:chars_max]
