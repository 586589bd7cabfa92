"""Whatever a device can tell as a cause has a card that says what it is and what to do."""

import re
from pathlib import Path

from hardware.cash.simulator import FAULTS
from kiosk.application.alarms import JAMS
from kiosk.application.fault_lab import NAMED_FAULTS
from kiosk.application.remedies import REMEDY_CARDS
from kiosk.application.service import OUT_CAUSE
from kiosk.application.supervision import SILENT_CAUSE

ROOT = Path(__file__).parents[4]
CAUSE = re.compile(r'"((?:device|printer|payment|cash|scanner|card_reader|display)\.[a-z_]+)"')
NO_CAUSES = {  # kinds in the settings, and what settings themselves are refused for
    "printer.simulator", "cash.simulator", "scanner.simulator", "card_reader.simulator", "display.simulator",
    "scanner.serial", "scanner.hid_pos", "card_reader.pcsc", "printer.profile_unknown", "printer.paper_width",
}  # fmt: skip
WORD_CHARS_MAX = 24


def test_every_cause_has_a_card_and_every_card_a_cause() -> None:
    drivers = (file for file in (ROOT / "hardware").rglob("*.py") if file.name != "inventory.py")  # refuses settings
    sources = "".join(file.read_text(encoding="utf-8") for file in drivers)
    told = set(CAUSE.findall(sources)) - NO_CAUSES
    by_fault = {f"cash.{fault}" for fault in FAULTS} & set(REMEDY_CARDS)
    assert told | by_fault | {OUT_CAUSE, SILENT_CAUSE, JAMS} == set(REMEDY_CARDS)
    named = {f"cash.{each.fault}" for each in NAMED_FAULTS if each.device == "cash"}
    assert named <= set(REMEDY_CARDS)


def test_a_card_is_short_and_says_what_to_do() -> None:
    for cause, card in REMEDY_CARDS.items():
        assert 0 < len(card.word) <= WORD_CHARS_MAX, cause
        assert len(card.todo) >= len("Nothing to mend."), cause
