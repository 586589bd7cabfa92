"""One line of a customer display: what fits and what may be shown."""

COLUMNS_DEFAULT = 20


def fit_line(text: str, columns: int) -> str:
    """Return text cut to the width, control characters shown as blanks."""
    return "".join(c if c.isprintable() else " " for c in text[:columns])
