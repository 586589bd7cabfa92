"""Card readers: they tell of cards and exchange APDUs with a time-out of ours; payment cards are never read."""

from hardware.card_reader.emulator import EmulatedCard, VirtualReader
from hardware.card_reader.interface import ApduResponse, CardContents, CardEvent, CardEventKind, CardReader
from hardware.card_reader.simulator import CardReaderSimulator, SimulatedCard

__all__ = [
    "ApduResponse",
    "CardContents",
    "CardEvent",
    "CardEventKind",
    "CardReader",
    "CardReaderSimulator",
    "EmulatedCard",
    "SimulatedCard",
    "VirtualReader",
]
