"""Card readers: they tell of cards and exchange APDUs with a time-out of ours; payment cards are never read."""

from hardware.card_reader.emulator import EmulatedCard, VirtualReader
from hardware.card_reader.emulator_staff import EmulatedStaffCard
from hardware.card_reader.interface import ApduResponse, CardContents, CardEvent, CardEventKind, CardReader
from hardware.card_reader.simulator import CardReaderSimulator, SimulatedCard
from hardware.card_reader.staff import StaffCardRefused, StaffProof, card_key, prove_staff_card

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
    "prove_staff_card",
]
