"""Card readers: they tell of cards and exchange APDUs with a time-out of ours; payment cards are never read."""

import importlib
from typing import TYPE_CHECKING, Any

from hardware.card_reader.interface import ApduResponse, CardContents, CardEvent, CardEventKind, CardReader
from hardware.card_reader.service import reader_names
from hardware.card_reader.simulator import CardReaderSimulator, SimulatedCard

if TYPE_CHECKING:
    from hardware.card_reader.emulator import EmulatedCard, VirtualReader
    from hardware.card_reader.emulator_staff import EmulatedStaffCard
    from hardware.card_reader.staff import StaffCardRefused, StaffProof, card_key, prove_card, prove_staff_card

# Loaded when asked for: a terminal starts without the drivers and emulators it does not use.
_LATE = {
    "EmulatedCard": "emulator",
    "VirtualReader": "emulator",
    "EmulatedStaffCard": "emulator_staff",
    "StaffCardRefused": "staff",
    "StaffProof": "staff",
    "card_key": "staff",
    "prove_card": "staff",
    "prove_staff_card": "staff",
}

__all__ = [
    "ApduResponse",
    "CardContents",
    "CardEvent",
    "CardEventKind",
    "CardReader",
    "CardReaderSimulator",
    "EmulatedCard",
    "EmulatedStaffCard",
    "SimulatedCard",
    "StaffCardRefused",
    "StaffProof",
    "VirtualReader",
    "card_key",
    "prove_card",
    "prove_staff_card",
    "reader_names",
]


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"{__name__}.{_LATE[name]}"), name)
