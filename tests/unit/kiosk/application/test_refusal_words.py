"""Every reason a face has a sentence for, and every refusal of a platform, has one for the command too."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import kiosk
from kiosk.application.refusal_words import REASONS, not_sold

ROOT = Path(kiosk.__file__).parent
OF_A_SALE = re.compile(r"@(hold|sale|platform|pickup|payment|cash)\.(\w+)")
REFUSED = re.compile(r"(?:Refused|Unreachable)\(\s*\"(\w+)\"")
# What a person asks for elsewhere than in `sell`, or what a message meets later on its way.
ELSEWHERE = {
    "secret_in_use", "message_unreadable", "sale_unreadable", "hold_expired", "not_live", "used", "other_event",
    "exchange_count", "worth_changed",
}  # fmt: skip


def keys() -> Iterator[str]:
    for text in json.loads((ROOT / "ui" / "i18n" / "en.json").read_text(encoding="utf-8")):
        if named := OF_A_SALE.fullmatch(text):
            yield named[2]
    for folder in ("application", "platforms"):
        for path in (ROOT / folder).rglob("*.py"):
            yield from REFUSED.findall(path.read_text(encoding="utf-8"))


def test_every_reason_has_words_for_the_command() -> None:
    assert sorted(set(keys()) - set(REASONS) - ELSEWHERE) == []


def test_the_key_stays_in_the_sentence_for_whoever_looks_it_up() -> None:
    assert not_sold("hold.sold_out") == (
        "There are not enough places left. Nothing was sold and nothing charged (hold.sold_out)."
    )
    assert not_sold("strange") == "Nothing was sold and nothing charged (strange)."
