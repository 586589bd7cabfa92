"""The end of a secret code, by which its owner knows it again and nobody else can guess the rest."""

CHARS_MAX = 4
SHARE = 3  # at most one character of so many


def hint_of(code: str) -> str:
    """Return the last characters of a code, fewer of a short one: journal and receipt keep them."""
    kept = min(CHARS_MAX, len(code) // SHARE)
    return code[len(code) - kept :]
