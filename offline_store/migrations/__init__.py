"""The schema as numbered SQL files, applied in order and never changed once released."""

import re
from pathlib import Path

_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


def scripts() -> tuple[tuple[int, str], ...]:
    """Return all migrations as (version, SQL), in order."""
    found = ((_NAME.fullmatch(item.name), item) for item in Path(__file__).parent.iterdir())
    return tuple(sorted((int(match[1]), item.read_text("utf-8")) for match, item in found if match))
