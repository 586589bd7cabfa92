"""Fold text for searching: case, diacritics, Arabic letter forms; with the way back to the shown characters."""

import unicodedata

# Letters that no decomposition takes apart.
PLAIN = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "\u0131": "i", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d",
        # Arabic: final alef to yeh, teh marbuta to heh, alef wasla to alef, no tatweel, Persian kaf and yeh.
        "\u0649": "\u064a", "\u0629": "\u0647", "\u0671": "\u0627", "\u0640": "",
        "\u06a9": "\u0643", "\u06cc": "\u064a",
    }
)  # fmt: skip
CJK_FIRST, CJK_LAST = "\u3040", "\u9fff"


def fold(text: str) -> str:
    """Return the text as it is compared: words parted by single blanks."""
    return fold_with_origins(text)[0]


def fold_with_origins(text: str) -> tuple[str, list[int]]:
    """Return the folded text and, for each of its characters, the index in `text` it came from."""
    folded: list[str] = []
    origins: list[int] = []
    for index, each in enumerate(text):
        for char in unicodedata.normalize("NFKD", each).casefold().translate(PLAIN):
            category = unicodedata.category(char)
            if category.startswith("M"):
                continue
            plain = char if category[0] in "LN" else " "
            if plain == " " and (not folded or folded[-1] == " "):
                continue
            folded.append(plain)
            origins.append(index)
    if folded and folded[-1] == " ":
        folded.pop()
        origins.pop()
    return "".join(folded), origins


def is_word_start(folded: str, index: int) -> bool:
    """Say whether a word begins here; each Chinese character is a word of its own."""
    return index == 0 or folded[index - 1] == " " or CJK_FIRST <= folded[index] <= CJK_LAST
